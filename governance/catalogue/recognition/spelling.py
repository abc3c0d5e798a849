"""Spellings: how a name is cut into words, and how the many ways of writing one word meet in one key.

A schema writes `фамилия` as familiya, familija, familia or FAMILIA, and `sünniaeg` as synniaeg or sunniaeg. Both sides are brought to the
same key: a dictionary word to every key it may be written under (`keys_of`), a word met in a name to the one it was written under (`key`).
Leaves to others: what words mean (`words`, `lexicon`).

The transliterations are those in use: the Bulgarian Transliteration Act (2009), GOST 7.79 and ICAO 9303 for Russian, the Kazakh Latin
alphabet of 2021 and the passport spelling, and what people type without a rule (ъ as u or y, ц as c, ж as j).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import islice, product

#: The ways each letter is written in Latin ones; the first is how a word met in Cyrillic is read.
_LETTERS: dict[str, tuple[str, ...]] = {
    "а": ("a",), "б": ("b",), "в": ("v",), "г": ("g",), "д": ("d",), "е": ("e", "ye"), "ё": ("e", "yo"), "ж": ("zh", "j", "z"), "з": ("z",),
    "и": ("i",), "й": ("y", ""), "к": ("k",), "л": ("l",), "м": ("m",), "н": ("n",), "о": ("o",), "п": ("p",), "р": ("r",), "с": ("s",),
    "т": ("t",), "у": ("u",), "ф": ("f",), "х": ("h", "x"), "ц": ("ts", "c"), "ч": ("ch", "c"), "ш": ("sh", "s"),
    "щ": ("sht", "shch", "sch"), "ъ": ("a", "u", "y"), "ы": ("y",), "ь": ("",), "э": ("e",), "ю": ("yu", "u"), "я": ("ya", "a", "q"),
    "ә": ("a", "ae"), "ғ": ("g", "gh"), "қ": ("q", "k"), "ң": ("n", "ng"), "ө": ("o", "u"), "ұ": ("u",), "ү": ("u", "y"), "һ": ("h",),
    "і": ("i",), "õ": ("o", "oe"), "ä": ("a", "ae"), "ö": ("o", "oe"), "ü": ("u", "y", "ue"), "š": ("s", "sh"), "ž": ("z", "zh"),
    "é": ("e",), "ğ": ("g",), "ñ": ("n",), "ş": ("sh", "s"), "ū": ("u",), "ı": ("i",), "á": ("a",), "ó": ("o",), "ú": ("u",), "ń": ("n",),
}  # fmt: skip
_INNER_I = re.compile(r"(?<=.)i{2,}")  # familiia is familia; IIN is not in
_FIRST = {ord(letter): spellings[0] for letter, spellings in _LETTERS.items()}
#: The window over which a feature was counted, at the end or within: `_90d`, `_last_6m`, `30d`. It says nothing of what was counted.
WINDOW = re.compile(
    r"(?:(?<![^\W\d_])(?:last|past|prev)[_\s-]?)?(?<![A-ZА-Я\d])\d{1,3}(?:d|w|m|q|y|h|mo|wk|yr)(?![^\W_])|(?<![^\W\d_])\d{1,3}[DWMQYH](?![^\W_])"
)
#: A word longer than any has at most this many spellings looked at; the common ones come first.
_SPELLINGS = 96
#: Endings of cases, articles and plurals in the five languages; the longest that a word has is taken off. As they stand in a key.
_ENDINGS = frozenset(
    {
    "iami", "iata",
    "ami", "iah", "ata", "eto", "oto", "ite", "iat", "ogo", "ego", "ovo", "evo", "omu", "emu", "ova", "eva", "aia", "ovi", "evi", "lar",
    "ler", "dar", "der", "tar", "ter", "nin", "din", "tin", "ning",
    "ah", "at", "ut", "ta", "to", "te", "ov", "ev", "om", "em", "oi", "ei", "oe", "ie", "ii", "ia", "iu", "ga", "ge", "es", "st", "le",
    "u", "a", "e", "i", "o", "s", "d",
    }
)  # fmt: skip
_VOWEL_ENDINGS = frozenset(ending for ending in _ENDINGS if not ending.endswith("s"))
_LONGEST_ENDING = max(map(len, _ENDINGS))
#: Letters that are left of a word by itself; words of a phrase hold each other up and may be shorter.
SHORTEST_STEM, SHORTEST_STEM_IN_PHRASE = 5, 3


@lru_cache(maxsize=65_536)
def key(word: str) -> str:
    """The key of a word as it was written: lower case, Latin letters, spellings that stand for one sound made one."""
    return _reduced(word.lower().translate(_FIRST))


def keys_of(word: str) -> frozenset[str]:
    """Every key a dictionary word may be met under."""
    letters = [_LETTERS.get(letter, (letter,)) for letter in word.lower()]
    return frozenset(_reduced("".join(chosen)) for chosen in islice(product(*letters), _SPELLINGS)) | {key(word)}


def phrase_keys(words: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Every way a phrase may be met."""
    return islice(product(*(sorted(keys_of(word)) for word in words)), 4 * _SPELLINGS)


@lru_cache(maxsize=65_536)
def stems(word: str, shortest: int = SHORTEST_STEM) -> tuple[str, str]:
    """A key without its ending, and without the one before that too, as far as `shortest` letters are left to be sure of it: what is an
    ending to one form is part of the stem to another (`zaplata`, `zaplati`)."""
    once = _without(word, _ENDINGS, shortest)
    return once, _without(once, _VOWEL_ENDINGS, shortest)


def stemmed(keys: Iterable[str]) -> frozenset[str]:
    """Keys without their endings."""
    return frozenset(stems(one)[1] for one in keys)


@cache
def stems_of(listed: str) -> frozenset[str]:
    """Every key that listed words may be met under, without endings."""
    return frozenset(stems(spelling)[1] for word in listed.split() for spelling in keys_of(word))


def speaks_of(listed: str, written: str) -> bool:
    """One of the listed words stands in a name, whatever its ending."""
    return not stemmed(key(word) for word in words_of(written)).isdisjoint(stems_of(listed))


def _without(word: str, endings: frozenset[str], shortest: int) -> str:
    for length in range(min(_LONGEST_ENDING, len(word) - shortest), 0, -1):
        if word[-length:] in endings:
            return word[:-length]
    return word


def _reduced(latin: str) -> str:
    for written, sound in (("kh", "h"), ("tz", "ts"), ("x", "ks"), ("w", "v"), ("q", "k"), ("y", "i"), ("j", "i")):
        latin = latin.replace(written, sound)
    return _INNER_I.sub("i", latin)


@lru_cache(maxsize=65_536)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in its own letters: `EGNKlient_2`, `e-post` and `дата рождения` give ("EGN", "Klient"), ("e", "post") and
    ("дата", "рождения"). Digits part words and are dropped, and so are windows (`church_donations_last_6m`)."""
    return tuple(_words(WINDOW.sub("_", name)))


def _words(name: str) -> Iterator[str]:
    word = ""
    for place, letter in enumerate(name):
        if not letter.isalpha():
            if word:
                yield word
            word = ""
            continue
        if word and letter.isupper():
            before, after = word[-1], name[place + 1 : place + 2]
            # aB begins a word, and so does the last capital of ABc
            if before.islower() or (before.isupper() and after.islower()):
                yield word
                word = ""
        word += letter
    if word:
        yield word
