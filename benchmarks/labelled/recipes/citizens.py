"""Names of persons for the held-out tables: other persons than in `people`, spelt as other systems spell them."""

from __future__ import annotations

from benchmarks.labelled.recipes.people import ascii_only, latin, woman
from benchmarks.labelled.recipes.registry import Random, chosen, digits, recipe, words

_ALPHABET = {"bg": "bg", "ru": "ru", "kz": "ru", "kk": "kk"}
_DOMAINS = ("gmx.test", "abv.test", "mailbox.test", "zone.test", "inbox.test", "bk.test", "hot.test", "firma-klient.test")


def _fathers(name: str, language: str, sex: str) -> str:
    if language == "kk":
        return name + ("ұлы" if sex == "m" else "қызы")
    if sex == "m" or language not in _ALPHABET:
        return name
    return woman(name) if language == "bg" else name.removesuffix("ич") + "на"


def parts_of(rng: Random, languages: str, file: str = "citizens") -> dict[str, str]:
    """Given, father's and family name of one person of the file of words, by the letters g, p and f. A language is `bg`, or `bg-lat` for
    Latin letters."""
    choice = chosen(rng, languages)
    language = choice.removesuffix("-lat")
    sex, names = rng.choice("mf"), words(file)[language]
    family = str(rng.choice(names["family"]))
    spelt = {
        "g": str(rng.choice(names[sex])),
        "p": _fathers(str(rng.choice(names["father"])), language, sex),
        "f": woman(family) if sex == "f" and language in _ALPHABET else family,
    }
    return {part: latin(name, _ALPHABET[language]) for part, name in spelt.items()} if choice.endswith("-lat") else spelt


@recipe
def forename(rng: Random, languages: str) -> str:
    return parts_of(rng, languages)["g"]


@recipe
def patronymic(rng: Random, languages: str) -> str:
    return parts_of(rng, languages)["p"]


@recipe
def surname(rng: Random, languages: str) -> str:
    return parts_of(rng, languages)["f"]


@recipe
def citizen(rng: Random, languages: str, order: str = "gf") -> str:
    """`order` is a word of g(iven), p (father's name), f(amily), capitals for their first letter and a dot."""
    parts = parts_of(rng, languages)
    return " ".join(f"{parts[step.lower()][0]}." if step.isupper() else parts[step] for step in order)


@recipe
def mailbox(rng: Random, languages: str = "bg-lat+ru-lat+kz-lat+et+en") -> str:
    parts = parts_of(rng, languages)
    given, family = ascii_only(parts["g"]).lower(), ascii_only(parts["f"]).lower()
    local = rng.choice(
        (f"{given}{family}", f"{family}.{given[0]}", f"{given}-{digits(rng, 2)}", f"{given}.{family}{rng.randint(1950, 2006)}")
    )
    return f"{local}@{rng.choice(_DOMAINS)}"


@recipe
def login(rng: Random, languages: str = "bg-lat+et+ru-lat") -> str:
    parts = parts_of(rng, languages)
    given, family = ascii_only(parts["g"]).lower(), ascii_only(parts["f"]).lower()
    return rng.choice((f"{family}{given[0]}", f"{given[0]}.{family}", f"{given}{digits(rng, 2)}"))
