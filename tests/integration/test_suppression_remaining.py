"""Whoever stands under another key as well is no erased person: the server leaves out whom it need not read, and nobody else."""

from __future__ import annotations

import pytest
from simulators.lender import Lender

from governance.adapters.identifying import SubjectIdentifiers
from governance.adapters.keyring import FileKeyring
from governance.planning.plan import Plan
from governance.planning.suppression import Erasure


def erasures(lender: Lender, plan: Plan) -> set[Erasure]:
    return set(SubjectIdentifiers(lender.engine, lender.dataset, FileKeyring(lender.keyring)).erasures(plan))


def test_leaving_out_others_changes_nothing(lender: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = lender.plan()
    reference = lender.workplace().reference
    every = {item.subject_ref for item in erasures(lender, plan)}
    found = dict(lender.ask("SELECT client_id, egn FROM clients WHERE egn ~ '^[0-9]{10}$'"))
    going = [(key, egn) for key, egn in found.items() if reference("clients", str(key)) in every]
    assert len(going) >= 4
    shared = [egn for _, egn in going[:4]]
    phone = lender.value("SELECT phone FROM clients WHERE client_id = %s", going[4 % len(going)][0])
    written = [
        f" {shared[0]}", f"ЕГН {shared[1]}", f"{shared[2]}.0", f"{shared[3][:6]}-{shared[3][6:]}",  # the same persons, under other keys
        "", "n/a", "0000000000", "9999999999", "7501020018", "12345", "psn1.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ]  # fmt: skip
    others = [f"75{n:08}" for n in range(30)]  # with ids of their own
    for key, egn in enumerate([*written, *others], 900_001):
        lender.ask(
            "INSERT INTO clients (client_id, egn, first_name, last_name, phone, created_at) VALUES (%s, %s, 'A', 'B', %s, now())",
            key, egn, phone,
        )  # fmt: skip
    read = list[int]()
    rows = SubjectIdentifiers._identifiers

    def counting(self: SubjectIdentifiers, some: list[dict[str, object]], *more: object) -> object:
        read.append(len(some) if more else 0)
        return rows(self, some, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(SubjectIdentifiers, "_identifiers", counting)
    narrowed, few = erasures(lender, plan), sum(read)
    read.clear()
    monkeypatch.setattr(SubjectIdentifiers, "_may_share", lambda *_: [])
    assert narrowed == erasures(lender, plan)
    assert {reference("clients", str(key)) for key, _ in going[:4]}.isdisjoint(item.subject_ref for item in narrowed)
    assert few < sum(read) / 2

    # Who goes is written so that only a spelling tells: then everybody is read.
    monkeypatch.undo()
    key, egn = going[-1]
    lender.ask("UPDATE clients SET egn = %s WHERE client_id = %s", f"{egn[:6]} {egn[6:]}", key)
    lender.ask("INSERT INTO clients (client_id, egn, first_name, last_name, created_at) VALUES (900099, %s, 'A', 'B', now())", egn)
    assert reference("clients", str(key)) not in {item.subject_ref for item in erasures(lender, plan)}
