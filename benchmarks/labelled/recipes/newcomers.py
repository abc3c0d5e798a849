"""Values for the fourth set: other persons again, and what they or a clerk typed, with the slips of typing."""

from __future__ import annotations

import re

from benchmarks.labelled.recipes.citizens import parts_of
from benchmarks.labelled.recipes.ids import national
from benchmarks.labelled.recipes.people import ascii_only
from benchmarks.labelled.recipes.places import phone
from benchmarks.labelled.recipes.registry import Random, chosen, digits, recipe

_WORDS = "newcomers"
_DOMAINS = (
    "mejl.test",
    "pismo.test",
    "kiri.test",
    "hat.test",
    "yandeks.test",
    "jahuu.test",
    "dzhimeil.test",
    "rabota-mi.test",
    "kool.test",
)
#: What stands where no name was to be had, and where no telephone.
_NOBODY = {"bg": ("няма", "тест тестов"), "et": ("puudub", "test"), "en": ("n/a", "TEST TEST")}
_NOBODY |= dict.fromkeys(("ru", "kz", "kk"), ("нет", "тест тестов"))
_NO_TELEPHONE = {"bg": "няма", "ee": "ei ole", "kz": "нет"}
_WHOSE = {"bg": ("майка", "сл."), "ee": ("ema", "töö"), "kz": ("мама", "раб.")}


def _as_typed(rng: Random, text: str, language: str) -> str:
    """Capitals, small letters, blanks too many, a word for nobody: a fifth of all, as fields without a check hold them."""
    fate = rng.random()
    for share, slip in (
        (0.09, text.upper()),
        (0.14, text.lower()),
        (0.18, f"{text} "),
        (0.19, text.replace(" ", "  ")),
        (0.2, rng.choice(_NOBODY[language])),
    ):
        if fate < share:
            return slip
    return text


@recipe
def newcomer(rng: Random, languages: str, order: str = "gf", hand: str = "neat") -> str:
    """`order` is a word of g(iven), p (father's name), f(amily), a capital for the first letter and a dot, a comma for itself. `hand` is
    `neat`, or `typed` with slips."""
    choice = chosen(rng, languages)
    parts = parts_of(rng, choice, _WORDS)
    text = " ".join(f"{parts[step.lower()][0]}." if step.isupper() else parts.get(step, step) for step in order).replace(" ,", ",")
    return _as_typed(rng, text, choice.removesuffix("-lat")) if hand == "typed" else text


@recipe
def newcomer_mail(rng: Random, languages: str = "bg-lat+ru-lat+kz-lat+et+en", hand: str = "neat") -> str:
    """`hand` is `neat`, `typed` with slips, or `work` for a mailbox of the lender's own staff."""
    parts = parts_of(rng, languages, _WORDS)
    given, family = (re.sub(r"[^a-z]", "", ascii_only(parts[part]).lower()) for part in "gf")
    if hand == "work":
        return f"{given}.{family}@kreditor.test"
    shapes = (
        f"{given}.{family}",
        f"{given[0]}_{family}",
        f"{given}{rng.randint(1, 2010)}",
        f"{family}{given[:2]}",
        f"{given}.{family}{digits(rng, 2)}",
    )
    text = f"{rng.choice(shapes)}@{rng.choice(_DOMAINS)}"
    if hand == "typed" and rng.random() < 0.08:
        return str(
            rng.choice((text.upper(), f"{text} ", text.replace("@", ""), "nyama", "no@no.test", f"{text}; {given}@{rng.choice(_DOMAINS)}"))
        )
    return text


@recipe
def newcomer_login(rng: Random, languages: str = "bg-lat+et+kz-lat+en") -> str:
    parts = parts_of(rng, languages, _WORDS)
    given, family = (re.sub(r"[^a-z]", "", ascii_only(parts[part]).lower()) for part in "gf")
    return rng.choice((f"{given}.{family}", f"{given[0]}{family}", f"{family}_{given[0]}", f"{given}{digits(rng, 3)}"))


@recipe
def dialled(rng: Random, country: str) -> str:
    """A telephone as a clerk typed it: any spelling, two in a field, whose it is, none."""
    country = chosen(rng, country)
    text, fate = phone(rng, country), rng.random()
    if fate < 0.05:
        return text.replace("+", "00")
    if fate < 0.08:
        return f"{text}, {phone(rng, country)}"
    if fate < 0.1:
        return f"{text} {rng.choice(_WHOSE[country])}"
    return rng.choice(("0", "000000000", _NO_TELEPHONE[country])) if fate > 0.985 else text


@recipe
def subject_serial(rng: Random, country: str) -> str:
    """Whom a certificate names: the national number behind its sort and country (ETSI EN 319 412-1, clause 5.1.3)."""
    code = chosen(rng, country)
    return f"PNO{code.upper()}-{national(rng, code)}"
