"""Letters in the register: a page comes back as it was made, is unreadable in the database, told once, and stands with its request."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from decision_support import asked, decided, done, person_of, requests_of
from evidence_support import START
from request_support import CANARIES, DUE, SOFIA, Keys, draft, make_requests, told
from simulators.lender import Lender, drop_lender, governed_sample, make_lender
from typer.testing import CliRunner

from embedded.postgres import EmbeddedPostgres
from governance.adapters.paper.typesetting import TypstPaper
from governance.adapters.paper.wording import letter_words_digest
from governance.cli import app
from governance.errors import KeyUnavailable, RequestRefused
from governance.requests.letters import receipt
from governance.requests.request import Stage
from governance.store.letters import Letters

ON = date(2026, 2, 2)


def test_a_letter_is_kept_encrypted_told_once_and_opened_again(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> None:
    requests, url = make_requests(postgres, make_database)
    request = requests.new(draft(), due=DUE, zone=SOFIA, by="officer", now=START)
    other = requests.new(draft(), due=DUE, zone=SOFIA, by="officer", now=START)
    pack = governed_sample("credithelp").pack
    page = TypstPaper().letter(receipt(request, pack, on=ON))
    words = letter_words_digest("bg")
    letters = Letters(requests.store, Keys(), run_id="test")

    digest = letters.keep(request, "receipt", page, words=words, on=ON, by="officer", now=START)
    again = letters.keep(request, "receipt", page, words=words, on=ON, by="clerk", now=START + timedelta(hours=1))
    assert digest == again == hashlib.sha256(page).hexdigest()
    issued = [fields for kind, fields in told(requests.store) if kind == "letter.issued"]
    assert issued == [
        {"request": str(request.id), "number": 1, "letter_kind": "receipt", "language": "bg", "letter": digest, "words": words,
         "on": "2026-02-02", "by": "officer"}
    ]  # fmt: skip
    assert [(kept.letter, kept.kind, kept.on, kept.issued_by) for kept in letters.of(request.id)] == [(digest, "receipt", ON, "officer")]
    assert letters.page(request.id, digest) == page
    assert letters.of(other.id) == []
    with pytest.raises(RequestRefused, match="expected the digest of one of its letters"):
        letters.page(other.id, digest)

    engine = sa.create_engine(url)
    with engine.connect() as connection:
        stored = connection.execute(sa.text("SELECT * FROM request_letter")).mappings().one()
    text = " ".join(str(value) for name, value in stored.items() if name != "page") + bytes(stored["page"]).decode("latin-1")
    assert not [canary for canary in CANARIES if canary in text]
    assert b"%PDF" not in bytes(stored["page"])
    with pytest.raises(sa.exc.DBAPIError, match="request_letter"), engine.begin() as connection:
        connection.execute(sa.text("UPDATE request_letter SET kind = 'decision'"))
    with pytest.raises(sa.exc.DBAPIError, match="is not deleted while the request stands"), engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM request_letter"))
    engine.dispose()
    with pytest.raises(KeyUnavailable, match="sealed under another root"):
        Letters(requests.store, Keys(fill=9), run_id="test").page(request.id, digest)


@pytest.fixture
def refused(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[tuple[Lender, UUID]]:
    """A lender, and a request of a client of it whose erasure was decided."""
    lender = make_lender(postgres, tmp_path, tiny=True)
    client = lender.value("SELECT min(client_id) FROM clients")
    (request_id,) = asked(lender, person_of(lender, client))
    decided(lender, [request_id])
    yield lender, request_id
    drop_lender(lender)


def said(lender: Lender, *words: str) -> str:
    result = CliRunner().invoke(app, ["request", *words, "--home", str(lender.home)])
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def raised(lender: Lender, *words: str) -> str:
    return str(CliRunner().invoke(app, ["request", *words, "--home", str(lender.home)]).exception)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils are not installed")
def test_letters_say_what_happened_and_the_last_closes_the_request(refused: tuple[Lender, UUID], tmp_path: Path) -> None:
    lender, request_id = refused
    number, by = str(request_id), ("--by", "officer")
    name = requests_of(lender).get(request_id).person.name
    receipt, decision, completion = (tmp_path / f"{kind}.pdf" for kind in ("receipt", "decision", "completion"))
    assert "receipt: " in said(lender, "letter", number, "receipt", *by, "-o", str(receipt))
    assert receipt.stat().st_mode & 0o777 == 0o600
    for kind, expected in (
        ("completion", "needs a request that was carried out"),
        ("extension", "needs a request whose term was extended"),
        ("refusal", "needs a request that was refused"),
        ("identity", "needs a request whose identity is not proved yet"),
    ):
        told_why = raised(lender, "letter", number, kind, *by, "-o", str(tmp_path / "none.pdf"))
        assert expected in told_why
        assert name not in told_why
    assert not (tmp_path / "none.pdf").exists()
    assert "cannot be written: File exists" in raised(lender, "letter", number, "receipt", *by, "-o", str(receipt))

    said(lender, "letter", number, "decision", *by, "-o", str(decision))
    assert page_of(decision).startswith(lender.dataset.pack.title[:10])
    assert "after decided expected" in raised(lender, "answer", number, digest_of(decision), *by)  # nothing was done yet
    done(lender, request_id)
    assert "found a letter of the kind receipt" in raised(lender, "answer", number, digest_of(receipt)[:16], *by)
    proof = tmp_path / "certificate.zip"
    proof.write_bytes(b"what proves it")
    said(lender, "letter", number, "completion", *by, "-o", str(completion), "--certificate", str(proof))
    assert digest_of(proof) in page_of(completion)
    assert name.split()[0] in page_of(completion)

    said(lender, "answer", number, digest_of(completion)[:16], *by)
    closed = requests_of(lender).get(request_id)
    assert (closed.stage, closed.reply) == (Stage.ANSWERED, digest_of(completion))
    listed = said(lender, "letters", number)
    assert [digest in listed for digest in map(digest_of, (receipt, decision, completion))] == [True] * 3
    assert name not in listed
    again = tmp_path / "again.pdf"
    said(lender, "letters", number, "--read", digest_of(decision)[:12], "-o", str(again))
    assert again.read_bytes() == decision.read_bytes()


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def page_of(path: Path) -> str:
    return subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True).stdout.decode()
