"""Letters in the register: a page comes back as it was made, is unreadable in the database, told once, and stands with its request."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from evidence_support import START
from request_support import CANARIES, DUE, SOFIA, Keys, draft, make_requests, told
from simulators.lender import governed_sample

from embedded.postgres import EmbeddedPostgres
from governance.adapters.paper.typesetting import TypstPaper
from governance.adapters.paper.wording import letter_words_digest
from governance.errors import KeyUnavailable, RequestRefused
from governance.requests.letters import receipt
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
