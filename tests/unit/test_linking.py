"""References that nothing declares, told by names, types and shares of values; the subjects and the paths to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from proposal_support import SAMPLES, shipped, tables, verdict, verdicts

from governance.catalogue.inventory import ColumnFacts, ColumnKind, ForeignKeyFacts, TableFacts
from governance.catalogue.linking import Candidate, Link, candidates, circles, confirm, declared_links, links
from governance.catalogue.subjects import LONGEST_PATH, paths_to, subject_graph
from governance.catalogue.wording import alike

EMAIL, NAME, EGN = "user.contact.email", "user.name", "user.government_id.national_identification_number"


def table(name: str, *columns: str, key: str = "id", **facts: Any) -> TableFacts:
    """`column:kind`, an integer where no kind is named; `key` names the columns of the primary key."""
    parted = [column.partition(":") for column in columns]
    kinds = [(column, ColumnKind(kind or "integer")) for column, _, kind in parted]
    made = tuple(ColumnFacts(column, kind, kind.value, True) for column, kind in kinds)
    return TableFacts(facts.pop("schema", None), name, facts.pop("view", False), made, primary_key=tuple(key.split()), **facts)


def key(column: str, target: str, column_there: str = "id") -> ForeignKeyFacts:
    return ForeignKeyFacts((column,), target, (column_there,))


def found(*schema: TableFacts) -> set[tuple[str, str, str]]:
    return {(link.table, link.step, link.target) for link in links(schema)}


def references(sample: str) -> set[tuple[str, str, str]]:
    return {
        (item.name, field.name, reference.field)
        for item in shipped(sample)[0].collections
        for field in item.fields
        for reference in (field.fides_meta.references or () if field.fides_meta else ())
    }


def pairs(links_: tuple[Link, ...]) -> set[tuple[str, str, str]]:
    return {
        (link.table, own, f"{link.target}.{other}") for link in links_ for own, other in zip(link.columns, link.target_columns, strict=True)
    }


@pytest.mark.parametrize("sample", SAMPLES)
def test_sample_schemas_refer_as_their_datasets_say_also_where_no_foreign_key_does(sample: str) -> None:
    undeclared = references(sample) - pairs(declared_links(tables(sample)))
    assert len(undeclared) == (0 if sample == "credithelp" else 1)
    assert pairs(links(tables(sample))) == references(sample)


@pytest.mark.parametrize("sample", SAMPLES)
def test_without_any_foreign_key_names_alone_tell_the_same(sample: str) -> None:
    bare = tuple(replace(one, foreign_keys=()) for one in tables(sample))
    assert pairs(links(bare)) == references(sample)


@pytest.mark.parametrize(
    ("column", "target"),
    [
        ("client_id", "clients"),
        ("ClientId", "tbl_client"),
        ("clientid", "clients"),
        ("guarantor_client_id", "clients"),
        ("klient_id", "klienti"),
        ("id_klienta", "klienty"),
        ("kliendi_id", "kliendid"),
        ("kliendi_id", "Klient"),
        ("klient_id", "kliendid"),
        ("клиент_ид", "Клиенты"),
        ("id_klienta", "клиенты"),
        ("laenu_id", "laenud"),
        ("loan_application_id", "loan_applications"),
        ("company_id", "companies"),
        ("shart_id", "шарттар"),
    ],
)
def test_a_column_that_names_a_table_refers_to_it(column: str, target: str) -> None:
    assert found(table(target, "id"), table("visits", "id", column)) == {("visits", column, target)}


@pytest.mark.parametrize(
    ("column", "target"),
    [
        ("contract_id", "contractors"),
        ("case_id", "cash"),
        ("office_id", "offers"),
        ("partner_id", "parties"),
        ("id", "clients"),
        ("amount", "amounts_of_loans"),
        ("client_id:text", "clients"),
        ("client_id:date", "clients"),
        ("loan_no:text", "loans"),
    ],
)
def test_false_friends_and_other_kinds_refer_to_nothing(column: str, target: str) -> None:
    assert found(table(target, "id"), table("visits", "visit_no", column, key="visit_no")) == set()


def test_two_letters_more_are_another_word() -> None:
    assert alike("klient", "kliendi")
    assert not alike("contract", "contractor")
    assert not alike("case", "cash")


def test_a_row_may_refer_to_another_of_its_own_table() -> None:
    loans = table("loans", "id", "previous_loan_id", "parent_id", "refinanced_loan_id", "loan_number")
    assert found(loans) == {("loans", step, "loans") for step in ("previous_loan_id", "parent_id", "refinanced_loan_id")}


def test_a_composite_key_is_referred_to_by_all_its_columns_in_the_order_of_its_names() -> None:
    tranches = table("tranches", "loan_id", "line_no", key="loan_id line_no")
    payments = table("payments", "id", "line_no", "loan_id")
    assert found(table("loans", "id"), tranches, payments) == {
        ("tranches", "loan_id", "loans"),
        ("payments", "loan_id", "loans"),
        ("payments", "line_no+loan_id", "tranches"),
    }


def test_a_table_that_joins_two_others_is_not_referred_to_by_whoever_names_both() -> None:
    joins = table(
        "roles_of",
        "client_id",
        "branch_id",
        key="client_id branch_id",
        foreign_keys=(key("client_id", "clients"), key("branch_id", "branches")),
    )
    log = table("log", "id", "client_id", "branch_id")
    assert not any(target == "roles_of" for _, _, target in found(table("clients", "id"), table("branches", "id"), joins, log))


def test_what_stands_beside_a_row_refers_to_it_and_is_not_what_others_mean() -> None:
    clients, profiles = table("clients", "client_id", key="client_id"), table("client_profiles", "client_id", key="client_id")
    assert found(clients, profiles, table("visits", "id", "client_id")) == {
        ("client_profiles", "client_id", "clients"),
        ("visits", "client_id", "clients"),
    }


def test_declared_columns_are_not_guessed_again_and_views_take_no_part() -> None:
    visits = table("visits", "id", "client_id", foreign_keys=(key("client_id", "people"), key("client_id", "people")))
    view = table("client_list", "id", "client_id", view=True)
    assert [(link.target, link.declared) for link in links([table("people", "id"), table("clients", "id"), visits, view])] == [
        ("people", True)
    ]


def test_values_decide_between_names_and_never_make_a_link_alone() -> None:
    schema = [table("clients", "id"), table("employees", "id"), table("visits", "id", "payer_id", "rating")]
    by_target = {candidate.target: candidate for candidate in candidates(schema)}
    assert set(by_target) == {"clients", "employees"}  # `rating` holds small numbers, which stand in every key
    assert links(schema) == ()
    (link,) = links(schema, {by_target["clients"]: 1.0, by_target["employees"]: 0.31})
    assert (link.target, link.declared) == ("clients", False)
    assert link.confidence == pytest.approx(0.78)
    assert link.reasons[-1] == "values: 100 % stand there"


@pytest.mark.parametrize(
    ("share", "confidence"), [(None, 0.68), (1.0, 0.94), (0.98, 0.94), (0.93, 0.9), (0.6, 0.64), (0.49, None), (0.0, None)]
)
def test_the_share_of_values_there_raises_or_breaks_a_candidate(share: float | None, confidence: float | None) -> None:
    link = confirm(Candidate("visits", ("client_id",), "clients", ("id",), 0.85, "name: so"), share)
    assert (None if link is None else link.confidence) == pytest.approx(confidence)


def test_circles_are_told() -> None:
    borrower = table("borrower", "id", "current_loan_id", foreign_keys=(key("current_loan_id", "loan"),))
    loan = table("loan", "id", "borrower_id", "renews", foreign_keys=(key("borrower_id", "borrower"), key("renews", "loan")))
    branch = table("branch", "id", "parent_id", foreign_keys=(key("parent_id", "branch"),))
    assert set(circles(links([borrower, loan, branch, table("city", "id")]))) == {("borrower", "loan"), ("branch",)}


# -- subjects -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_subjects_of_the_samples_and_every_path_to_them_are_found(sample: str) -> None:
    bindings = shipped(sample)[1]
    graph = subject_graph(tables(sample), verdicts(sample), links(tables(sample)))
    assert graph.subjects == graph.persons[0].table == bindings.subjects
    bound = {name: item.subject for name, item in bindings.collections.items() if item.subject is not None}
    assert {name: way.path for name, way in graph.paths.items()} == bound


def test_guarantors_and_staff_are_persons_but_not_the_subjects() -> None:
    personal = (verdict("name", NAME), verdict("egn", EGN), verdict("mail", EMAIL))
    staff = table("employees", "id", "name:text", "egn:text", "mail:text")
    clients = table("clients", "id", "name:text", "egn:text", "manager_id", foreign_keys=(key("manager_id", "employees"),))
    loans = table("loans", "id", "client_id", foreign_keys=(key("client_id", "clients"),))
    guarantors = table("guarantors", "id", "loan_id", "name:text", "egn:text", "mail:text", foreign_keys=(key("loan_id", "loans"),))
    schema = [staff, clients, loans, guarantors]
    judged = {"employees": personal, "guarantors": personal, "clients": personal[:2], "loans": ()}
    graph = subject_graph(schema, judged, links(schema))
    assert [person.table for person in graph.persons] == ["clients", "employees", "guarantors"]
    assert {name: way.path for name, way in graph.paths.items()} == {
        "clients": "id",
        "loans": "client_id",
        "guarantors": "loan_id.client_id",
    }


def test_organisations_and_payments_with_a_name_are_no_persons() -> None:
    partners = table("partner_companies", "id", "company_name:text", "eik:text", "mail:text", "contact:text")
    payments = table("payments", "id", "payer:text")
    judged = {"partner_companies": (verdict("mail", EMAIL), verdict("contact", NAME)), "payments": (verdict("payer", NAME),)}
    graph = subject_graph([partners, payments], judged, ())
    assert (graph.subjects, graph.persons, dict(graph.paths)) == (None, (), {})


def test_subjects_need_a_key_of_one_column() -> None:
    people = table("people", "branch", "number", "name:text", "egn:text", key="branch number")
    graph = subject_graph([people], {"people": (verdict("name", NAME), verdict("egn", EGN))}, ())
    assert graph.subjects is None
    assert [person.table for person in graph.persons] == ["people"]


def link(from_: str, step: str, target: str, *, declared: bool = True) -> Link:
    return Link(from_, (step,), target, ("id",), declared, 1.0 if declared else 0.7, ())


def test_of_equally_short_paths_the_declared_one_is_taken() -> None:
    ways = [
        link("payments", "loan", "loans", declared=False),
        link("payments", "case", "cases"),
        link("loans", "client", "clients"),
        link("cases", "client", "clients"),
    ]
    assert paths_to("clients", ways)["payments"].path == "case.client"
    assert paths_to("clients", [*ways, link("payments", "payer", "clients", declared=False)])["payments"].path == "payer"


def test_a_path_ends_after_a_few_references_and_circles_end_nowhere() -> None:
    chain = [link(f"t{n + 1}", "up", f"t{n}") for n in range(LONGEST_PATH + 2)]
    ways = paths_to("t0", [*chain, link("t0", "down", "t3"), link("t2", "self", "t2")])
    assert list(ways) == [f"t{n}" for n in range(1, LONGEST_PATH + 1)]
    assert ways["t3"].path == "up.up.up"


def test_of_two_references_named_alike_a_path_goes_over_the_first() -> None:
    both = [link("visits", "who", "people"), link("visits", "who", "clients")]
    assert paths_to("clients", both) == {}
    assert set(paths_to("people", both)) == {"visits"}
