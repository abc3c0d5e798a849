"""Names, mailboxes and user names for the fifth set: other persons again, with a slip of typing now and then."""

from __future__ import annotations

import re

from benchmarks.labelled.recipes.citizens import parts_of
from benchmarks.labelled.recipes.people import ascii_only
from benchmarks.labelled.recipes.registry import Random, digits, recipe

_WORDS = "neighbours"
_DOMAINS = ("poshta.test", "gmajl.test", "kontakt.test", "post.test", "mejlbg.test", "online.test", "pochta-kz.test", "outluk.test")
_OURS = "zaem-firma.test"


@recipe
def neighbour(rng: Random, languages: str, order: str = "gf", hand: str = "neat") -> str:
    """`order` is a word of g(iven), p (father's name), f(amily), a capital for the first letter and a dot, a comma for itself. `hand` is
    `neat`, or `typed`: a tenth in capitals, in small letters or with a blank behind."""
    parts = parts_of(rng, languages, _WORDS)
    text = " ".join(f"{parts[step.lower()][0]}." if step.isupper() else parts.get(step, step) for step in order).replace(" ,", ",")
    slips = (text.upper(), text.lower(), f"{text} ")
    return rng.choice(slips) if hand == "typed" and rng.random() < 0.1 else text


def _romanised(rng: Random, languages: str) -> tuple[str, str]:
    parts = parts_of(rng, languages, _WORDS)
    given, family = (re.sub(r"[^a-z]", "", ascii_only(parts[part]).lower()) for part in "gf")
    return given, family


@recipe
def neighbour_mail(rng: Random, languages: str = "bg-lat+kz-lat+et+en", hand: str = "neat") -> str:
    """`hand` is `neat`, or `work` for a mailbox of the lender's own staff."""
    given, family = _romanised(rng, languages)
    if hand == "work":
        return f"{given[0]}.{family}@{_OURS}"
    shapes = (f"{given}.{family}", f"{given}{family}{digits(rng, 2)}", f"{family}.{given}", f"{given[:4]}_{rng.randint(65, 99)}")
    return f"{rng.choice(shapes)}@{rng.choice(_DOMAINS)}"


@recipe
def neighbour_login(rng: Random, languages: str = "bg-lat+et+kz-lat") -> str:
    given, family = _romanised(rng, languages)
    return rng.choice((f"{given[0]}{family}", f"{given}.{family}", f"{given}_{family[0]}", f"{family}{digits(rng, 2)}"))
