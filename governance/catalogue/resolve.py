"""From the two halves of a dataset document and a policy pack to a `GovernedDataset`.

Raises DocumentError naming the place in the dataset document for everything that does not fit together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from fideslang.models import Dataset, DatasetCollection, DatasetField, FidesDatasetReference

from governance.catalogue.actions import WITH_ROW, ActionKind
from governance.catalogue.binding import Bindings, CollectionBinding, DutyBinding, ReachBinding, load_dataset
from governance.catalogue.checks import check_bindings
from governance.catalogue.copies import Copy, CopyBinding, resolved
from governance.catalogue.governed import (
    Collection,
    Duty,
    FieldGroup,
    GovernedDataset,
    GovernedField,
    InheritedDuty,
    Reach,
    RecordCheck,
    Reference,
    RowCondition,
    SubjectCondition,
)
from governance.catalogue.graph import components
from governance.catalogue.json_documents import ELEMENTS, name_of
from governance.catalogue.restriction import check_flag, view_of
from governance.errors import DocumentError
from governance.policy.calendar import StartKind
from governance.policy.conditions import Condition
from governance.policy.document import covered
from governance.policy.loading import document_digest, load_pack, one_line
from governance.policy.pack import PolicyPack
from governance.policy.rules import DeletionClass, Effect, MinimisationRule

_ItemT = TypeVar("_ItemT")


def govern(dataset_text: str, dataset_file: str, pack_text: str, pack_file: str) -> GovernedDataset:
    """Load and resolve one dataset under one pack. Raises DocumentError; touches no database."""
    pack = load_pack(pack_text, pack_file)
    dataset, bindings = load_dataset(dataset_text, dataset_file)
    resolver = _Resolver(dataset, bindings, pack, dataset_file)
    return resolver.resolve(pack_text, dataset_text)


class _Resolver:
    def __init__(self, dataset: Dataset, bindings: Bindings, pack: PolicyPack, file: str) -> None:
        self.dataset, self.bindings, self.pack, self.file = dataset, bindings, pack, file

    def fail(self, at: str, expected: str, found: object) -> DocumentError:
        return DocumentError(self.file, one_line(at), expected, one_line(found) if isinstance(found, str) else repr(found))

    def need(self, item: _ItemT | None, at: str, expected: str, found: object) -> _ItemT:
        if item is None:
            raise self.fail(at, expected, repr(found))
        return item

    def resolve(self, pack_text: str, dataset_text: str) -> GovernedDataset:
        if self.bindings.controller != self.pack.controller:
            raise self.fail("bindings.controller", f"the controller of the pack, {self.pack.controller!r}", self.bindings.controller)
        bare = {item.name: self._bare(item, f"dataset.collections.{item.name}") for item in self.dataset.collections}
        for name in self.bindings.collections:
            self.need(bare.get(name), f"bindings.collections.{name}", "a collection of the dataset", name)
        ordered = components({name: [ref.collection for ref in item.references] for name, item in bare.items()})
        self.plain = GovernedDataset(
            name=self.dataset.fides_key,
            file=self.file,
            pack=self.pack,
            policy_digest=document_digest(pack_text),
            dataset_digest=document_digest(dataset_text),
            policy_text=pack_text,
            dataset_text=dataset_text,
            subjects=self.bindings.subjects,
            plausible_from=self.bindings.plausible_from,
            owner=self.bindings.owner,
            collections={name: bare[name] for members in ordered for name in members},
            components=ordered,
            subject_conditions=(),
            record_checks=(),
            copies=None,
            ladder=self.bindings.ladder,
            restriction_view=view_of(self.bindings, self.file),
            restriction_flag=self.bindings.restriction.flag,
        )
        if self.bindings.subjects is not None:
            subjects = self.need(
                bare.get(self.bindings.subjects), "bindings.subjects", "a collection of the dataset", self.bindings.subjects
            )
            if len(subjects.key) != 1:
                raise self.fail("bindings.subjects", "a collection whose key is one field", ", ".join(subjects.key))
        bound = {name: self._bind(collection) for name, collection in self.plain.collections.items()}
        dataset = replace(
            self.plain,
            collections=self._group(bound),
            subject_conditions=tuple(self._subject_conditions()),
            record_checks=tuple(self._record_checks()),
            copies=tuple(self._copies(self.bindings.copies)) if self.bindings.copies is not None else None,
        )
        check_bindings(dataset)
        check_flag(dataset)
        return dataset

    # -- the fideslang half ---------------------------------------------------------------------------------------------------

    def _bare(self, item: DatasetCollection, at: str) -> Collection:
        for name, place in ((item.name, at), *((field.name, f"{at}.fields.{field.name}") for field in item.fields)):
            if not name or "." in name or not name.isprintable():  # paths join names by dots
                raise self.fail(place, "a printable name without a dot", repr(name))
        fields = {
            found.name: found for field in item.fields for found in self._declared(field, field.name, (), f"{at}.fields.{field.name}")
        }
        key = self._key(item)
        if not key:
            # A table without a key is refused, not skipped (design section 4).
            raise self.fail(f"{at}.fields", f"a field of {item.name!r} with fides_meta.primary_key", "none")
        return Collection(
            name=item.name,
            key=key,
            fields=fields,
            references=self._references(item, at),
            subject=None,
            register=None,
            disclosures={},
            pseudonym_domain="lending",
            duties=(),
            groups=(),
            on_due={},
            row_conditions=(),
            owner=self.bindings.owner,
            confirmed={},
            caps=None,
        )

    def _key(self, item: DatasetCollection) -> tuple[str, ...]:
        return tuple(field.name for field in item.fields if field.fides_meta and field.fides_meta.primary_key)

    def _declared(self, field: DatasetField, column: str, steps: tuple[str, ...], at: str) -> Iterable[GovernedField]:
        """A field, and the paths into its documents where it has fields of its own. A column that has may say what the rest of it holds."""
        array = (field.fides_meta.data_type or "").endswith(ELEMENTS) if field.fides_meta else False
        within = (*steps, ELEMENTS) if array and (steps or field.fields) else steps
        if not field.fields:
            yield self._field(field, at, column, within)
            return
        if not steps:
            if field.name.endswith(ELEMENTS):
                raise self.fail(at, "a name that does not end in [] for a column with fields of its own", repr(field.name))
            yield self._field(field, at, column, ()) if field.data_categories else GovernedField(column, (), "object", personal=False)
        elif field.data_categories:
            raise self.fail(f"{at}.data_categories", "categories on the innermost fields of a document", ", ".join(field.data_categories))
        for inner in field.fields:
            place = f"{at}.fields.{inner.name}"
            if not inner.name or "." in inner.name or not inner.name.isprintable() or inner.name.endswith(ELEMENTS):
                raise self.fail(place, "a printable key without a dot; an array is one by its data_type", repr(inner.name))
            if inner.fides_meta and (inner.fides_meta.primary_key or inner.fides_meta.references):
                raise self.fail(f"{place}.fides_meta", "keys and references on columns", "one inside a document")
            yield from self._declared(inner, column, (*within, inner.name), place)

    def _field(self, field: DatasetField, at: str, column: str, steps: tuple[str, ...]) -> GovernedField:
        if not field.data_categories:
            # An unclassified column is an error: the world is closed.
            raise self.fail(f"{at}.data_categories", f"at least one data category for {field.name!r}", "none")
        for category in field.data_categories:
            known = self.pack.taxonomy
            if category not in known:
                raise self.fail(f"{at}.data_categories", "a data category of fideslang or of the pack", repr(category))
        return GovernedField(
            name=name_of(column, steps),
            categories=tuple(field.data_categories),
            data_type=field.fides_meta.data_type if field.fides_meta else None,
            personal=any(covered(category, "user") for category in field.data_categories),
            steps=steps,
        )

    def _references(self, item: DatasetCollection, at: str) -> tuple[Reference, ...]:
        """References by target: to a key of one field each by itself; to a key of several, the fields that together name one row."""
        found: list[Reference] = []
        parts: dict[str, dict[str, str]] = {}
        for field in item.fields:
            for target in field.fides_meta.references or [] if field.fides_meta else []:
                place = f"{at}.fields.{field.name}.fides_meta.references"
                collection, key, part = self._target_key(target, place)
                if len(key) == 1:
                    found.append(Reference((field.name,), collection))
                elif part in parts.setdefault(collection, {}):
                    raise self.fail(place, f"one field for {collection}.{part}", f"{parts[collection][part]!r} and {field.name!r}")
                else:
                    parts[collection][part] = field.name
        for collection, fields in parts.items():
            key = self._key(next(other for other in self.dataset.collections if other.name == collection))
            if missing := [name for name in key if name not in fields]:
                raise self.fail(f"{at}.fields", f"a field that references {collection}.{missing[0]}, part of its key", "none")
            found.append(Reference(tuple(fields[name] for name in key), collection))
        return tuple(found)

    def _target_key(self, target: FidesDatasetReference, at: str) -> tuple[str, tuple[str, ...], str]:
        if target.dataset != self.dataset.fides_key:
            raise self.fail(at, f"a reference within the dataset {self.dataset.fides_key!r}", repr(target.dataset))
        collection, _, field = target.field.partition(".")
        found = next((item for item in self.dataset.collections if item.name == collection), None)
        key = self._key(found) if found else ()
        if field not in key:
            raise self.fail(at, "<collection>.<its primary key>", repr(target.field))
        return collection, key, field

    # -- our half -------------------------------------------------------------------------------------------------------------

    def _bind(self, collection: Collection) -> Collection:
        at = f"bindings.collections.{collection.name}"
        binding = self.bindings.collections.get(collection.name, CollectionBinding())
        if binding.subject is not None:
            self._check_subject(collection.name, binding.subject, f"{at}.subject")
        for name in binding.on_due:
            field = self.need(collection.fields.get(name), f"{at}.on_due.{name}", f"a field of {collection.name!r}", name)
            data_type = field.kind if field.steps else field.data_type
            if binding.on_due[name].kind is ActionKind.PSEUDONYMISE and data_type != "string":
                raise self.fail(f"{at}.on_due.{name}", "a field of data_type string to pseudonymise", field.data_type)
        for name in binding.third_party:
            found = self.need(collection.fields.get(name), f"{at}.third_party", f"a field of {collection.name!r}", name)
            if not found.personal or found.steps:
                raise self.fail(f"{at}.third_party", "columns that hold personal data", name)
        for name in binding.confirmed:
            self.need(collection.fields.get(name), f"{at}.confirmed.{name}", f"a field of {collection.name!r}", name)
        if binding.register_ is not None and binding.register_ not in {item.id for item in self.pack.registers}:
            raise self.fail(f"{at}.register", "a register of the pack", repr(binding.register_))
        return replace(
            collection,
            subject=binding.subject,
            register=binding.register_,
            disclosures=self._disclosures(collection, binding, f"{at}.disclosures"),
            pseudonym_domain=binding.pseudonym_domain,
            duties=tuple(self._duty(collection, binding, n, f"{at}.duties.{n}") for n in range(len(binding.duties))),
            on_due=binding.on_due,
            row_conditions=tuple(
                RowCondition(name, self._extension_clause(name, f"{at}.extended_when"), condition)
                for name, condition in binding.extended_when.items()
                if self._check_paths(collection.name, condition, f"{at}.extended_when.{name}")
            ),
            owner=binding.owner if binding.owner is not None else self.bindings.owner,
            confirmed=binding.confirmed,
            caps=binding.caps,
            large_objects=self._large_objects(collection, binding, f"{at}.large_objects"),
            files=self._files(collection, binding, at),
            third_party=binding.third_party,
            origin=binding.origin,
            origin_name=binding.origin_name,
        )

    def _large_objects(self, collection: Collection, binding: CollectionBinding, at: str) -> tuple[str, ...]:
        for name in binding.large_objects:
            if name not in collection.columns or not collection.fields[name].personal:
                raise self.fail(at, f"columns of {collection.name!r} that hold personal data", name)
            action = binding.on_due.get(name, WITH_ROW)
            if action.kind not in (ActionKind.NULLIFY, ActionKind.WITH_ROW):
                raise self.fail(f"{at.rpartition('.')[0]}.on_due.{name}", "nullify or with-row for a large object", str(action))
        return binding.large_objects

    def _files(self, collection: Collection, binding: CollectionBinding, at: str) -> dict[str, str]:
        for name in binding.files:
            field = collection.fields.get(name)
            if field is None or field.steps or not field.personal or field.data_type != "string":
                raise self.fail(f"{at}.files.{name}", f"a column of {collection.name!r} of data_type string that holds personal data", name)
            action = binding.on_due.get(name, WITH_ROW)
            if action.kind not in (ActionKind.NULLIFY, ActionKind.CONSTANT, ActionKind.WITH_ROW):
                raise self.fail(f"{at}.on_due.{name}", "nullify, constant or with-row for the name of a file", str(action))
        return binding.files

    def _disclosures(self, collection: Collection, binding: CollectionBinding, at: str) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for n, item in enumerate(binding.disclosures):
            if item.recipient not in {recipient.id for recipient in self.pack.recipients}:
                raise self.fail(f"{at}.{n}.recipient", "a recipient of the pack", repr(item.recipient))
            fields = self._fields(collection, item.categories, f"{at}.{n}.categories")
            found[item.recipient] = found.get(item.recipient, frozenset()) | fields
        return found

    def _duty(self, collection: Collection, binding: CollectionBinding, number: int, at: str) -> Duty:
        bound = binding.duties[number]
        rule = self.pack.rule(bound.deletion_class)
        rule = self.need(rule, f"{at}.class", "a deletion class or minimisation rule of the pack", bound.deletion_class)
        self._target(collection.name, bound.start, f"{at}.start")
        if rule.period.hours is not None and bound.start_kind is not StartKind.INSTANT:
            raise self.fail(f"{at}.start_kind", f"instant for the period {rule.period}", bound.start_kind)
        for condition, name in ((bound.applies_when, "applies_when"), (bound.not_started_when, "not_started_when")):
            if condition is not None:
                self._check_paths(collection.name, condition, f"{at}.{name}")
        for n, category in enumerate(bound.covers):
            if not any(covered(category, by) or covered(by, category) for by in rule.categories):
                raise self.fail(f"{at}.covers.{n}", f"a category of the class {rule.id!r}", repr(category))
        covers = self._fields(collection, bound.covers, f"{at}.covers")
        self._check_minimisation(rule, covers, binding, at)
        return Duty(
            collection=collection.name,
            number=number,
            class_id=rule.id,
            title=rule.title,
            clause=rule.clause,
            provenance=rule.provenance,
            effect=rule.effect,
            purposes=rule.purposes,
            term=self.pack.term(rule),
            start=bound.start,
            start_kind=bound.start_kind,
            covers=covers,
            applies_when=bound.applies_when,
            not_started_when=bound.not_started_when,
            extended_by=rule.extended_by,
            reaches=tuple(self._reaches(collection, rule, bound, at)),
        )

    def _check_minimisation(self, rule: DeletionClass, covers: frozenset[str], binding: CollectionBinding, at: str) -> None:
        """The field's action must be the one the rule demands; a row is never deleted on a minimisation rule alone."""
        if not isinstance(rule, MinimisationRule):
            return
        for name in sorted(covers):
            action = binding.on_due.get(name)
            if action is None or action.kind != rule.action:
                raise self.fail(at, f"on_due {rule.action} for {name!r}, as {rule.id!r} demands", str(action) if action else "none")

    def _reaches(self, collection: Collection, rule: DeletionClass, bound: DutyBinding, at: str) -> Iterable[Reach]:
        wrong, right = ("keeps", "erases") if rule.effect is Effect.MUST_ERASE else ("erases", "keeps")
        if getattr(bound, wrong):
            raise self.fail(f"{at}.{wrong}", f"{right}, for the class {rule.id!r} is {rule.effect}", wrong)
        reaches: tuple[ReachBinding, ...] = getattr(bound, right)
        for n, reach in enumerate(reaches):
            try:
                target = self.plain.collections[self.plain.reached(collection.name, reach.via)]
            except KeyError:
                raise self.fail(f"{at}.{right}.{n}.via", "a path of references", repr(reach.via)) from None
            yield Reach(reach.via, target.name, self._fields(target, reach.categories, f"{at}.{right}.{n}.categories"))

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
                for reach in duty.reaches:
                    inherited[reach.collection].append((InheritedDuty(duty, reach.path), reach.fields))
        return {name: self._grouped(collection, inherited[name]) for name, collection in bound.items()}

    def _grouped(self, collection: Collection, inherited: Sequence[tuple[InheritedDuty, frozenset[str]]]) -> Collection:
        at = f"bindings.collections.{collection.name}"
        groups: dict[tuple[tuple[Duty, ...], tuple[InheritedDuty, ...]], list[str]] = {}
        for name in collection.personal_fields:
            direct = tuple(duty for duty in collection.duties if name in duty.covers)
            reached = tuple(duty for duty, fields in inherited if name in fields)
            if not direct:
                # Inherited duties alone are not enough: once the rows that carry them are gone, nothing would decide any more.
                raise self.fail(f"{at}.duties", f"a duty of its own that covers the personal field {name!r}", "none")
            groups.setdefault((direct, reached), []).append(name)
        may_outlive_fields = len(groups) > 1 or bool(self.plain.children[collection.name])
        missing = [name for name in collection.personal_fields if name not in collection.on_due]
        if may_outlive_fields and missing:
            expected = "for each personal field what happens when it is due before its row may go"
            raise self.fail(f"{at}.on_due", expected, f"nothing for {', '.join(missing)}")
        ordered = tuple(FieldGroup(tuple(fields), direct, reached) for (direct, reached), fields in groups.items())
        return replace(collection, groups=ordered)

    def _subject_conditions(self) -> Iterable[SubjectCondition]:
        for name, items in self.bindings.extensions.items():
            clause = self._extension_clause(name, f"bindings.extensions.{name}")
            for n, item in enumerate(items):
                at = f"bindings.extensions.{name}.{n}"
                self.need(self.plain.collections.get(item.collection), f"{at}.collection", "a collection of the dataset", item.collection)
                self._check_subject(item.collection, item.subject, f"{at}.subject")
                self._check_paths(item.collection, item.active_when, f"{at}.active_when")
                yield SubjectCondition(name, clause, item.collection, item.subject, item.active_when)

    def _record_checks(self) -> Iterable[RecordCheck]:
        for name, item in self.bindings.record_checks.items():
            at = f"bindings.record_checks.{name}"
            rule = self.need(next((r for r in self.pack.record_checks if r.id == name), None), at, "a record check of the pack", name)
            self.need(self.plain.collections.get(item.collection), f"{at}.collection", "a collection of the dataset", item.collection)
            self._check_paths(item.collection, item.violated_when, f"{at}.violated_when")
            yield RecordCheck(name, rule.clause, item.collection, item.violated_when)

    def _copies(self, copies: Mapping[str, CopyBinding]) -> Iterable[Copy]:
        for name, item in copies.items():
            for n, collection in enumerate(item.holds if item.holds != "all" else ()):
                at = f"bindings.copies.{name}.holds.{n}"
                self.need(self.plain.collections.get(collection), at, "a collection of the dataset, or `holds: all`", collection)
            yield resolved(name, item, self.plain.collections)

    def _extension_clause(self, name: str, at: str) -> str:
        extension = next((item for item in self.pack.extensions if item.id == name), None)
        return self.need(extension, at, "an extension of the pack", name).clause

    def _check_subject(self, collection: str, path: str, at: str) -> None:
        holder, field = self._target(collection, path, at)
        reference = self.plain.collections[holder].reference(field)  # the subjects' key is one field
        is_subject_key = holder == self.bindings.subjects and (field,) == self.plain.collections[holder].key
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
