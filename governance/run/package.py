"""Use cases: make the package for the person of a request, hand it out, and delete it when its time is over.

A package is made of an approved decision alone, of rows that are certainly the person's, and is encrypted to them before it touches a disk.
It goes to the shelf and never to the archive of evidence. Making and taking it out are events: both are access to personal data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from governance.audit.bodies_packages import PackageDownloaded, PackageMade, PackagePurged
from governance.audit.body import instant_text
from governance.errors import RequestRefused
from governance.ports import Clock, PackageShelf, Packer, PersonGatherer
from governance.requests.package import PackageKind, Withheld, contents
from governance.requests.request import Request, Stage
from governance.store.located import LocatedRecords
from governance.store.packages import Package, Packages, add_package, mark_purged
from governance.store.requests import Requests

DEFAULT_DAYS = 14
#: After the approval: what leaves has been looked at.
_MADE_AT = frozenset({Stage.DECIDED, Stage.PARTLY_DONE, Stage.DONE})
#: What each kind of request is answered by. Who asks whether data are held may be given them as well (Kazakhstan 7.1).
_KINDS: dict[str, PackageKind] = {"access": "access", "information": "access", "portability": "portability"}


@dataclass(frozen=True)
class Made:
    """A package that was made; the passphrase is told to whoever made it, once, and is None with a certificate. `withheld` counts fields
    kept out, those of `left_out` among them: files that could not go in."""

    package: Package
    rows: int
    withheld: int
    left_out: tuple[Withheld, ...]
    passphrase: str | None = field(repr=False)


@dataclass(frozen=True)
class Packaging:
    """What packages are made with."""

    register: Requests
    records: LocatedRecords
    packages: Packages
    packer: Packer
    shelf: PackageShelf
    clock: Clock


def make_package(
    request_id: UUID,
    gatherers: Sequence[PersonGatherer],
    packaging: Packaging,
    *,
    by: str,
    asked: Collection[str] = (),
    kept_back: Collection[tuple[str, str, str]] = (),
    certificate: Path | None = None,
    days: int = DEFAULT_DAYS,
) -> Made:
    """Gather, strip, write and encrypt. `asked` are the categories asked for, `kept_back` what the officer withheld (dataset, collection,
    field), `days` how long it lies there.

    Raises RequestRefused for a request of another kind or stage, one whose person is not known for certain, and where nothing is left to
    give; FileStoreUnavailable where files cannot be fetched, which is no package; ConfigurationError.
    """
    request = packaging.register.get(request_id)
    kind = _kind(request)
    located = packaging.records.of(request_id)
    if located.ambiguous:
        raise RequestRefused(f"{_named(request)}: it is not sure who is meant; `governance request pick` comes first")
    unknown = sorted(set(asked) - {one for gatherer in gatherers for one in gatherer.dataset.pack.taxonomy})
    if unknown:
        raise RequestRefused(f"{_named(request)}: expected data categories, found {', '.join(unknown)[:200]}")
    gathered = []
    for gatherer in gatherers:
        rows = [row for row in (*located.candidates, *located.beside) if row.dataset == gatherer.dataset.name]
        if rows:
            gathered.append((gatherer.dataset, gatherer.gather(rows)))
    made = contents(kind, request.person, gathered, asked=asked, kept_back=kept_back)
    if not made.rows:
        raise RequestRefused(f"{_named(request)}: nothing is held that could go into a package")
    now = packaging.clock.now()
    pack = gathered[0][0].pack
    head = {
        "controller": {"id": pack.controller, "title": pack.title_in(request.language)},
        "request": request.number,
        "person": request.person.name,
        "issued_at": instant_text(now),
        "time_zone": pack.time_zone,
        "policy_version": pack.version,
        "searched": list(located.searched),
        "asked": sorted(asked),
    }
    by_name = {gatherer.dataset.name: gatherer for gatherer in gatherers}
    package_id = uuid4()
    with packaging.shelf.writing(package_id) as target:
        packed = packaging.packer.pack(
            target, made, [dataset for dataset, _ in gathered], head, request.language, certificate,
            lambda enclosure: by_name[enclosure.dataset].opened(enclosure),
        )  # fmt: skip
        size, sha256 = _measured(target)
    package = Package(
        id=package_id,
        request=request_id,
        kind=kind,
        digest=sha256,
        size=size,
        opened_by=packed.opened_by,
        made_at=now,
        expires_at=now + timedelta(days=days),
        purged_at=None,
    )
    withheld = len(made.withheld) + len(packed.left_out)
    try:
        with packaging.register.opened(request_id) as entry:
            _kind(entry.request)
            add_package(entry.session, package)
            entry.note("package-made", by, now, {"package": str(package.id), "kind": kind})
            body = PackageMade(
                **entry.named,
                package=str(package.id),
                package_kind=kind,
                bundle_digest=package.digest,
                rows=made.rows,
                withheld=withheld,
                opened_by=package.opened_by,
                expires_at=instant_text(package.expires_at),
                by=by,
            )
            entry.tell(body, now)
    except BaseException:
        packaging.shelf.remove(package.id)  # nobody would know of it, and nothing would delete it
        raise
    return Made(package, made.rows, withheld, packed.left_out, packed.passphrase)


@contextmanager
def download(package_id: UUID, packaging: Packaging, *, by: str) -> Iterator[BinaryIO]:
    """The file, still encrypted, with the event that says so. Raises RequestRefused for one that is over, gone, or not what was made."""
    package, now = packaging.packages.get(package_id), packaging.clock.now()
    if package.purged_at is not None or package.expires_at <= now:
        raise RequestRefused(f"package {package_id}: its time was over at {package.expires_at:%Y-%m-%d %H:%M} UTC; make another one")
    with packaging.shelf.reading(package_id) as file:
        if _measured(file)[1] != package.digest:
            raise RequestRefused(f"package {package_id}: the file is not the one that was made; make another one")
        with packaging.register.opened(package.request) as entry:
            entry.note("package-downloaded", by, now, {"package": str(package_id)})
            entry.tell(PackageDownloaded(**entry.named, package=str(package_id), bundle_digest=package.digest, by=by), now)
        yield file


def purge_packages(packaging: Packaging) -> int:
    """Delete the files of packages whose time is over; how many. Telling follows deleting: what was told of is gone."""
    now = packaging.clock.now()
    purged = 0
    for package in packaging.packages.lying(now):
        packaging.shelf.remove(package.id)
        with packaging.register.opened(package.request) as entry:
            if mark_purged(entry.session, package.id, now):
                entry.tell(PackagePurged(**entry.named, package=str(package.id), bundle_digest=package.digest), now)
                purged += 1
    return purged


def _measured(file: BinaryIO) -> tuple[int, str]:
    """Bytes and SHA-256, hex, of a file that is then read from its beginning."""
    file.seek(0)
    size, sha256 = 0, hashlib.sha256()
    while piece := file.read(1 << 20):
        size += len(piece)
        sha256.update(piece)
    file.seek(0)
    return size, sha256.hexdigest()


def _kind(request: Request) -> PackageKind:
    if request.kind not in _KINDS:
        raise RequestRefused(f"{_named(request)}: expected a request of kind {', '.join(_KINDS)}, found {request.kind}")
    if request.stage not in _MADE_AT:
        stages = ", ".join(sorted(_MADE_AT))
        raise RequestRefused(f"{_named(request)}: a package is made after the approval ({stages}), found {request.stage.value}")
    return _KINDS[request.kind]


def _named(request: Request) -> str:
    return f"request {request.number} of {request.controller}"
