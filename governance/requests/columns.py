"""Which fields of a dataset bear what identifies a person: found by their categories, never by their names. Pure.

Fields inside documents are left out: nobody indexes them, and what they hold belongs to the row they stand in.
"""

from __future__ import annotations

from dataclasses import dataclass

from governance.catalogue.actions import ActionKind
from governance.catalogue.governed import Collection, GovernedDataset, GovernedField
from governance.policy.document import covered
from governance.requests.spelling import Identifier

_GOVERNMENT_ID = "user.government_id"
_CONTACT = "user.contact"
_BEARING = {
    Identifier.NATIONAL_ID: "user.government_id.national_identification_number",
    Identifier.EMAIL: "user.contact.email",
    Identifier.PHONE: "user.contact.phone_number",
    Identifier.CONTRACT: "user.unique_id",
    Identifier.NAME: "user.name",
    Identifier.BIRTH_DATE: "user.demographic.date_of_birth",
}
ACCOUNT = "user.financial.bank_account"


@dataclass(frozen=True)
class IdentityColumn:
    """A column that bears an identifier. `precise`: it holds nothing else. `third_party`: it may speak of others than the row's subject.
    `pseudonymised`: tokens may stand in it, of `domain` and `category`."""

    collection: str
    field: str
    identifier: Identifier
    precise: bool
    third_party: bool
    pseudonymised: bool
    domain: str
    category: str

    @property
    def place(self) -> str:
        """`collection.field`."""
        return f"{self.collection}.{self.field}"


def identity_columns(dataset: GovernedDataset) -> dict[str, tuple[IdentityColumn, ...]]:
    """By collection; only collections that have some."""
    found = {
        name: tuple(column for field in collection.columns for column in _bearing(collection, collection.fields[field]))
        for name, collection in dataset.collections.items()
    }
    return {name: columns for name, columns in found.items() if columns}


def _bearing(collection: Collection, field: GovernedField) -> list[IdentityColumn]:
    kinds = {identifier: True for identifier, base in _BEARING.items() if any(covered(own, base) for own in field.categories)}
    if _GOVERNMENT_ID in field.categories:  # an identity card, or a national id that was declared in a hurry
        kinds.setdefault(Identifier.NATIONAL_ID, False)
    if _CONTACT in field.categories:  # where to reach somebody: an address or a number
        kinds |= dict.fromkeys((Identifier.EMAIL, Identifier.PHONE), False)
    pseudonymised = collection.action(field.name).kind is ActionKind.PSEUDONYMISE
    return [
        IdentityColumn(
            collection.name,
            field.name,
            identifier,
            precise,
            field.name in collection.third_party,
            pseudonymised,
            collection.pseudonym_domain,
            field.categories[0],
        )
        for identifier, precise in kinds.items()
    ]
