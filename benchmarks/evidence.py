"""How fast the evidence is made: python -m benchmarks.evidence [--events N] [--repeat N] [--s3]

An embedded PostgreSQL holds a governance database and a loan database whose outbox is filled with events of enforced chunks, as a night
writes them: once with a ledger entry of one row for each, and once of chunks that changed nothing, so that there are events alone. They are
sealed by the real sealer in its rounds, under the sealer's role, and what it queued is archived into a local folder; with `--s3` also over
HTTP into the embedded S3 endpoint. Then it is asked why a record went that one of the ledger entries names: over the databases, as
`governance why` does, and over the folder alone. Filling is not measured. `archive` holds reading the spool, writing, fsync and reading
back; the network's delay is none.

Medians of the repetitions, each on databases of its own. Beside the wall clock stands processor time, of sealer and server, which also
says something on a machine that is busy with other things. Leaves nothing behind.
"""

from __future__ import annotations

import argparse
import os
import platform
import secrets
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console
from rich.table import Table

from benchmarks.measuring import Measured
from benchmarks.measuring import measure as measure_one
from embedded.postgres import EmbeddedPostgres
from embedded.s3 import REGION, EmbeddedS3
from governance.adapters.install import LOGIN_ROLES
from governance.adapters.local_archive import LocalArchive
from governance.adapters.outbox import Outbox
from governance.adapters.s3 import S3Archive, open_client
from governance.adapters.trail import LoanTrail
from governance.audit.bodies_enforcement import ChunkEnforced, Rule
from governance.audit.events import new_event, to_canonical
from governance.audit.note import NoteSigner
from governance.ports import Archive
from governance.pseudonym.tokens import references_digest
from governance.run.archive import archive
from governance.run.seal import seal_all
from governance.run.trails import ArchivedTrail, EventSource, LedgerSource, Papers, archived_ledger
from governance.run.why import References, why
from governance.samples.copying import connect
from governance.store.database import Store
from governance.store.migrate import upgrade
from governance.store.trail import StoreLedger, StoreTrail
from governance.workplace import SystemClock

REFERENCE = "ref1." + "0" * 32
ASKED = "ref1." + "1" * 32  # the row of the first event, if its chunk changed one
FILLED = {"with ledger entries": 1, "events alone": 0}  # rows that each event's chunk changed
AT = datetime(2026, 1, 31, 2, tzinfo=UTC)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--s3", action="store_true", help="archive over HTTP as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lethe-bench-") as folder:
        Path(folder).chmod(0o711)  # the server's account passes through
        measure(Path(folder), options.events, options.repeat, over_http=options.s3)


def measure(folder: Path, events: int, repeat: int, *, over_http: bool) -> None:
    """Fill, seal, archive, and print the table."""
    server, objects = EmbeddedPostgres(folder / "postgres"), EmbeddedS3(folder / "s3")
    server.start()
    try:
        for role in (*LOGIN_ROLES, "lethe_store"):
            server.create_role(role)
        server.create_role("lethe_owner", login=False)
        if over_http:
            objects.start()
        took = [
            {
                f"{step}, {name}": cost
                for name, rows in FILLED.items()
                for step, cost in once(server, objects if over_http else None, folder, f"{rows}_{number}", events, rows).items()
            }
            for number in range(repeat)
        ]
    finally:
        server.stop()
        if over_http:
            objects.stop()
    console = Console(width=120)
    console.print(
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {events:,} events, {repeat} repetitions"
    )
    table = Table("step", "seconds", "events/s", "client CPU s", "server CPU s", "events/s of one core", "MB", box=None)
    for step in took[0]:
        times = [one[step] for one in took]
        seconds, client, on_server = (statistics.median(getattr(time, of) for time in times) for of in ("seconds", "client", "server"))
        table.add_row(
            step,
            f"{seconds:.2f}",
            f"{events / seconds:,.0f}",
            f"{client:.2f}",
            f"{on_server:.2f}",
            f"{events / (client + on_server):,.0f}",
            f"{max(time.megabytes for time in times):.0f}",
        )
    console.print(table)


def once(server: EmbeddedPostgres, objects: EmbeddedS3 | None, folder: Path, number: str, events: int, rows: int) -> dict[str, Measured]:
    """One repetition on databases of its own; `rows` is what each event's chunk changed, 0 or 1."""
    loans, log = f"loans_{number}", f"lethe_{number}"
    server.create_database(loans)
    server.create_database(log, owner="lethe_store")
    with connect(server.url(loans)) as connection:
        connection.execute(files("governance.adapters").joinpath("install.sql").read_bytes())
    upgrade(server.url(log, "lethe_store"))
    fill(server.url(loans, "lethe_engine"), events, rows)
    with connect(server.url(loans)) as connection:
        connection.execute("ANALYZE lethe.outbox")
    store, signer = Store(server.url(log, "lethe_store")), NoteSigner("lethe/bench", Ed25519PrivateKey.generate())
    outboxes, clock = {"loans": Outbox(server.url(loans, "lethe_sealer"))}, SystemClock()

    def sealed() -> int:
        report = seal_all(store, outboxes, signer, clock)
        if report.sealed != events:
            raise SystemExit(f"sealed {report.sealed} of {events} events")
        return events

    def pushed(target: Archive) -> int:
        archive(store, target, signer, clock)
        return events

    pid, url = server.running_pid() or 0, server.url(log)
    took = {
        "sealing": measure_one(sealed, url, pid),
        "archive to folder": measure_one(lambda: pushed(LocalArchive(folder / f"archive-{number}")), url, pid),
    }
    if rows:

        def explained(events_: Sequence[EventSource], ledgers: Sequence[LedgerSource], papers: Papers) -> int:
            now = clock.now()
            asked = why(
                "loans",
                "clients",
                References((ASKED,)),
                now.date(),
                UTC,
                now=now,
                events=events_,
                ledgers=ledgers,
                papers=papers,
                standing=None,
            )
            if len(asked.changes) != 1:
                raise SystemExit(f"{len(asked.changes)} changes of one record")
            return events

        loan_trail, log_trail, kept = (
            LoanTrail(server.url(loans, "lethe_engine")),
            StoreTrail(store),
            LocalArchive(folder / f"archive-{number}"),
        )
        took["why, databases"] = measure_one(
            lambda: explained((log_trail, loan_trail), (loan_trail, StoreLedger(store, "loans")), log_trail), url, pid
        )
        trail = ArchivedTrail(kept)
        took["why, archive"] = measure_one(lambda: explained((trail,), (archived_ledger(kept, "loans"),), trail), url, pid)
    if objects is not None:
        # The spool's memory of what has arrived is wiped, to push the same objects to another place.
        with connect(url) as connection:
            connection.execute("UPDATE spool SET archived_at = NULL")
        client = open_client(objects.endpoint, REGION, objects.credentials)
        bucket = log.replace("_", "-")
        client.create_bucket(Bucket=bucket)
        took["archive to S3 over HTTP"] = measure_one(lambda: pushed(S3Archive(client, bucket, clock)), url, pid)
    return took


def fill(url: str, events: int, rows: int = 1) -> None:
    """Write the events, and a ledger entry of one reference for each if `rows` is 1, by COPY and ten thousand to a transaction."""
    made = chunk_events(events, rows)
    for first in range(0, events, 10_000):
        some = [next(made) for _ in range(first, min(first + 10_000, events))]
        with connect(url) as connection:
            with connection.cursor().copy("COPY lethe.outbox (event_id, event) FROM STDIN") as copy:
                for row in some:
                    copy.write_row(row)
            if not rows:
                continue
            with connection.cursor().copy("COPY lethe.ledger (event_id, collection, action, key_refs) FROM STDIN") as copy:
                for position, (event_id, _) in enumerate(some, start=first):
                    copy.write_row((event_id, "clients", "pseudonymise", [REFERENCE if position else ASKED]))


def chunk_events(events: int, rows: int = 1) -> Iterator[tuple[str, str]]:
    """Id and text of events of enforced chunks. Written from one that the vocabulary made: making a million takes long."""
    rule = Rule(class_="client-data", clause="art. 35, row 1")
    body = ChunkEnforced(
        plan_digest="a" * 64,
        step=0,
        chunk=987_654,
        collection="clients",
        action="pseudonymise",
        fields=("egn", "phone"),
        rules=(rule,),
        planned=1,
        changed=rows,
        skipped={} if rows else {"no longer due": 1},
        refs_digest=references_digest([REFERENCE] * rows),
    )
    event = new_event(body, at=AT, controller="bench", dataset="loans", run_id="night")
    text = to_canonical(event).decode()
    for number in range(events):
        event_id = str(uuid4())
        one = text.replace(str(event.event_id), event_id).replace(event.nonce, secrets.token_hex(16))
        if rows and not number:
            one = one.replace(body.refs_digest, references_digest([ASKED]))
        yield event_id, one.replace('"chunk":987654', f'"chunk":{number}')


if __name__ == "__main__":
    main()
