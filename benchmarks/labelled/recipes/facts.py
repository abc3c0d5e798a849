"""Facts of every sort: words from a list, dates in many spellings, amounts, flags."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from benchmarks.labelled.recipes.ids import birth
from benchmarks.labelled.recipes.registry import Random, recipe

_SPELT = {
    "iso": "%Y-%m-%d",
    "dmy": "%d.%m.%Y",
    "slash": "%d/%m/%Y",
    "digits": "%Y%m%d",
    "short": "%d%m%y",
    "year": "%Y",
    "us": "%m/%d/%Y",
    "month": "%Y%m",
    "yymm": "%y%m",
}


@recipe
def pick(rng: Random, *choices: str) -> str:
    """One of the words of the line, all alike likely."""
    return rng.choice(choices)


@recipe
def born(rng: Random, style: str = "iso") -> str:
    return f"{birth(rng):{_SPELT[style]}}"


@recipe
def day(rng: Random, style: str = "iso", first: str = "2012", last: str = "2026") -> str:
    """A day between 1 January of `first` and of `last`."""
    since, until = date(int(first), 1, 1), date(int(last), 1, 1)
    return f"{since + timedelta(days=rng.randrange((until - since).days)):{_SPELT[style]}}"


@recipe
def instant(rng: Random) -> str:
    moment = datetime(2014, 1, 1) + timedelta(seconds=rng.randrange(370_000_000))  # noqa: DTZ001 - as a database spells it
    return f"{moment:%Y-%m-%d %H:%M:%S}"


@recipe
def clock(rng: Random) -> str:
    return f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:00"


@recipe
def money(rng: Random, low: str = "50", high: str = "9000") -> str:
    return f"{rng.uniform(float(low), float(high)):.2f}"


@recipe
def rounded(rng: Random, low: str, high: str, step: str) -> str:
    """An amount as people ask for it, in steps."""
    return str(rng.randrange(int(low), int(high), int(step)))


@recipe
def whole(rng: Random, low: str, high: str) -> str:
    return str(rng.randint(int(low), int(high)))


@recipe
def flag(rng: Random, style: str = "true") -> str:
    return rng.choice({"true": ("true", "false"), "yn": ("Y", "N"), "01": ("0", "1"), "да": ("да", "не"), "jah": ("jah", "ei")}[style])
