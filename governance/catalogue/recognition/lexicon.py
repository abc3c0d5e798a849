"""Reading names: which meanings stand in the name of a column or table, in the order in which they stand there.

Phrases win over their words (`file name` is a thing, not a person's name), words as listed over words with another ending, and a word that
no dictionary has is taken apart where dictionaries have all its parts (`kliendinimi`, `dateofbirth`). What nothing is known about stays in
its place, as unknown. Leaves to others: what follows from the meanings (`naming`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from governance.catalogue.recognition.abbreviations import is_piece, names_owner, pieced, written_out
from governance.catalogue.recognition.dictionary import index, is_known, joins, meaning_of
from governance.catalogue.recognition.meanings import Meaning
from governance.catalogue.recognition.spelling import key, words_of

_LONGEST_PHRASE = 5
_TAIL = 2  # letters that end such an abbreviation, of which the last is small


@dataclass(frozen=True)
class Found:
    """One meaning and the words that bear it, as written and by their keys; None for words nothing is known about."""

    meaning: Meaning | None
    words: str
    keys: tuple[str, ...]


@lru_cache(maxsize=65_536)
def read(name: str) -> tuple[Found, ...]:
    """What stands in a name. Also reads comments, as far as they are a few words long."""
    words: list[tuple[str, str]] = []  # key and the word as written
    for written in _rejoined(words_of(name)):
        whole = key(written)
        if is_known(whole):
            words.append((whole, written))
        else:
            words.extend((part, written) for part in written_out(whole))
    return tuple(_matched([word for place, word in enumerate(words) if not joins(word[0], place, len(words))]))


def spelt_out(rest: str) -> str:
    """What is left of a name without the prefix of its table (`prefixes`), with the words that its pieces stand for: here one piece by
    itself makes a name, because whose it is the prefix says (`NAM1`, `TXID`)."""
    words: list[str] = []
    for written in words_of(rest):
        whole = key(written)
        if is_known(whole):
            words.append(written)
            continue
        pieces = pieced(whole, alone=True)
        words.extend(pieces if pieces != (whole,) else written_out(whole))
    return " ".join(words)


def in_pieces(name: str) -> str:
    """A name of pieces that are parted (`UD_POR`), spelt out, where one of them says whose it is; else nothing."""
    words = [key(written) for written in words_of(name)]
    telling = len(words) > 1 and any(map(names_owner, words)) and all(is_piece(word) or is_known(word) for word in words)
    return spelt_out(name) if telling else ""


def _rejoined(words: Sequence[str]) -> Iterator[str]:
    """Abbreviations that end in small letters (`LNCh`) are no two words."""
    before = ""
    for word in words:
        if before.isupper() and len(word) == _TAIL and word[1:].islower() and (key(before + word),) in index().exact:
            yield before + word
            before = ""
            continue
        if before:
            yield before
        before = word
    if before:
        yield before


def meanings(name: str) -> frozenset[Meaning]:
    """The meanings that stand in a name, in no order."""
    return frozenset(found.meaning for found in read(name) if found.meaning is not None)


def _matched(words: Sequence[tuple[str, str]]) -> Iterator[Found]:
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - place), 0, -1):
            keys = tuple(word for word, _ in words[place : place + length])
            meaning = meaning_of(keys)
            if meaning is not None:
                yield Found(meaning, _written(words[place : place + length]), keys)
                place += length
                break
        else:
            yield Found(None, words[place][1], (words[place][0],))
            place += 1


def _written(words: Sequence[tuple[str, str]]) -> str:
    """The words as written, those of one glued word once."""
    return " ".join(dict.fromkeys(written for _, written in words))
