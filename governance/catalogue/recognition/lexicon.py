"""Reading names: which meanings stand in the name of a column or table, in the order in which they stand there.

Phrases win over their words (`file name` is a thing, not a person's name), words as listed over words with another ending, and a word that
no dictionary has is taken apart where dictionaries have all its parts (`kliendinimi`, `dateofbirth`). What nothing is known about stays in
its place, as unknown. Leaves to others: what follows from the meanings (`naming`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from governance.catalogue.recognition.meanings import CONCEPTS, Meaning
from governance.catalogue.recognition.spelling import SHORTEST_STEM, SHORTEST_STEM_IN_PHRASE, key, phrase_keys, stems, stems_of, words_of
from governance.catalogue.recognition.words import (
    bulgarian,
    bulgarian_special,
    elsewhere,
    english,
    english_around,
    english_special,
    english_traces,
    estonian,
    homonyms,
    kazakh,
    russian,
    russian_special,
    systems,
    systems_special,
)
from governance.catalogue.recognition.words.pieces import WHAT, WHOSE

#: Earlier languages win where two write different words alike.
LANGUAGES: tuple[Mapping[Meaning, str], ...] = (
    english.WORDS,
    english_traces.WORDS,
    english_special.WORDS,
    english_around.WORDS,
    bulgarian.WORDS,
    bulgarian_special.WORDS,
    russian.WORDS,
    russian_special.WORDS,
    kazakh.WORDS,
    estonian.WORDS,
    systems_special.WORDS,
    systems.WORDS,
    elsewhere.WORDS,
)
#: Words that only join others, as keys.
JOINING = frozenset(
    {
        "of", "the", "for", "and", "or", "by", "to", "from", "with", "a", "an", "na", "za", "ot", "do", "po", "v", "s", "se", "si", "i",
        "u",         "k", "iz", "dlia", "o", "ob", "pri", "ia", "sas", "men", "zhane",
    }
)  # fmt: skip
OF_WHOM = frozenset({"ot"})  # of these, what stands last in a name says that somebody follows
_LONGEST_PHRASE = 5
_LONGEST_GLUED = 40
_MOST_PARTS = 4
#: Parts of glued words that are as short as this only where a dictionary would be blind without them: `cardno`, `birthdt`.
_SHORT_PARTS = frozenset({"no", "nr", "id", "dt", "nm", "cd", "ip", "of", "na"})
_SHORTEST_PART = 3
_SHORTEST_GLUED, _LONGEST_PIECED = 5, 14  # letters of a name that is glued from abbreviations
_SHORTEST_ENDED = 8
#: Abbreviations as old systems have them, by what they stand for in phrases: `identity nbr`, `acct type cde`.
_IN_FULL = {
    "nbr": "number", "num": "number", "nr": "number", "no": "number", "numb": "number", "nmbr": "number", "cd": "code", "cde": "code",
    "nm": "name", "nme": "name", "dt": "date", "dte": "date", "addr": "address", "adr": "address", "amt": "amount", "acct": "account",
    "acc": "account", "stat": "status", "sts": "status", "affil": "affiliation", "aff": "affiliation", "mbr": "member", "grp": "group",
    "ident": "identification", "mthly": "monthly", "mnthly": "monthly", "sal": "salary",
}  # fmt: skip
#: The same before or after words of Bulgarian and Russian: `karta nr`, `smetka no`.
_IN_SLAVIC = {"nr": "nomer", "no": "nomer", "num": "nomer", "nom": "nomer"}
_SHORTEST_BEGINNING = 7
_VOWELS = str.maketrans("", "", "aeiou")
_SHORTEST_SKELETON, _LOST = 4, 2  # letters that are left of a word, and that are gone
SHORTEST_HEAD = 6  # letters of a word for somebody that ends a compound
SHORTEST_CUT = 5  # letters that are left of a word whose end is gone

OF_THINGS = frozenset(
    {
        Meaning.ORGANISATION, Meaning.PREMISES, Meaning.THING, Meaning.LOAN, Meaning.ORDER, Meaning.POSITION, Meaning.PROPERTY, Meaning.CARD,
        Meaning.AMOUNT, Meaning.STREET, Meaning.CITY, Meaning.REGION, Meaning.EDUCATION, Meaning.STATUS, Meaning.EVENT, Meaning.MARKETING,
        Meaning.PHONE, Meaning.ACCOUNT, Meaning.WORK, Meaning.KIND, Meaning.SALARY, Meaning.DOCUMENT,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """One meaning and the words that bear it, as written and by their keys; None for words nothing is known about."""

    meaning: Meaning | None
    words: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class _Index:
    exact: Mapping[tuple[str, ...], Meaning]
    stems: Mapping[tuple[str, ...], Meaning]
    parts: frozenset[str]
    plain: frozenset[str]  # parts as their words are written first, not as they may be too
    skeletons: Mapping[str, str]
    special: frozenset[str]  # single words for special categories


def phrases() -> Iterator[tuple[Meaning, tuple[str, ...]]]:
    """Every phrase of every dictionary, without joining words."""
    for words in LANGUAGES:
        for meaning, listed in words.items():
            for phrase in listed.split(","):
                listed_words = phrase.split()
                kept = tuple(word for place, word in enumerate(listed_words) if not _joins(key(word), place, len(listed_words)))
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
    special = frozenset(keys[0] for keys, meaning in exact.items() if len(keys) == 1 and meaning in CONCEPTS and CONCEPTS[meaning].special)
    plain = frozenset(key(word) for _, phrase in phrases() for word in phrase)
    return _Index(exact, by_stem, frozenset(parts | _SHORT_PARTS), plain, _skeletons(parts), special)


def _skeletons(words: Iterable[str]) -> Mapping[str, str]:
    """Words by what is left of them without vowels, as far as no two leave the same."""
    found: dict[str, str | None] = {}
    for word in sorted(words):
        bare = _bare(word)
        if _SHORTEST_SKELETON <= len(bare) <= len(word) - _LOST:
            found[bare] = None if bare in found else word
    return {bare: word for bare, word in found.items() if word is not None}


@lru_cache(maxsize=65_536)
def read(name: str) -> tuple[Found, ...]:
    """What stands in a name. Also reads comments, as far as they are a few words long."""
    words: list[tuple[str, str]] = []  # key and the word as written
    for written in words_of(name):
        whole = key(written)
        if _known(whole):
            words.append((whole, written))
        else:
            words.extend((part, written) for part in _spelt_out(whole))
    return tuple(_matched([word for place, word in enumerate(words) if not _joins(word[0], place, len(words))]))


def spelt_out(rest: str) -> str:
    """What is left of a name without the prefix of its table (`prefixes`), with the words that its pieces stand for: here one piece by
    itself makes a name, because whose it is the prefix says (`NAM1`, `TXID`)."""
    words: list[str] = []
    for written in words_of(rest):
        whole = key(written)
        if _known(whole):
            words.append(written)
            continue
        pieces = _pieced(whole, alone=True)
        words.extend(pieces if pieces != (whole,) else _spelt_out(whole))
    return " ".join(words)


def _spelt_out(whole: str) -> tuple[str, ...]:
    """The words that a word stands for which no dictionary has; itself where nothing is known about it."""
    parts = taken_apart(whole)
    if len(parts) > 1:
        return parts
    full = _begun(_in_full(whole))
    if full != whole:
        return (full,)
    pieces = _pieced(whole)
    return pieces if pieces != (whole,) else (_headed(_cut_short(whole)),)


@cache
def thing_words() -> frozenset[str]:
    """Keys of the words by themselves that name no person: firms, offices, goods, contracts, trades, places."""
    return frozenset(keys[0] for keys, meaning in _index().exact.items() if len(keys) == 1 and len(keys[0]) > 3 and meaning in OF_THINGS)


def _joins(word: str, place: int, many: int) -> bool:
    """Only joins others. What ends a name may be who did something: `създаден от`."""
    return word in JOINING and not (word in OF_WHOM and 0 < place == many - 1)


def meanings(name: str) -> frozenset[Meaning]:
    """The meanings that stand in a name, in no order."""
    return frozenset(found.meaning for found in read(name) if found.meaning is not None)


@lru_cache(maxsize=65_536)
def taken_apart(word: str) -> tuple[str, ...]:
    """The dictionary words a glued word is made of, as few as possible; the word itself where that cannot be done."""
    if len(word) > _LONGEST_GLUED or len(word) < 2 * _SHORTEST_PART - 1:
        return (word,)
    parts = _index().parts
    found = _cheapest(word, 20, lambda part: part in parts or _is_ended(part), _cost)
    if found is None or not (found in _index().exact or any(len(part) > _SHORTEST_PART for part in found)):
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
    return len(way), sum(part not in _index().plain for part in way)


@cache
def _pieces() -> Mapping[str, tuple[str, ...]]:
    """What each piece stands for, as keys."""
    return {key(piece): tuple(map(key, word.split())) for word, pieces in (WHOSE | WHAT).items() for piece in pieces.split()}


@lru_cache(maxsize=65_536)
def _pieced(word: str, alone: bool = False) -> tuple[str, ...]:
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


def _in_full(word: str) -> str:
    """The word that lost its vowels here, or most of them (`ctznshp`, `disablty`); else the word itself."""
    bare = _bare(word)
    found = _index().skeletons.get(bare)
    if found is None or len(word) > len(found) - _LOST or (len(bare) == _SHORTEST_SKELETON and bare != word):
        return word
    return found


def _begun(word: str) -> str:
    """The word of a special category that a word begins with which no dictionary has; else the word itself. In doubt they are told."""
    special = _index().special
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
    if len(word) < SHORTEST_HEAD + _SHORTEST_PART or _known(word):
        return word
    exact = _index().exact
    heads = (word[start:] for start in range(_SHORTEST_PART, len(word) - SHORTEST_HEAD + 1))
    return next((head for head in heads if exact.get((head,)) is Meaning.PERSON), word)


@cache
def _beginnings() -> Mapping[str, str]:
    """The first letters of single words, as far as all that begin so mean the same, by the shortest of them."""
    found: dict[str, str | None] = {}
    exact = _index().exact
    for (word,) in sorted((keys for keys in exact if len(keys) == 1), key=lambda keys: (len(keys[0]), keys)):
        for length in range(SHORTEST_CUT, len(word)):
            known = found.setdefault(word[:length], word)
            if known is not None and exact[known,] is not exact[word,]:
                found[word[:length]] = None
    return {begun: word for begun, word in found.items() if word is not None}


def _bare(word: str) -> str:
    return word[0] + word[1:].translate(_VOWELS)


def _is_ended(part: str) -> bool:
    """A long word of a dictionary with another ending."""
    return len(part) >= _SHORTEST_ENDED and not _index().parts.isdisjoint(stems(part))


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
                yield Found(meaning, _written(words[place : place + length]), keys)
                place += length
                break
        else:
            yield Found(None, words[place][1], (words[place][0],))
            place += 1


def _meaning(keys: tuple[str, ...], index: _Index) -> Meaning | None:
    found = index.exact.get(keys)
    if found is None and len(keys) > 1:
        written_out = (tuple(full.get(word, word) for word in keys) for full in (_IN_FULL, _IN_SLAVIC))
        found = next((index.exact[phrase] for phrase in written_out if phrase in index.exact), None)
    return found if found is not None else next((index.stems[stemmed] for stemmed in _stems(keys) if stemmed in index.stems), None)


def _stems(keys: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    shortest = SHORTEST_STEM if len(keys) == 1 else SHORTEST_STEM_IN_PHRASE
    return tuple(zip(*(stems(word, shortest) for word in keys), strict=True))


def _written(words: Sequence[tuple[str, str]]) -> str:
    """The words as written, those of one glued word once."""
    return " ".join(dict.fromkeys(written for _, written in words))
