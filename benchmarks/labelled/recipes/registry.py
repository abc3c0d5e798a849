"""The table of recipes, and the words they draw from."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Recipe = Callable[..., str]
Random = random.Random

RECIPES: dict[str, Recipe] = {}
WORDS = Path(__file__).resolve().parents[1] / "words"


def recipe(function: Recipe) -> Recipe:
    """Enters a recipe under the name of its function."""
    RECIPES[function.__name__] = function
    return function


@cache
def words(file: str) -> dict[str, Any]:
    """One file of words, by language."""
    loaded: dict[str, Any] = yaml.safe_load((WORDS / f"{file}.yaml").read_text(encoding="utf-8"))
    return loaded


def digits(rng: Random, count: int) -> str:
    """That many digits, the first of them perhaps a zero."""
    return "".join(rng.choice("0123456789") for _ in range(count))


def chosen(rng: Random, choices: str) -> str:
    """One of `bg+ru`."""
    return rng.choice(choices.split("+"))
