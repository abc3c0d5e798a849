"""Verification of an archive with nothing but the log's public key: offline, read-only, from the archive itself or an exported folder.

Checks the log (see `audit.check`), and that each archived plan, policy pack and dataset is the one its name, a digest, promises. Does not
ask the governance database or any loan database, and does not judge what the events say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from types import MappingProxyType

from cryptography.x509 import Certificate

from governance.audit import layout
from governance.audit.canonical import digest
from governance.audit.check import LogCheck, check_log
from governance.audit.findings import LogFinding
from governance.audit.note import NoteVerifier
from governance.audit.timestamps import check_timestamps
from governance.errors import EvidenceError
from governance.ports import Archive


@dataclass(frozen=True)
class VerificationReport:
    """`findings`: what is wrong, a line each; empty if nothing is. `log`: the check of the log. `plans`, `documents`: archived plans, and
    policy packs and datasets, that are right. `times`: when the checkpoint of a size existed at
    the latest, as timestamp authorities say."""

    findings: tuple[str, ...]
    log: LogCheck
    plans: int
    documents: int
    times: Mapping[int, datetime] = field(default_factory=dict)

    @property
    def success(self) -> bool:
        return not self.findings

    def summary(self) -> str:
        """One line for people."""
        covered = f"up to checkpoint {self.log.checkpoint.size}" if self.log.checkpoint else "without a checkpoint"
        when = f", sealed {self.log.sealed_at:%Y-%m-%d %H:%M} UTC" if self.log.sealed_at else ""
        counted = (
            f"{self.log.events:,} events, {self.plans:,} plans and {self.documents:,} documents are as they were sealed, {covered}{when}"
        )
        if self.log.pruned:
            counted += f"; {self.log.pruned:,} events are gone because their retention was over"
        return f"{counted}; {len(self.findings)} findings" if self.findings else f"{counted}; nothing is wrong"


def verify(
    archive: Archive,
    verifier: NoteVerifier,
    known: Mapping[str, bytes] = MappingProxyType({}),
    today: date | None = None,
    *,
    roots: Sequence[Certificate] = (),
) -> VerificationReport:
    """Check everything in the archive. `known`: checkpoints kept from earlier verifications, which the log must contain, by the words that
    name them in findings. `today` (UTC): no more than a day of the log may be missing up to then; None leaves its end unjudged. `roots`:
    the root certificates of timestamp authorities; without any, timestamps are left aside.

    The key must come from elsewhere than the archive. Raises ArchiveUnavailable; LogInconsistent or DocumentError for `known` itself.
    """
    entries, hashes, checkpoints, keys = (
        _Files(archive, prefix) for prefix in (layout.ENTRIES, layout.HASHES, layout.CHECKPOINTS, layout.KEYS)
    )
    log = check_log(entries, hashes, checkpoints, verifier, known, today, keys=keys)
    findings = [finding.message for finding in log.findings]
    times, wrong = _times(archive, roots) if roots else ({}, [])
    findings += [finding.message for finding in wrong]
    right = dict.fromkeys(_KEPT, 0)
    for prefix, (what, named) in _KEPT.items():
        for name, content in _Files(archive, prefix):
            if name == named(digest(content)):
                right[prefix] += 1
            else:
                findings.append(f"{name}: the {what} is not the one of that digest")
    return VerificationReport(tuple(findings), log, right[layout.PLANS], right[layout.POLICIES] + right[layout.DATASETS], times)


def _times(archive: Archive, roots: Sequence[Certificate]) -> tuple[dict[int, datetime], list[LogFinding]]:
    answers = {size: content for name, content in _Files(archive, layout.TIMESTAMPS) if (size := layout.timestamp_size(name)) is not None}
    notes = {size: content for name, content in _Files(archive, layout.CHECKPOINTS) if (size := layout.checkpoint_size(name)) is not None}
    return check_timestamps(answers, notes, roots)


#: What is named by the digest of its content.
_KEPT: dict[str, tuple[str, Callable[[str], str]]] = {
    layout.PLANS: ("plan", layout.plan_name),
    layout.POLICIES: ("policy pack", partial(layout.document_name, layout.POLICIES)),
    layout.DATASETS: ("dataset", partial(layout.document_name, layout.DATASETS)),
    layout.PRUNED: ("list of what was pruned", layout.pruned_name),
}


@dataclass(frozen=True)
class _Files:
    """What stands under a prefix, read again each time it is gone through."""

    archive: Archive
    prefix: str

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        for name in self.archive.names(self.prefix):
            try:
                yield name, self.archive.get(name)
            except EvidenceError:  # not a name of ours: the check will say so
                yield name, b""
            except KeyError:  # gone since it was listed: the check will miss it
                continue
