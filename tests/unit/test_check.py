"""The static check of policy and datasets: in order as shipped, and each fault planted once is found under its clause."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result
from policy_support import DATASET, PACK, Change, add, both, changed, class_of, duties_of, governed, pack
from typer.testing import CliRunner

from governance.catalogue.remarks import Gravity, PolicyCheck, Remark
from governance.cli import app
from governance.config import shipped
from governance.policy.loading import load_pack
from governance.run.check import check_policy


def check(in_pack: Change = lambda document: None, in_dataset: Change = lambda document: None) -> PolicyCheck:
    dataset = governed(in_pack, in_dataset)
    return check_policy(dataset.pack, [dataset])


def serious(found: PolicyCheck) -> list[Remark]:
    return [remark for remark in found.remarks if remark.gravity is not Gravity.NOTE]


def test_the_small_policy_is_in_order_and_the_proof_is_shown() -> None:
    found = check()
    assert serious(found) == []
    assert found.passed
    assert found.datasets == ("small",)
    assert [(line.schedule.rule.id, line.schedule.needed, line.schedule.granted, line.fields) for line in found.rules] == [
        ("loans", 49, 719, 1),
        ("decisions", 49, 719, 3),
        ("consents", 49, 719, 1),
    ]


def test_residency_is_said_for_the_record() -> None:
    assert check().remarks[-1] == Remark(Gravity.NOTE, "residency", "3.4", "data may be stored in EE and evidence archived in EE, FI")


def schedule(**values: str) -> Change:
    return lambda document: document["schedule"].update(values)


def rule(class_id: str, **values: object) -> Change:
    return lambda document: class_of(document, class_id).update(values)


def duty(collection: str, number: int, **values: object) -> Change:
    return lambda document: duties_of(document, collection)[number].update(values)


def bind(collection: str, **values: object) -> Change:
    return lambda document: duties_of(document, collection).append({"covers": ["user"], **values})


def purge(**values: object) -> Change:
    """A must-erase class beside the loans, from whatever start its duty has."""
    plain = {
        "id": "purge",
        "title": "Purge",
        "start_event": "loan ended",
        "period": "P4Y",
        "calendar": "from-event",
        "effect": "must-erase",
        "categories": ["user"],
        "purposes": ["contract"],
        "clause": "5.1",
        "provenance": "source",
    }
    return add("deletion_classes", plain | values)


def withdrawal(when: str, **values: str) -> Change:
    return lambda document: document.update(consent_withdrawal={"when": when, "clause": "7.1", "provenance": "source", **values})


def nothing(document: Any) -> None:
    pass


FAULTS: list[tuple[Change, Change, str, str, str]] = [
    (schedule(grace="P30D"), nothing, "loans", "8.1", "up to 745 h until what is due is gone, and P30D tolerates no more than 719 h"),
    (
        rule("consents", tolerance="P1D"),
        nothing,
        "consents",
        "4.2",
        "up to 49 h until what is due is gone, and P1D tolerates no more than 23 h",
    ),
    (schedule(scan="PT12H"), nothing, "schedule.scan", "17", "a scan every PT12H is promised, and the nightly run comes every P1D"),
    (purge(), nothing, "purge", "5.1", "not bound in any dataset, although source"),
    (
        add("record_checks", {"id": "debts", "title": "Debts", "clause": "5.4.1", "provenance": "source"}),
        nothing,
        "debts",
        "5.4.1",
        "not bound in any dataset, although source",
    ),
    (
        both(
            rule("decisions", categories=["user.name", "user.legal_capacity"]),
            rule("consents", categories=["user.behavior.media_consumption"]),
        ),
        nothing,
        "small: people.hobby",
        "8.2",
        "no class covers user.behavior; decisions or consents speaks of other categories",
    ),
    (
        nothing,
        duty("loans", 0, applies_when={"field": "status", "in": ["active"]}),
        "small: loans.iban",
        "8.1",
        "loans can never be due: wherever it applies, its period has not begun or its start is unknown",
    ),
    (
        nothing,
        duty("people", 1, applies_when={"field": "withdrawn_on", "is_null": True}),
        "small: people.hobby",
        "4.2",
        "consents can never be due: wherever it applies, its period has not begun or its start is unknown",
    ),
    (
        purge(),
        bind("loans", **{"class": "purge", "start": "ended_on"}),
        "small: loans.iban",
        "5.1; 8.1",
        "purge (P4Y from-event) always demands erasure before loans (P5Y from-event) lets go, both from ended_on",
    ),
    (
        purge(),
        bind("loans", **{"class": "purge", "start": "ended_on", "erases": [{"via": "person", "categories": ["user.name"]}]}),
        "small: people.name",
        "5.1; 8.1",
        "purge (P4Y from-event) always demands erasure before loans (P5Y from-event) lets go, both from ended_on",
    ),
    (
        add("category_limits", {"category": "user.legal_capacity", "forbidden": True, "clause": "6.3", "provenance": "source"}),
        nothing,
        "small: people.capacity",
        "6.3",
        "forbidden-category: user.legal_capacity must not be stored at all",
    ),
    (
        withdrawal("obligations-met", extension="open-debt"),
        nothing,
        "consents",
        "7.1",
        "consent may be withdrawn once obligations are met, so the class must be extended by open-debt",
    ),
    (
        both(withdrawal("any-time"), rule("consents", extended_by=["open-debt"])),
        nothing,
        "consents",
        "7.1",
        "consent may be withdrawn at any time, so an open debt (open-debt) must not extend the class",
    ),
    (
        add("category_limits", {"category": "user.name", "transfer": "never", "clause": "3.1.8", "provenance": "source"}),
        nothing,
        "bureau",
        "3.1.8",
        "user.name is never passed on, and the recipient is listed for user.name",
    ),
]


@pytest.mark.parametrize(("in_pack", "in_dataset", "place", "clause", "text"), FAULTS, ids=[fault[4][:60] for fault in FAULTS])
def test_a_planted_fault(in_pack: Change, in_dataset: Change, place: str, clause: str, text: str) -> None:
    found = check(in_pack, in_dataset)
    assert Remark(Gravity.ERROR, place, clause, text) in found.remarks
    assert not found.passed


def test_what_no_dataset_binds_is_a_warning_unless_it_is_the_companys_own_word() -> None:
    statutory = check(purge(provenance="statute"))
    assert serious(statutory) == [Remark(Gravity.WARNING, "purge", "5.1", "not bound in any dataset, although statute")]
    assert statutory.passed


def test_without_a_dataset_nothing_is_said_of_bindings() -> None:
    found = check_policy(load_pack(changed(PACK, purge()), "pack.yaml"), [])
    assert serious(found) == []
    assert [line.fields for line in found.rules] == [0, 0, 0, 0]


def test_a_class_is_bound_when_one_of_several_datasets_binds_it() -> None:
    def without_loans(document: Any) -> None:
        document["bindings"]["collections"]["loans"]["duties"][0]["class"] = "decisions"
        document["bindings"]["collections"]["people"]["disclosures"] = []

    other, whole = governed(in_dataset=without_loans), governed()
    assert not check_policy(other.pack, [other]).passed
    assert check_policy(other.pack, [other, whole]).passed


def test_duties_that_exclude_each_other_leave_no_empty_interval() -> None:
    settled = {"field": "status", "in": ["settled"]}
    exclusive = both(
        bind("loans", **{"class": "purge", "start": "ended_on", "applies_when": settled}),
        duty("loans", 0, applies_when={"field": "status", "in": ["active", "sold"]}),
    )
    assert serious(check(purge(), exclusive)) == []


def test_an_interval_that_is_empty_for_some_records_only_is_a_warning() -> None:
    found = check(purge(period="P5Y"), bind("loans", **{"class": "purge", "start": "ended_on"}))
    assert serious(found) == []
    later = both(purge(period="P5Y"), rule("loans", calendar="from-next-year"))
    text = "purge (P5Y from-event) sometimes demands erasure before loans (P5Y from-next-year) lets go, both from ended_on"
    assert serious(check(later, bind("loans", **{"class": "purge", "start": "ended_on"}))) == [
        Remark(Gravity.WARNING, "small: loans.iban", "5.1; 8.1", text)
    ]


@pytest.mark.parametrize(
    ("change", "consents"),
    [
        (withdrawal("obligations-met", extension="open-debt"), rule("consents", extended_by=["open-debt"])),
        (withdrawal("any-time"), rule("consents", extended_by=["dispute"])),
        (withdrawal("obligations-met", extension="open-debt"), rule("consents", purposes=["advertising", "contract"])),
        (withdrawal("obligations-met", extension="open-debt"), rule("consents", effect="may-keep")),
    ],
)
def test_withdrawals_that_are_as_the_policy_says(change: Change, consents: Change) -> None:
    assert serious(check_policy(pack(both(change, consents)), [])) == []


# -- the command --------------------------------------------------------------------------------------------------------------


def governance(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def home(folder: Path, in_pack: Change = nothing, later: Change | None = None) -> Path:
    """A Lethe home with the small policy, and perhaps a version to come."""
    (folder / "data.yaml").write_text(changed(DATASET, nothing))
    (folder / "pack.yaml").write_text(changed(PACK, in_pack))
    packs = ["pack.yaml"]
    if later is not None:
        (folder / "later.yaml").write_text(
            changed(PACK, both(lambda document: document.update(version="2.0", effective_from=date(2099, 1, 1)), later))
        )
        packs.append("later.yaml")
    urls = {role: f"postgresql+psycopg://lethe_{role}@127.0.0.1:1/small" for role in ("engine", "sealer", "validator")}
    settings = {
        "store": "postgresql+psycopg://lethe_store@127.0.0.1:1/lethe",
        "passfile": "pgpass",
        "keyring": "keyring.json",
        "signing_key": "signer.pem",
        "archive": {"kind": "local", "folder": "archive"},
        "datasets": {"small": {"pack": packs, "dataset": "data.yaml", **urls}},
    }
    (folder / "lethe.yaml").write_text(yaml.safe_dump(settings))
    return folder


@pytest.mark.parametrize("name", shipped("pack"))
def test_every_policy_that_ships_with_lethe_is_in_order(name: str) -> None:
    result = governance("--pack", name, "--dataset", name)
    assert result.exit_code == 0, result.output


def test_all_that_ship_are_checked_together() -> None:
    result = governance("--all")
    assert result.exit_code == 0
    assert all(f"Policy {name} " in result.output for name in shipped("pack"))


def test_files_are_checked_without_a_home(tmp_path: Path) -> None:
    home(tmp_path, schedule(grace="P40D"))
    (tmp_path / "lethe.yaml").unlink()
    result = governance("--pack", tmp_path / "pack.yaml", "--dataset", tmp_path / "data.yaml")
    assert result.exit_code == 1
    assert "late" in result.output
    assert "error: loans [8.1]: up to 985 h" in result.output
    assert governance("--pack", tmp_path / "pack.yaml", "--dataset", "nobodys").exit_code == 1


def test_the_deployment_is_checked_with_the_versions_to_come(tmp_path: Path) -> None:
    result = governance("--home", home(tmp_path, later=nothing))
    assert result.exit_code == 0, result.output
    assert "Policy small 1.0" in result.output
    assert "Policy small 2.0, in force from 2099-01-01" in result.output
    assert governance("--home", home(tmp_path, later=schedule(scan="PT1H"))).exit_code == 1


def test_a_version_that_is_over_is_checked_no_more(tmp_path: Path) -> None:
    def over(document: Any) -> None:
        document.update(version="0.9", effective_from=date(2020, 1, 1))
        document["schedule"]["scan"] = "PT1H"

    home(tmp_path, later=nothing)
    (tmp_path / "pack.yaml").write_text(changed(PACK, nothing))
    (tmp_path / "later.yaml").write_text(changed(PACK, over))
    result = governance("--home", tmp_path)
    assert result.exit_code == 0, result.output
    assert "Policy small 0.9" not in result.output


def test_a_broken_document_hides_no_other(tmp_path: Path) -> None:
    home(tmp_path)
    settings = yaml.safe_load((tmp_path / "lethe.yaml").read_text())
    settings["datasets"] = {"broken": {**settings["datasets"]["small"], "pack": "nowhere.yaml"}, **settings["datasets"]}
    (tmp_path / "lethe.yaml").write_text(yaml.safe_dump(settings))
    result = governance("--home", tmp_path)
    assert result.exit_code == 1
    assert "error: " in result.output
    assert "nowhere.yaml" in result.output
    assert "small 1.0, small: in order" in result.output
