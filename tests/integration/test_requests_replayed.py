"""What was erased on request and a restore brought back: erased again for the same person, and for nobody given their number since."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from decision_support import asked, decided, desk_of, done, person_of
from simulators.lender import Lender, drop_lender, make_lender
from test_requests_decided import REFUSED
from test_restore import keep, put_in_place, replayed

from embedded.postgres import EmbeddedPostgres
from governance.adapters.signing_key import create_signing_key
from governance.errors import DatabaseWentBack
from governance.run.certificate import Record
from governance.workplace import Evidence
from governance.workplace_certificates import Paper


@pytest.fixture
def erased(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[tuple[Lender, str, int]]:
    """A lender in which a person was erased on request, its backup from before, and who it was."""
    lender = make_lender(postgres, tmp_path)
    signer = create_signing_key(tmp_path / "signer.pem", "lethe")
    (tmp_path / "signer.vkey").write_text(signer.verifier.encode() + "\n")
    client = lender.value(REFUSED)
    (request,) = asked(lender, person_of(lender, client))
    desk_of(lender)
    backup = keep(lender, "before")
    decided(lender, [request])
    done(lender, request)
    Evidence(lender.workplace().deployment).seal()
    yield lender, backup, client
    drop_lender(lender)


@pytest.mark.slow
def test_a_restore_brings_nobody_back_and_takes_nobody_else(erased: tuple[Lender, str, int]) -> None:
    lender, backup, client = erased
    undisturbed = lender.contents("public")
    place = lender.workplace()
    certificate = Paper(place.deployment, "credithelp").certificate([Record("clients", str(client))], None, "cli-1")
    with zipfile.ZipFile(io.BytesIO(certificate.content)) as bundle:
        said = b"".join(bundle.read(name) for name in bundle.namelist() if name.endswith(".json")).decode()
    assert "erasure: GDPR 17(1)(a): no contract came of it" in said  # the right's clause, beside the class's
    put_in_place(lender, backup)
    assert lender.value("SELECT count(*) FROM clients WHERE client_id = %s", client) == 1
    report = replayed(lender.workplace())
    assert report is not None
    assert report.doubtful == {}
    assert lender.contents("public") == undisturbed

    # Somebody else was given the number after the restore.
    put_in_place(lender, backup)
    lender.ask("UPDATE clients SET egn = '7552010005', first_name = 'Друга' WHERE client_id = %s", client)
    with pytest.raises(DatabaseWentBack, match="clients"):
        replayed(lender.workplace())
    assert lender.value("SELECT egn FROM clients WHERE client_id = %s", client) == "7552010005"
