"""How values of columns are made, by name. A recipe gets a generator and the words of its line, and returns one value as text.

What is common to all columns (NULL, blanks, wrong digits, capitals) is done to the values afterwards, by `benchmarks.labelled.loading`.
"""

from benchmarks.labelled.recipes import (
    citizens,
    codes,
    devices,
    facts,
    ids,
    neighbours,
    newcomers,
    people,
    phrases,
    places,
    strangers,
    texts,
)
from benchmarks.labelled.recipes.registry import RECIPES, Recipe

__all__ = [
    "RECIPES",
    "Recipe",
    "citizens",
    "codes",
    "devices",
    "facts",
    "ids",
    "neighbours",
    "newcomers",
    "people",
    "phrases",
    "places",
    "strangers",
    "texts",
]
