"""A TCP wire between Lethe and a PostgreSQL server that can be cut exactly at a COMMIT: before it arrives, or before its answer does.

Forwards bytes as they come and understands one message only, the simple query `COMMIT` (PostgreSQL manual, "Message Formats", Query). The
COMMIT of a transaction that wrote nothing passes uncounted. No TLS: what is encrypted cannot be told apart.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa
from simulators.lender import Lender

from governance.adapters.keyring import FileKeyring
from governance.adapters.postgres import PostgresLoanDatabase

COMMIT = b"Q" + struct.pack("!I", 4 + len(b"COMMIT\0")) + b"COMMIT\0"


@dataclass
class Link:
    """One session's two sockets."""

    client: socket.socket
    server: socket.socket
    _held: bool = False
    _answered: threading.Event = field(default_factory=threading.Event)

    def wrote(self, lender: Lender) -> bool:
        """Whether its transaction has an id, which the server gives to those that write or lock rows."""
        query = "SELECT backend_xid IS NOT NULL FROM pg_stat_activity WHERE client_port = %s"
        return bool(lender.value(query, self.server.getsockname()[1]))

    def commit(self, *, hear: bool) -> None:
        """Send the COMMIT on. Unless `hear`, its answer never reaches the client."""
        self._held = not hear
        self.server.sendall(COMMIT)

    def answered(self) -> None:
        """Wait until the server has answered a COMMIT whose answer is held back."""
        assert self._answered.wait(30)

    def cut(self) -> None:
        """End the session on both sides."""
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def pass_answers(self) -> None:
        """Server to client, until either is gone."""
        with contextlib.suppress(OSError):
            while data := self.server.recv(65_536):
                if self._held:
                    self._answered.set()
                else:
                    self.client.sendall(data)
        self.cut()

    def pass_statements(self, on_commit: Callable[[Link], None]) -> None:
        """Client to server, until either is gone; `on_commit` decides over each COMMIT."""
        with contextlib.suppress(OSError):
            while data := self.client.recv(65_536):
                if data == COMMIT:
                    on_commit(self)
                else:
                    self.server.sendall(data)
        self.cut()


@contextmanager
def wired(lender: Lender, strike: Callable[[int, Link], bool]) -> Iterator[PostgresLoanDatabase]:
    """The lender's database at the end of a wire. `strike` gets number (from 1) and link of each COMMIT; if it returns False, it passes."""
    target, sent, one_at_a_time = sa.make_url(lender.engine), [0], threading.Lock()
    threads: list[threading.Thread] = []

    def on_commit(link: Link) -> None:
        if link.wrote(lender):
            with one_at_a_time:
                sent[0] += 1
                number = sent[0]
            if strike(number, link):
                return
        link.commit(hear=True)

    def start(work: Callable[[], None]) -> None:
        threads.append(threading.Thread(target=work, daemon=True))
        threads[-1].start()

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                try:
                    server = socket.create_connection((target.host, target.port))
                except OSError:  # the server is down: so are we
                    client.close()
                    continue
                for end in (client, server):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                link = Link(client, server)
                links.append(link)
                start(link.pass_answers)
                start(lambda link=link: link.pass_statements(on_commit))  # type: ignore[misc]

    links: list[Link] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        start(accept)
        url = target.set(port=listener.getsockname()[1]).render_as_string(hide_password=False)
        yield PostgresLoanDatabase(url, lender.dataset, FileKeyring(lender.keyring))
        listener.shutdown(socket.SHUT_RDWR)
    threads[0].join(30)
    for link in links:
        link.cut()
    for thread in threads:
        thread.join(30)
    for link in links:
        link.client.close()
        link.server.close()
