"""What a column stands among: a table of persons, of business partners and things, of bookkeeping; and what it stands under in a document.

A column `name` beside a birth date is a person's, in a table of products it is not. Leaves to others: what follows for a column (`naming`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from governance.catalogue.inventory import TableFacts
from governance.catalogue.recognition.lexicon import meanings, spelt_out
from governance.catalogue.recognition.meanings import BUSINESS, Meaning
from governance.catalogue.recognition.prefixes import shared_prefix, without
from governance.catalogue.recognition.spelling import key, speaks_of, words_of
from governance.catalogue.recognition.words.homonyms import MACHINERY
from governance.catalogue.recognition.words.roles import CLIENTS, EXCHANGED, REACHED

#: Columns that only tables of persons have.
_PERSONAL = frozenset(
    {
        Meaning.NATIONAL_ID,
        Meaning.BIRTH_DATE,
        Meaning.FIRST_NAME,
        Meaning.LAST_NAME,
        Meaning.MIDDLE_NAME,
        Meaning.PASSPORT,
        Meaning.ID_CARD,
        Meaning.GENDER,
        Meaning.MARITAL,
    }
)
_STATED = frozenset({Meaning.GENDER, Meaning.MARITAL})  # which a tariff may ask for too
_FAMILIES = frozenset({Meaning.LAST_NAME})  # which goods have too
_OF_THINGS = frozenset({Meaning.THING, Meaning.REFERENCE, Meaning.FLAG})  # whether a paper is asked for is no paper
#: What the halves of a name go by where both stand in a table: `first` and `last`, `fam` and `im`. By themselves they say nothing.
HALVES: Mapping[str, Meaning] = MappingProxyType(
    dict.fromkeys(("first", "given", "im", "io", "ees", "ime", "imia", "ati"), Meaning.FIRST_NAME)
    | dict.fromkeys(("middle", "ot", "otch"), Meaning.MIDDLE_NAME)
    | dict.fromkeys(("last", "family", "famili", "fam", "familia", "pere", "tegi"), Meaning.LAST_NAME)
)
#: What 1C calls the kind of its tables says nothing of what is in them.
_OBJECT = re.compile(
    r"(?:Справочник|Документ|РегистрСведений|РегистрНакопления|Catalog|Document|InformationRegister|AccumulationRegister)[_.](?=.)"
)
_PREMISES = BUSINESS - {Meaning.THING}
#: Beside a word for a client, these make the contacts of a table that client's: `DebtorName` in a table of an agency.
_CALLED = frozenset({Meaning.NAME, Meaning.FULL_NAME, Meaning.FIRST_NAME, Meaning.LAST_NAME, Meaning.NATIONAL_ID, Meaning.PIN})
_ON_THE_BOOKS = " ".join(word for word in CLIENTS.split() if word not in REACHED.split())
_MACHINES = 2  # columns about errors and the like that make a table one of them
_COMMENT = 60  # characters of a table's comment that are read


@dataclass(frozen=True)
class Surroundings:
    """`parents` are names a column stands under, nearest first. `premises`: of partners, branches or lists of reference, which have
    addresses of their own. `machinery`: of errors, builds, certificates. `key`: it refers to another row, or numbers its own.
    `prefix`: what the columns of the table begin with. `halves`: two of them are called as the halves of a name are (`HALVES`)."""

    person: bool = False
    business: bool = False
    premises: bool = False
    ledger: bool = False
    loan: bool = False
    machinery: bool = False
    key: bool = False
    parents: tuple[str, ...] = ()
    prefix: str = ""
    halves: bool = False


def of_name(table: str) -> Surroundings:
    """As far as a table's name tells: its path, of which the schema says nothing."""
    name = _OBJECT.sub("", table.rpartition(".")[2])
    told = _of_meanings(meanings(name))
    return replace(told, premises=told.premises and not speaks_of(EXCHANGED, name), parents=(name,))


def of_table(table: TableFacts) -> Surroundings:
    """As far as a table's name, its comment and the names of its columns tell."""
    prefix = shared_prefix([column.name for column in table.columns])
    columns = [meanings(column.name) | meanings(spelt_out(without(prefix, column.name))) for column in table.columns]
    of_somebody = any(Meaning.PERSON in seen for seen in columns)
    by_name = of_name(table.name)
    if not (by_name.person or by_name.business or by_name.ledger) and table.comment:
        said = _of_meanings(meanings(table.comment[:_COMMENT]))
        if not (said.business and of_somebody):  # whose sheet it is says less than a column about a client
            by_name = replace(said, loan=by_name.loan, parents=by_name.parents)
    clients = any(
        Meaning.PERSON in seen and seen & _CALLED and speaks_of(_ON_THE_BOOKS, column.name)
        for seen, column in zip(columns, table.columns, strict=True)
    )
    halves = _in_halves([column.name for column in table.columns], prefix)
    of_persons = [seen for seen in columns if seen & _PERSONAL and not seen & _OF_THINGS]
    alone = {meaning for seen in of_persons if Meaning.PERSON not in seen for meaning in seen & _PERSONAL}
    machines = speaks_of(MACHINERY, table.name)
    by_itself = len(alone) > 1 or (bool(alone - _STATED) and not ((by_name.business or machines) and alone <= _FAMILIES))
    person = by_name.person or ((by_itself or halves) and not by_name.ledger)
    organisations = any(Meaning.ORGANISATION_ID in seen and not seen & {Meaning.EMPLOYER, Meaning.WORK} for seen in columns)
    business = not person and (by_name.business or (organisations and not of_persons and not of_somebody))
    machines = machines or sum(speaks_of(MACHINERY, column.name) for column in table.columns) >= _MACHINES
    machinery = machines and not person and not of_somebody
    return replace(
        by_name,
        prefix=prefix,
        halves=halves,
        machinery=machinery,
        person=person,
        business=business,
        premises=not (person or clients) and (by_name.premises or (business and not by_name.business)),
    )


def under(steps: tuple[str, ...], outer: Surroundings) -> Surroundings:
    """Of what stands under these steps of a document: the nearest that tells of persons or business decides, else what is around it."""
    parents = tuple(reversed(steps)) + outer.parents
    for step in reversed(steps):
        inner = _of_meanings(meanings(step))
        if inner.person or inner.business:
            return replace(inner, parents=parents)
    return replace(outer, key=False, parents=parents, prefix="", halves=False)


def half_of_a_name(written: str, prefix: str) -> Meaning | None:
    """Which half of a name a column is called, of whom the table is."""
    words = words_of(without(prefix, written) or written)
    return HALVES.get(key(words[0])) if len(words) == 1 else None


def _in_halves(names: Sequence[str], prefix: str) -> bool:
    return {half_of_a_name(name, prefix) for name in names} >= {Meaning.FIRST_NAME, Meaning.LAST_NAME}


def _of_meanings(found: frozenset[Meaning]) -> Surroundings:
    person, business = Meaning.PERSON in found, bool(found & BUSINESS)
    return Surroundings(
        person=person and not business,
        business=business and not person,
        premises=bool(found & _PREMISES) and not person,
        ledger=Meaning.LEDGER in found,
        loan=bool(found & {Meaning.LOAN, Meaning.ORDER}),
    )
