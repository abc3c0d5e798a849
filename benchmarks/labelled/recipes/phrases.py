"""Whatever is put together from the shapes of `words/phrases.yaml`, `words/shapes.yaml`, `words/scenes.yaml` and `words/views.yaml`:
addresses, employers, offices, what is said in calls and chats."""

from __future__ import annotations

import re

from benchmarks.labelled.recipes.citizens import citizen
from benchmarks.labelled.recipes.neighbours import neighbour
from benchmarks.labelled.recipes.newcomers import newcomer
from benchmarks.labelled.recipes.people import latin
from benchmarks.labelled.recipes.registry import Random, Recipe, chosen, digits, recipe, words
from benchmarks.labelled.recipes.strangers import stranger

_CAPITALS = "ABCDEFGHJKLMNPRSTUVWXY"
_SOMEONE: dict[str, Recipe] = {"phrases": citizen, "shapes": stranger, "scenes": newcomer, "views": neighbour}


@recipe
def phrase(rng: Random, languages: str, group: str) -> str:
    """One shape of the group, filled. A language is `bg`, or `bg-lat` for Latin letters."""
    return _spelt(rng, languages, "phrases", group)


@recipe
def shape(rng: Random, languages: str, group: str) -> str:
    """The same out of `words/shapes.yaml`, with other places, firms and persons."""
    return _spelt(rng, languages, "shapes", group)


@recipe
def scene(rng: Random, languages: str, group: str) -> str:
    """The same out of `words/scenes.yaml`, with the places, firms and persons of the fourth set."""
    return _spelt(rng, languages, "scenes", group)


@recipe
def view(rng: Random, languages: str, group: str) -> str:
    """The same out of `words/views.yaml`, with the places, firms and persons of the fifth set."""
    return _spelt(rng, languages, "views", group)


def _spelt(rng: Random, languages: str, file: str, group: str) -> str:
    choice = chosen(rng, languages)
    language = choice.removesuffix("-lat")
    text = _filled(rng, language, file, group)
    return latin(text, language) if choice.endswith("-lat") else text


def _filled(rng: Random, language: str, file: str, group: str) -> str:
    template = str(rng.choice(words(file)[group][language]))
    text = re.sub(r"\{(\w+)\}", lambda found: _part(rng, language, file, found.group(1)), template)
    return re.sub("[#@]", lambda sign: digits(rng, 1) if sign.group() == "#" else rng.choice(_CAPITALS), text)


def _part(rng: Random, language: str, file: str, name: str) -> str:
    if name == "n":
        return str(rng.randint(1, 150))
    if name == "someone":
        return _SOMEONE[file](rng, language)
    return _filled(rng, language, file, name)
