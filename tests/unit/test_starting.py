"""Which dates may start a period: names of ends before names of beginnings, in five languages and as transliterated."""

from __future__ import annotations

import pytest
from proposal_support import SAMPLES, shipped, tables

from governance.catalogue.inventory import ColumnFacts, ColumnKind, TableFacts
from governance.catalogue.linking import Link, links
from governance.catalogue.starting import starts, starts_elsewhere, states
from governance.catalogue.starting_words import Event
from governance.policy.calendar import StartKind

OWN_LOOKED_AT, ELSEWHERE_LOOKED_AT, GOAL = 3, 6, 0.9


def dated(*names: str, kind: ColumnKind = ColumnKind.DATE, type_text: str = "date") -> TableFacts:
    return TableFacts(None, "things", False, tuple(ColumnFacts(name, kind, type_text, True) for name in names), primary_key=("id",))


def test_start_events_of_the_shipped_bindings_rank_among_the_candidates() -> None:
    asked, missed = 0, []
    for sample in SAMPLES:
        facts = {table.path: table for table in tables(sample)}
        for name, item in shipped(sample)[1].collections.items():
            own = starts(facts[name])[:OWN_LOOKED_AT]
            elsewhere = starts_elsewhere(facts[name], facts, links(tuple(facts.values())))[:ELSEWHERE_LOOKED_AT]
            ranked = {start.path: start.kind for start in (*own, *elsewhere)}
            for duty in item.duties:
                asked += 1
                if ranked.get(duty.start) is not duty.start_kind:
                    missed.append(f"{sample} {name}: {duty.start}")
    print(f"{asked - len(missed)} of {asked} start events; missed:", *missed, sep="\n  ")
    assert asked > 150
    assert len(missed) <= (1 - GOAL) * asked, missed


@pytest.mark.parametrize("sample", SAMPLES)
def test_states_that_the_shipped_bindings_read_are_told(sample: str) -> None:
    facts = {table.path: table for table in tables(sample)}
    bindings = shipped(sample)[1]
    for name, item in bindings.collections.items():
        conditions = [duty.not_started_when for duty in item.duties if duty.not_started_when is not None]
        paths = {path for condition in conditions for path in condition.paths() if "." not in path}
        columns = {path for path in paths if facts[name].column(path).kind is ColumnKind.TEXT}
        assert columns <= set(states(facts[name])), name


@pytest.mark.parametrize(
    ("end", "other"),
    [
        ("closed_at", "opened_at"),
        ("terminated_on", "signed_on"),
        ("date_ended", "created"),
        ("PaidOffDate", "DisbursedDate"),
        ("relationended", "relationbegan"),
        ("withdrawn_at", "given_at"),
        ("data_na_prekratyavane", "data_na_sklyuchvane"),
        ("дата_на_погасяване", "дата_на_отпускане"),
        ("оттеглено_на", "дадено_на"),
        ("приключен_на", "обновен_на"),
        ("дата_закрытия", "дата_выдачи"),
        ("data_pogasheniya", "data_podpisaniya"),
        ("отозвано", "создано"),
        ("аяқталған_күні", "басталған_күні"),
        ("жабылды", "ашылды"),
        ("lõppkuupäev", "alguskuupäev"),
        ("suletud", "avatud"),
        ("lopetatud_kp", "solmitud_kp"),
        ("tagasi_võetud", "muudetud"),
    ],
)
def test_ends_come_before_beginnings_and_upkeep(end: str, other: str) -> None:
    assert [start.path for start in starts(dated(other, end))] == [end, other]


def test_a_log_starts_when_it_was_recorded_and_what_is_only_planned_comes_last() -> None:
    ranked = starts(
        dated("updated_at", "planned_end", "recorded_at", "something", kind=ColumnKind.INSTANT, type_text="timestamp with time zone")
    )
    assert [start.path for start in ranked] == ["recorded_at", "planned_end", "something", "updated_at"]
    assert {start.kind for start in ranked} == {StartKind.INSTANT}
    assert ranked[0].reasons == (f"name: 'recorded' speaks of {Event.RECORD.value}",)
    assert ranked[1].reasons[-1] == f"'planned' of {Event.EXPECTATION.value} only"


def test_birth_dates_and_the_validity_of_documents_start_nothing() -> None:
    assert starts(dated("birth_date", "data_rozhdeniya", "sünniaeg", "passport_expires_on", "id_card_issued")) == ()


def test_an_instant_without_a_zone_says_that_nothing_can_be_computed_over_it() -> None:
    (start,) = starts(dated("closed_at", kind=ColumnKind.INSTANT, type_text="timestamp without time zone"))
    assert "without a time zone" in start.reasons[-1]


def test_years_of_accounts_count_and_other_numbers_do_not() -> None:
    ranked = starts(
        dated("reporting_year", "otchetna_godina", "majandusaasta", "birth_year", "year_built", "closed", kind=ColumnKind.INTEGER)
    )
    assert [(start.path, start.kind) for start in ranked] == [
        (name, StartKind.YEAR) for name in ("reporting_year", "otchetna_godina", "majandusaasta")
    ]


def test_what_references_lead_to_is_told_by_its_path_and_only_as_far_as_it_is_likely() -> None:
    loans = TableFacts(
        None, "loans", False, (ColumnFacts("ended", ColumnKind.DATE, "date", True), ColumnFacts("signed", ColumnKind.DATE, "date", False))
    )
    payments = TableFacts(None, "payments", False, (ColumnFacts("loan", ColumnKind.INTEGER, "integer", False),))
    way = Link("payments", ("loan",), "loans", ("id",), True, 1.0, ())
    (start,) = starts_elsewhere(
        payments, {"loans": loans, "payments": payments}, [way, Link("loans", ("p",), "payments", ("id",), True, 1.0, ())]
    )
    assert (start.path, start.nullable, start.reasons[-1]) == ("loan.ended", True, "of 'loans'")
    assert start.score < starts(loans)[0].score


def test_states_are_states_not_marital_ones() -> None:
    columns = ("status", "MaritalState", "лоан_статус", "seisund", "sostoyanie", "statuses_seen_on", "telefon_za_kontakt")
    table = TableFacts(None, "t", False, tuple(ColumnFacts(name, ColumnKind.TEXT, "text", True) for name in columns))
    assert states(table) == ("status", "лоан_статус", "seisund", "sostoyanie", "statuses_seen_on")
    assert states(dated("status")) == ()
