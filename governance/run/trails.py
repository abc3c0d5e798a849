"""The doors through which the history of a record is read: events, ledger, and the papers that plans were made under.

Over an exported archive they are served here, with nothing but its files; over a deployment by adapters. Whoever reads an archive verifies
it first (`governance verify`); here its lines are taken as they stand, except ledgers, which come from anywhere and are believed only
where the sealed event has a digest over just these references.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from governance.audit import layout
from governance.audit.bodies_plan import PlanFrozen
from governance.audit.canonical import digest as content_digest
from governance.audit.entry import parse_entry
from governance.audit.ledger_entry import LedgerEntry
from governance.audit.lookup import field_needle, kind_needle
from governance.errors import DocumentError
from governance.planning.history import Recorded
from governance.planning.plan import Plan
from governance.ports import Archive

#: The end of a sealed line of a chunk as RFC 8785 writes it, with the event's id; reading a million lines whole takes minutes.
_CHUNK_END = re.compile(
    rb'"event_id":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})","kind":"chunk\.enforced","nonce":"[0-9a-f]{32}",'
    rb'"run_id":"(?:[^"\\]|\\.)*"},"sealed_at":"[^"\\]*","seq":[0-9]+}\Z'
)


class EventSource(Protocol):
    """Events by what they say."""

    def events(self, dataset: str, kinds: Sequence[str], needles: Sequence[str]) -> Sequence[Recorded]:
        """Every event of a dataset that is of one of these kinds, or in which one of these texts stands."""
        ...

    def unlisted(self, dataset: str, collection: str) -> frozenset[str]:
        """The ids of all events of chunks that changed rows of a collection, as events write them, but for those that the source's own
        ledger has; where it has none, there may be a million."""
        ...


class LedgerSource(Protocol):
    """What was changed, by keyed reference."""

    def naming(self, collection: str, references: Sequence[str]) -> Sequence[LedgerEntry]:
        """The entries of a collection in which one of the references stands."""
        ...

    def listed(self, collection: str, ids: frozenset[str]) -> frozenset[str]:
        """Those of these events there is an entry of a collection for."""
        ...


class Papers(Protocol):
    """What plans said and were made under, by digest; None for what is not there."""

    def plan(self, digest: str) -> Plan | None: ...

    def policy(self, digest: str) -> str | None: ...

    def dataset(self, digest: str) -> str | None: ...


class ArchivedTrail:
    """EventSource and Papers over an archive. Raises ArchiveUnavailable; DocumentError for a line that cannot be read."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._checkpoints = sorted(size for name in archive.names(layout.CHECKPOINTS) if (size := layout.checkpoint_size(name)) is not None)

    def events(self, dataset: str, kinds: Sequence[str], needles: Sequence[str]) -> Sequence[Recorded]:
        wanted = [needle.encode() for needle in (*map(kind_needle, kinds), *needles)]
        ours = field_needle("dataset", dataset).encode()
        return [
            Recorded(entry.event, entry.seq, next((size for size in self._checkpoints if size > entry.seq), None))
            for where, line in self._lines()
            if ours in line and any(needle in line for needle in wanted)
            if (entry := parse_entry(line, where)).event.dataset == dataset
        ]

    def unlisted(self, dataset: str, collection: str) -> frozenset[str]:
        kind, ours, named = (
            item.encode()
            for item in (kind_needle("chunk.enforced"), field_needle("dataset", dataset), field_needle("collection", collection))
        )
        found = (
            found[1].decode() if (found := _CHUNK_END.search(line)) else str(parse_entry(line, where).event.event_id)
            for where, line in self._lines()
            if kind in line and ours in line and named in line and b'"changed":0,' not in line
        )
        return frozenset(found)

    def last_plans(self) -> Mapping[str, Plan]:
        """The plan that was frozen last of each dataset whose plans are in the archive."""
        frozen = kind_needle("plan.frozen").encode()
        last = {
            entry.event.dataset: entry.event.body.plan_digest
            for where, line in self._lines()
            if frozen in line and isinstance((entry := parse_entry(line, where)).event.body, PlanFrozen)
        }
        return {name: plan for name, digest in last.items() if (plan := self.plan(digest)) is not None}

    def plan(self, digest: str) -> Plan | None:
        content = self._named(layout.plan_name(digest), digest)
        return Plan.from_document(json.loads(content)) if content is not None else None

    def policy(self, digest: str) -> str | None:
        content = self._named(layout.document_name(layout.POLICIES, digest), digest)
        return content.decode() if content is not None else None

    def dataset(self, digest: str) -> str | None:
        content = self._named(layout.document_name(layout.DATASETS, digest), digest)
        return content.decode() if content is not None else None

    def _named(self, name: str, digest: str) -> bytes | None:
        try:
            content = self._archive.get(name)
        except KeyError:
            return None
        if content_digest(content) != digest:
            raise DocumentError(name, "", "the content of that digest", "other content")
        return content

    def _lines(self) -> Iterator[tuple[str, bytes]]:
        for name in self._archive.names(layout.ENTRIES):
            for line in self._archive.get(name).splitlines():
                yield name, line


class ListedLedger:
    """LedgerSource over a copy of a dataset's ledger: lines of JSON with `event_id`, `collection`, `action` and `key_refs`, as the
    archive has them; `what` names it in errors."""

    def __init__(self, content: bytes, what: str) -> None:
        self._entries: list[LedgerEntry] = []
        for number, line in enumerate(content.splitlines(), start=1):
            try:
                row = json.loads(line)
                references = tuple(map(str, row["key_refs"]))
                self._entries.append(LedgerEntry(UUID(row["event_id"]), str(row["collection"]), str(row["action"]), references))
            except (ValueError, KeyError, TypeError, AttributeError):
                expected = "an object with event_id, collection, action and key_refs"
                raise DocumentError(what, f"line {number}", expected, "another form") from None

    def naming(self, collection: str, references: Sequence[str]) -> Sequence[LedgerEntry]:
        return [entry for entry in self._entries if entry.collection == collection and not set(references).isdisjoint(entry.key_refs)]

    def listed(self, collection: str, ids: frozenset[str]) -> frozenset[str]:
        return ids.intersection(str(entry.event_id) for entry in self._entries if entry.collection == collection)


def archived_ledger(archive: Archive, dataset: str) -> ListedLedger:
    """The copy of a dataset's ledger in an archive. Raises DocumentError, ArchiveUnavailable."""
    prefix = layout.ledger_name(dataset, 0, 0).rpartition("/")[0] + "/"
    return ListedLedger(b"".join(archive.get(name) for name in archive.names(prefix)), prefix)
