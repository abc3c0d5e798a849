"""A lender of two persons, small enough to be enforced hundreds of times, and what must hold of it wherever a run was struck."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

from simulators.lender import Lender, differences, make_lender, same_ids

from embedded.postgres import EmbeddedPostgres
from governance.planning.plan import Plan
from governance.pseudonym.tokens import is_token

CHUNKS = 8

SHRINK = (
    "DELETE FROM transactions WHERE contract_id NOT IN (SELECT contract_id FROM contracts WHERE client_id = 3)",
    "DELETE FROM transactions WHERE transaction_id NOT IN (SELECT transaction_id FROM transactions ORDER BY 1 LIMIT 3)",
    "DELETE FROM accounting_entries",
    "DELETE FROM tax_documents",
    "DELETE FROM aml_files",
    "DELETE FROM nssi_reports",
    "DELETE FROM video_footage",
    "DELETE FROM access_log",
    "DELETE FROM job_applicants",
    "DELETE FROM disputes",
    "DELETE FROM contracts WHERE client_id <> 3",
    "DELETE FROM applications WHERE client_id <> 3",
    "DELETE FROM clients WHERE client_id NOT IN (3, 13)",
)


def handful(server: EmbeddedPostgres, home: Path) -> tuple[Lender, Plan]:
    """A lender of two clients, of whom one is pseudonymised and one deleted, and an approved plan of eight chunks."""
    lender = make_lender(server, home, tiny=True)
    for statement in SHRINK:
        lender.ask(statement)
    plan = lender.approved_plan(chunk_size=2)
    assert [(step.collection, step.action.value, step.rows) for step in plan.steps] == [
        ("transactions", "delete", 3),
        ("clients", "delete", 1),
        ("contracts", "pseudonymise", 1),
        ("applications", "nullify", 1),
        ("clients", "nullify", 1),
        ("clients", "pseudonymise", 1),
        ("clients", "pseudonymise", 1),
    ]
    return lender, plan


def check_whole_chunks(lender: Lender, plan: Plan, before: dict[str, Any]) -> int:
    """Whatever happened, whole chunks are done or not done. Returns how many are."""
    chunks = lender.events("chunk.enforced")
    same_ids(chunks)
    ledger = lender.ask("SELECT event_id::text, cardinality(key_refs) FROM lethe.ledger")
    assert dict(ledger) == {event["event_id"]: event["body"]["changed"] for event in chunks if event["body"]["changed"]}
    expected: dict[str, dict[str, Any]] = {}
    for event in chunks:
        body = event["body"]
        fields = None if body["action"] == "delete" else set(body["fields"])
        for key, now in changed_by(lender, plan, body, before).items():
            known = expected.setdefault(body["collection"], {}).get(key, set())
            assert known is not None
            expected[body["collection"]][key] = None if fields is None else known | now
    found = differences(before, lender.rows())
    assert found == {table: rows for table, rows in expected.items() if rows}
    for row in lender.rows()["clients"].values():
        # The names of one person are tokens together: they share a chunk.
        assert is_token(row["first_name"]) is is_token(row["last_name"])
    return len(chunks)


def changed_by(lender: Lender, plan: Plan, body: dict[str, Any], before: dict[str, Any]) -> dict[Any, set[str]]:
    """Keys and fields that a chunk of this plan has changed: of client 13 the row, of client 3 everything else."""
    rows = before[body["collection"]]
    if body["collection"] == "transactions":
        keys = sorted(rows)[body["chunk"] * 2 :][:2]
    else:
        keys = [13] if body["action"] == "delete" else [key for key, row in rows.items() if row["client_id"] == 3]
    assert len(keys) == body["changed"]
    return {key: {name for name in body["fields"] if rows[key][name] is not None} for key in keys}


def check_told(error: Exception, before: dict[str, Any]) -> None:
    """The error is all there is to read: no cause or context of a driver is shown with it, no value of a row, no token, no statement."""
    text = "".join(traceback.format_exception(error))
    assert text.count("Traceback (most recent call last)") == 1, text
    for statement in ("SELECT", "INSERT", "UPDATE", "DELETE", "COPY"):
        assert statement not in str(error)
    rows = [*before["clients"].values(), *before["contracts"].values(), *before["applications"].values()]
    values = {str(value) for row in rows for value in row.values() if isinstance(value, str) and len(value) > 3}
    assert len(values) > 10
    assert [value for value in values if value in str(error)] == []
    assert "psn1." not in text
    assert "ref1." not in text
