"""Words that no dictionary has, and what they stand for: glued ones taken apart, such as lost their vowels or their end, pieces of old
names of eight characters, compounds that end in a word for somebody. What nothing is known about stays as it is. Leaves to others: the
dictionaries (`dictionary`), and reading whole names (`lexicon`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from governance.catalogue.recognition.dictionary import LOST, SHORTEST_PART, SHORTEST_SKELETON, index, is_known, skeleton
from governance.catalogue.recognition.meanings import CONCEPTS, Meaning
from governance.catalogue.recognition.spelling import key, stems, stems_of
from governance.catalogue.recognition.words import homonyms
from governance.catalogue.recognition.words.pieces import WHAT, WHOSE

_LONGEST_GLUED = 40
_MOST_PARTS = 4
_SHORTEST_GLUED, _LONGEST_PIECED = 5, 14  # letters of a name that is glued from abbreviations
_SHORTEST_ENDED = 8
_SHORTEST_BEGINNING = 7
SHORTEST_HEAD = 6  # letters of a word for somebody that ends a compound
#: Ends that make one word of another, as keys.
DERIVED = frozenset(
    ("er", "or", "ee", "ed", "ing", "ion", "ant", "ent", "r", "e", "d", "s", "i", "a", "shi", "si", "ia", "tel", "nik", "ist")
)
SHORTEST_CUT = 7  # letters that are left of a word whose end is gone


def written_out(whole: str) -> tuple[str, ...]:
    """The words that a word stands for which no dictionary has; itself where nothing is known about it."""
    parts = taken_apart(whole)
    if len(parts) > 1:
        return parts
    full = _begun(_in_full(whole))
    if full != whole:
        return (full,)
    pieces = pieced(whole)
    return pieces if pieces != (whole,) else (_headed(_cut_short(whole)),)


@lru_cache(maxsize=65_536)
def taken_apart(word: str) -> tuple[str, ...]:
    """The dictionary words a glued word is made of, as few as possible; the word itself where that cannot be done."""
    if len(word) > _LONGEST_GLUED or len(word) < 2 * SHORTEST_PART - 1:
        return (word,)
    parts = index().parts
    found = _cheapest(word, 20, lambda part: part in parts or _is_ended(part), _cost)
    if found is None or not (found in index().exact or any(len(part) > SHORTEST_PART for part in found)):
        return (word,)
    return found


def _cheapest(
    word: str, longest: int, usable: Callable[[str], bool], cost: Callable[[tuple[str, ...]], tuple[int, ...]]
) -> tuple[str, ...] | None:
    """A word as usable parts of so many letters at most, the way that costs least; None where there is none."""
    ways: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - longest), end):
            before, part = ways[start], word[start:end]
            if before is None or len(before) >= _MOST_PARTS or not usable(part):
                continue
            way, best = (*before, part), ways[end]
            if best is None or cost(way) < cost(best):
                ways[end] = way
    return ways[-1]


def _cost(way: tuple[str, ...]) -> tuple[int, int]:
    """How little a way to take a word apart says for itself: many parts, spellings that few use."""
    return len(way), sum(part not in index().plain for part in way)


@cache
def _pieces() -> Mapping[str, tuple[str, ...]]:
    """What each piece stands for, as keys."""
    return {key(piece): tuple(map(key, word.split())) for word, pieces in (WHOSE | WHAT).items() for piece in pieces.split()}


@lru_cache(maxsize=65_536)
def pieced(word: str, alone: bool = False) -> tuple[str, ...]:
    """The words that the pieces of a glued abbreviation stand for (`telkli`), as few as possible; the word itself where it is no such.
    `alone`: one piece is enough, and may say whose something is."""
    if not (2 if alone else _SHORTEST_GLUED) <= len(word) <= _LONGEST_PIECED:
        return (word,)
    pieces = _pieces()
    found = _cheapest(word, 8, pieces.__contains__, lambda way: (len(way),))
    if found is None or (not alone and (len(found) == 1 or _owners().issuperset(found))):
        return (word,)
    return tuple(full for piece in found for full in pieces[piece])


@cache
def _owners() -> frozenset[str]:
    """Pieces that say whose something is: by themselves they make no name."""
    return frozenset(key(piece) for pieces in WHOSE.values() for piece in pieces.split())


def is_piece(word: str) -> bool:
    """A piece of old names by itself."""
    return word in _pieces()


def names_owner(word: str) -> bool:
    """A piece that says whose something is."""
    return word in _owners()


def _in_full(word: str) -> str:
    """The word that lost its vowels here, or most of them (`ctznshp`, `disablty`); else the word itself."""
    bare = skeleton(word)
    found = index().skeletons.get(bare)
    if found is None or len(word) > len(found) - LOST or (len(bare) == SHORTEST_SKELETON and bare != word):
        return word
    return found


def _begun(word: str) -> str:
    """The word of a special category that a word begins with which no dictionary has; else the word itself. In doubt they are told."""
    special = index().special
    return next((word[:length] for length in range(len(word) - 1, _SHORTEST_BEGINNING - 1, -1) if word[:length] in special), word)


def _cut_short(word: str) -> str:
    """The word that a word is the beginning of, where every such word of the dictionaries means the same (`guaranto`, `passpo`); else the
    word itself."""
    return _beginnings().get(word, word) if len(word) >= SHORTEST_CUT and stems(word)[1] not in _telling() else word


@cache
def _telling() -> frozenset[str]:
    """Words that give others another sense (`homonyms`), without endings: they stay what they are."""
    beside = [words for pair in homonyms.HOMONYMS.values() for words in pair if words != "*"]
    return stems_of(" ".join([*beside, homonyms.TEMPLATE, homonyms.BOOKKEEPING, homonyms.MACHINERY, homonyms.SETTINGS]))


def _headed(word: str) -> str:
    """The word for somebody that a compound ends in, whatever stands before it (`pankrotihaldur`, `лизингополучател`); else the word."""
    if len(word) < SHORTEST_HEAD + SHORTEST_PART or is_known(word):
        return word
    exact = index().exact
    heads = (word[start:] for start in range(SHORTEST_PART, len(word) - SHORTEST_HEAD + 1))
    return next((head for head in heads if exact.get((head,)) is Meaning.PERSON), word)


@cache
def _beginnings() -> Mapping[str, str]:
    """The first letters of single words for subjects and persons, as far as all that begin so mean the same, by the shortest of them."""
    found: dict[str, str | None] = {}
    exact = index().exact
    telling = [keys for keys, meaning in exact.items() if len(keys) == 1 and (meaning in CONCEPTS or meaning is Meaning.PERSON)]
    for (word,) in sorted((keys for keys in telling if exact[keys] is not Meaning.AUTHOR), key=lambda keys: (len(keys[0]), keys)):
        for length in range(SHORTEST_CUT, len(word)):
            if word[length:] in DERIVED:
                continue
            known = found.setdefault(word[:length], word)
            if known is not None and exact[known,] is not exact[word,]:
                found[word[:length]] = None
    return {begun: word for begun, word in found.items() if word is not None}


def _is_ended(part: str) -> bool:
    """A long word of a dictionary with another ending."""
    return len(part) >= _SHORTEST_ENDED and not index().parts.isdisjoint(stems(part))
