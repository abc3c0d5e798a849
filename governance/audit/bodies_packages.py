"""What is told of finding the person of a request and of the packages made for them: counts, names of datasets, and keyed references.

A request is named as in `bodies_requests`. Why somebody picked a row stands in the register's acts, encrypted.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import StrictBool, StringConstraints

from governance.audit.bodies_incidents import Moment
from governance.audit.bodies_requests import RequestId
from governance.audit.body import Body, Count, Digest, Name

#: The keyed reference of a row.
KeyReference = Annotated[str, StringConstraints(strict=True, pattern=r"^ref[0-9]+\.[0-9a-f]{32}$")]
#: What a package is for.
PackageKind = Literal["access", "portability"]


class PersonLocated(Body):
    """Datasets were searched for the person of a request. `certain` and `unsure` count rows of subjects, `beside` rows that belong to no
    subject; `third_party_rows` are rows that speak of others, or in which the person is the other. `ambiguous`: a person has to pick."""

    kind: ClassVar[str] = "request.located"
    request: RequestId
    number: Count
    searched: tuple[Name, ...]
    certain: Count
    unsure: Count
    erased: Count
    beside: Count
    third_party_rows: Count
    ambiguous: StrictBool
    by: Name


class MatchPicked(Body):
    """Somebody said which rows of a dataset are meant, or with no reference that none is; `dropped` counts the others."""

    kind: ClassVar[str] = "request.picked"
    request: RequestId
    number: Count
    governed: Name
    references: tuple[KeyReference, ...]
    dropped: Count
    by: Name


class PackageMade(Body):
    """A package was made and encrypted to the person. `bundle_digest` is that of the encrypted file, `rows` and `withheld` count rows in it
    and fields kept out of it; `opened_by` is `passphrase` or the SHA-256 of the person's certificate."""

    kind: ClassVar[str] = "package.made"
    request: RequestId
    number: Count
    package: RequestId
    package_kind: PackageKind
    bundle_digest: Digest
    rows: Count
    withheld: Count
    opened_by: Name
    expires_at: Moment
    by: Name


class PackageDownloaded(Body):
    """Somebody took a package out, still encrypted: access to personal data."""

    kind: ClassVar[str] = "package.downloaded"
    request: RequestId
    number: Count
    package: RequestId
    bundle_digest: Digest
    by: Name


class PackagePurged(Body):
    """The file of a package was deleted: its time was over, or its request closed without it."""

    kind: ClassVar[str] = "package.purged"
    request: RequestId
    number: Count
    package: RequestId
    bundle_digest: Digest


KINDS: tuple[type[Body], ...] = (PersonLocated, MatchPicked, PackageMade, PackageDownloaded, PackagePurged)
