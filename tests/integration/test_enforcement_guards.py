"""What must be in order before the first change: caps, resolutions; and what each role cannot do, whatever it tries."""

from __future__ import annotations

import psycopg
import pytest
from simulators.lender import AS_OF, PACK, Lender, changed, differences, governed

from governance.errors import ApprovalMissing, CapExceeded, Refusal
from governance.run.resolve import resolve
from governance.samples.copying import connect


def pack(max_share: float = 1.0, max_rows: int = 500_000, share_from_rows: int = 0, mode: str = "resolution") -> str:
    text = changed(PACK, "max_share: 0.4", f"max_share: {max_share}")
    text = changed(text, "max_rows: 500000", f"max_rows: {max_rows}")
    text = changed(text, "share_from_rows: 200", f"share_from_rows: {share_from_rows}")
    return changed(text, "mode: resolution", f"mode: {mode}")


# -- caps ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("caps", "words"),
    [
        ({"max_rows": 20}, "would delete 21 of 34 rows of transactions; the pack allows 20 rows"),
        ({"max_share": 0.6, "share_from_rows": 3}, "would delete 21 of 34 rows of transactions; the pack allows 60%"),
        ({"max_share": 0.9}, "would delete 2 of 2 rows of access_log; the pack allows 90%"),
    ],
)
def test_a_cap_stops_the_run_before_the_first_change(lender: Lender, caps: dict[str, float], words: str) -> None:
    lender.dataset = governed(pack(**caps))  # type: ignore[arg-type]
    plan = lender.plan()
    lender.resolve("2026")  # a yearly resolution does not lift a cap
    before = lender.contents("public", "lethe_work")
    for attempt in (1, 2):
        with pytest.raises(CapExceeded, match=words):
            lender.enforce(plan, run_id=f"run-{attempt}")
        assert [event["body"]["reason"] for event in lender.events("run.refused")] == ["CapExceeded"] * attempt
    assert lender.contents("public", "lethe_work") == before
    assert lender.events("chunk.enforced", "enforcement.completed") == []
    assert lender.value("SELECT COALESCE(sum(cardinality(key_refs)), 0) FROM lethe.ledger") == 0
    lender.resolve(plan.digest)
    assert sum(result.changed for result in lender.enforce(plan)) == plan.rows


@pytest.mark.parametrize("caps", [{"max_rows": 21}, {"max_share": 0.6, "share_from_rows": 22}])
def test_a_step_up_to_the_cap_passes(lender: Lender, caps: dict[str, float]) -> None:
    lender.dataset = governed(pack(**caps))  # type: ignore[arg-type]
    plan = lender.plan()
    lender.resolve("2026")
    assert max(step.rows for step in plan.steps) == 21
    assert sum(result.changed for result in lender.enforce(plan)) == plan.rows


# -- resolutions --------------------------------------------------------------------------------------------------------------


def test_without_a_resolution_nothing_is_done(lender: Lender) -> None:
    plan, before = lender.plan(), lender.contents("public", "lethe_work")
    for attempt in (1, 2):
        with pytest.raises(ApprovalMissing, match=r"art\. 22 asks for a resolution; none covers plan [0-9a-f]{12} or policy 1\.0 in 2026"):
            lender.enforce(plan)
        assert [event["body"]["reason"] for event in lender.events("run.refused")] == ["ApprovalMissing"] * attempt
    assert lender.contents("public", "lethe_work") == before
    assert lender.value("SELECT COALESCE(sum(cardinality(key_refs)), 0) FROM lethe.ledger") == 0


def test_a_resolution_of_another_year_plan_policy_or_dataset_does_not_cover(lender: Lender) -> None:
    plan = lender.plan()
    lender.resolve("2025")
    lender.resolve("2027")
    lender.resolve("0" * 64)
    lender.resolve(plan.digest[:-1] + ("0" if plan.digest[-1] != "0" else "1"))
    own = lender.dataset
    lender.dataset = governed(changed(PACK, 'version: "1.0"', 'version: "1.1"'))
    lender.resolve("2026")
    lender.resolve(plan.digest)
    lender.dataset = own
    with connect(lender.server.url(lender.store_name)) as connection:
        connection.execute(
            "INSERT INTO resolution (dataset, policy_digest, scope, proposed_by, agreed_by, resolved_by, recorded_at)"
            " VALUES ('another', %s, '2026', 'a', 'b', 'c', now())",
            [plan.policy_digest],
        )
    with pytest.raises(ApprovalMissing):
        lender.enforce(plan)
    assert differences(lender.rows(), lender.rows()) == {}
    assert lender.events("chunk.enforced") == []


def test_the_year_is_the_controller_s(lender: Lender) -> None:
    # 31 December 22:30 UTC is the next year in Sofia.
    plan = lender.plan(as_of=AS_OF.replace(month=1, day=1, hour=0))
    assert plan.as_of_instant.astimezone(lender.dataset.zone).year == 2026
    lender.dataset = governed(pack(share_from_rows=1_000))
    early = lender.plan(as_of=AS_OF.replace(year=2026, month=1, day=1, hour=1))
    lender.resolve("2025")
    with pytest.raises(ApprovalMissing, match="in 2026"):
        lender.enforce(early)


@pytest.mark.parametrize(
    "people",
    [
        ("commission", "commission", "managers"),
        ("commission", " Commission ", "managers"),
        ("commission", "dpo", "DPO"),
        ("commission", "dpo", ""),
        ("", " ", "managers"),
    ],
)
def test_a_resolution_needs_three_people(lender: Lender, people: tuple[str, str, str]) -> None:
    names = dict(zip(("proposed_by", "agreed_by", "resolved_by"), people, strict=True))
    from simulators.lender import NOW

    with pytest.raises(Refusal, match="three different people"):
        resolve(lender.dataset, lender.database(), lender.registers(), scope="2026", now=NOW, run_id="r", **names)
    assert lender.events() == []
    assert "commission" not in lender.store_contents()


@pytest.mark.parametrize("scope", ["", "26", "20260", "2026 ", "2026\n", "z" * 64, "A" * 64, "0" * 63])
def test_a_scope_is_a_year_or_a_whole_digest(lender: Lender, scope: str) -> None:
    with pytest.raises(Refusal, match="expected a calendar year or a whole plan digest"):
        lender.resolve(scope)
    assert lender.events() == []


def test_automatic_mode_needs_no_resolution(lender: Lender) -> None:
    lender.dataset = governed(pack(share_from_rows=1_000, mode="automatic"))
    plan = lender.plan()
    assert sum(result.changed for result in lender.enforce(plan)) == plan.rows
    assert lender.events("resolution.recorded") == []


def test_automatic_mode_keeps_the_caps(lender: Lender) -> None:
    lender.dataset = governed(pack(max_rows=20, mode="automatic"))
    with pytest.raises(CapExceeded):
        lender.enforce(lender.plan())


# -- roles; what they could try against the evidence is in test_evidence_roles.py ---------------------------------------------

EVIDENCE = ("lethe.outbox", "lethe.ledger", "lethe.sealed")


def refused(url: str, statement: str) -> bool:
    with connect(url) as connection:
        try:
            connection.execute(statement.encode())
        except psycopg.errors.InsufficientPrivilege:
            return True
        connection.rollback()
        return False


@pytest.mark.slow
@pytest.mark.parametrize("role", ["lethe_sealer", "lethe_validator"])
def test_sealer_and_validator_write_nothing_of_the_lender(lender: Lender, role: str) -> None:
    lender.plan()
    url = lender.server.url(lender.name, role)
    tables = [name for name, _ in lender.contents("public", "lethe_work").items()]
    assert len(tables) > 18
    for table in tables:
        for statement in (f"DELETE FROM {table}", f"INSERT INTO {table} DEFAULT VALUES", f"TRUNCATE {table}", f"DROP TABLE {table}"):
            assert refused(url, statement), f"{role}: {statement}"
    assert refused(url, "CREATE TABLE public.x (y integer)")
    assert refused(url, "CREATE TABLE lethe.x (y integer)")


def test_the_sealer_reads_no_row_of_the_lender(lender: Lender) -> None:
    for table in lender.dataset.collections:
        assert refused(lender.server.url(lender.name, "lethe_sealer"), f"SELECT * FROM {table}")


def test_the_engine_cannot_add_or_truncate_rows_of_the_lender_nor_touch_ungoverned_tables(lender: Lender) -> None:
    for name, collection in lender.dataset.collections.items():
        refusals = [f"INSERT INTO {name} DEFAULT VALUES", f"TRUNCATE {name} CASCADE", f"ALTER TABLE {name} DISABLE TRIGGER ALL"]
        if not collection.governed:
            refusals += [f"DELETE FROM {name}", f"UPDATE {name} SET {collection.key[0]} = {collection.key[0]}"]
        for statement in refusals:
            assert refused(lender.engine, statement), statement
    assert [name for name, collection in lender.dataset.collections.items() if not collection.governed]


@pytest.mark.slow
@pytest.mark.parametrize("table", EVIDENCE)
@pytest.mark.parametrize("verb", ["UPDATE {} SET event_id = event_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_trigger_refuses_the_superuser_too(lender: Lender, table: str, verb: str) -> None:
    lender.plan()
    with lender.connect() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        connection.execute(verb.format(table).encode())
