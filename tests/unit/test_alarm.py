"""The alarm over runs that find rows due and change none: when it is raised, what it says, when it ends."""

from __future__ import annotations

from policy_support import governed

from governance.catalogue.findings import Finding, FindingKind, Gravity
from governance.run.alarm import Attempted, judge

DATASET = governed()


def run(due: int = 5, changed: int = 0, ended: str = "done", **skipped: int) -> Attempted:
    return Attempted({"loans": due}, {"loans": changed}, {"loans": skipped}, ended)


def judged(*runs: Attempted) -> list[Finding]:
    return list(judge(DATASET, runs))


def test_rows_due_and_none_changed_is_grave_with_its_reasons_counted() -> None:
    (found,) = judged(run(7, held=4, changed_since=3), run(5, held=5), run(2, ended="CapExceeded"))
    assert (found.kind, found.collection, found.rows, found.gravity) == (FindingKind.NOTHING_CHANGED, "loans", 7, Gravity.GRAVE)
    assert found.detail == (
        "3 runs in a row found rows due and changed none; skipped: 3 changed_since, 9 held; "
        "runs ended: CapExceeded (1), done (2); data-protection-officer answers for it"
    )


def test_one_row_changed_in_any_of_them_ends_it() -> None:
    for at in range(3):
        runs = [run(5, changed=1 if n == at else 0) for n in range(3)]
        assert judged(*runs) == []


def test_a_run_without_rows_due_ends_it() -> None:
    assert judged(run(5), run(0), run(5)) == []
    assert judged(Attempted({}, {}, {}, "done"), run(5), run(5)) == []


def test_rows_skipped_again_and_again_are_a_warning_although_others_are_changed() -> None:
    (found,) = judged(run(9, changed=6, held=3), run(9, changed=8, held=1), run(9, changed=7, held=2))
    assert (found.kind, found.rows, found.gravity) == (FindingKind.SKIPPED_AGAIN, 3, Gravity.WARNING)
    assert found.detail == "each of 3 runs in a row skipped rows, 1 at least: 6 held; data-protection-officer answers for it"
    assert judged(run(9, changed=6, held=3), run(9, changed=9), run(9, changed=7, held=2)) == []


def test_collections_do_not_hide_each_other() -> None:
    def both(changed: int) -> Attempted:
        return Attempted({"loans": 5, "people": 5}, {"loans": 0, "people": changed}, {}, "done")

    assert [item.collection for item in judged(both(1), both(1))] == ["loans"]
    assert [item.collection for item in judged(both(0), both(0))] == ["loans", "people"]
