"""The version of the rules is raised with every change of what decides a verdict, and nothing sampled is kept."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from governance.catalogue.inventory import ColumnFacts, ColumnKind, Sample, TableFacts
from governance.catalogue.recognition import (
    RULES,
    abbreviations,
    amid,
    dictionary,
    meanings,
    naming,
    people,
    pools,
    prefixes,
    recognise_table,
    seen,
    speaking,
    special,
    spelling,
    standing,
    surroundings,
    thresholds,
    vocabulary,
)
from governance.catalogue.recognition.words import homonyms, pieces, roles, terms
from governance.catalogue.recognition.words import people as names

#: Whoever changes a dictionary, a concept or a threshold raises RULES and writes the new digest here, in one commit.
PINNED = {"8": "c88c5922759c1958"}


def digest() -> str:
    decides = (
        [sorted(words.items()) for words in dictionary.LANGUAGES],
        sorted(dictionary.JOINING), sorted(dictionary.OF_WHOM), sorted(pieces.WHOSE.items()), sorted(pieces.WHAT.items()),
        [(meaning, one.recogniser, one.category, one.base, sorted(one.kinds), one.checks, one.direct, one.special)
         for meaning, one in meanings.CONCEPTS.items()],
        sorted(meanings.ABOUT), sorted(meanings.BUSINESS), sorted(meanings.GENERIC),
        (meanings.SURE, meanings.GOOD, meanings.WEAK, standing.UNSURE, standing.DID_IT, naming.BY_COMMENT, naming.BY_PARENT),
        naming.OF_SOMEBODY,
        (naming.BARE_CLIENT, naming.BARE_PERSON, naming.TELLING, naming.WIDE),
        (special.UNSAID, special.AMONG_OTHERS, special.PARTY_OF_PERSONS),
        sorted((name, value) for name, value in vars(thresholds).items() if name.isupper()),
        (seen.LOOKED_AT, seen.LOOKED_AT_FOR_IDS, seen.LOOKED_AT_SLOWLY),
        [(one.check, one.meaning, one.share, one.score, one.least, one.hard) for one in speaking.BY_VALUES],
        sorted(homonyms.HOMONYMS.items()), homonyms.TECHNICAL, homonyms.TEMPLATE, homonyms.BOOKKEEPING, roles.CLIENTS,
        homonyms.MACHINERY, homonyms.SETTINGS, homonyms.TOGETHER, homonyms.ABSENCE, roles.EXCHANGED, roles.SYSTEMS, roles.STANDING,
        (roles.CALLS, roles.COURTING, roles.LOOKING_FOR, roles.NOSTRO, roles.HOUSE_OWN, roles.REACHED, roles.DESIGNATION),
        (amid.AMONG_CALLS, amid.OF_COURTING), spelling.WINDOW.pattern,
        (homonyms.PAID, homonyms.TAKEN_FOR, homonyms.GATES, homonyms.CLOCKS, homonyms.FP_ELSE),
        sorted(terms.TERMS.items()), terms.YES_NO, terms.FIRM_FORMS, terms.ADDRESS_WORDS,
        sorted(dictionary.OF_THINGS), abbreviations.SHORTEST_CUT,
        sorted(abbreviations.DERIVED), abbreviations.SHORTEST_HEAD, sorted(surroundings.HALVES.items()),
        people.MADE, names.GIVEN_ENDINGS, names.FAMILY_ENDINGS_ABROAD,
        sorted((name, value) for module in (pools, prefixes) for name, value in vars(module).items() if name.isupper()),
        names.GIVEN_NAMES, names.PATRONYMIC_ENDINGS, names.FAMILY_ENDINGS, names.FAMILY_NAMES,
    )  # fmt: skip
    return sha256(repr(decides).encode()).hexdigest()[:16]


def test_whoever_changes_the_rules_raises_their_version() -> None:
    assert {RULES: digest()} == PINNED


def test_nothing_of_a_sample_is_kept() -> None:
    facts = TableFacts(None, "clients", False, (ColumnFacts("c17", ColumnKind.TEXT, "text", True),))
    recognise_table(facts, {"c17": Sample(3, 0, ["Петя Иванова", "Иван Петров", "Мария Стоянова"])}, date(2026, 11, 25))
    for cached in (spelling.key, spelling.stems, people.parts_of, vocabulary.words_in):
        assert cached.cache_info().currsize == 0


def test_a_sample_is_not_shown() -> None:
    assert "Петя" not in repr(Sample(1, 0, ["Петя Иванова"]))
