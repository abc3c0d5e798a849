"""Everything that can be wrong in a pack or a dataset ends in one DocumentError that names file, place, expected and found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.errors import DocumentError
from governance.policy.loading import load_pack, parse_yaml

GOVERNANCE = Path(__file__).resolve().parents[2] / "governance"
PACK: dict[str, Any] = yaml.safe_load((GOVERNANCE / "policy/packs/credithelp.yaml").read_text(encoding="utf-8"))

# A dataset as small as the faults need; the real one is loaded in test_catalogue_credithelp.py.
SMALL = """
dataset:
  - fides_key: small
    collections:
      - name: people
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {data_type: integer, primary_key: true}}
          - {name: name, data_categories: [user.name], fides_meta: {data_type: string}}
          - {name: born, data_categories: [user.demographic.date_of_birth]}
          - {name: done_on, data_categories: [system.operations]}
      - name: loans
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {data_type: integer, primary_key: true}}
          - {name: person, data_categories: [system.operations], fides_meta: {references: [{dataset: small, field: people.id}]}}
          - {name: iban, data_categories: [user.financial.bank_account], fides_meta: {data_type: string}}
          - {name: status, data_categories: [system.operations], fides_meta: {data_type: string}}
          - {name: live, data_categories: [system.operations], fides_meta: {data_type: boolean}}
          - {name: ended_on, data_categories: [system.operations]}
          - {name: ended_at, data_categories: [system.operations]}
bindings:
  controller: credithelp
  subjects: people
  extensions:
    pending-dispute: [{collection: loans, subject: person, active_when: {field: status, in: [disputed]}}]
    authority-request: [{collection: loans, subject: person, active_when: {field: live, in: [true]}}]
  collections:
    people:
      subject: id
      duties:
        - {class: other, covers: [user], start: done_on}
      on_due: {name: pseudonymise, born: nullify}
    loans:
      subject: person
      duties:
        - class: granted-loan
          covers: [user]
          start: ended_on
          not_started_when: {any: [{field: status, in: [active]}, {field: ended_on, is_null: true}]}
          keeps: [{via: person, categories: [user.name]}]
      on_due: {iban: pseudonymise}
"""

Change = Callable[[Any], object]


def load(dataset: dict[str, Any], pack: dict[str, Any] = PACK) -> GovernedDataset:
    return govern(yaml.safe_dump(dataset), "data.yaml", yaml.safe_dump(pack), "pack.yaml")


def refused(load_it: Callable[[], object]) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        load_it()
    message = str(caught.value)
    assert message.isprintable(), message
    assert len(message) < 500, message
    assert caught.value.__suppress_context__ or caught.value.__context__ is None  # one message, no chain of causes
    return caught.value


def at(document: Any, path: str) -> Any:
    for step in path.split("/") if path else ():
        document = document[int(step) if isinstance(document, list) else step]
    return document


def put(path: str, value: object) -> Change:
    """Set what stands at a path; `del` as the value removes it."""
    above, _, last = path.rpartition("/")

    def change(document: Any) -> None:
        holder = at(document, above)
        key: Any = int(last) if isinstance(holder, list) else last
        if value is del_:
            del holder[key]
        else:
            holder[key] = value

    return change


def add(path: str, value: object) -> Change:
    return lambda document: at(document, path).append(value)


del_ = object()
CLASS = "deletion_classes/0"
LOANS = "bindings/collections/loans"
DUTY = f"{LOANS}/duties/0"
FIELDS = "dataset/0/collections/1/fields"
PERIOD = "an ISO 8601 period such as P5Y, P12M, P60D or PT24H, not"
CONDITION = (
    "a condition: {field, in: [...]}, {field, is_null: true|false}, {field, greater_than: number}, {field, less_than: number}, "
    "{all: [...]} or {any: [...]}"
)
KNOWN_CATEGORY = "a data category of fideslang or of the pack"


def test_the_small_dataset_is_in_order() -> None:
    dataset = load(yaml.safe_load(SMALL))
    assert list(dataset.collections) == ["loans", "people"]  # children first
    assert [group.fields for group in dataset.collections["people"].groups] == [("born",), ("name",)]
    (name,) = [group for group in dataset.collections["people"].groups if group.fields == ("name",)]
    assert [(item.duty.class_id, item.path) for item in name.inherited] == [("granted-loan", "person")]


@pytest.mark.parametrize(
    ("change", "path", "expected", "found"),
    [
        (put("controller", del_), "controller", "field required", "nothing"),
        (put("controller", "Big Lender"), "controller", "string should match pattern", "'Big Lender'"),
        (put("colour", "red"), "colour", "no such key", "'red'"),
        (put("version", 1.0), "version", "a valid string", "1.0"),
        (put("effective_from", "soon"), "effective_from", "a valid date", "'soon'"),
        (
            put("time_zone", "Europe/Atlantis"),
            "time_zone",
            "an IANA time zone such as Europe/Sofia, not 'Europe/Atlantis'",
            "'Europe/Atlantis'",
        ),
        (put("time_zone", "../../etc/passwd"), "time_zone", "an IANA time zone", "'../../etc/passwd'"),
        (put("reporting_year_ends", "06-31"), "reporting_year_ends", "a day of the calendar as MM-DD, not '06-31'", "'06-31'"),
        (put("reporting_year_ends", "13-01"), "reporting_year_ends", "string should match pattern", "'13-01'"),
        (put("evidence_retention", "5 years"), "evidence_retention", f"{PERIOD} '5 years'", "'5 years'"),
        (put("languages", []), "languages", "tuple should have at least 1 item", "[]"),
        (put("purposes/0/legal_basis", "hope"), "purposes.0.legal_basis", "'consent', 'contract'", "'hope'"),
        (put("purposes/1/id", "contract"), "purposes.1", "an id that is used once", "'contract' again"),
        (put("categories/0/key", "user.financial"), "categories.0.key", "a key that fideslang does not have", "'user.financial'"),
        (put("categories/0/key", "user.nowhere.amount"), "categories.0.key", "a key below a known category", "user.nowhere.amount"),
        (put("categories/1/key", "user.financial.amount"), "categories.1", "an id that is used once", "'user.financial.amount' again"),
        (put("extensions/1/id", "pending-dispute"), "extensions.1", "an id that is used once", "'pending-dispute' again"),
        (put("extensions/0/kind", "mood"), "extensions.0.kind", "'legal-dispute'", "'mood'"),
        (put("deletion_classes/1/id", "claims"), "deletion_classes.1", "an id that is used once", "'claims' again"),
        (put(f"{CLASS}/clause", del_), "deletion_classes.0.clause", "field required", "nothing"),
        (put(f"{CLASS}/clause", " "), "deletion_classes.0.clause", "string should match pattern", "' '"),
        (put(f"{CLASS}/provenance", del_), "deletion_classes.0.provenance", "field required", "nothing"),
        (put(f"{CLASS}/provenance", "rumour"), "deletion_classes.0.provenance", "'source', 'statute' or 'derived'", "'rumour'"),
        (put(f"{CLASS}/period", "P5"), "deletion_classes.0.period", f"{PERIOD} 'P5'", "'P5'"),
        (put(f"{CLASS}/period", 5), "deletion_classes.0.period", f"{PERIOD} 5", "5"),
        (put(f"{CLASS}/period", "P1DT2H"), "deletion_classes.0.period", PERIOD, "'P1DT2H'"),
        (put(f"{CLASS}/calendar", "lunar"), "deletion_classes.0.calendar", "'from-event', 'from-next-year'", "'lunar'"),
        (put(f"{CLASS}/categories", ["user.soul"]), "deletion_classes.0.categories.0", "a data category", "'user.soul'"),
        (put(f"{CLASS}/categories", []), "deletion_classes.0.categories", "at least 1 item", "[]"),
        (put(f"{CLASS}/purposes", ["fun"]), "deletion_classes.0.purposes.0", "a purpose of this pack", "'fun'"),
        (put(f"{CLASS}/extended_by", ["mood"]), "deletion_classes.0.extended_by.0", "an extension of this pack", "'mood'"),
        (put("deletion_classes/1/period", "PT24H"), "deletion_classes.1", "calendar from-event for the hour period PT24H", "{"),
        (put("caps/max_share", 1.5), "caps.max_share", "less than or equal to 1", "1.5"),
        (put("caps/max_share", True), "caps.max_share", "a valid number", "True"),
        (put("caps/max_rows", 0), "caps.max_rows", "greater than 0", "0"),
        (put("schedule", del_), "schedule", "field required", "nothing"),
        (put("schedule/scan", "daily"), "schedule.scan", f"{PERIOD} 'daily'", "'daily'"),
        (put(f"{CLASS}/effect", "keep"), "deletion_classes.0.effect", "'must-keep', 'may-keep' or 'must-erase'", "'keep'"),
        (
            put("minimisation_rules", [{**PACK["deletion_classes"][0], "action": "burn"}]),
            "minimisation_rules.0.action",
            "'pseudonymise', 'nullify', 'generalise' or 'constant'",
            "'burn'",
        ),
        (
            put("minimisation_rules", [{**PACK["deletion_classes"][0], "action": "nullify"}]),
            "deletion_classes and minimisation_rules.14",
            "an id that is used once",
            "'claims' again",
        ),
        (
            put("category_limits", [{"category": "user.health_and_medical", "clause": "6.2", "provenance": "source"}]),
            "category_limits.0",
            "one of forbidden: true, purposes, registers, transfer: never",
            "{'category'",
        ),
        (
            put("category_limits", [{"category": "user.soul", "forbidden": True, "clause": "6.3", "provenance": "source"}]),
            "category_limits.0.category.0",
            "a data category of fideslang or of this pack",
            "'user.soul'",
        ),
        (
            put("request_clocks", [{"kinds": ["erasure"], "clause": "12", "provenance": "source"}]),
            "request_clocks.0",
            "exactly one of calendar and working_days",
            "{'clause'",
        ),
        (
            put("consent_withdrawal", {"when": "obligations-met", "clause": "7.1", "provenance": "source"}),
            "consent_withdrawal",
            "an extension exactly with when: obligations-met",
            "{'clause'",
        ),
        (
            put("consent_withdrawal", {"when": "obligations-met", "extension": "debt", "clause": "7.1", "provenance": "source"}),
            "consent_withdrawal.extension.0",
            "an extension of this pack",
            "'debt'",
        ),
        (put("caps", None), "caps", "a valid dictionary", "None"),
        (put("approval/mode", "maybe"), "approval.mode", "'automatic' or 'resolution'", "'maybe'"),
        (put("deletion_classes", {}), "deletion_classes", "a list", "{}"),
    ],
)
def test_a_pack_with_one_fault(change: Change, path: str, expected: str, found: str) -> None:
    pack = yaml.safe_load(yaml.safe_dump(PACK))
    change(pack)
    error = refused(lambda: load_pack(yaml.safe_dump(pack), "pack.yaml"))
    assert (error.file, error.path) == ("pack.yaml", path)
    assert expected in error.expected
    assert found in error.found


@pytest.mark.parametrize(
    ("change", "path", "expected", "found"),
    [
        # the fideslang half
        (put("dataset", []), "dataset", "at least 1 item", "[]"),
        (put("dataset/0/fides_key", "a b"), "dataset.0.fides_key", "fidesKeys must only contain", "'a b'"),
        (put("dataset/0/collection", []), "dataset.0.collection", "a key that fideslang knows", "ignore"),
        (
            put(f"{FIELDS}/1/fides_meta/refrences", []),
            "dataset.0.collections.1.fields.1.fides_meta.refrences",
            "a key that fideslang knows",
            "ignore",
        ),
        (put(f"{FIELDS}/1/fides_metta", {}), "dataset.0.collections.1.fields.1.fides_metta", "a key that fideslang knows", "ignore"),
        (put("dataset/0/collections/1/name", "people"), "dataset.0.collections", "duplicate entries found: [people]", "["),
        (put(f"{FIELDS}/4/name", "iban"), "dataset.0.collections.1.fields", "duplicate entries found: [iban]", "["),
        (put(f"{FIELDS}/5/name", ""), "dataset.collections.loans.fields.", "a printable name without a dot", "''"),
        (put(f"{FIELDS}/5/name", "a.b"), "dataset.collections.loans.fields.a.b", "a printable name without a dot", "'a.b'"),
        (
            put(f"{FIELDS}/2/data_categories", del_),
            "dataset.collections.loans.fields.iban.data_categories",
            "at least one data category",
            "none",
        ),
        (
            put(f"{FIELDS}/2/data_categories", ["user.soul"]),
            "dataset.collections.loans.fields.iban.data_categories",
            KNOWN_CATEGORY,
            "'user.soul'",
        ),
        (
            put(f"{FIELDS}/2/fides_meta/data_type", "blob"),
            "dataset.0.collections.1.fields.2.fides_meta.data_type",
            "not supported",
            "'blob'",
        ),
        (put(f"{FIELDS}/0/fides_meta/primary_key", False), "dataset.collections.loans.fields", "a field of 'loans' with", "none"),
        (
            # the key of people has two parts now, and loans references one of them
            put("dataset/0/collections/0/fields/3/fides_meta", {"primary_key": True}),
            "dataset.collections.loans.fields",
            "a field that references people.done_on, part of its key",
            "none",
        ),
        (
            put(f"{FIELDS}/1/fides_meta/references/0/field", "people.name"),
            "dataset.collections.loans.fields.person.fides_meta.references",
            "<collection>.<its primary key>",
            "'people.name'",
        ),
        (
            put(f"{FIELDS}/1/fides_meta/references/0/field", "nobody.id"),
            "dataset.collections.loans.fields.person.fides_meta.references",
            "<collection>.<its primary key>",
            "'nobody.id'",
        ),
        (
            put(f"{FIELDS}/1/fides_meta/references/0/dataset", "other"),
            "dataset.collections.loans.fields.person.fides_meta.references",
            "a reference within the dataset 'small'",
            "'other'",
        ),
        (
            put(f"{FIELDS}/6/fields", [{"name": "x.y", "data_categories": ["user.name"]}]),
            "dataset.collections.loans.fields.ended_at.fields.x.y",
            "a printable key without a dot; an array is one by its data_type",
            "'x.y'",
        ),
        (
            put(f"{FIELDS}/6/fields", [{"name": "x"}]),
            "dataset.collections.loans.fields.ended_at.fields.x.data_categories",
            "at least one data category for 'x'",
            "none",
        ),
        (
            put(f"{FIELDS}/6/fields", [{"name": "x", "data_categories": ["user.name"], "fides_meta": {"primary_key": True}}]),
            "dataset.collections.loans.fields.ended_at.fields.x.fides_meta",
            "keys and references on columns",
            "one inside a document",
        ),
        (
            put(
                f"{FIELDS}/6/fields",
                [{"name": "x", "data_categories": ["user"], "fields": [{"name": "y", "data_categories": ["user.name"]}]}],
            ),
            "dataset.collections.loans.fields.ended_at.fields.x.data_categories",
            "categories on the innermost fields of a document",
            "user",
        ),
        (
            add("dataset/0/collections/0/fields", {"name": "mail", "data_categories": ["user.contact.email"]}),
            "bindings.collections.people.on_due",
            "for each personal field what happens",
            "nothing for mail",
        ),
        # the binding
        (put("bindings/controller", "credit-plus"), "bindings.controller", "the controller of the pack, 'credithelp'", "credit-plus"),
        (put("bindings/collections/cars", {}), "bindings.collections.cars", "a collection of the dataset", "'cars'"),
        (put("bindings/subjects", "nobody"), "bindings.subjects", "a collection of the dataset", "'nobody'"),
        (put(f"{LOANS}/subject", "iban"), "bindings.collections.loans.subject", "a path to the key of 'people'", "iban"),
        (put(f"{LOANS}/subject", del_), "bindings.collections.loans.subject", "a subject, for 'loans' leads to 'people'", "none"),
        (put("bindings/collections/people/subject", del_), "bindings.collections.people.subject", "a subject", "none"),
        (
            put(f"{LOANS}/duties", []),
            "bindings.collections.loans.duties",
            "a duty of its own that covers the personal field 'iban'",
            "none",
        ),
        (
            put("bindings/collections", {}),
            "bindings.collections.loans.duties",
            "a duty of its own that covers the personal field 'iban'",
            "none",
        ),
        (
            put(f"{DUTY}/class", "forever"),
            "bindings.collections.loans.duties.0.class",
            "a deletion class or minimisation rule",
            "'forever'",
        ),
        (put(f"{DUTY}/covers", ["user.soul"]), "bindings.collections.loans.duties.0.covers.0", "", "'user.soul'"),
        (
            put(f"{DUTY}/covers", ["user.name"]),
            "bindings.collections.loans.duties.0.covers.0",
            "a category held by a field of 'loans'",
            "'user.name'",
        ),
        (put(f"{DUTY}/start", "begun_on"), "bindings.collections.loans.duties.0.start", "a field of 'loans'", "'begun_on'"),
        (
            put(f"{DUTY}/start", "status.done_on"),
            "bindings.collections.loans.duties.0.start",
            "a path over its references",
            "(no 'status')",
        ),
        (
            put(f"{DUTY}/start", "person.begun_on"),
            "bindings.collections.loans.duties.0.start",
            "a path over its references",
            "(no 'begun_on')",
        ),
        (put(f"{DUTY}/start_kind", "moment"), "bindings.collections.loans.duties.0.start_kind", "'date', 'instant' or 'year'", "'moment'"),
        (
            put(f"{DUTY}/not_started_when", {"field": "x"}),
            "bindings.collections.loans.duties.0.not_started_when",
            CONDITION,
            "{'field': 'x'}",
        ),
        (
            put(f"{DUTY}/not_started_when", {"all": []}),
            "bindings.collections.loans.duties.0.not_started_when.all.all",
            "at least 1 item",
            "[]",
        ),
        (
            put(f"{DUTY}/not_started_when/any/0/field", "colour"),
            "bindings.collections.loans.duties.0.not_started_when",
            "a field of 'loans'",
            "'colour' (no 'colour')",
        ),
        (
            put(f"{DUTY}/applies_when", {"field": "status", "in": [False]}),
            "bindings.collections.loans.duties.0.applies_when: status",
            "kind str",
            "False",
        ),
        (
            put(f"{DUTY}/applies_when", {"field": "live", "in": [1]}),
            "bindings.collections.loans.duties.0.applies_when: live",
            "kind bool",
            "1",
        ),
        (
            put(f"{DUTY}/keeps/0/via", "status"),
            "bindings.collections.loans.duties.0.keeps.0.via",
            "a path of references",
            "'status'",
        ),
        (
            put(f"{DUTY}/keeps/0/categories", ["user.contact"]),
            "bindings.collections.loans.duties.0.keeps.0.categories.0",
            "held by a field of 'people'",
            "'",
        ),
        (put(f"{LOANS}/on_due", {}), "bindings.collections.loans.on_due", "", ""),
        (
            put("bindings/collections/people/on_due/born", del_),
            "bindings.collections.people.on_due",
            "each personal field",
            "nothing for born",
        ),
        (
            put("bindings/collections/people/on_due/born", "pseudonymise"),
            "bindings.collections.people.on_due.born",
            "data_type string",
            "None",
        ),
        (
            put("bindings/collections/people/on_due/born", "burn"),
            "bindings.collections.people.on_due.born",
            "pseudonymise, nullify, with-row, constant:<",
            "'burn'",
        ),
        (
            put("bindings/collections/people/on_due/shoe", "nullify"),
            "bindings.collections.people.on_due.shoe",
            "a field of 'people'",
            "'shoe'",
        ),
        (
            put("bindings/collections/people/on_due/done_on", "nullify"),
            "bindings.collections.people.on_due.done_on",
            "holds personal data",
            "no duty",
        ),
        (put(f"{DUTY}/start", "person.born"), "bindings.collections.people.on_due.born", "with-row for a field that duties", "nullify"),
        (
            put(f"{LOANS}/extended_when", {"mood": {"field": "live", "in": [True]}}),
            "bindings.collections.loans.extended_when",
            "an extension of the pack",
            "'mood'",
        ),
        (
            put(f"{LOANS}/extended_when", {"named-incident": {"field": "live", "in": [True]}}),
            "bindings.collections.loans.extended_when",
            "an extension that a class bound here is extended by",
            "'named-incident'",
        ),
        (put("bindings/extensions/authority-request", del_), "bindings.extensions", "the extension 'authority-request'", "no binding"),
        (
            put("bindings/extensions/pending-dispute/0/collection", "cars"),
            "bindings.extensions.pending-dispute.0.collection",
            "a collection",
            "'cars'",
        ),
        (
            put("bindings/extensions/pending-dispute/0/subject", "iban"),
            "bindings.extensions.pending-dispute.0.subject",
            "a path to the key",
            "iban",
        ),
        (
            put("bindings/extensions/pending-dispute", {"collection": "loans"}),
            "bindings.extensions.pending-dispute",
            "a list",
            "{'collection'",
        ),
        (put(f"{LOANS}/register", "nowhere"), "bindings.collections.loans.register", "a register of the pack", "'nowhere'"),
        (
            put(f"{LOANS}/disclosures", [{"recipient": "nobody", "categories": ["user"]}]),
            "bindings.collections.loans.disclosures.0.recipient",
            "a recipient of the pack",
            "'nobody'",
        ),
        (
            put("bindings/record_checks", {"unheard-of": {"collection": "loans", "violated_when": {"field": "live", "is_null": True}}}),
            "bindings.record_checks.unheard-of",
            "a record check of the pack",
            "'unheard-of'",
        ),
        (
            put(f"{DUTY}/erases", [{"via": "person", "categories": ["user.name"]}]),
            "bindings.collections.loans.duties.0.erases",
            "keeps, for the class 'granted-loan' is must-keep",
            "erases",
        ),
        (
            put(f"{DUTY}/applies_when", {"field": "status", "greater_than": 1}),
            "bindings.collections.loans.duties.0.applies_when: status",
            "a field of data_type integer or float",
            "string",
        ),
        (
            put(f"{DUTY}/applies_when", {"field": "status", "less_than": "1"}),
            "bindings.collections.loans.duties.0.applies_when.less_than.less_than.int",
            "a valid integer",
            "'1'",
        ),
        (put(f"{LOANS}/on_due/iban", "generalise:band"), "bindings.collections.loans.on_due.iban", "band:<width>", "'generalise:band'"),
        (put(f"{LOANS}/third_party", ["payer"]), "bindings.collections.loans.third_party", "a field of 'loans'", "'payer'"),
        (put(f"{LOANS}/third_party", ["status"]), "bindings.collections.loans.third_party", "columns that hold personal data", "status"),
        (put(f"{LOANS}/origin", "somewhere"), "bindings.collections.loans.origin", "'person', 'use', 'others' or 'derived'", "somewhere"),
        (put("bindings/plausible_from", "long ago"), "bindings.plausible_from", "a valid date", "'long ago'"),
    ],
)
def test_a_dataset_with_one_fault(change: Change, path: str, expected: str, found: str) -> None:
    document = yaml.safe_load(SMALL)
    change(document)
    if path == "bindings.collections.loans.on_due" and not found:
        # One group and nothing that points here: the fields leave with their row, so nothing need be said.
        assert load(document).collections["loans"].on_due == {}
        return
    error = refused(lambda: load(document))
    assert (error.file, error.path) == ("data.yaml", path)
    assert expected in error.expected
    assert found in error.found


def test_a_minimisation_rule_asks_for_its_action() -> None:
    pack = yaml.safe_load(yaml.safe_dump(PACK))
    rule = {**next(item for item in pack["deletion_classes"] if item["id"] == "other"), "id": "early", "action": "generalise"}
    pack["minimisation_rules"] = [rule]
    document = yaml.safe_load(SMALL)
    at(document, "bindings/collections/people/duties").append({"class": "early", "covers": ["user.demographic"], "start": "done_on"})
    error = refused(lambda: load(document, pack))
    assert error.path == "bindings.collections.people.duties.1"
    assert (error.expected, error.found) == ("on_due generalise for 'born', as 'early' demands", "nullify")
    document["bindings"]["collections"]["people"]["on_due"]["born"] = "generalise:year"
    assert [duty.class_id for duty in load(document, pack).collections["people"].duties] == ["other", "early"]


def test_references_may_form_a_cycle_and_lead_to_their_own_collection() -> None:
    document = yaml.safe_load(SMALL)
    at(document, "dataset/0/collections/0/fields").append(
        {
            "name": "last_loan",
            "data_categories": ["system.operations"],
            "fides_meta": {"references": [{"dataset": "small", "field": "loans.id"}]},
        }
    )
    at(document, f"{FIELDS}").append(
        {
            "name": "renews",
            "data_categories": ["system.operations"],
            "fides_meta": {"references": [{"dataset": "small", "field": "loans.id"}]},
        }
    )
    dataset = load(document)
    assert dataset.components == (("loans", "people"),)
    assert [reference.step for reference in dataset.collections["loans"].references] == ["person", "renews"]


def test_an_hour_period_needs_an_instant() -> None:
    pack = yaml.safe_load(yaml.safe_dump(PACK))
    hours = next(item for item in pack["deletion_classes"] if item["id"] == "other")
    hours["period"] = "PT24H"
    error = refused(lambda: load(yaml.safe_load(SMALL), pack))
    assert (error.path, error.found) == ("bindings.collections.people.duties.0.start_kind", "date")
    assert error.expected == "instant for the period PT24H"


@pytest.mark.parametrize(
    ("text", "path", "found"),
    [
        ("", "", "None"),
        ("- a\n- b\n", "", "['a', 'b']"),
        ("just text", "", "'just text'"),
        ("a: 1\nb: [\n", "line 3", "expected the node content"),
        ("a: 1\nb: 2\na: 3\n", "line 3", "the key 'a' stands twice"),
        ("a:\n  b: 1\n  b: 2\n", "line 3", "the key 'b' stands twice"),
        ("? [a, b]\n: 1\n", "line 1", "the key ['a', 'b'] is not text"),
        ("? {a: b}\n: 1\n", "line 1", "the key {'a': 'b'} is not text"),
        ("a: 1\non: 2\n", "line 2", "the key True is not text"),
        ("1: a\n", "line 1", "the key 1 is not text"),
        ("a: 1\nb: *c\n", "line 2", "undefined alias"),
        ("a: 1\n---\nb: 2\n", "line 2", "another document"),
        ("a: !!python/object:os.system x\n", "line 1", "could not determine a constructor"),
        ("a: 1\nb: 2026-13-45\n", "line 2", "a timestamp that cannot be read"),
        ("a: !!int x\n", "line 1", "a int that cannot be read"),
        ("a: !!bool x\n", "line 1", "a bool that cannot be read"),
        ("a: !!timestamp x\n", "line 1", "a timestamp that cannot be read"),
        (f"a: {'9' * 5000}\n", "line 1", "a int that cannot be read"),
        ("a: 1\nb: \x00\n", "line 2", "the character U+0000"),
        ("a: \ud800\n", "line 1", "the character U+D800"),
        ("[" * 3000, "", "nested too deep"),
        ("a: {<<: {b: 1}}\n", "line 1", "could not determine a constructor"),
    ],
)
def test_text_that_is_no_document(text: str, path: str, found: str) -> None:
    error = refused(lambda: parse_yaml(text, "some.yaml"))
    assert (error.file, error.path) == ("some.yaml", path)
    assert found in error.found


def test_aliases_cannot_make_a_message_endless() -> None:
    levels = "\n".join(f"  - &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9))
    error = refused(lambda: load_pack(f"title: x\ncontroller:\n  - &l0 [x]\n{levels}\n", "pack.yaml"))
    assert error.path == "controller"


def test_a_condition_that_contains_itself() -> None:
    text = SMALL.replace("start: done_on}", "start: done_on, applies_when: &me {all: [*me]}}")
    error = refused(lambda: govern(text, "data.yaml", yaml.safe_dump(PACK), "pack.yaml"))
    assert error.path.startswith("bindings.collections.people.duties.0.applies_when")
