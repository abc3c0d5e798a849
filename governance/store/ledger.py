"""The copy of every loan database's ledger in the governance database, and in the archive: what a restore cannot take back.

Written in the transaction that seals the events, and before that at the end of an enforcement, when the entries bear no number yet. Holds
keyed references and the events' own bytes, no value. Does not judge entries; `governance.run.ledger` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from governance.audit.canonical import canonical_bytes_of_texts
from governance.audit.layout import ledger_name
from governance.audit.ledger_entry import LedgerEntry
from governance.pseudonym.tokens import plain_list
from governance.store.copying import copy_rows, row, texts, whole
from governance.store.log import ids_array
from governance.store.models import LedgerRow
from governance.store.spool import enqueue


def keep(session: Session, dataset: str, entries: Iterable[LedgerEntry]) -> None:
    """Keep entries of events that are not sealed yet; what is kept already stays as it is."""
    rows = [_values(dataset, entry) for entry in entries]
    if rows:
        session.execute(insert(LedgerRow).on_conflict_do_nothing(), rows)


def keep_sealed(session: Session, dataset: str, entries: Iterable[tuple[int, LedgerEntry]], now: datetime) -> None:
    """Keep entries of events that are being sealed, each under its number, and queue them for the archive, in the order of the log."""
    ordered = sorted(entries, key=itemgetter(0))
    if not ordered:
        return
    # Nobody else adds an entry between the question which are kept already and the answer.
    session.execute(sa.text("LOCK TABLE ledger IN SHARE ROW EXCLUSIVE MODE"))
    early = sa.exists().where(LedgerRow.dataset == dataset, LedgerRow.seq.is_(None))
    there = _numbered(session, ordered) if session.scalar(sa.select(early)) else set[UUID]()
    rows = (_row(dataset.encode(), entry, seq) for seq, entry in ordered if not there or entry.event_id not in there)
    copy_rows(session, "COPY ledger (event_id, dataset, seq, collection, action, key_refs, event) FROM STDIN", rows)
    lines = [_line(entry, seq) + b"\n" for seq, entry in ordered]
    enqueue(session, ledger_name(dataset, ordered[0][0], ordered[-1][0]), b"".join(lines), now)


def _numbered(session: Session, ordered: Sequence[tuple[int, LedgerEntry]]) -> set[UUID]:
    """Give those that are kept already their numbers; which these are."""
    listed = ",".join([str(seq) for seq, _ in ordered])
    seqs = sa.cast(sa.literal(f"{{{listed}}}", sa.Text()), sa.ARRAY(sa.BigInteger()))
    given = sa.func.unnest(ids_array(entry.event_id for _, entry in ordered), seqs).table_valued("event_id", "seq").render_derived()
    numbered = sa.update(LedgerRow).values(seq=given.c.seq).where(LedgerRow.event_id == given.c.event_id).returning(LedgerRow.event_id)
    return set(session.scalars(numbered.execution_options(synchronize_session=False)))


def kept(session: Session, event_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the events whose entries are kept."""
    wanted = sa.any_(sa.literal(list(event_ids), sa.ARRAY(sa.Uuid())))
    return set(session.scalars(sa.select(LedgerRow.event_id).where(LedgerRow.event_id == wanted)))


def sealed_entries(session: Session, dataset: str) -> int:
    """How many entries of a dataset are kept whose events are sealed."""
    ours = LedgerRow.dataset == dataset, LedgerRow.seq.is_not(None)
    return int(session.scalar(sa.select(sa.func.count()).select_from(LedgerRow).where(*ours)) or 0)


def entry_of(row: LedgerRow) -> LedgerEntry:
    """The entry a row stands for."""
    return LedgerEntry(row.event_id, row.collection, row.action, tuple(row.key_refs), row.event.encode())


def _values(dataset: str, entry: LedgerEntry) -> dict[str, object]:
    return {
        "event_id": entry.event_id,
        "dataset": dataset,
        "seq": None,
        "collection": entry.collection,
        "action": entry.action,
        "key_refs": list(entry.key_refs),
        "event": entry.event.decode(),
    }


def _row(dataset: bytes, entry: LedgerEntry, seq: int) -> bytes:
    named = entry.collection.encode(), entry.action.encode()
    return row(entry.event_id.bytes, dataset, whole(seq), *named, texts(entry.key_refs), entry.event)


def _line(entry: LedgerEntry, seq: int) -> bytes:
    """The entry as the archive keeps it, in canonical JSON (RFC 8785)."""
    references = plain_list(entry.key_refs)
    if references is not None:
        named = _named(entry.action, entry.collection)
        return b'%b,"event_id":"%b","key_refs":%b,"seq":%d}' % (named, str(entry.event_id).encode(), references.encode(), seq)
    written: dict[str, str | int | tuple[str, ...]] = {
        "action": entry.action,
        "collection": entry.collection,
        "event_id": str(entry.event_id),
        "key_refs": entry.key_refs,
        "seq": seq,
    }
    return canonical_bytes_of_texts(written)


@lru_cache
def _named(action: str, collection: str) -> bytes:
    return canonical_bytes_of_texts({"action": action, "collection": collection})[:-1]
