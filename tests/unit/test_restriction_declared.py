"""How a dataset declares view and flag, and which marks a decision asks for: what fits is taken, each misfit named by its place."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from simulators.lender import DATASET, changed, governed

from governance.errors import DocumentError
from governance.planning.holds import HoldKind
from governance.planning.marks import Mark, Meaning, objecting, objections_of
from governance.policy.rights import RequestKind
from governance.requests.decision import Decision, Outcome, Ruling
from governance.requests.marking import Wanted, wanted_marks

DECLARED = "restriction: {view: lethe_marks.persons}"
FIELD = "          - {name: first_name,"


def declared(
    restriction: str, field: str = "{name: is_restricted, data_categories: [system.operations], fides_meta: {data_type: boolean}}"
) -> str:
    text = changed(DATASET, DECLARED, f"restriction: {restriction}")
    return changed(text, FIELD, f"          - {field}\n{FIELD}")


def test_view_and_flag_are_taken_as_declared_and_none_where_nothing_is() -> None:
    both = governed(dataset=declared("{view: seen.by_others, flag: is_restricted}"))
    assert (both.restriction_view, both.restriction_flag) == (("seen", "by_others"), "is_restricted")
    neither = governed(dataset=changed(DATASET, f"  {DECLARED}\n", ""))
    assert (neither.restriction_view, neither.restriction_flag) == (None, None)


@pytest.mark.parametrize(
    ("restriction", "field", "place"),
    [
        ("{view: persons}", None, "bindings.restriction.view"),
        ("{view: public.persons}", None, "bindings.restriction.view"),
        ("{view: lethe.persons}", None, "bindings.restriction.view"),
        ("{view: pg_x.persons}", None, "bindings.restriction.view"),
        ('{view: "a.b; DROP TABLE clients"}', None, "bindings.restriction.view"),
        ("{flag: nothing}", None, "bindings.restriction.flag"),
        ("{flag: client_id}", None, "bindings.restriction.flag"),
        ("{flag: egn}", None, "bindings.restriction.flag"),
        (
            "{flag: personal}",
            "{name: personal, data_categories: [user.demographic], fides_meta: {data_type: boolean}}",
            "bindings.",
        ),
        ("{flags: x}", None, "bindings.restriction.flags"),
    ],
)
def test_what_is_declared_wrongly_is_refused_by_its_place(restriction: str, field: str | None, place: str) -> None:
    text = declared(restriction, *([field] if field else []))
    with pytest.raises(DocumentError) as refused:
        governed(dataset=text)
    assert place in str(refused.value)


def ruling(outcome: Outcome, collection: str, ground: str = "", until: str | None = None, purposes: tuple[str, ...] = ()) -> Ruling:
    fields = () if outcome is Outcome.STOP else ("f",)
    return Ruling("d", collection, fields, (), outcome, 1, "c", f"clause of {collection}", ground, purposes, until)


def decision(kind: RequestKind, *rulings: Ruling) -> Decision:
    return Decision(UUID(int=7), kind, "c", "1", "a" * 64, "2026-03-02", "partly", rulings, (), {})


def test_the_marks_of_a_decision_follow_from_its_rulings() -> None:
    erasure = decision(
        "erasure",
        ruling(Outcome.ERASE, "offers"),
        ruling(Outcome.KEEP, "books", "GDPR 17(3)(b)", "2031-01-01"),
        ruling(Outcome.KEEP, "papers", "GDPR 17(3)(b)", "2031-01-01"),
        ruling(Outcome.KEEP, "ended", "GDPR 6(1)(b)", "2029-01-01"),  # of a contract that is over
        ruling(Outcome.KEEP, "running", "GDPR 6(1)(b)"),
        ruling(Outcome.KEEP, "running", "GDPR 17(3)(b)"),  # of the same rows, which are in use
        ruling(Outcome.HOLD, "disputed"),
    )
    assert wanted_marks(erasure, "d") == (
        Wanted(Meaning.RESTRICTED, (), ("ended",), "clause of ended", date(2029, 1, 1)),
        Wanted(Meaning.RESTRICTED, (), ("books", "papers"), "clause of books; clause of papers", date(2031, 1, 1)),
    )
    assert wanted_marks(erasure, "another") == ()
    stopped = ruling(Outcome.STOP, "", purposes=("marketing",))
    objection = decision("objection", stopped, ruling(Outcome.KEEP, "books", "GDPR 17(3)(b)", "2031-01-01"))
    assert wanted_marks(objection, "d") == (Wanted(Meaning.OBJECTED, ("marketing",), (), "clause of ", None),)
    for kind, hold in (("restriction", HoldKind.RESTRICTION), ("blocking", HoldKind.STATUTORY_BLOCKING)):
        all_of_it = decision(kind, ruling(Outcome.RESTRICT, "clients"), ruling(Outcome.RESTRICT, "loans"))  # type: ignore[arg-type]
        assert wanted_marks(all_of_it, "d") == (Wanted(Meaning.RESTRICTED, (), (), "clause of clients", None, hold),)


def test_an_objection_ends_what_the_pack_lets_end_for_its_purposes_and_nothing_else() -> None:
    pack, request = governed().pack, str(UUID(int=7))
    mark = Mark(request, "1", Meaning.OBJECTED, "objection", ("marketing",), (), "GDPR 21(3)", None, request)
    restricted = Mark(request, "2", Meaning.RESTRICTED, "restriction", (), (), "GDPR 18", None, request)
    standing = objecting([mark, restricted])
    assert standing == {"1": (("objection", ("marketing",)),)}
    assert objections_of(pack, standing["1"]).keys() == {"marketing"}
    assert objections_of(pack, [("objection", ("lending",)), ("restriction", ("marketing",)), ("objection", ())]) == {}
