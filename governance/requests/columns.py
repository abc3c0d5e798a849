"""Which fields of a dataset bear what identifies a person: found by their categories, never by their names. Pure.

Columns, and apart from them paths into documents, which nobody indexes. Texts in which an identifier may stand among words are named too:
they are not compared.
"""

from __future__ import annotations

from dataclasses import dataclass

from governance.catalogue.actions import ActionKind
from governance.catalogue.governed import Collection, GovernedDataset, GovernedField
from governance.catalogue.json_documents import column_of_path
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
_SECRET = "user.authorization"  # noqa: S105 - a category
ACCOUNT = "user.financial.bank_account"


@dataclass(frozen=True)
class IdentityColumn:
    """A column that bears an identifier. `precise`: it holds nothing else. `third_party`: it may speak of others than the row's subject.
    `pseudonymised`: tokens may stand in it, of `domain` and `category`. With `steps` it is a path into the documents of a column."""

    collection: str
    field: str
    identifier: Identifier
    precise: bool
    third_party: bool
    pseudonymised: bool
    domain: str
    category: str
    steps: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        """The column it is or leads into."""
        return column_of_path(self.field) if self.steps else self.field

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


def identity_paths(dataset: GovernedDataset) -> dict[str, tuple[IdentityColumn, ...]]:
    """By collection the paths into its documents that bear identifiers; only collections that have some."""
    found = {
        name: tuple(path for field in collection.fields.values() if field.steps for path in _bearing(collection, field))
        for name, collection in dataset.collections.items()
    }
    return {name: paths for name, paths in found.items() if paths}


def free_texts(dataset: GovernedDataset) -> tuple[str, ...]:
    """`collection.field` of what may speak of a person in words: personal texts that hold no one value of a known kind, and documents that
    nobody has declared path by path."""
    return tuple(
        f"{collection.name}.{name}"
        for collection in dataset.collections.values()
        for name, field in collection.fields.items()
        if field.personal and field.kind in ("string", "object") and not collection.inside(name) and name not in collection.files
        if not is_structured(field) and not any(covered(own, _SECRET) for own in field.categories)
    )


def is_structured(field: GovernedField) -> bool:
    """The field holds one value of a known kind, which its declaration answers for."""
    return any(covered(one, base) for one in field.categories for base in _STRUCTURED)


_STRUCTURED = (
    "user.government_id", "user.contact", "user.unique_id", "user.name", "user.financial", "user.device", "user.demographic",
    "user.account", "user.workplace", "user.visit", "user.location",
)  # fmt: skip


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
            field.steps,
        )
        for identifier, precise in kinds.items()
    ]
