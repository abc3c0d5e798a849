"""`governance archive` and `governance prune`: evidence to its archive, and out of it once its retention is over."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from governance.cli_common import Home, deployment_of, out
from governance.cli_sealing import tell_timestamp
from governance.workplace import Evidence

Probe = Annotated[bool, typer.Option("--probe", help="Try what the archive enforces, although it was tried within a week.")]
Delete = Annotated[bool, typer.Option("--delete", help="DANGEROUS: announce it and delete it. Without, it is only shown.")]


def archive(probe: Probe = False, home: Home = None) -> None:
    """Bring what waits to the archive, create-only, if it lies where the policies allow. Tries once a week what the archive enforces."""
    evidence = Evidence(deployment_of(home))
    tell_timestamp(evidence.timestamp())
    report = evidence.archive(try_again=probe)
    out.print(f"{report.archived:,} objects archived in {report.where}", soft_wrap=True)
    if report.country is not None:
        word = "as its server says" if report.told else "by lethe.yaml alone: its server tells no region we know"
        out.print(f"it lies in {report.country}, {word}")
    for dataset, exception in evidence.deployment.archive.residency_exceptions.items():
        out.print(f"{dataset}: excepted from its residency by {exception.by}: {exception.reason}", markup=False)
    if not report.worm:
        out.print("[yellow]archive is not write-once[/yellow]")


def prune(delete: Delete = False, home: Home = None) -> None:
    """DANGEROUS: announce in the log and delete evidence whose retention is over. The log's tree stays. Without --delete a dry run."""
    evidence = Evidence(deployment_of(home))
    if not delete:
        found = evidence.expired()
        for kind, count in sorted(Counter(item.kind for item in found).items()):
            oldest = min(item.archived_at for item in found if item.kind == kind)
            out.print(f"{kind}: {count:,} objects, archived {oldest:%Y-%m-%d} and later")
        out.print(f"{len(found):,} objects have expired ({evidence.retention()}); nothing was deleted, --delete does that")
        return
    report = evidence.prune()
    for line in report.kept:
        out.print(line, soft_wrap=True, markup=False)
    out.print(f"{report.deleted:,} objects deleted; the archive keeps {len(report.kept):,}, {report.waiting:,} wait to be announced")
