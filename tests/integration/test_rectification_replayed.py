"""What was corrected on request and a restore took back: corrected again, to the letter and once, or left to a person."""

from __future__ import annotations

from pathlib import Path

import pytest
from decision_support import desk_of
from rectification_support import NEW_EMAIL, NEW_PHONE, approved, corrected, entered, located, row
from simulators.lender import drop_lender, make_lender
from test_rectification import FREE
from test_restore import keep, put_in_place, replayed

from embedded.postgres import EmbeddedPostgres
from governance.adapters.signing_key import create_signing_key
from governance.errors import DatabaseWentBack
from governance.workplace import Evidence


@pytest.mark.slow
@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "before the next sealing"])
def test_a_restore_takes_no_correction_back(postgres: EmbeddedPostgres, tmp_path: Path, sealed: bool) -> None:
    lender = make_lender(postgres, tmp_path)
    signer = create_signing_key(tmp_path / "signer.pem", "lethe")
    (tmp_path / "signer.vkey").write_text(signer.verifier.encode() + "\n")
    client = lender.value(FREE, 0)
    before, request = row(lender, "clients", "client_id", client), located(lender, client)
    backup = keep(lender, "before")
    entered(
        lender, request,
        {"at": "credithelp.clients.email", "old": before["email"], "new": NEW_EMAIL},
        {"at": "credithelp.clients.phone", "old": before["phone"], "new": NEW_PHONE},
    )  # fmt: skip
    approved(lender, request)
    corrected(lender, request)
    if sealed:
        Evidence(lender.workplace().deployment).seal()
    undisturbed, told = lender.contents("public"), lender.events("record.corrected")

    put_in_place(lender, backup)
    assert row(lender, "clients", "client_id", client) == before
    report = replayed(lender.workplace())
    assert report is not None
    assert (report.again, report.unproved) == ({"clients": 1}, ())
    assert lender.contents("public") == undisturbed
    assert lender.events("record.corrected") == told

    # Without the old value, as where a policy lets none be kept, the keyed digest of the event says whether it stands there.
    with desk_of(lender).requests.store.begin() as session:
        desk_of(lender).bench.corrections.forget_old(session, request)
    put_in_place(lender, backup)
    report = replayed(lender.workplace())
    assert report is not None
    assert report.again == {"clients": 1}
    assert lender.contents("public") == undisturbed

    # What stands there is neither the old nor the new value: for a person.
    put_in_place(lender, backup)
    lender.ask("UPDATE clients SET email = 'third@example.org' WHERE client_id = %s", client)
    for _ in range(2):
        with pytest.raises(DatabaseWentBack, match="a correction of clients for request 1 found neither its old nor its new value"):
            replayed(lender.workplace())
    assert row(lender, "clients", "client_id", client)["email"] == "third@example.org"
    drop_lender(lender)
