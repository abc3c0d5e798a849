"""Stories of the credithelp policy told in a few rows, with the fate that a person reads out of the policy. The evaluator must agree.

This anchors the reference itself: test_calculus_sql.py shows only that SQL agrees with it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from governance.catalogue.resolve import govern
from governance.planning.evaluate import Evaluator, Fate, Standing
from governance.policy.calendar import start_of_day

GOVERNANCE = Path(__file__).resolve().parents[2] / "governance"
DATASET = govern(
    (GOVERNANCE / "catalogue/datasets/credithelp.yaml").read_text(encoding="utf-8"),
    "dataset.yaml",
    (GOVERNANCE / "policy/packs/credithelp.yaml").read_text(encoding="utf-8"),
    "pack.yaml",
)
NEW_YEAR = start_of_day(date(2026, 1, 1), DATASET.zone)  # 2025-12-31 22:00 UTC
DONE = date(2015, 1, 1)
OLD = datetime(2015, 1, 1, 12, tzinfo=UTC)


def evaluator(as_of: datetime = NEW_YEAR, **stories: dict[int, dict[str, Any]]) -> Evaluator:
    """Fields that a story does not tell are empty, but for personal ones, which hold something."""
    rows: dict[str, dict[Any, dict[str, Any]]] = {name: {} for name in DATASET.collections}
    for name, told in stories.items():
        collection = DATASET.collections[name]
        empty = {field: "x" if item.personal and item.data_type == "string" else None for field, item in collection.fields.items()}
        rows[name] = {key: {**empty, collection.key[0]: key, **row} for key, row in told.items()}
    return Evaluator(DATASET, rows, as_of)


PERSON = {1: {"inquiry_closed_on": DONE}}
APPLICATION = {1: {"client_id": 1, "submitted_at": OLD, "status": "contracted"}}


def contract(**told: Any) -> dict[str, Any]:
    return {"client_id": 1, "application_id": 1, "status": "repaid", "terminated_on": date(2020, 12, 31)} | told


def test_five_years_from_the_first_of_january() -> None:
    """Terminated in 2020: due on 1 January 2026, not a microsecond before; terminated on 1 January 2021: a year later."""
    early = NEW_YEAR.replace(hour=21, minute=59, second=59, microsecond=999_999)
    for as_of, ended, due in (
        (NEW_YEAR, date(2020, 12, 31), True),
        (early, date(2020, 12, 31), False),
        (NEW_YEAR, date(2021, 1, 1), False),
    ):
        story = evaluator(as_of, clients=PERSON, applications=APPLICATION, contracts={1: contract(terminated_on=ended)})
        verdict = story.row("contracts", 1)
        assert verdict.fate is (Fate.DEPERSONALISE if due else Fate.KEEP)
        # Accounting keeps the amount for ten years, so the row stays and loses what names the person.
        assert set(verdict.fields) == ({"contract_number", "iban"} if due else set())
        assert (story.row("clients", 1).fate is Fate.DEPERSONALISE) is due


def test_after_the_books_the_whole_row_goes() -> None:
    story = evaluator(clients=PERSON, applications=APPLICATION, contracts={1: contract(terminated_on=date(2015, 12, 31))})
    assert [story.row(name, 1).fate for name in ("contracts", "applications", "clients")] == [Fate.DELETE] * 3


def test_a_live_loan_keeps_the_identity_although_an_older_one_expired() -> None:
    contracts = {1: contract(terminated_on=date(2012, 5, 5)), 2: contract(status="active", terminated_on=None, application_id=2)}
    story = evaluator(clients=PERSON, applications={**APPLICATION, 2: APPLICATION[1]}, contracts=contracts)
    assert story.row("contracts", 1).fate is Fate.DELETE
    assert story.row("contracts", 2).fate is Fate.KEEP
    assert story.row("clients", 1).fate is Fate.KEEP


def test_a_reopened_contract_has_not_ended_whatever_its_date_says() -> None:
    story = evaluator(clients=PERSON, applications=APPLICATION, contracts={1: contract(status="active", terminated_on=date(2001, 1, 1))})
    assert story.row("contracts", 1).fate is Fate.KEEP
    standings = [verdict.standing for group in story.row("contracts", 1).groups for verdict in group.verdicts]
    assert standings == [Standing.NOT_STARTED, Standing.NOT_STARTED]


@pytest.mark.parametrize("ended", [None, date(1900, 1, 1), date(1949, 12, 31)])
def test_an_unknown_end_is_reported_and_never_due(ended: date | None) -> None:
    story = evaluator(
        datetime(2999, 1, 1, tzinfo=UTC), clients=PERSON, applications=APPLICATION, contracts={1: contract(terminated_on=ended)}
    )
    verdict = story.row("contracts", 1)
    assert {item.standing for group in verdict.groups for item in group.verdicts} == {Standing.UNKNOWN}
    assert verdict.fate is Fate.KEEP
    assert story.row("clients", 1).fate is Fate.KEEP


@pytest.mark.parametrize("holder", ["disputes", "authority_requests"])
def test_a_pending_matter_holds_everything_of_the_person_and_of_nobody_else(holder: str) -> None:
    people = {1: PERSON[1], 2: PERSON[1]}
    files = {n: {"client_id": n, "relation_status": "ended", "relation_ended_on": date(2015, 1, 1)} for n in (1, 2)}
    story = evaluator(clients=people, aml_files=files, **{holder: {1: {"client_id": 1, "opened_on": date(2025, 1, 1)}}})
    (group,) = story.row("aml_files", 1).groups
    assert [verdict.standing for verdict in group.verdicts] == [Standing.EXTENDED]
    assert story.row("aml_files", 1).fate is Fate.KEEP
    assert story.row("aml_files", 2).fate is Fate.DELETE
    assert story.row("clients", 2).fate is Fate.DELETE


def test_a_matter_that_ended_holds_no_longer() -> None:
    files = {1: {"client_id": 1, "relation_status": "ended", "relation_ended_on": date(2015, 1, 1)}}
    ended = {1: {"client_id": 1, "closed_on": date(2016, 1, 1), "obligation_on": date(2015, 6, 1)}}
    assert evaluator(clients=PERSON, aml_files=files, authority_requests=ended).row("aml_files", 1).fate is Fate.DELETE


def test_a_recording_goes_after_sixty_days_unless_a_named_incident_is_open() -> None:
    recorded = datetime(2025, 11, 1, 12, tzinfo=UTC)  # day 60 is 31 December 2025
    footage = {
        n: {"office_id": 1, "recorded_at": recorded, "frames": b"x", "incident_id": incident} for n, incident in ((1, None), (2, 1), (3, 2))
    }
    incidents = {1: {"opened_on": DONE, "closed_on": None}, 2: {"opened_on": DONE, "closed_on": DONE}}
    story = evaluator(offices={1: {}}, incidents=incidents, video_footage=footage)
    assert [story.row("video_footage", n).fate for n in (1, 2, 3)] == [Fate.DELETE, Fate.KEEP, Fate.DELETE]
    day_before = evaluator(datetime(2025, 12, 31, 12, tzinfo=UTC), offices={1: {}}, incidents=incidents, video_footage=footage)
    assert {day_before.row("video_footage", n).fate for n in (1, 2, 3)} == {Fate.KEEP}


def test_a_withdrawn_consent_goes_on_the_next_day() -> None:
    """art. 35(1) row 13: no legal duty to keep, erased at once."""
    consents = {
        1: {"client_id": 1, "withdrawn_at": datetime(2025, 12, 31, 21, 59, tzinfo=UTC)},
        2: {"client_id": 1, "withdrawn_at": datetime(2025, 12, 31, 22, 0, tzinfo=UTC)},
        3: {"client_id": 1, "withdrawn_at": None},
    }
    story = evaluator(clients={1: {}}, marketing_consents=consents)
    assert [story.row("marketing_consents", n).fate for n in (1, 2, 3)] == [Fate.DELETE, Fate.KEEP, Fate.KEEP]


def test_what_is_depersonalised_already_needs_no_more_work() -> None:
    token = "psn1." + "a" * 32
    story = evaluator(clients=PERSON, applications=APPLICATION, contracts={1: contract(contract_number=token, iban=None)})
    assert story.row("contracts", 1).fate is Fate.KEEP
    half = evaluator(clients=PERSON, applications=APPLICATION, contracts={1: contract(contract_number=token)})
    assert half.row("contracts", 1).fields == ("iban",)


def test_audit_files_count_from_their_reporting_year() -> None:
    story = evaluator(
        audit_files={1: {"reporting_year": 2015}, 2: {"reporting_year": 2016}, 3: {"reporting_year": 20_199}, 4: {"reporting_year": 0}}
    )
    assert [story.row("audit_files", n).fate for n in (1, 2, 3, 4)] == [Fate.DELETE, Fate.KEEP, Fate.KEEP, Fate.KEEP]


def test_rows_without_duties_are_nobodys_business() -> None:
    story = evaluator(offices={1: {}})
    assert story.row("offices", 1).fate is Fate.KEEP
    with pytest.raises(KeyError):
        story.row("offices", 2)
