"""Names of tables and columns compared with each other, and with short lists of words: `kliendi_id` names what `klient` holds.

Built on the spellings that the recognisers use (`recognition.spelling`), so transliterations meet. Judges two names by what they name,
cases, articles and plurals aside; what a name means is left to `recognition.lexicon`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from governance.catalogue.recognition.dictionary import JOINING
from governance.catalogue.recognition.spelling import key, keys_of, words_of

#: Words that make a name that of a key: `client_id`, `klyuch_na_litse`.
_KEY_WORDS = (
    "id ids key fk pk uid uuid guid oid sk rowid ident identifier klyuch ключ ключове ид айди идентификатор идентификация tunnus võti "
    "viide "
    "сілтеме кілт ref reference ссылка link"
)
#: Words of numbers that may be keys as well: `lepingu_nr`, `dolzhnik_nomer`.
_NUMBER_WORDS = "no nr num number numb nomer номер нөмір number code cd kod код kood"
_NOISE = "tbl tab t dim fact table tabel таблица vw stg src db"
#: What two forms of one word may end in, in the five languages, as keys.
_ENDED_IN = (
    "s es a i e o u ia ie ii io iu ov ev em om am ami ah ei oi ite iat iata ata eto at ta to te d t di de ti ed id se st sid ni n ide lar "
    "ler dar der tar ter ning nin din tin da le l did"
)
_ENDINGS = frozenset(("", *_ENDED_IN.split()))
_VOWELS = frozenset(("", "a", "e", "i", "o", "u"))
_SHORTEST, _LONG_ENOUGH = 3, 4
#: A compound's last part is recognised from this length on: `leping` in `jarelmaksuleping`.
_SHORTEST_HEAD = 5
_LONGEST_SHORT = 5


@dataclass(frozen=True)
class Named:
    """A name taken apart: `words` are the keys of what it names, words for keys and numbers aside."""

    words: tuple[str, ...]
    key: bool
    number: bool

    @property
    def bare(self) -> bool:
        """It names nothing: `id`, `kod`."""
        return not self.words


@cache
def word_list(words: str) -> frozenset[str]:
    """Every key under which words that stand in one text, parted by spaces, can be met."""
    return frozenset(spelt for word in words.split() for spelt in keys_of(word))


@lru_cache(maxsize=65_536)
def named(name: str) -> Named:
    """A column's name taken apart."""
    keys = [key(word) for word in words_of(name)]
    keys = [word for word in keys if word not in JOINING or word in word_list(_NUMBER_WORDS)]
    has_key, has_number = (any(word in word_list(of) for word in keys) for of in (_KEY_WORDS, _NUMBER_WORDS))
    kept = [word for word in keys if word not in word_list(_KEY_WORDS) and word not in word_list(_NUMBER_WORDS)]
    if kept and not has_key and not has_number and len(kept[-1]) > _LONG_ENOUGH and kept[-1].endswith("id"):
        kept[-1], has_key = kept[-1][:-2], True  # clientid
    return Named(tuple(kept), has_key, has_number)


@lru_cache(maxsize=65_536)
def table_words(name: str) -> tuple[str, ...]:
    """The keys of the words of a table's name; prefixes such as `tbl_` aside."""
    keys = tuple(key(word) for word in words_of(name))
    return tuple(word for word in keys if word not in word_list(_NOISE) and word not in JOINING) or keys


@lru_cache(maxsize=65_536)
def alike(a: str, b: str) -> bool:
    """Two keys are forms of one word."""
    if a == b:
        return True
    shared = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if shared < _SHORTEST:
        return False
    allowed = _ENDINGS if shared >= _LONG_ENOUGH else _VOWELS
    return a[shared:] in allowed and b[shared:] in allowed


@lru_cache(maxsize=65_536)
def names_table(words: tuple[str, ...], table: str) -> float:
    """How well words name a table: 1 for all of its name, less for its first or last part or an abbreviation, 0 for not at all."""
    of_table = table_words(table)
    if not words:
        return 0.0
    if len(words) == len(of_table) and all(map(alike, words, of_table)):
        return 1.0
    if len(words) < len(of_table):
        for part in (of_table[-len(words) :], of_table[: len(words)]):
            if all(map(alike, words, part)):
                return 0.7
    if len(words) == 1 and any(_heads(words[0], word) for word in of_table):
        return 0.7
    if "".join(words) == "".join(of_table):
        return 0.9
    shortened = len(words) == len(of_table) and all(_alike_or_short(word, whole) for word, whole in zip(words, of_table, strict=True))
    return 0.6 if shortened else 0.0


def beginnings(words: Iterable[str]) -> frozenset[str]:
    """What words begin with, as far as it decides whether they can be forms of other words; those contain it (`insides`)."""
    return frozenset(word[:_SHORTEST] for word in words)


def insides(words: Iterable[str]) -> frozenset[str]:
    """Every beginning that a form of one of these words, or of a part of it, can have."""
    return frozenset(word[place : place + _SHORTEST] for word in words for place in range(max(1, len(word) - _SHORTEST + 1)))


def speaks_of(words: Iterable[str], listed: str) -> str | None:
    """The first of these keys that is a form of a listed word, or None."""
    return next((word for word in words if word in word_list(listed) or any(alike(word, other) for other in _long(listed))), None)


def same_words(a: Sequence[str], b: Sequence[str]) -> bool:
    """Word for word forms of the same, and at least one."""
    return len(a) == len(b) > 0 and all(map(alike, a, b))


@cache
def _long(listed: str) -> tuple[str, ...]:
    return tuple(sorted(word for word in word_list(listed) if len(word) > _LONG_ENOUGH))


def _alike_or_short(word: str, whole: str) -> bool:
    """Forms of one word, or the one is the other's first letters: `cust` for `customers`, but no `contract` for `contractor`."""
    return alike(word, whole) or (_SHORTEST <= len(word) <= _LONGEST_SHORT and whole.startswith(word))


def _heads(word: str, compound: str) -> bool:
    """`compound` ends in a form of `word`."""
    stem = word.rstrip("aeiou")
    place = compound.rfind(stem)
    return len(stem) >= _SHORTEST_HEAD and place > 0 and compound[place + len(stem) :] in _ENDINGS
