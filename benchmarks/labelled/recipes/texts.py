"""What people write into free fields about people, and what machines write about themselves."""

from __future__ import annotations

from benchmarks.labelled.recipes.facts import day, money
from benchmarks.labelled.recipes.people import person
from benchmarks.labelled.recipes.places import phone
from benchmarks.labelled.recipes.registry import Random, chosen, recipe, words

_COUNTRY = {"bg": "bg", "et": "ee", "ru": "kz", "kk": "kz", "en": "bg"}


def _sentence(rng: Random, language: str) -> str:
    shape = str(rng.choice(words("texts")[language]["note"]))
    return shape.format(person=person(rng, language), phone=phone(rng, _COUNTRY[language]), money=money(rng), day=day(rng, "dmy"))


@recipe
def note(rng: Random, languages: str) -> str:
    """One to three sentences about a client."""
    language = chosen(rng, languages)
    return ". ".join(_sentence(rng, language) for _ in range(rng.choice((1, 1, 2, 3))))


@recipe
def illness(rng: Random, languages: str) -> str:
    return str(rng.choice(words("texts")[chosen(rng, languages)]["illness"]))


@recipe
def message(rng: Random) -> str:
    return f"{rng.choice(words('texts')['message'])} [{rng.randint(1, 99999)}]"


@recipe
def description(rng: Random) -> str:
    return str(rng.choice(words("texts")["description"]))
