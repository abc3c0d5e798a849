"""How a dataset lets others see who is restricted or objected: the checks on the view and the flag it declares.

Works on documents; whether the column is of type boolean in the database, and the schema of the view nobody else's, `governance install`
finds out. Raises DocumentError naming the place.
"""

from __future__ import annotations

from governance.catalogue.binding import Bindings
from governance.catalogue.checks import deciding_fields
from governance.catalogue.governed import GovernedDataset
from governance.errors import DocumentError

_AT = "bindings.restriction"
#: Schemas that are Lethe's for something else, the lender's by default, or the database's.
_TAKEN = ("lethe", "lethe_work", "public", "information_schema")


def view_of(bindings: Bindings, file: str) -> tuple[str, str] | None:
    """Schema and name of the declared view, or None."""
    view, flag = bindings.restriction.view, bindings.restriction.flag
    if (view is not None or flag is not None) and bindings.subjects is None:
        raise DocumentError(file, _AT, "bindings.subjects, for restricted are persons", "none")
    if view is None:
        return None
    schema, _, name = view.partition(".")
    if schema in _TAKEN or schema.startswith("pg_"):
        raise DocumentError(file, f"{_AT}.view", "a schema that holds nothing else, as in lethe_marks.persons", repr(view))
    return schema, name


def check_flag(dataset: GovernedDataset) -> None:
    """The flag is a boolean column of the subjects' collection that serves nothing else: no personal field, key or reference, and nothing
    that decides over rows."""
    name = dataset.restriction_flag
    if name is None:
        return
    persons = dataset.collections[str(dataset.subjects)]
    field, at = persons.fields.get(name), f"{_AT}.flag"
    if field is None or field.steps:
        raise DocumentError(dataset.file, at, f"a column of {persons.name!r}", repr(name))
    if field.data_type != "boolean":
        raise DocumentError(dataset.file, at, "a column of data_type boolean", f"{name!r} of data_type {field.data_type}")
    if field.personal or name in persons.key or any(name in reference.fields for reference in persons.references):
        raise DocumentError(dataset.file, at, "a column that is no key or reference and holds no personal data", repr(name))
    if (persons.name, name) in deciding_fields(dataset):
        raise DocumentError(dataset.file, at, "a column on which no duty, condition or check depends", repr(name))
