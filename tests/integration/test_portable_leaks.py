"""No personal value leaves a loan database on SQLite or MariaDB: not in a statement's text, not by logs at DEBUG, not by an error.

Canaries stand in every personal column that takes text. On MariaDB the driver writes bound values into the text it sends, so every text it
sends is searched, too: values are read from the server and never sent to it.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from simulators.lender import AS_OF, MARKER, Lender
from simulators.portable import MariaServer, PortableLender, maria_copy

from governance.errors import DatabaseUnfit, LetheError

Copy = Callable[[Lender], PortableLender]


@pytest.fixture
def lender(marked: Lender) -> Lender:
    return marked


def test_nothing_is_logged_printed_or_noted(
    lender: Lender, copy: Copy, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    other = copy(lender)
    assert MARKER in json.dumps(other.contents(), default=repr)  # the search can find it
    for name in ("sqlalchemy", "sqlalchemy.engine", "pymysql"):
        caplog.set_level(logging.DEBUG, logger=name)
    other.database().scan(AS_OF)
    other.enforce(other.approved_plan(chunk_size=3))
    printed = capfd.readouterr()
    told = caplog.text + printed.out + printed.err + json.dumps(other.events()) + json.dumps(other.ledger()) + lender.store_contents()
    assert "chunk.enforced" in told
    assert MARKER not in told


def test_an_error_of_the_database_quotes_no_row(lender: Lender, copy: Copy) -> None:
    """UNIQUE and CHECK are refused with the row in the driver's message."""
    other = copy(lender)
    with other.connect() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER refusing BEFORE UPDATE ON clients "
            + (
                "BEGIN SELECT RAISE(ABORT, 'of a row') WHERE OLD.last_name IS NOT NULL; END"
                if other.admin.startswith("sqlite")
                else "FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = OLD.last_name"
            )
        )
    with pytest.raises(LetheError) as caught:
        other.plan()
    assert isinstance(caught.value, DatabaseUnfit)
    text = "".join(traceback.format_exception(caught.value))
    assert MARKER not in text
    assert "of a row" not in text
    assert text.count("Traceback (most recent call last)") == 1, text


@pytest.mark.slow
def test_no_text_sent_to_mariadb_holds_a_value_or_a_key(
    lender: Lender, tmp_path: Path, maria: MariaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pymysql.connections

    other = maria_copy(lender, tmp_path, maria)
    keys = [str(key) for key in other.rows()["nssi_reports"]]
    assert keys
    sent: list[str] = []
    original = pymysql.connections.Connection.query

    def heard(self: Any, statement: Any, *rest: Any, **words: Any) -> Any:
        sent.append(statement.decode("utf-8", "replace") if isinstance(statement, bytes) else str(statement))
        return original(self, statement, *rest, **words)

    monkeypatch.setattr(pymysql.connections.Connection, "query", heard)
    plan = other.approved_plan(chunk_size=3)
    other.enforce(plan)
    assert any("nssi_reports" in statement for statement in sent)
    assert any("psn1." in statement for statement in sent)  # tokens are sent
    assert [statement[:200] for statement in sent if MARKER in statement] == []
    assert [statement[:200] for statement in sent for key in keys if key in statement] == []
