"""Names of persons, in their own letters and in Latin ones, and what is made of names: e-mail addresses, user names."""

from __future__ import annotations

import unicodedata

from benchmarks.labelled.recipes.registry import Random, chosen, digits, recipe, words

_LETTERS = ("абвгдезийклмнопрстуфхцчшыэё", "a b v g d e z i y k l m n o p r s t u f h ts ch sh y e e")
_COMMON = dict(zip(_LETTERS[0], _LETTERS[1].split(), strict=True))
#: Cyrillic to Latin, as the passports of each country have it or nearly so.
_LATIN = {
    "bg": _COMMON | {"ж": "zh", "щ": "sht", "ъ": "a", "ь": "y", "ю": "yu", "я": "ya"},
    "ru": _COMMON | {"ж": "zh", "х": "kh", "щ": "shch", "ъ": "", "ь": "", "ю": "iu", "я": "ia"},
    "kk": _COMMON | {"ж": "zh", "щ": "sh", "ъ": "", "ь": "", "ю": "yu", "я": "ya"} | dict(zip("әғқңөұүі", "agknouui", strict=True)),
}
_DOMAINS = (
    "example.com",
    "example.org",
    "mail.example",
    "posta.example",
    "inbox.example",
    "pochta.example",
    "post.example",
    "webmail.example",
)


def latin(text: str, language: str) -> str:
    """Without a letter of Cyrillic, capitals as they were."""
    table = _LATIN[language]
    return "".join(_cased(letter, table.get(letter.lower(), letter)) for letter in text)


def _cased(letter: str, spelt: str) -> str:
    return spelt.capitalize() if letter.isupper() else spelt


def ascii_only(text: str) -> str:
    """Without marks over the letters, blanks and apostrophes."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if letter.isascii() and letter not in " '")


def woman(family: str) -> str:
    """The form of a Slavic family or father's name for a woman."""
    for ending, form in (("ский", "ская"), ("ски", "ска")):
        if family.endswith(ending):
            return family.removesuffix(ending) + form
    return family + "а" if family.endswith(("ов", "ев", "ёв", "ин")) else family


def _father(rng: Random, language: str, sex: str) -> str:
    names = words("names")[language].get("father")
    if names is None:
        return str(rng.choice(words("names")[language]["m"]))
    name = str(rng.choice(names))
    if language == "kk":
        return name + ("ұлы" if sex == "m" else "қызы")
    if sex == "m":
        return name
    return name.removesuffix("ич") + "на" if language == "ru" else woman(name)


def _parts(rng: Random, languages: str) -> tuple[str, str, str, str]:
    """Language, given name, father's name and family of one person. A language is `bg`, or `bg-lat` for Latin letters."""
    choice = chosen(rng, languages)
    language = choice.removesuffix("-lat")
    sex = rng.choice("mf")
    names = words("names")[language]
    given, father, family = str(rng.choice(names[sex])), _father(rng, language, sex), str(rng.choice(names["family"]))
    if sex == "f" and language in ("bg", "ru", "kk"):
        family = woman(family)
    if rng.random() < 0.04:
        family = f"{family}-{rng.choice(names['family'])}"
    if choice.endswith("-lat"):
        given, father, family = (latin(part, language) for part in (given, father, family))
    return language, given, father, family


@recipe
def given(rng: Random, languages: str) -> str:
    return _parts(rng, languages)[1]


@recipe
def father(rng: Random, languages: str) -> str:
    return _parts(rng, languages)[2]


@recipe
def family(rng: Random, languages: str) -> str:
    return _parts(rng, languages)[3]


@recipe
def person(rng: Random, languages: str, order: str = "gf") -> str:
    """`order` is a word of g(iven), p (father's name), f(amily), with a comma after `f` where one stands; lower `i` for initials."""
    _, given, father, family = _parts(rng, languages)
    parts = {"g": given, "p": father, "f": family, "f,": f"{family},", "i": f"{given[0]}. {father[0]}."}
    order = order.replace("f,", "F")
    return " ".join(parts["f,"] if step == "F" else parts[step] for step in order)


@recipe
def initials(rng: Random, languages: str) -> str:
    _, given, father, family = _parts(rng, languages)
    return f"{given[0]}{father[0]}{family[0]}"


@recipe
def embossed(rng: Random, languages: str) -> str:
    """A card holder as embossed: Latin capitals."""
    _, given, _, family = _parts(rng, languages)
    return ascii_only(f"{given}_{family}").replace("_", " ").upper()


@recipe
def email(rng: Random, languages: str = "en+et+bg-lat+ru-lat+kk-lat") -> str:
    _, given, _, family = _parts(rng, languages)
    given, family = ascii_only(given).lower(), ascii_only(family).lower()
    shapes = (
        f"{given}.{family}",
        f"{given[0]}{family}",
        f"{family}{digits(rng, 2)}",
        f"{given}_{family}{digits(rng, 1)}",
        f"{given}{digits(rng, 4)}",
    )
    return f"{rng.choice(shapes)}@{rng.choice(_DOMAINS)}"


@recipe
def username(rng: Random, languages: str = "bg-lat+et+ru-lat") -> str:
    _, given, _, family = _parts(rng, languages)
    given, family = ascii_only(given).lower(), ascii_only(family).lower()
    return rng.choice((f"{given[0]}{family}", f"{given}.{family}", f"{family}{digits(rng, 2)}", f"{given}_{digits(rng, 3)}"))
