"""Rules 8: what is paid for a special category, windows of features, fingerprints of time clocks, dates of birth and numbers of documents
behind a qualifier, and who decided by their logins. Each family with what looks like it and is something else."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from test_recognition_systems import TODAY, family

from governance.catalogue.inventory import ColumnFacts, ColumnKind, Sample, TableFacts
from governance.catalogue.recognition import recognise_table
from governance.catalogue.recognition.spelling import words_of
from governance.catalogue.verdict import Certainty, Verdict


def seen(table: str, column: str, kind: ColumnKind, values: Sequence[str] = (), *, beside: Sequence[str] = ()) -> Verdict:
    columns = (ColumnFacts(column, kind, kind.value, True), *(ColumnFacts(name, ColumnKind.TEXT, "text", True) for name in beside))
    return recognise_table(TableFacts(None, table, False, columns), {column: Sample(240, 0, tuple(values))}, TODAY)[0]


def sums() -> list[str]:
    rng = random.Random(8)  # noqa: S311 - a seed for invented sums
    return [f"{rng.uniform(1, 900):.2f}" for _ in range(240)]


@pytest.mark.parametrize(
    ("column", "wanted"),
    [
        ("donation_church_90d", "faith"),
        ("church_donations_last_6m", "faith"),
        ("mosque_90d_donations", "faith"),
        ("churchDonation30d", "faith"),
        ("tithe_12m", "faith"),
        ("дарение_църква_90d", "faith"),
        ("kirikumaks_12m", "faith"),
        ("trade_union_dues_12m", "union"),
        ("political_donations_last_12m", "party"),
        ("union_bank_payments_90d", "-"),
        ("third_party_payments_30d", "-"),
        ("customs_union_fee", "-"),
        ("grocery_spend_90d", "-"),
    ],
)
def test_different_sums_do_not_refute_what_is_paid_for(column: str, wanted: str) -> None:
    assert family(seen("feature_row", column, ColumnKind.NUMBER, sums())) == wanted


@pytest.mark.parametrize("column", ["church_donation_id", "church_fee_no", "religion_code", "church_90d"])
def test_different_numbers_still_refute_a_special_category(column: str) -> None:
    numbers = [str(number) for number in range(100_000, 100_240)]
    assert seen("feature_row", column, ColumnKind.INTEGER, numbers).certainty is Certainty.SUSPECTED


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("donation_church_90d", ("donation", "church")),
        ("spend_last_6m_gaming", ("spend", "gaming")),
        ("loginCount30d", ("login", "Count")),
        ("разход_12m", ("разход",)),
        ("past_30d_calls", ("calls",)),
        ("last_name", ("last", "name")),
        ("addr_2", ("addr",)),
        ("due_30_days", ("due", "days")),
        ("model_3d_file", ("model", "file")),
        ("NAM1D", ("NAM", "D")),
        ("d90", ("d",)),
        ("line1desc", ("line", "desc")),
    ],
)
def test_a_window_is_no_part_of_the_words(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("table", "column", "wanted"),
    [
        ("hr_employee", "clocking_fp", "body"),
        ("staff", "gate_fp", "body"),
        ("employees", "fp_enrolled_template", "body"),
        ("attendance", "fp", "body"),
        ("time_clock_users", "fp_data", "body"),
        ("terminal_users", "fp_tmpl_2", "body"),
        ("staff", "fp", "-"),
        ("quality_checks", "gate_fp", "-"),
        ("attendance", "fp_rate", "-"),
        ("model_runs", "fp", "-"),
        ("model_runs", "tp_fp", "-"),
        ("tariffs", "fp_price", "-"),
        ("loans", "fp_date", "-"),
        ("loans", "first_payment_fp", "-"),
        ("sessions", "browser_fp", "-"),
        ("sessions", "device_fp", "-"),
        ("clients", "client_fp", "-"),
        ("tls_hellos", "tls_fp", "-"),
    ],
)
def test_fp_is_a_fingerprint_beside_what_one_is_taken_for(table: str, column: str, wanted: str) -> None:
    assert family(seen(table, column, ColumnKind.BINARY)) == wanted


@pytest.mark.parametrize(
    ("column", "kind", "told"),
    [
        ("matched_dob", ColumnKind.DATE, True),
        ("verified_dob", ColumnKind.DATE, True),
        ("imported_birth_date", ColumnKind.DATE, True),
        ("dob_matched", ColumnKind.BOOLEAN, False),
        ("dob_match", ColumnKind.DATE, False),
        ("matched_dob", ColumnKind.BOOLEAN, False),
    ],
)
def test_a_date_of_birth_behind_a_qualifier_is_one(column: str, kind: ColumnKind, *, told: bool) -> None:
    assert (seen("screening_hit", column, kind).category == "user.demographic.date_of_birth") is told


@pytest.mark.parametrize(
    ("table", "column", "wanted"),
    [
        ("kyc_checks", "read_document_no", "id"),
        ("video_session", "read_document_no", "id"),
        ("identifications", "matched_doc_number", "id"),
        ("kyc_checks", "document_no_matched", "-"),
        ("kyc_checks", "document_read", "-"),
        ("invoices", "read_document_no", "-"),
        ("gl_postings", "exported_document_no", "-"),
        ("video_session", "video_url", "-"),
    ],
)
def test_the_number_of_a_document_behind_a_qualifier_is_one(table: str, column: str, wanted: str) -> None:
    assert family(seen(table, column, ColumnKind.TEXT)) == wanted


LOGINS = ["ivanova.p", "petrov2", "mstoyan", "g.koleva", "dimitrovb", "stoev.k", "nikolai.d", "hristova", "kk.admin"]


@pytest.mark.parametrize(("table", "column"), [("partners", "decided_by"), ("gl_entry", "posted_by"), ("partners", "reviewer")])
def test_who_did_something_goes_by_a_login(table: str, column: str) -> None:
    told = seen(table, column, ColumnKind.TEXT, LOGINS)
    assert (told.category, told.certainty) == ("user.account.username", Certainty.LIKELY)


def test_a_host_that_did_something_has_no_login() -> None:
    hosts = ["kukk.srv", "teder.app", "haug.db", "siil.web", "ilves.job", "karu.batch", "hunt.mail", "rebane.fs"]
    assert seen("exports", "exported_by_hostname", ColumnKind.TEXT, hosts).certainty is Certainty.SUSPECTED


def test_what_did_something_among_partners_is_nobody() -> None:
    ways = ["Penny Drop", "Open Banking", "By Hand", "None", "Call", "Visit", "Letter", "Portal", "Branch Office"]
    assert seen("partners", "verified_by", ColumnKind.TEXT, ways).certainty is Certainty.SUSPECTED
