"""Reading names: which meanings stand in the name of a column or table, in the order in which they stand there.

Phrases win over their words (`file name` is a thing, not a person's name), words as listed over words with another ending, and a word that
no dictionary has is taken apart where dictionaries have all its parts (`kliendinimi`, `dateofbirth`). What nothing is known about stays in
its place, as unknown. Leaves to others: what follows from the meanings (`naming`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from governance.catalogue.recognition.meanings import Meaning
from governance.catalogue.recognition.spelling import SHORTEST_STEM, SHORTEST_STEM_IN_PHRASE, key, phrase_keys, stems, words_of
from governance.catalogue.recognition.words import bulgarian, english, english_around, estonian, kazakh, russian

#: Earlier languages win where two write different words alike.
LANGUAGES: tuple[Mapping[Meaning, str], ...] = (
    english.WORDS,
    english_around.WORDS,
    bulgarian.WORDS,
    russian.WORDS,
    kazakh.WORDS,
    estonian.WORDS,
)
#: Words that only join others, as keys.
JOINING = frozenset(
    {
        "of", "the", "for", "and", "or", "by", "to", "from", "with", "a", "an", "na", "za", "ot", "do", "po", "v", "s", "se", "si", "i",
        "u",         "k", "iz", "dlia", "o", "ob", "pri", "ia", "sas", "men", "zhane",
    }
)  # fmt: skip
_LONGEST_PHRASE = 5
_LONGEST_GLUED = 40
_MOST_PARTS = 4
#: Parts of glued words that are as short as this only where a dictionary would be blind without them: `cardno`, `birthdt`.
_SHORT_PARTS = frozenset({"no", "nr", "id", "dt", "nm", "cd", "ip", "of", "na"})
_SHORTEST_PART = 3


@dataclass(frozen=True)
class Found:
    """One meaning and the words that bear it, as written; None for words nothing is known about."""

    meaning: Meaning | None
    words: str


@dataclass(frozen=True)
class _Index:
    exact: Mapping[tuple[str, ...], Meaning]
    stems: Mapping[tuple[str, ...], Meaning]
    parts: frozenset[str]


def phrases() -> Iterator[tuple[Meaning, tuple[str, ...]]]:
    """Every phrase of every dictionary, without joining words."""
    for words in LANGUAGES:
        for meaning, listed in words.items():
            for phrase in listed.split(","):
                kept = tuple(word for word in phrase.split() if key(word) not in JOINING)
                if kept:
                    yield meaning, kept


@cache
def _index() -> _Index:
    exact: dict[tuple[str, ...], Meaning] = {}
    for meaning, phrase in phrases():
        exact.setdefault(tuple(key(word) for word in phrase), meaning)
    for meaning, phrase in phrases():
        for keys in phrase_keys(phrase):
            exact.setdefault(keys, meaning)
    exact = {keys: meaning for keys, meaning in exact.items() if len("".join(keys)) > 1}
    by_stem: dict[tuple[str, ...], Meaning] = dict(exact)
    for keys, meaning in exact.items():
        for stemmed in _stems(keys):
            by_stem.setdefault(stemmed, meaning)
    parts = {word for keys in exact for word in keys if len(word) >= _SHORTEST_PART}
    return _Index(exact, by_stem, frozenset(parts | _SHORT_PARTS))


@lru_cache(maxsize=65_536)
def read(name: str) -> tuple[Found, ...]:
    """What stands in a name. Also reads comments, as far as they are a few words long."""
    words: list[tuple[str, str]] = []  # key and the word as written
    for written in words_of(name):
        whole = key(written)
        if _known(whole):
            words.append((whole, written))
        else:
            words.extend((part, written) for part in taken_apart(whole))
    return tuple(_matched([(word, written) for word, written in words if word not in JOINING]))


def meanings(name: str) -> frozenset[Meaning]:
    """The meanings that stand in a name, in no order."""
    return frozenset(found.meaning for found in read(name) if found.meaning is not None)


@lru_cache(maxsize=65_536)
def taken_apart(word: str) -> tuple[str, ...]:
    """The dictionary words a glued word is made of, as few as possible; the word itself where that cannot be done."""
    if len(word) > _LONGEST_GLUED or len(word) < 2 * _SHORTEST_PART - 1:
        return (word,)
    parts = _index().parts
    ways: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 20), end):
            before, part = ways[start], word[start:end]
            if before is None or len(before) >= _MOST_PARTS or part not in parts:
                continue
            best = ways[end]
            if best is None or len(before) + 1 < len(best):
                ways[end] = (*before, part)
    found = ways[-1]
    return found if found is not None and any(len(part) > _SHORTEST_PART for part in found) else (word,)


def _known(word: str) -> bool:
    index = _index()
    return word in JOINING or word in index.parts or (word,) in index.exact or _meaning((word,), index) is not None


def _matched(words: Sequence[tuple[str, str]]) -> Iterator[Found]:
    index, place = _index(), 0
    while place < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - place), 0, -1):
            keys = tuple(word for word, _ in words[place : place + length])
            meaning = _meaning(keys, index)
            if meaning is not None:
                yield Found(meaning, _written(words[place : place + length]))
                place += length
                break
        else:
            yield Found(None, words[place][1])
            place += 1


def _meaning(keys: tuple[str, ...], index: _Index) -> Meaning | None:
    found = index.exact.get(keys)
    return found if found is not None else next((index.stems[stemmed] for stemmed in _stems(keys) if stemmed in index.stems), None)


def _stems(keys: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    shortest = SHORTEST_STEM if len(keys) == 1 else SHORTEST_STEM_IN_PHRASE
    return tuple(zip(*(stems(word, shortest) for word in keys), strict=True))


def _written(words: Sequence[tuple[str, str]]) -> str:
    """The words as written, those of one glued word once."""
    return " ".join(dict.fromkeys(written for _, written in words))
