"""Puts the recognisers before the labelled set, or before a real database whose dataset document serves as labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from fideslang.models import Dataset, DatasetField

from benchmarks.labelled.categories import KNOWN
from benchmarks.labelled.loading import Label, LabelledTable
from benchmarks.labelled.scoring import Outcome, Result
from governance.adapters.discovery.explore import explore
from governance.catalogue.binding import load_dataset
from governance.catalogue.recognition import recognise_table
from governance.catalogue.verdict import Verdict

#: Given to the recognisers as the day of the scan, so that the same numbers come out on any day.
TODAY = date(2026, 6, 1)
_OPERATIONS = "system.operations"


def measure(tables: Iterable[LabelledTable]) -> Result:
    """Recognise every table and compare. A column nothing was said of counts as recognised as nothing."""
    return Result(
        [
            outcome
            for table in tables
            for outcome in _outcomes(table.language, table.facts.path, table.labels, recognise_table(table.facts, table.samples, TODAY))
        ]
    )


def measure_database(url: str, dataset_file: Path) -> Result:
    """Explore the database and compare with the categories its dataset document declares. Reads only.

    Left out: tables and columns that the document or the database lacks, and fields whose every category is the pack's own, which no
    recogniser can know. A field of operations may also be recognised as `user.unique_id`: documents count keys as operations. Raises
    what `explore` and `load_dataset` raise.
    """
    dataset, _ = load_dataset(dataset_file.read_text(encoding="utf-8"), dataset_file.name)
    declared = _declared(dataset)
    found = explore(url, today=TODAY, recognise=recognise_table)
    return Result(
        [
            outcome
            for table in found.tables
            if table.path in declared
            for outcome in _outcomes(
                dataset_file.stem,
                table.path,
                {name: label for name, label in declared[table.path].items() if name in {column.name for column in table.columns}},
                found.verdicts[table.path],
            )
        ]
    )


def _outcomes(language: str, table: str, labels: Mapping[str, Label], verdicts: Iterable[Verdict]) -> list[Outcome]:
    by_label = {verdict.label: verdict for verdict in verdicts}
    return [Outcome(language, table, column, label, by_label.get(column)) for column, label in labels.items()]


def _declared(dataset: Dataset) -> dict[str, dict[str, Label]]:
    labels = {
        collection.name: {field.name: label for field in collection.fields if (label := _label(field)) is not None}
        for collection in dataset.collections
    }
    return {name: fields for name, fields in labels.items() if fields}


def _label(field: DatasetField) -> Label | None:
    if field.data_categories == [_OPERATIONS]:
        return Label((None, "user.unique_id"))
    known = tuple(str(category) for category in field.data_categories or () if category in KNOWN and category != _OPERATIONS)
    return Label(known) if known else None
