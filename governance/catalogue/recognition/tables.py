"""Every column of a table judged, documents by their paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from governance.catalogue.inventory import ColumnFacts, ColumnKind, ColumnProfile, Sample, TableFacts
from governance.catalogue.recognition import documents, surroundings
from governance.catalogue.recognition.judging import judge
from governance.catalogue.recognition.naming import hint
from governance.catalogue.recognition.people import parts_of
from governance.catalogue.recognition.spelling import key, stems
from governance.catalogue.recognition.surroundings import Surroundings
from governance.catalogue.recognition.values import look
from governance.catalogue.recognition.vocabulary import words_in
from governance.catalogue.verdict import Verdict

_NUMBERED = (ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.UUID)  # keys of such types number rows and mean nothing else
_UNSEEN = Sample(0, 0, ())


def recognise(profile: ColumnProfile, today: date) -> Verdict:
    """The verdict on one column or path by itself: by its name, its table's name, its type and its sampled values. `today` decides which
    birth dates can be. Does not look into documents."""
    try:
        return _recognise(profile, surroundings.of_name(profile.table), today)
    finally:
        _forget()


def recognise_table(table: TableFacts, samples: Mapping[str, Sample], today: date) -> tuple[Verdict, ...]:
    """A verdict on every column, in their order, after a column of documents one on each path in them. Sees the columns together: what
    stands beside a birth date is a person's. A column without a sample is judged by name."""
    around = surroundings.of_table(table)
    keys = {name for one in table.foreign_keys for name in one.columns}
    keys |= {column.name for column in table.columns if column.name in table.primary_key and column.kind in _NUMBERED}
    try:
        return tuple(
            verdict
            for column in table.columns
            for verdict in _column(table, column, samples.get(column.name, _UNSEEN), replace(around, key=column.name in keys), today)
        )
    finally:
        _forget()


def _forget() -> None:
    """What was worked out about values is kept no longer than the table they came from."""
    for worked_out in (key, stems, parts_of, words_in):
        worked_out.cache_clear()


def _column(table: TableFacts, column: ColumnFacts, sample: Sample, around: Surroundings, today: date) -> Iterator[Verdict]:
    whole = ColumnProfile(table.path, column, sample)
    if not _holds_documents(column, sample):
        yield _recognise(whole, around, today)
        return
    yield _recognise(replace(whole, sample=_UNSEEN), around, today)
    told: dict[str, Verdict] = {}
    for profile, path in documents.profiles(table.path, column, sample):
        verdict = replace(_recognise(profile, around, today), label=replace(profile, path=path).label)
        # Paths whose keys are not told may end under one label: the surest of them stands for all.
        if verdict.label not in told or told[verdict.label].score < verdict.score:
            told[verdict.label] = verdict
    yield from told.values()


def _holds_documents(column: ColumnFacts, sample: Sample) -> bool:
    if column.kind in (ColumnKind.JSON, ColumnKind.ARRAY):
        return any(map(documents.is_document, sample.values[:20]))
    some = sample.values[:20]
    return column.kind in (ColumnKind.TEXT, ColumnKind.OTHER) and len(some) > 0 and all(map(documents.is_document, some))


def _recognise(profile: ColumnProfile, around: Surroundings, today: date) -> Verdict:
    named = [step for step in profile.path if step != "*"]
    if profile.path:
        around = surroundings.under((profile.column.name, *named[:-1]) if named else (), around)
    spoken = hint(profile.name, profile.column, around)
    return judge(profile, spoken, look(profile.sample, profile.column.kind, today), around)
