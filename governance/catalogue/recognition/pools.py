"""Names of persons that no list has, told by how a whole column of them is made.

A column of full names pairs words out of pools: hardly a word stands in many of the values, and given names come back with other family
names. Beside that stand marks of single values - a given name of the lists or of a usual make, a patronymic, an ending of family names -
and against it words that name firms, goods or places. Leaves to others: single names (`people`), and what a share is worth (`judging`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from governance.catalogue.recognition.dictionary import thing_words
from governance.catalogue.recognition.people import has_mark_of_person, is_written_as_full_name, parts_of

LEAST = 12  # values from which a column can be told by how it is made
MOST_OFTEN = 0.22  # share of values that one word may stand in: titles, kinds of shops and legal forms stand in more
MANY, COMING_BACK = 40, 0.85  # values from which given or family names come back: so few different ones there are among all
OF_MANY, OF_FEW = 0.2, 0.5  # shares of values with a mark of a person from which so many, or fewer, are taken for persons
BY_CHANCE = 6  # of few values so many may share a word by chance
FEW_WORDS = 8  # first or second words at most of what is combined on purpose; persons have more given and family names
FILLED = 0.6  # share of all pairs of first and second words from which they are combined on purpose, as kinds and makes of goods are
THINGS = 0.12  # share of values that may have a word for a thing in them


def share_of_persons(values: Sequence[str]) -> tuple[float, float]:
    """The share of values that are written as full names are and bear a mark of a person, and the share that are written so. Nothing, where
    one word stands in too many of them, or too many have a word for a thing."""
    written = [value for value in values if is_written_as_full_name(value)]
    if len(values) < LEAST or len(written) < 0.7 * len(values):
        return 0.0, len(written) / len(values) if values else 0.0
    parts = [parts_of(value) for value in written]
    words = Counter(word for one in parts for word in set(one))
    things = sum(any(word in thing_words() for word in one) for one in parts)
    if are_combined(written) or not _come_back(parts):
        return 0.0, 0.0
    if words.most_common(1)[0][1] > max(MOST_OFTEN * len(written), BY_CHANCE) or things > THINGS * len(written):
        return 0.0, 0.0
    return sum(map(has_mark_of_person, parts)) / len(values), len(written) / len(values)


def _come_back(names: Sequence[tuple[str, ...]]) -> bool:
    """First or last words come back, as given and family names do and words of firms, films and places do not; of a few values nobody
    knows."""
    return len(names) < MANY or min(len({parts[place] for parts in names}) for place in (0, -1)) <= COMING_BACK * len(names)


def are_combined(values: Sequence[str]) -> bool:
    """Few first words stand with few second ones, in nearly every pair: goods, rooms and products are called so, persons are not."""
    pairs = {(parts[0], parts[-1]) for parts in map(parts_of, values) if len(parts) > 1}
    if len(pairs) < LEAST:
        return False
    first, second = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    return min(len(first), len(second)) <= FEW_WORDS and len(pairs) >= FILLED * len(first) * len(second)
