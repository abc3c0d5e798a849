"""The hand-written suites against the dataset: nothing governed is left out, and a broken suite is an error, never a pass."""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from governance.adapters.great_expectations.suites import DATASET_SUITE, Suite, read_frame, read_suites
from governance.catalogue.governed import Collection, Duty, FieldGroup, GovernedDataset
from governance.catalogue.resolve import govern
from governance.errors import DocumentError
from governance.policy.rules import Effect

CHECKOUT = Path(__file__).resolve().parents[2]
FOLDER = CHECKOUT / "expectations" / "credithelp"
DATASETS = sorted(path.name for path in (CHECKOUT / "expectations").iterdir() if path.is_dir())
#: References that suites leave out: an orphan there is a finding for a person, and no failure of a run.
LOOSE = {("zhurnal_kontaktov", ("dolzhnik_nomer",))}
ADAPTER = CHECKOUT / "governance" / "adapters" / "great_expectations"


def govern_named(name: str) -> GovernedDataset:
    data, pack = CHECKOUT / f"governance/catalogue/datasets/{name}.yaml", CHECKOUT / f"governance/policy/packs/{name}.yaml"
    return govern(data.read_text(), data.name, pack.read_text(), pack.name)


@pytest.fixture(scope="module", params=DATASETS)
def dataset(request: pytest.FixtureRequest) -> GovernedDataset:
    return govern_named(request.param)


@pytest.fixture(scope="module")
def credithelp() -> GovernedDataset:
    return govern_named("credithelp")


@pytest.fixture(scope="module")
def suites(dataset: GovernedDataset) -> dict[str, Suite]:
    return {suite.name: suite for suite in read_suites(CHECKOUT / "expectations" / dataset.name, dataset)}


def kwargs_of(suite: Suite, kind: str) -> list[dict[str, Any]]:
    return [dict(item.kwargs) for item in suite.expectations if item.kind == kind]


def names(written: str | list[str]) -> tuple[str, ...]:
    """A key as suites write it: a name, or a list of names."""
    return (written,) if isinstance(written, str) else tuple(written)


def governed(dataset: GovernedDataset) -> list[Collection]:
    return [item for item in dataset.collections.values() if item.governed]


def test_every_governed_collection_has_a_suite_and_only_they(dataset: GovernedDataset, suites: dict[str, Suite]) -> None:
    assert suites.keys() == {DATASET_SUITE, *(item.name for item in governed(dataset))}


def test_every_column_is_declared_personal_or_not_as_in_the_dataset(dataset: GovernedDataset, suites: dict[str, Suite]) -> None:
    declared = {item["table"]: item for suite in suites.values() for item in kwargs_of(suite, "expect_columns_declared")}
    assert declared.keys() == dataset.collections.keys()
    for name, collection in dataset.collections.items():
        assert set(declared[name]["personal"]) == set(collection.personal_fields) & set(collection.columns)
        assert set(declared[name]["other"]) == set(collection.columns) - set(collection.personal_fields)


def leaves_with_its_row(dataset: GovernedDataset, collection: Collection, field: str) -> bool:
    """Nothing points to the row, no demand of its own falls due before, and what lets the field be kept lets every other be kept too."""

    def keeping(group: FieldGroup) -> set[Duty]:
        return {duty for duty in (*group.direct, *(item.duty for item in group.inherited)) if duty.effect is not Effect.MUST_ERASE}

    (own,) = [group for group in collection.groups if field in group.fields]
    demanded = len(keeping(own)) < len(own.direct) + len(own.inherited)
    return not dataset.children[collection.name] and not demanded and all(keeping(group) <= keeping(own) for group in collection.groups)


def test_every_personal_column_goes_with_its_row_or_is_checked_by_itself(dataset: GovernedDataset, suites: dict[str, Suite]) -> None:
    for collection in governed(dataset):
        suite = suites[collection.name]
        gone = kwargs_of(suite, "expect_overdue_rows_gone")
        assert [item["table"] for item in gone] == [collection.name]
        checked = {name: form for item in kwargs_of(suite, "expect_no_overdue_identity") for name, form in item["columns"].items()}
        words = {"pseudonymise": "token", "nullify": "empty", "with-row": "with-row"}
        wanted = {name: words.get(str(action)) or str(action).removeprefix("generalise:") for name, action in collection.on_due.items()}
        assert {name: wanted.get(name, "with-row") for name in checked} == checked
        unchecked = {name for name, form in wanted.items() if form != "with-row"} - checked.keys()
        assert {name for name in unchecked if not leaves_with_its_row(dataset, collection, name)} == set()


def test_every_token_column_has_its_form_checked(dataset: GovernedDataset, suites: dict[str, Suite]) -> None:
    for collection in governed(dataset):
        tokens = {name for name, action in collection.on_due.items() if str(action) == "pseudonymise"}
        checked = {name for item in kwargs_of(suites[collection.name], "expect_token_form") for name in item["columns"]}
        assert tokens <= checked


def test_every_reference_of_the_dataset_is_checked(dataset: GovernedDataset, suites: dict[str, Suite]) -> None:
    checked = {
        (item["table"], names(item["column"]), item["to_table"], names(item["to_column"]))
        for suite in suites.values()
        for item in kwargs_of(suite, "expect_references_intact")
    }
    assert checked == {
        (item.name, ref.fields, ref.collection, dataset.collections[ref.collection].key)
        for item in dataset.collections.values()
        for ref in item.references
        if (item.name, ref.fields) not in LOOSE
    }


def test_rows_are_expected_gone_only_when_nothing_points_to_them(dataset: GovernedDataset, suites: dict[str, Suite]) -> None:
    for collection in governed(dataset):
        (gone,) = kwargs_of(suites[collection.name], "expect_overdue_rows_gone")
        children = {(item["table"], names(item["column"])) for item in gone.get("children", [])}
        assert children == {(child.name, ref.fields) for child, ref in dataset.children[collection.name]}


def test_the_dataset_suite_names_every_table_and_the_controllers_zone(dataset: GovernedDataset, suites: dict[str, Suite]) -> None:
    (tables,) = kwargs_of(suites[DATASET_SUITE], "expect_tables_declared")
    assert set(tables["tables"]) == dataset.collections.keys()
    frame = read_frame(tuple(suites.values()))
    assert frame.time_zone == dataset.zone.key
    assert {hold.table for hold in frame.subject_holds} == {item.collection for item in dataset.subject_conditions}
    assert (frame.subjects.table if frame.subjects else None) == dataset.subjects
    for name, key in frame.keys.items():
        assert tuple(key) == dataset.collections[name].key


def test_the_suites_share_nothing_with_planner_and_predicates() -> None:
    for path in ADAPTER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in getattr(node, "names", [])]
            assert not [name for name in names if name.startswith(("governance.planning", "governance.adapters.predicates"))]


def edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing suite": (lambda folder: (folder / "clients.json").unlink(), r"clients\.json.*expected a suite for 'clients'"),
    "missing dataset suite": (lambda folder: (folder / "dataset.json").unlink(), r"dataset\.json.*expected a suite"),
    "missing folder": (lambda folder: shutil.rmtree(folder), "no such file"),
    "empty suite": (lambda folder: edit(folder / "clients.json", lambda d: d.update(expectations=[])), "at least one expectation"),
    "stranger": (lambda folder: shutil.copy(folder / "clients.json", folder / "partners.json"), "partners"),
    "wrong name": (lambda folder: shutil.copy(folder / "clients.json", folder / "contracts.json"), "at name"),
    "no notes": (lambda folder: edit(folder / "clients.json", lambda d: d["meta"].pop("notes")), r"meta\.notes"),
    "no type": (lambda folder: edit(folder / "clients.json", lambda d: d["expectations"][1].pop("type")), r"expectations\.1"),
    "not json": (lambda folder: (folder / "clients.json").write_text("{"), "expected JSON"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_folder_of_suites_is_an_error_and_never_a_pass(case: str, credithelp: GovernedDataset, tmp_path: Path) -> None:
    folder = tmp_path / "suites"
    shutil.copytree(FOLDER, folder)
    read_suites(folder, credithelp)
    spoil, message = BROKEN[case]
    spoil(folder)
    with pytest.raises(DocumentError, match=message):
        read_suites(folder, credithelp)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: d["meta"].pop("frame"), r"meta\.frame"),
        (lambda d: d["meta"]["frame"].update(time_zone="Sofia; DROP"), r"meta\.frame\.time_zone"),
        (lambda d: d["meta"]["frame"].update(sql="x"), r"meta\.frame\.sql"),
    ],
)
def test_a_broken_frame_names_its_place(
    change: Callable[[dict[str, Any]], object], place: str, credithelp: GovernedDataset, tmp_path: Path
) -> None:
    folder = tmp_path / "suites"
    shutil.copytree(FOLDER, folder)
    edit(folder / "dataset.json", change)
    with pytest.raises(DocumentError, match=place):
        read_frame(read_suites(folder, credithelp))
