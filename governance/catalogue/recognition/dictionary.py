"""The dictionaries of all languages as one index: which meaning a word or phrase has, as written, in another ending, or with its
abbreviations written out. Leaves to others: words that no dictionary has (`abbreviations`), and reading names (`lexicon`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from governance.catalogue.recognition.meanings import CONCEPTS, Meaning
from governance.catalogue.recognition.spelling import SHORTEST_STEM, SHORTEST_STEM_IN_PHRASE, key, phrase_keys, stems
from governance.catalogue.recognition.words import (
    bulgarian,
    bulgarian_special,
    elsewhere,
    english,
    english_around,
    english_special,
    english_traces,
    estonian,
    everyday,
    kazakh,
    russian,
    russian_special,
    systems,
    systems_special,
)

#: Earlier languages win where two write different words alike.
LANGUAGES: tuple[Mapping[Meaning, str], ...] = (
    english.WORDS,
    english_traces.WORDS,
    english_special.WORDS,
    everyday.WORDS,
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
    everyday.OTHERS,
)
#: Words that only join others, as keys.
JOINING = frozenset(
    {
        "of", "the", "for", "and", "or", "by", "to", "from", "with", "a", "an", "na", "za", "ot", "do", "po", "v", "s", "se", "si", "i",
        "u",         "k", "iz", "dlia", "o", "ob", "pri", "ia", "sas", "men", "zhane",
    }
)  # fmt: skip
OF_WHOM = frozenset({"ot"})  # of these, what stands last in a name says that somebody follows
#: Parts of glued words that are as short as this only where a dictionary would be blind without them: `cardno`, `birthdt`.
_SHORT_PARTS = frozenset({"no", "nr", "id", "dt", "nm", "cd", "ip", "of", "na"})
SHORTEST_PART = 3
#: Abbreviations as old systems have them, by what they stand for in phrases: `identity nbr`, `acct type cde`.
_IN_FULL = {
    "nbr": "number", "num": "number", "nr": "number", "no": "number", "numb": "number", "nmbr": "number", "cd": "code", "cde": "code",
    "nm": "name", "nme": "name", "dt": "date", "dte": "date", "addr": "address", "adr": "address", "amt": "amount", "acct": "account",
    "acc": "account", "stat": "status", "sts": "status", "affil": "affiliation", "aff": "affiliation", "mbr": "member", "grp": "group",
    "ident": "identification", "mthly": "monthly", "mnthly": "monthly", "sal": "salary",
}  # fmt: skip
#: The same before or after words of Bulgarian and Russian: `karta nr`, `smetka no`.
_IN_SLAVIC = {"nr": "nomer", "no": "nomer", "num": "nomer", "nom": "nomer"}
_VOWELS = str.maketrans("", "", "aeiou")
SHORTEST_SKELETON, LOST = 4, 2  # letters that are left of a word, and that are gone
#: What by its words alone is no person.
OF_THINGS = frozenset(
    {
        Meaning.ORGANISATION, Meaning.PREMISES, Meaning.THING, Meaning.LOAN, Meaning.ORDER, Meaning.POSITION, Meaning.PROPERTY,
        Meaning.CARD, Meaning.AMOUNT, Meaning.STREET, Meaning.CITY, Meaning.REGION, Meaning.EDUCATION, Meaning.STATUS, Meaning.EVENT,
        Meaning.MARKETING, Meaning.PHONE, Meaning.ACCOUNT, Meaning.WORK, Meaning.KIND, Meaning.SALARY, Meaning.DOCUMENT,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Index:
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
                kept = tuple(word for place, word in enumerate(listed_words) if not joins(key(word), place, len(listed_words)))
                if kept:
                    yield meaning, kept
                if len(kept) == 2 and words is everyday.WORDS:
                    yield meaning, kept[::-1]  # `apps_dating`, `брак_църковен`


@cache
def index() -> Index:
    exact: dict[tuple[str, ...], Meaning] = {}
    for meaning, phrase in phrases():
        exact.setdefault(tuple(key(word) for word in phrase), meaning)
    for meaning, phrase in phrases():
        for keys in phrase_keys(phrase):
            exact.setdefault(keys, meaning)
    exact = {keys: meaning for keys, meaning in exact.items() if len("".join(keys)) > 1}
    by_stem: dict[tuple[str, ...], Meaning] = dict(exact)
    for keys, meaning in exact.items():
        for stemmed in stems_of_phrase(keys):
            by_stem.setdefault(stemmed, meaning)
    parts = {word for keys in exact for word in keys if len(word) >= SHORTEST_PART}
    special = frozenset(keys[0] for keys, meaning in exact.items() if len(keys) == 1 and meaning in CONCEPTS and CONCEPTS[meaning].special)
    plain = frozenset(key(word) for _, phrase in phrases() for word in phrase)
    return Index(exact, by_stem, frozenset(parts | _SHORT_PARTS), plain, _skeletons(parts), special)


def _skeletons(words: Iterable[str]) -> Mapping[str, str]:
    """Words by what is left of them without vowels, as far as no two leave the same."""
    found: dict[str, str | None] = {}
    for word in sorted(words):
        bare = skeleton(word)
        if SHORTEST_SKELETON <= len(bare) <= len(word) - LOST:
            found[bare] = None if bare in found else word
    return {bare: word for bare, word in found.items() if word is not None}


def joins(word: str, place: int, many: int) -> bool:
    """Only joins others. What ends a name may be who did something: `създаден от`."""
    return word in JOINING and not (word in OF_WHOM and 0 < place == many - 1)


@cache
def thing_words() -> frozenset[str]:
    """Keys of the words by themselves that name no person: firms, offices, goods, contracts, trades, places."""
    return frozenset(keys[0] for keys, meaning in index().exact.items() if len(keys) == 1 and len(keys[0]) > 3 and meaning in OF_THINGS)


def skeleton(word: str) -> str:
    return word[0] + word[1:].translate(_VOWELS)


def is_known(word: str) -> bool:
    return word in JOINING or word in index().parts or meaning_of((word,)) is not None


def meaning_of(keys: tuple[str, ...]) -> Meaning | None:
    """What a word or phrase means, None where no dictionary has it."""
    exact, stemmed = index().exact, index().stems
    found = exact.get(keys)
    if found is None and len(keys) > 1:
        written_out = (tuple(full.get(word, word) for word in keys) for full in (_IN_FULL, _IN_SLAVIC))
        found = next((exact[phrase] for phrase in written_out if phrase in exact), None)
    return found if found is not None else next((stemmed[one] for one in stems_of_phrase(keys) if one in stemmed), None)


def stems_of_phrase(keys: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    shortest = SHORTEST_STEM if len(keys) == 1 else SHORTEST_STEM_IN_PHRASE
    return tuple(zip(*(stems(word, shortest) for word in keys), strict=True))
