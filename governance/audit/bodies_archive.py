"""What the log tells of objects that came to its archive, wait for it, or have left it."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import StringConstraints

from governance.audit.body import Body, Count, Digest, Name

Country = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2}$")]
Moment = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{6}Z$")]  # see instant_text


class ArchiveStored(Body):
    """So many objects arrived in the archive, up to the checkpoint of `checkpoint` events (null: none is there yet).

    `country`: where the archive lies, null where no pack asks and nobody says. `region`: what its server tells. `exceptions`: datasets
    whose evidence lies there by a person's word although their pack does not allow it.
    """

    kind: ClassVar[str] = "archive.stored"
    objects: Count
    bytes: Count
    checkpoint: Count | None
    country: Country | None
    region: Name | None
    exceptions: tuple[Name, ...]


class ArchiveDelayed(Body):
    """So many objects wait for the archive, the oldest since `since`: longer than the deployment allows."""

    kind: ClassVar[str] = "archive.delayed"
    waiting: Count
    since: Moment


class LocksLengthened(Body):
    """The evidence retention grew to `retention` (ISO 8601): so many objects that had arrived before are locked for longer, by new locks on
    so many of their versions, each read back."""

    kind: ClassVar[str] = "locks.lengthened"
    objects: Count
    versions: Count
    retention: Name


class ArchivePruned(Body):
    """Written before the first of these objects is deleted, whose retention is over: entries up to `last` in so
    many bundles, and documents by kind; `first` is where the stretch begins with those next to them that went before (both null: no
    entries). Afterwards they may be gone; their leaf hashes stay.

    `manifest`: SHA-256 of the list of all objects by name and SHA-256 (`pruned/<digest>.txt`). `archived_before`: each had arrived before
    that. `retention`: the ISO 8601 period that is over.
    """

    kind: ClassVar[str] = "archive.pruned"
    first: Count | None
    last: Count | None
    bundles: Count
    documents: dict[Name, Count]
    manifest: Digest
    archived_before: Moment
    retention: Name


KINDS: tuple[type[Body], ...] = (ArchiveStored, ArchiveDelayed, LocksLengthened, ArchivePruned)
