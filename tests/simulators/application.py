"""The lender's own application at work while Lethe enforces: it reopens loans, opens disputes, is asked by authorities, places holds, books
payments and deletes rows, one client at a time, and remembers for each what must stay as it is from then on.

`Application.work` runs in a thread of its own. Every deed is one statement in one transaction, so that the application itself is in no
circle of waits. What must stay is read where no chunk can be on its way to it: in the deed's own transaction where its locks exclude every
chunk of that client, else behind a lock that waits for the chunks on their way and lets no other begin.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from simulators.lender import Lender

#: Where rows of a client stand, and how they lead to the client.
OF_CLIENT = {
    "clients": "client_id = %s",
    "applications": "client_id = %s",
    "contracts": "client_id = %s",
    "aml_files": "client_id = %s",
    "disputes": "client_id = %s",
    "authority_requests": "client_id = %s",
    "marketing_consents": "client_id = %s",
    "call_recordings": "client_id = %s",
    "nssi_reports": "application_id IN (SELECT application_id FROM applications WHERE client_id = %s)",
    "transactions": "contract_id IN (SELECT contract_id FROM contracts WHERE client_id = %s)",
    "accounting_entries": "contract_id IN (SELECT contract_id FROM contracts WHERE client_id = %s)",
    "tax_documents": "contract_id IN (SELECT contract_id FROM contracts WHERE client_id = %s)",
}
#: What a loan that runs again keeps: itself, its client and application, its payments and the payer's name.
OF_LOAN = {
    "contracts": "contract_id = %s",
    "clients": "client_id = (SELECT client_id FROM contracts WHERE contract_id = %s)",
    "applications": "application_id = (SELECT application_id FROM contracts WHERE contract_id = %s)",
    "transactions": "contract_id = %s",
    "accounting_entries": "contract_id = %s",
}
_NO_CHUNK_ON_ITS_WAY = "LOCK TABLE lethe.holds IN ROW EXCLUSIVE MODE"  # what placing a hold takes; every chunk takes SHARE

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Stays:
    """Rows as text, by table, that must still stand so when all is over; `where` and `key` find them again."""

    deed: str
    where: Mapping[str, str]
    key: int
    rows: Mapping[str, list[str]]


@dataclass
class Application:
    """`clients` are its alone. `deeds` counts what it did, `stays` is what must hold at the end, `failure` what it died of."""

    lender: Lender
    clients: Iterable[int]
    seed: int
    deeds: dict[str, int] = field(default_factory=dict)
    stays: list[Stays] = field(default_factory=list)
    failure: Exception | None = None

    def work(self, over: Callable[[], bool]) -> None:
        """Something to each client in turn, until the clients are through or `over`."""
        chance = random.Random(self.seed)  # noqa: S311 - reproducible, no secret
        kinds = (self._dispute, self._request, self._hold, self._reopen, self._book, self._delete)
        try:
            with self.lender.connect() as connection:
                for client in self.clients:
                    if over():
                        break
                    kind = chance.choice(kinds)
                    try:
                        done = kind(connection, client, chance)
                        connection.commit()
                    except psycopg.errors.ForeignKeyViolation:  # the client was gone before
                        done = False
                        connection.rollback()
                    if done:
                        name = kind.__name__.removeprefix("_")
                        self.deeds[name] = self.deeds.get(name, 0) + 1
                    time.sleep(chance.random() * 0.03)
        except Exception as error:
            self.failure = error

    # -- deeds, each with what stays from then on; false where the client has nothing of the kind ----------------------------------------

    def _dispute(self, connection: Connection, client: int, chance: random.Random) -> bool:
        connection.execute(
            "INSERT INTO disputes (dispute_id, client_id, opened_on) VALUES (%s, %s, '2026-03-01')", [1_000_000 + client, client]
        )
        self._stay(connection, "dispute", OF_CLIENT, client)
        return True

    def _request(self, connection: Connection, client: int, chance: random.Random) -> bool:
        connection.execute(
            "INSERT INTO authority_requests (request_id, client_id, authority, received_on, obligation_on)"
            " VALUES (%s, %s, 'court', '2026-03-01', '2026-03-01')",
            [1_000_000 + client, client],
        )
        self._stay(connection, "request", OF_CLIENT, client)
        return True

    def _hold(self, connection: Connection, client: int, chance: random.Random) -> bool:
        values = [UUID(int=self.seed << 32 | client), "clients", str(client)]
        connection.execute("INSERT INTO lethe.holds VALUES (%s, %s, %s, 'restriction', 'art. 18', NULL, now())", values)
        self._stay(connection, "hold", OF_CLIENT, client)
        return True

    def _reopen(self, connection: Connection, client: int, chance: random.Random) -> bool:
        found = connection.execute("SELECT contract_id FROM contracts WHERE client_id = %s ORDER BY 1", [client]).fetchall()
        if not found:
            return False
        (contract,) = chance.choice(found)
        connection.execute("UPDATE contracts SET status = 'active' WHERE contract_id = %s", [contract])
        connection.commit()
        connection.execute(_NO_CHUNK_ON_ITS_WAY.encode())
        self._stay(connection, "reopen", OF_LOAN, contract)
        return True

    def _book(self, connection: Connection, client: int, chance: random.Random) -> bool:
        """An old payment turns out to have been made today: that row is to be kept five years more."""
        return self._of_payment(connection, client, chance, "UPDATE transactions SET executed_at = '2026-03-01' WHERE transaction_id = %s")

    def _delete(self, connection: Connection, client: int, chance: random.Random) -> bool:
        return self._of_payment(connection, client, chance, "DELETE FROM transactions WHERE transaction_id = %s")

    def _of_payment(self, connection: Connection, client: int, chance: random.Random, statement: str) -> bool:
        found = connection.execute(
            f"SELECT transaction_id FROM transactions WHERE {OF_CLIENT['transactions']}".encode(), [client]
        ).fetchall()
        if not found:
            return False
        (payment,) = chance.choice(found)
        done = connection.execute(statement.encode(), [payment]).rowcount
        if done:  # else a chunk was quicker
            self._stay(connection, statement.split()[0].lower(), {"transactions": "transaction_id = %s"}, payment)
        return bool(done)

    def _stay(self, connection: Connection, deed: str, where: Mapping[str, str], key: int) -> None:
        self.stays.append(Stays(deed, where, key, read(connection, where, key)))


def read(connection: Connection, where: Mapping[str, str], key: int) -> dict[str, list[str]]:
    """The rows as text, by table."""
    return {
        table: [row for (row,) in connection.execute(f"SELECT t::text FROM {table} t WHERE {condition} ORDER BY 1".encode(), [key])]
        for table, condition in where.items()
    }
