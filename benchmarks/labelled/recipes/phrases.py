"""Whatever is put together from the shapes of `words/phrases.yaml`: addresses, employers, offices, what is said in calls and chats."""

from __future__ import annotations

import re

from benchmarks.labelled.recipes.citizens import citizen
from benchmarks.labelled.recipes.people import latin
from benchmarks.labelled.recipes.registry import Random, chosen, digits, recipe, words

_CAPITALS = "ABCDEFGHJKLMNPRSTUVWXY"


@recipe
def phrase(rng: Random, languages: str, group: str) -> str:
    """One shape of the group, filled. A language is `bg`, or `bg-lat` for Latin letters."""
    choice = chosen(rng, languages)
    language = choice.removesuffix("-lat")
    text = _filled(rng, language, group)
    return latin(text, language) if choice.endswith("-lat") else text


def _filled(rng: Random, language: str, group: str) -> str:
    shape = str(rng.choice(words("phrases")[group][language]))
    text = re.sub(r"\{(\w+)\}", lambda found: _part(rng, language, found.group(1)), shape)
    return re.sub("[#@]", lambda sign: digits(rng, 1) if sign.group() == "#" else rng.choice(_CAPITALS), text)


def _part(rng: Random, language: str, name: str) -> str:
    if name == "n":
        return str(rng.randint(1, 150))
    return citizen(rng, language) if name == "someone" else _filled(rng, language, name)
