"""From the two halves of a dataset document and a policy pack to a `GovernedDataset`.

Raises DocumentError naming the place in the dataset document for everything that does not fit together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from fideslang.models import Dataset, DatasetCollection, DatasetField, FidesDatasetReference

from governance.catalogue.binding import Bindings, CollectionBinding, FieldAction, load_dataset
from governance.catalogue.checks import check_bindings
from governance.catalogue.governed import (
    Collection,
    Duty,
    FieldGroup,
    GovernedDataset,
    GovernedField,
    InheritedDuty,
    Keep,
    Reference,
    RowCondition,
    SubjectCondition,
)
from governance.errors import DocumentError
from governance.policy.calendar import StartKind
from governance.policy.conditions import Condition
from governance.policy.loading import document_digest, load_pack, one_line
from governance.policy.pack import PolicyPack, covered

_ItemT = TypeVar("_ItemT")


def govern(dataset_text: str, dataset_file: str, pack_text: str, pack_file: str) -> GovernedDataset:
    """Load and resolve one dataset under one pack. Raises DocumentError; touches no database."""
    pack = load_pack(pack_text, pack_file)
    dataset, bindings = load_dataset(dataset_text, dataset_file)
    resolver = _Resolver(dataset, bindings, pack, dataset_file)
    return resolver.resolve(document_digest(pack_text), document_digest(dataset_text))


class _Resolver:
    def __init__(self, dataset: Dataset, bindings: Bindings, pack: PolicyPack, file: str) -> None:
        self.dataset, self.bindings, self.pack, self.file = dataset, bindings, pack, file

    def fail(self, at: str, expected: str, found: object) -> DocumentError:
        return DocumentError(self.file, one_line(at), expected, one_line(found) if isinstance(found, str) else repr(found))

    def need(self, item: _ItemT | None, at: str, expected: str, found: object) -> _ItemT:
        if item is None:
            raise self.fail(at, expected, repr(found))
        return item

    def resolve(self, policy_digest: str, dataset_digest: str) -> GovernedDataset:
        if self.bindings.controller != self.pack.controller:
            raise self.fail("bindings.controller", f"the controller of the pack, {self.pack.controller!r}", self.bindings.controller)
        bare = {item.name: self._bare(item, f"dataset.collections.{item.name}") for item in self.dataset.collections}
        for name in self.bindings.collections:
            self.need(bare.get(name), f"bindings.collections.{name}", "a collection of the dataset", name)
        self.plain = GovernedDataset(
            name=self.dataset.fides_key,
            file=self.file,
            pack=self.pack,
            policy_digest=policy_digest,
            dataset_digest=dataset_digest,
            subjects=self.bindings.subjects,
            plausible_from=self.bindings.plausible_from,
            collections={name: bare[name] for name in self._children_first(bare)},
            subject_conditions=(),
        )
        if self.bindings.subjects is not None:
            self.need(bare.get(self.bindings.subjects), "bindings.subjects", "a collection of the dataset", self.bindings.subjects)
        bound = {name: self._bind(collection) for name, collection in self.plain.collections.items()}
        dataset = replace(self.plain, collections=self._group(bound), subject_conditions=tuple(self._subject_conditions()))
        check_bindings(dataset)
        return dataset

    # -- the fideslang half ---------------------------------------------------------------------------------------------------

    def _bare(self, item: DatasetCollection, at: str) -> Collection:
        for name, place in ((item.name, at), *((field.name, f"{at}.fields.{field.name}") for field in item.fields)):
            if not name or "." in name or not name.isprintable():  # paths join names by dots
                raise self.fail(place, "a printable name without a dot", repr(name))
        fields = {field.name: self._field(field, f"{at}.fields.{field.name}") for field in item.fields}
        keys = [field.name for field in item.fields if field.fides_meta and field.fides_meta.primary_key]
        if len(keys) != 1:
            # A table without a key is refused, not skipped (design section 4).
            raise self.fail(f"{at}.fields", f"exactly one field of {item.name!r} with fides_meta.primary_key", f"{len(keys)}")
        references = tuple(
            self._reference(target, field.name, f"{at}.fields.{field.name}.fides_meta.references")
            for field in item.fields
            for target in (field.fides_meta.references if field.fides_meta and field.fides_meta.references else [])
        )
        return Collection(
            name=item.name,
            key=keys[0],
            fields=fields,
            references=references,
            subject=None,
            pseudonym_domain="lending",
            duties=(),
            groups=(),
            on_due={},
            row_conditions=(),
        )

    def _field(self, field: DatasetField, at: str) -> GovernedField:
        if field.fields:
            raise self.fail(f"{at}.fields", "a column without fields of its own", f"{len(field.fields)}")
        if not field.data_categories:
            # An unclassified column is an error: the world is closed.
            raise self.fail(f"{at}.data_categories", f"at least one data category for {field.name!r}", "none")
        for category in field.data_categories:
            known = self.pack.taxonomy
            if category not in known:
                raise self.fail(f"{at}.data_categories", "a data category of fideslang or of the pack", repr(category))
        return GovernedField(
            name=field.name,
            categories=tuple(field.data_categories),
            data_type=field.fides_meta.data_type if field.fides_meta else None,
            personal=any(covered(category, "user") for category in field.data_categories),
        )

    def _reference(self, target: FidesDatasetReference, field: str, at: str) -> Reference:
        if target.dataset != self.dataset.fides_key:
            raise self.fail(at, f"a reference within the dataset {self.dataset.fides_key!r}", repr(target.dataset))
        collection, _, target_field = target.field.partition(".")
        found = next((item for item in self.dataset.collections if item.name == collection), None)
        keys = [f.name for f in found.fields if f.fides_meta and f.fides_meta.primary_key] if found else []
        if target_field not in keys:
            raise self.fail(at, "<collection>.<its primary key>", repr(target.field))
        return Reference(field=field, collection=collection)

    def _children_first(self, bare: Mapping[str, Collection]) -> list[str]:
        sorter: TopologicalSorter[str] = TopologicalSorter({name: set() for name in bare})
        for collection in bare.values():
            for reference in collection.references:
                sorter.add(reference.collection, collection.name)
        try:
            return list(sorter.static_order())
        except CycleError as error:
            raise self.fail("dataset.collections", "references without a cycle", " -> ".join(error.args[1])) from None

    # -- our half -------------------------------------------------------------------------------------------------------------

    def _bind(self, collection: Collection) -> Collection:
        at = f"bindings.collections.{collection.name}"
        binding = self.bindings.collections.get(collection.name, CollectionBinding())
        if binding.subject is not None:
            self._check_subject(collection.name, binding.subject, f"{at}.subject")
        for name in binding.on_due:
            field = self.need(collection.fields.get(name), f"{at}.on_due.{name}", f"a field of {collection.name!r}", name)
            if binding.on_due[name] is FieldAction.PSEUDONYMISE and field.data_type != "string":
                raise self.fail(f"{at}.on_due.{name}", "a field of data_type string to pseudonymise", field.data_type)
        return replace(
            collection,
            subject=binding.subject,
            pseudonym_domain=binding.pseudonym_domain,
            duties=tuple(self._duty(collection, binding, n, f"{at}.duties.{n}") for n in range(len(binding.duties))),
            on_due=binding.on_due,
            row_conditions=tuple(
                RowCondition(name, self._extension_clause(name, f"{at}.extended_when"), condition)
                for name, condition in binding.extended_when.items()
                if self._check_paths(collection.name, condition, f"{at}.extended_when.{name}")
            ),
        )

    def _duty(self, collection: Collection, binding: CollectionBinding, number: int, at: str) -> Duty:
        bound = binding.duties[number]
        rule = self.pack.deletion_class(bound.deletion_class)
        rule = self.need(rule, f"{at}.class", "a deletion class of the pack", bound.deletion_class)
        self._target(collection.name, bound.start, f"{at}.start")
        if rule.period.hours is not None and bound.start_kind is not StartKind.INSTANT:
            raise self.fail(f"{at}.start_kind", f"instant for the period {rule.period}", bound.start_kind)
        for condition, name in ((bound.applies_when, "applies_when"), (bound.not_started_when, "not_started_when")):
            if condition is not None:
                self._check_paths(collection.name, condition, f"{at}.{name}")
        for n, category in enumerate(bound.covers):
            if not any(covered(category, by) or covered(by, category) for by in rule.categories):
                raise self.fail(f"{at}.covers.{n}", f"a category of the class {rule.id!r}", repr(category))
        return Duty(
            collection=collection.name,
            number=number,
            class_id=rule.id,
            title=rule.title,
            clause=rule.clause,
            provenance=rule.provenance,
            term=self.pack.term(rule),
            start=bound.start,
            start_kind=bound.start_kind,
            covers=self._fields(collection, bound.covers, f"{at}.covers"),
            applies_when=bound.applies_when,
            not_started_when=bound.not_started_when,
            extended_by=rule.extended_by,
            keeps=tuple(self._keep(collection, keep.via, keep.categories, f"{at}.keeps.{n}") for n, keep in enumerate(bound.keeps)),
        )

    def _keep(self, collection: Collection, via: str, categories: Sequence[str], at: str) -> Keep:
        holder, field = self._target(collection.name, via, f"{at}.via")
        reference = self.plain.collections[holder].reference(field)
        reference = self.need(reference, f"{at}.via", "a path that ends with a reference", via)
        target = self.plain.collections[reference.collection]
        return Keep(via, target.name, self._fields(target, categories, f"{at}.categories"))

    def _fields(self, collection: Collection, categories: Iterable[str], at: str) -> frozenset[str]:
        found: set[str] = set()
        for n, category in enumerate(categories):
            if category not in self.pack.taxonomy:
                raise self.fail(f"{at}.{n}", "a data category of fideslang or of the pack", repr(category))
            hit = {f.name for f in collection.fields.values() if f.personal and any(covered(own, category) for own in f.categories)}
            if not hit:
                raise self.fail(f"{at}.{n}", f"a category held by a field of {collection.name!r}", repr(category))
            found |= hit
        return frozenset(found)

    def _group(self, bound: Mapping[str, Collection]) -> dict[str, Collection]:
        inherited: dict[str, list[tuple[InheritedDuty, frozenset[str]]]] = {name: [] for name in bound}
        for collection in bound.values():
            for duty in collection.duties:
                for keep in duty.keeps:
                    inherited[keep.collection].append((InheritedDuty(duty, keep.path), keep.fields))
        return {name: self._grouped(collection, inherited[name]) for name, collection in bound.items()}

    def _grouped(self, collection: Collection, inherited: Sequence[tuple[InheritedDuty, frozenset[str]]]) -> Collection:
        at = f"bindings.collections.{collection.name}"
        groups: dict[tuple[tuple[Duty, ...], tuple[InheritedDuty, ...]], list[str]] = {}
        for name in collection.personal_fields:
            direct = tuple(duty for duty in collection.duties if name in duty.covers)
            kept = tuple(duty for duty, fields in inherited if name in fields)
            if not direct:
                # Inherited duties alone are not enough: once the rows that carry them are gone, nothing would decide any more.
                raise self.fail(f"{at}.duties", f"a duty of its own that covers the personal field {name!r}", "none")
            groups.setdefault((direct, kept), []).append(name)
        may_outlive_fields = len(groups) > 1 or bool(self.plain.children[collection.name])
        missing = [name for name in collection.personal_fields if name not in collection.on_due]
        if may_outlive_fields and missing:
            expected = "for each personal field what happens when it is due before its row may go"
            raise self.fail(f"{at}.on_due", expected, f"nothing for {', '.join(missing)}")
        ordered = tuple(FieldGroup(tuple(fields), direct, kept) for (direct, kept), fields in groups.items())
        return replace(collection, groups=ordered)

    def _subject_conditions(self) -> Iterable[SubjectCondition]:
        for name, item in self.bindings.extensions.items():
            at = f"bindings.extensions.{name}"
            self.need(self.plain.collections.get(item.collection), f"{at}.collection", "a collection of the dataset", item.collection)
            clause = self._extension_clause(name, at)
            self._check_subject(item.collection, item.subject, f"{at}.subject")
            self._check_paths(item.collection, item.active_when, f"{at}.active_when")
            yield SubjectCondition(name, clause, item.collection, item.subject, item.active_when)

    def _extension_clause(self, name: str, at: str) -> str:
        extension = next((item for item in self.pack.extensions if item.id == name), None)
        return self.need(extension, at, "an extension of the pack", name).clause

    def _check_subject(self, collection: str, path: str, at: str) -> None:
        holder, field = self._target(collection, path, at)
        reference = self.plain.collections[holder].reference(field)
        is_subject_key = holder == self.bindings.subjects and field == self.plain.collections[holder].key
        if not is_subject_key and (reference is None or reference.collection != self.bindings.subjects):
            raise self.fail(at, f"a path to the key of {self.bindings.subjects!r}", path)

    def _check_paths(self, collection: str, condition: Condition, at: str) -> bool:
        for path in condition.paths():
            self._target(collection, path, at)
        return True

    def _target(self, collection: str, path: str, at: str) -> tuple[str, str]:
        try:
            return self.plain.target_of(collection, path)
        except KeyError as error:
            raise self.fail(at, f"a field of {collection!r} or a path over its references", f"{path!r} (no {error.args[0]!r})") from None
