"""What a column stands among: a table of persons, of business partners and things, of bookkeeping; and what it stands under in a document.

A column `name` beside a birth date is a person's, in a table of products it is not. Leaves to others: what follows for a column (`naming`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from governance.catalogue.inventory import TableFacts
from governance.catalogue.recognition.lexicon import meanings
from governance.catalogue.recognition.meanings import BUSINESS, Meaning
from governance.catalogue.recognition.spelling import speaks_of
from governance.catalogue.recognition.words.homonyms import MACHINERY
from governance.catalogue.recognition.words.roles import EXCHANGED

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
_PREMISES = BUSINESS - {Meaning.THING}
_MACHINES = 2  # columns about errors and the like that make a table one of them
_COMMENT = 60  # characters of a table's comment that are read


@dataclass(frozen=True)
class Surroundings:
    """`parents` are names a column stands under, nearest first. `premises`: of partners, branches or lists of reference, which have
    addresses of their own. `machinery`: of errors, builds, certificates. `key`: it refers to another row, or numbers its own."""

    person: bool = False
    business: bool = False
    premises: bool = False
    ledger: bool = False
    loan: bool = False
    machinery: bool = False
    key: bool = False
    parents: tuple[str, ...] = ()


def of_name(table: str) -> Surroundings:
    """As far as a table's name tells: its path, of which the schema says nothing."""
    name = table.rpartition(".")[2]
    told = _of_meanings(meanings(name))
    return replace(told, premises=told.premises and not speaks_of(EXCHANGED, name), parents=(name,))


def of_table(table: TableFacts) -> Surroundings:
    """As far as a table's name, its comment and the names of its columns tell."""
    by_name = of_name(table.name)
    if not (by_name.person or by_name.business or by_name.ledger) and table.comment:
        by_name = replace(_of_meanings(meanings(table.comment[:_COMMENT])), loan=by_name.loan, parents=by_name.parents)
    columns = [meanings(column.name) for column in table.columns]
    of_persons = [seen for seen in columns if seen & _PERSONAL]
    by_itself = any(Meaning.PERSON not in seen for seen in of_persons)
    person = by_name.person or (by_itself and not by_name.ledger)
    organisations = any(Meaning.ORGANISATION_ID in seen and not seen & {Meaning.EMPLOYER, Meaning.WORK} for seen in columns)
    business = not person and (by_name.business or (organisations and not of_persons))
    of_somebody = any(Meaning.PERSON in seen for seen in columns)
    machinery = not person and not of_somebody and sum(speaks_of(MACHINERY, column.name) for column in table.columns) >= _MACHINES
    return replace(
        by_name,
        machinery=machinery,
        person=person,
        business=business,
        premises=not person and (by_name.premises or (business and not by_name.business)),
    )


def under(steps: tuple[str, ...], outer: Surroundings) -> Surroundings:
    """Of what stands under these steps of a document: the nearest that tells of persons or business decides, else what is around it."""
    parents = tuple(reversed(steps)) + outer.parents
    for step in reversed(steps):
        inner = _of_meanings(meanings(step))
        if inner.person or inner.business:
            return replace(inner, parents=parents)
    return replace(outer, key=False, parents=parents)


def _of_meanings(found: frozenset[Meaning]) -> Surroundings:
    person, business = Meaning.PERSON in found, bool(found & BUSINESS)
    return Surroundings(
        person=person and not business,
        business=business and not person,
        premises=bool(found & _PREMISES) and not person,
        ledger=Meaning.LEDGER in found,
        loan=bool(found & {Meaning.LOAN, Meaning.ORDER}),
    )
