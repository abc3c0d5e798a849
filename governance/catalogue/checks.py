"""Bindings that are well-formed, each name known, and yet would not do what they say. Refused before anything is computed with them.

Works on the resolved dataset; raises DocumentError naming the place in its document. Knows nothing of the real tables.
"""

from __future__ import annotations

from collections.abc import Iterator

from governance.catalogue.actions import ActionKind, Coarseness, constant_as
from governance.catalogue.governed import Collection, GovernedDataset
from governance.catalogue.json_documents import KINDS
from governance.errors import DocumentError
from governance.policy.conditions import Compares, Condition, IsIn, IsNull


def check_bindings(dataset: GovernedDataset) -> None:
    """Raises DocumentError for the first binding that would silently do less, or other, than it says."""
    conditions = list(conditions_of(dataset))
    for collection, condition, at in conditions:
        for test in tests_of(condition):
            if isinstance(test, IsIn):
                _check_list(dataset, collection, test, at)
            else:
                _check_number(dataset, collection, test, at)
    deciding = deciding_fields(dataset)
    for item in dataset.collections.values():
        _check_actions(dataset, item, deciding)
        _check_extensions(dataset, item)


def _check_list(dataset: GovernedDataset, collection: str, test: IsIn, at: str) -> None:
    # `in: [no]` is False to YAML and never equal to a text; SQL refuses to compare the two, in the middle of a run.
    holder, field = dataset.target_of(collection, test.field)
    wanted = {"string": str, "integer": int, "boolean": bool}.get(dataset.collections[holder].fields[field].data_type or "")
    for value in test.values:
        if wanted is not None and type(value) is not wanted:
            raise DocumentError(dataset.file, f"{at}: {test.field}", f"values of kind {wanted.__name__}", repr(value))


def _check_number(dataset: GovernedDataset, collection: str, test: Compares, at: str) -> None:
    holder, field = dataset.target_of(collection, test.field)
    found = dataset.collections[holder].fields[field].data_type
    if found not in ("integer", "float"):
        raise DocumentError(
            dataset.file, f"{at}: {test.field}", "a field of data_type integer or float to compare with a number", str(found)
        )


def _check_actions(dataset: GovernedDataset, collection: Collection, deciding: set[tuple[str, str]]) -> None:
    for name, action in collection.on_due.items():
        at = f"bindings.collections.{collection.name}.on_due.{name}"
        if not collection.fields[name].personal:
            raise DocumentError(dataset.file, at, "a field that holds personal data", "one that no duty can make due")
        if action.kind is ActionKind.WITH_ROW:
            continue
        _check_document(dataset, collection, name, at)
        column = collection.fields[name].column
        if column in collection.key:
            raise DocumentError(dataset.file, at, "with-row for the primary key", str(action))
        if (collection.name, column) in deciding:
            # Once it is gone the row's own duties could no longer be computed.
            raise DocumentError(dataset.file, at, "with-row for a field that duties, conditions or paths read", str(action))


#: Which values inside a document an action works on, by their data_type; None: any.
_INSIDE = {Coarseness.BAND: ("integer", "float")}
_LONGEST_PREFIX = 255  # what the database's regular expressions count to


def _check_document(dataset: GovernedDataset, collection: Collection, name: str, at: str) -> None:
    """Actions inside documents fit the declared kind of value; as a whole a document that has paths undergoes nothing but to go."""
    action, field = collection.on_due[name], collection.fields[name]
    if not field.steps:
        if collection.inside(name) and action.kind is not ActionKind.NULLIFY:
            raise DocumentError(dataset.file, at, "nullify or with-row for a column whose documents have fields of their own", str(action))
        return
    if action.kind is ActionKind.NULLIFY:
        return
    kinds: tuple[str, ...] = _INSIDE.get(action.to, ("string",)) if action.to is not None else ("string",)
    if action.kind is ActionKind.CONSTANT:
        kinds = tuple(KINDS)
    if field.kind not in kinds:
        raise DocumentError(dataset.file, at, f"a field of data_type {' or '.join(kinds)} for {action}", str(field.data_type))
    if action.kind is ActionKind.CONSTANT:
        try:
            constant_as(action.text, KINDS[str(field.kind)])
        except ValueError as error:
            raise DocumentError(dataset.file, at, f"for a field of data_type {field.data_type} {error}", repr(action.text)) from None
    if action.to is Coarseness.PREFIX and action.size > _LONGEST_PREFIX:
        raise DocumentError(dataset.file, at, f"a prefix of at most {_LONGEST_PREFIX} characters inside a document", str(action.size))


def _check_extensions(dataset: GovernedDataset, collection: Collection) -> None:
    at = f"bindings.collections.{collection.name}"
    wanted = {name for duty in collection.duties for name in duty.extended_by}
    by_subject = {condition.extension for condition in dataset.subject_conditions}
    by_row = {condition.extension for item in dataset.collections.values() for condition in item.row_conditions}
    for name in sorted(wanted - by_subject - by_row):
        # An extension nobody evaluates is a hold that does not hold.
        expected = f"the extension {name!r}, which classes bound in {collection.name!r} ask for, to be bound"
        raise DocumentError(dataset.file, "bindings.extensions", expected, "no binding")
    for condition in collection.row_conditions:
        if condition.extension not in wanted:
            expected = "an extension that a class bound here is extended by"
            raise DocumentError(dataset.file, f"{at}.extended_when", expected, repr(condition.extension))
    if collection.subject is None and wanted & by_subject and _reaches(dataset, collection, dataset.subjects):
        expected = f"a subject, for {collection.name!r} leads to {dataset.subjects!r} and its duties are extended through the subject"
        raise DocumentError(dataset.file, f"{at}.subject", expected, "none")


def _reaches(dataset: GovernedDataset, collection: Collection, target: str | None) -> bool:
    reached, waiting = {collection.name}, [collection.name]
    while waiting:
        found = {reference.collection for reference in dataset.collections[waiting.pop()].references} - reached
        reached |= found
        waiting += found
    return target in reached


def conditions_of(dataset: GovernedDataset) -> Iterator[tuple[str, Condition, str]]:
    """Every condition with the collection it is read on and its place in the document."""
    for name, collection in dataset.collections.items():
        at = f"bindings.collections.{name}"
        for duty in collection.duties:
            if duty.applies_when is not None:
                yield name, duty.applies_when, f"{at}.duties.{duty.number}.applies_when"
            if duty.not_started_when is not None:
                yield name, duty.not_started_when, f"{at}.duties.{duty.number}.not_started_when"
        for condition in collection.row_conditions:
            yield name, condition.active_when, f"{at}.extended_when.{condition.extension}"
    for item in dataset.subject_conditions:
        yield item.collection, item.active_when, f"bindings.extensions.{item.extension}.active_when"
    for check in dataset.record_checks:
        yield check.collection, check.violated_when, f"bindings.record_checks.{check.id}.violated_when"


def tests_of(condition: Condition) -> Iterator[IsIn | Compares]:
    if isinstance(condition, IsIn | Compares):
        yield condition
    elif not isinstance(condition, IsNull):
        for part in condition.parts:
            yield from tests_of(part)


def deciding_fields(dataset: GovernedDataset) -> set[tuple[str, str]]:
    """(collection, field) of everything that starts, conditions, subjects and reaches read, references on the way included."""
    paths = {(collection, path) for collection, condition, _ in conditions_of(dataset) for path in condition.paths()}
    paths |= {(item.collection, item.path) for item in dataset.subject_conditions}
    references = set()
    for name, collection in dataset.collections.items():
        paths |= {(name, collection.subject)} if collection.subject else set()
        for duty in collection.duties:
            paths.add((name, duty.start))
            references |= {(name, reach.path) for reach in duty.reaches}
    references |= {(name, path.rpartition(".")[0]) for name, path in paths if "." in path}
    found = {dataset.target_of(name, path) for name, path in paths}
    for name, path in references:
        for step in path.split("."):
            reference = dataset.collections[name].reference(step)
            if reference is None:  # the dataset was resolved, so this cannot be
                raise AssertionError(path)
            found |= {(name, field) for field in reference.fields}
            name = reference.collection
    return found
