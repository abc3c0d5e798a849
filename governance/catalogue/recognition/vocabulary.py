"""Values held against vocabularies: is it a religion, a people, a party, a union, an illness, a marital status, a gender?"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from governance.catalogue.recognition.spelling import key, stems
from governance.catalogue.recognition.words.terms import TERMS

_WORD = re.compile(r"[^\W_]+")
#: Diagnoses as coded (ICD-10): a letter and two digits, with a place after the point or without.
_ICD = re.compile(r"[A-TV-Z]\d\d(?:\.\d{1,2})?\b.*", re.DOTALL)
_LONGEST = 60


@cache
def _terms(vocabulary: str) -> frozenset[tuple[str, ...]]:
    return frozenset(words_in(term) for term in TERMS[vocabulary].split(",") if term.strip())


@cache
def _first_words(vocabulary: str) -> frozenset[str]:
    return frozenset(term[0] for term in _terms(vocabulary) if term)


@lru_cache(maxsize=32_768)
def words_in(text: str) -> tuple[str, ...]:
    return tuple(stems(key(word))[1] for word in _WORD.findall(text))


def is_term(vocabulary: str, value: str) -> bool:
    """The value is a word or phrase of the vocabulary, whatever its ending and spelling, alone or at the start of a few words."""
    if len(value) > _LONGEST:
        return False
    keys = words_in(value)
    if not keys or keys[0] not in _first_words(vocabulary):
        return False
    terms = _terms(vocabulary)
    return any(keys[:length] in terms for length in range(1, min(len(keys), 4) + 1))


def is_diagnosis(value: str) -> bool:
    """A diagnosis, by its code or its word."""
    return _ICD.fullmatch(value) is not None or is_term("health", value)
