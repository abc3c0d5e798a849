"""Copies: what a dataset may say of them, until when they hold what was erased, and what the check makes of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from policy_support import Change, governed

from governance.catalogue.closed_world import still_stands
from governance.catalogue.copies import Copy, last_gone
from governance.catalogue.copies_check import copy_findings
from governance.catalogue.findings import WHOLE, Finding, FindingKind, Gravity
from governance.catalogue.remarks import Gravity as Weight
from governance.catalogue.remarks import Remark
from governance.errors import DocumentError
from governance.run.check import check_policy

SOFIA = ZoneInfo("Europe/Sofia")
BACKUP = {"kind": "backup", "deletion": "expires", "retention": "P14D", "place": "vault", "country": "EE", "owner": "operations"}


def copies(**items: dict[str, Any]) -> Change:
    return lambda document: document["bindings"].__setitem__("copies", items)


def a_copy(**values: Any) -> Copy:
    """A copy as the document says it; None leaves a key out."""
    found = governed(in_dataset=copies(it={key: value for key, value in {**BACKUP, **values}.items() if value is not None})).copies
    assert found is not None
    return found[0]


def at(text: str, zone: ZoneInfo = SOFIA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("retention", "erased", "gone_on"),
    [
        ("P14D", "2026-03-01T03:00", "2026-03-16"),  # made on the first, kept up to the end of the 15th
        ("P0D", "2026-03-01T03:00", "2026-03-02"),
        ("P1M", "2026-01-31T03:00", "2026-03-01"),  # 28 February is the last day
        ("P1Y", "2024-02-29T23:59", "2025-03-01"),
        ("P1D", "2026-03-28T23:30", "2026-03-30"),  # the night in which clocks are put forward
        ("PT6H", "2026-03-01T03:00", "2026-03-02"),
        ("PT6H", "2026-03-01T20:00", "2026-03-03"),  # two in the morning of the second
        ("PT24H", "2026-03-29T00:00", "2026-03-31"),  # a day of 23 hours: one in the morning of the 30th
        ("PT24H", "2026-03-10T00:00", "2026-03-11"),  # at the very first instant of the 11th
        ("P9999Y", "2026-03-01T03:00", "9999-12-31"),
    ],
)
def test_the_day_without_it_is_exact(retention: str, erased: str, gone_on: str) -> None:
    assert a_copy(retention=retention).gone_on(at(erased), SOFIA) == date.fromisoformat(gone_on)


def test_the_day_is_the_controllers() -> None:
    erased = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)  # half past one of the second in Almaty
    assert a_copy().gone_on(erased, ZoneInfo("Asia/Almaty")) == date(2026, 3, 17)
    assert a_copy().gone_on(erased, ZoneInfo("UTC")) == date(2026, 3, 16)


def test_a_naive_time_is_a_guess() -> None:
    with pytest.raises(ValueError, match="naive"):
        a_copy().gone_on(datetime(2026, 3, 1), SOFIA)  # noqa: DTZ001


def test_a_replica_follows_at_once_or_lags() -> None:
    follows = {"kind": "replica", "deletion": "follows"}
    assert a_copy(**follows, retention=None).gone_on(at("2026-03-01T03:00"), SOFIA) == date(2026, 3, 2)
    assert a_copy(**follows, retention="PT1H").gone_on(at("2026-03-01T23:30"), SOFIA) == date(2026, 3, 3)


def test_the_last_of_several_decides_and_one_that_never_ends_decides_for_all() -> None:
    assert last_gone([date(2026, 3, 2), date(2026, 3, 16)]) == date(2026, 3, 16)
    assert last_gone([date(2026, 3, 2), None]) is None
    assert a_copy(retention="unbounded").gone_on(at("2026-03-01T03:00"), SOFIA) is None


def test_it_holds_all_collections_or_those_it_names() -> None:
    assert a_copy().collections == {"people", "loans"}
    assert a_copy(holds=["loans"]).collections == {"loans"}


@pytest.mark.parametrize(
    ("values", "place", "expected"),
    [
        ({"retention": None}, "bindings.copies.it", "retention, as an ISO 8601 period or unbounded, where deletion is expires"),
        ({"retention": None, "deletion": "on-request"}, "bindings.copies.it", "where deletion is on-request"),
        ({"retention": "a month"}, "bindings.copies.it.retention", "an ISO 8601 period"),
        ({"retention": 30}, "bindings.copies.it.retention", "an ISO 8601 period such as P30D or PT6H, or unbounded, not 30"),
        ({"deletion": "follows"}, "bindings.copies.it", "deletion expires or on-request for a backup"),
        ({"kind": "replica", "deletion": "follows", "retention": "unbounded"}, "bindings.copies.it", "may lag behind"),
        ({"kind": "tape"}, "bindings.copies.it.kind", "'backup'"),
        ({"holds": []}, "bindings.copies.it.holds", ""),
        ({"holds": ["people", "gone"]}, "bindings.copies.it.holds.1", "a collection of the dataset, or `holds: all`"),
        ({"owner": "The Boss"}, "bindings.copies.it.owner", ""),
        ({"place": " "}, "bindings.copies.it.place", ""),
        ({"country": "Estonia"}, "bindings.copies.it.country", ""),
        ({"days": 3}, "bindings.copies.it", ""),
    ],
)
def test_what_says_nothing_of_its_end_is_refused(values: dict[str, Any], place: str, expected: str) -> None:
    with pytest.raises(DocumentError) as caught:
        a_copy(**values)
    assert caught.value.file == "data.yaml"
    assert caught.value.path.startswith(place)
    assert expected in str(caught.value)


def test_a_copy_needs_a_name() -> None:
    with pytest.raises(DocumentError, match=r"bindings\.copies"):
        governed(in_dataset=lambda document: document["bindings"].__setitem__("copies", {"Nightly Backup": BACKUP}))


# -- the check ----------------------------------------------------------------------------------------------------------------------------


def remarks(in_dataset: Change, in_pack: Change = lambda document: None) -> list[Remark]:
    dataset = governed(in_pack, in_dataset)
    return [remark for remark in check_policy(dataset.pack, [dataset]).remarks if "copies" in remark.place]


def test_no_word_of_copies_is_a_warning_and_no_copies_are_none() -> None:
    (said,) = remarks(lambda document: document["bindings"].pop("copies"))
    assert (said.gravity, said.place) == (Weight.WARNING, "small: copies")
    assert "no copies are declared" in said.text
    assert remarks(copies()) == []


def test_a_copy_within_the_tolerance_is_shown_and_nothing_more() -> None:
    text = "backup of all collections at vault (EE); expires after P14D; operations answers for it"
    assert remarks(copies(it=BACKUP)) == [Remark(Weight.NOTE, "small: copies.it", "declared", text)]


def test_a_copy_that_outlives_the_last_lawful_day_is_told_to_the_hour() -> None:
    # 49 h until the slowest run is through, and 30 days tolerated at their shortest, 719 h: 27 days fit (49 + 649), 28 do not (49 + 673).
    assert [remark.gravity for remark in remarks(copies(it={**BACKUP, "retention": "P27D"}))] == [Weight.NOTE]
    late, _ = remarks(copies(it={**BACKUP, "retention": "P28D"}))
    assert late.gravity is Weight.WARNING
    assert late.clause == "8.1; 8.2; 4.2"
    assert "P28D may outlive the last lawful day of loans, decisions, consents, by up to 3 h of loans" in late.text


def test_only_classes_at_work_in_what_it_holds_are_outlived() -> None:
    late, _ = remarks(copies(it={**BACKUP, "retention": "P60D", "holds": ["loans"]}))
    assert "the last lawful day of loans, by up to" in late.text


def test_a_reason_makes_it_a_note() -> None:
    late, _ = remarks(copies(it={**BACKUP, "retention": "P60D", "outlives_because": "locked away"}))
    assert late.gravity is Weight.NOTE
    assert late.text.endswith("because: locked away")


def test_an_unbounded_copy_fails_the_check_and_the_night() -> None:
    change = copies(it={**BACKUP, "retention": "unbounded", "outlives_because": "nobody dares"})
    assert remarks(change)[0].gravity is Weight.ERROR
    dataset = governed(in_dataset=change)
    (found,) = copy_findings(dataset)
    assert found == Finding(FindingKind.UNBOUNDED_COPY, WHOLE, "it", 0)
    assert found.gravity is Gravity.GRAVE
    assert not still_stands(governed(), found)  # the documents are asked anew, not the register


def test_a_copy_where_data_may_not_be_stored_fails_the_check() -> None:
    wrong = remarks(copies(it={**BACKUP, "country": "US"}))[0]
    assert (wrong.gravity, wrong.clause) == (Weight.ERROR, "3.4")
    assert wrong.text == "lies in US, and data may be stored in EE"
    assert [remark.gravity for remark in remarks(copies(it={**BACKUP, "country": "US"}), lambda document: document.pop("residency"))] == [
        Weight.NOTE
    ]
