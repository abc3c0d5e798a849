"""Names of persons for the unseen tables: other persons again, in the orders and with the signs of packaged software and old files."""

from __future__ import annotations

import re

from benchmarks.labelled.recipes.citizens import parts_of
from benchmarks.labelled.recipes.people import ascii_only
from benchmarks.labelled.recipes.registry import Random, digits, recipe

_WORDS = "strangers"
_DOMAINS = ("rosa.test", "dnes.test", "kirjakast.test", "oblako.test", "sandyk.test", "postbox.test", "kesk.test")


@recipe
def stranger(rng: Random, languages: str, order: str = "gf") -> str:
    """`order` is a word of g(iven), p (father's name), f(amily); a capital for the first letter and a dot, a sign for itself, after the
    part before it (`f,g` for "Gyurov, Deltcho", `f/g` for "Gyurov/Deltcho")."""
    parts = parts_of(rng, languages, _WORDS)
    spelt = [f"{parts[step.lower()][0]}." if step.isupper() else parts.get(step, step) for step in order]
    return re.sub(r" ([/;*]) ", r"\1", " ".join(spelt)).replace(" ,", ",")


@recipe
def stranger_given(rng: Random, languages: str) -> str:
    return parts_of(rng, languages, _WORDS)["g"]


@recipe
def stranger_father(rng: Random, languages: str) -> str:
    return parts_of(rng, languages, _WORDS)["p"]


@recipe
def stranger_family(rng: Random, languages: str) -> str:
    return parts_of(rng, languages, _WORDS)["f"]


def _romanised(rng: Random, languages: str) -> tuple[str, str]:
    parts = parts_of(rng, languages, _WORDS)
    given, family = (re.sub(r"[^a-z]", "", ascii_only(parts[part]).lower()) for part in "gf")
    return given, family


@recipe
def stranger_mail(rng: Random, languages: str = "bg-lat+ru-lat+kz-lat+et+en") -> str:
    given, family = _romanised(rng, languages)
    local = rng.choice(
        (f"{given}.{family}", f"{family}_{given[:3]}", f"{given[0]}{family}{digits(rng, 2)}", f"{family}{rng.randint(60, 99)}")
    )
    return f"{local}@{rng.choice(_DOMAINS)}"


@recipe
def stranger_login(rng: Random, languages: str = "bg-lat+et+kz-lat") -> str:
    given, family = _romanised(rng, languages)
    return rng.choice((f"{given[0]}{family}", f"{family}.{given[0]}", f"{family}{digits(rng, 1)}"))
