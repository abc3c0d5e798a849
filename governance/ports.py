"""The narrow doors between the use cases in `run/` and the world; adapters stand behind them.

Rules: a Protocol has one to five methods; it speaks in the engine's words, never in a driver's; whoever
implements it raises only errors of `governance.errors`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from uuid import UUID

from governance.audit.events import Event
from governance.audit.ledger_entry import LedgerEntry
from governance.catalogue.findings import ScanFacts
from governance.catalogue.governed import GovernedDataset
from governance.planning.evaluate import Rows
from governance.planning.plan import ChunkOutcome, Plan, Step
from governance.planning.suppression import Erasure, Matcher, Sighting, Trace
from governance.requests import located
from governance.requests.enclosures import Enclosure
from governance.requests.package import Contents, Withheld
from governance.requests.request import Person


class Clock(Protocol):
    """The only source of "now". A use case asks once and passes the answer on as its reference time."""

    def now(self) -> datetime:
        """The present instant, timezone-aware, UTC."""
        ...


@dataclass(frozen=True)
class WormReport:
    """What a store was seen to do with throw-away objects; `None` where it was not tried.

    A store is write-once only if it refused every way of changing or losing an object before its time. `encrypted`: it said of the probe's
    own objects that they are encrypted as it was asked; None where it was asked for nothing.
    """

    overwrite_refused: bool | None
    delete_refused: bool | None
    shorten_refused: bool | None
    downgrade_refused: bool | None
    detail: str
    encrypted: bool | None = None

    @property
    def create_only(self) -> bool:
        """The store itself refuses a second put under one name."""
        return self.overwrite_refused is True

    @property
    def lock(self) -> bool:
        """The store takes locks, and an object locked in compliance mode could not be lost."""
        return self.delete_refused is True and self.shorten_refused is not None

    @property
    def worm(self) -> bool:
        """Every attempt to overwrite, delete, shorten or downgrade was refused."""
        attempts = (self.overwrite_refused, self.delete_refused, self.shorten_refused, self.downgrade_refused)
        return all(refused is True for refused in attempts)


class Archive(Protocol):
    """A create-only store of evidence objects. Names are `/`-separated ASCII paths.

    Does not encrypt and does not look into what it stores.
    """

    def put(self, name: str, content: bytes, *, retain_until: datetime | None = None) -> None:
        """Create the object. Putting the same content again is success; other content raises ObjectExists.

        When it returns, the object was stored durably and read back equal, and locked until then where the probe saw that locks hold.
        Raises ArchiveFull, ArchiveUnavailable, EvidenceError.
        """
        ...

    def get(self, name: str) -> bytes:
        """The object's content. Raises KeyError(name) if there is none, ArchiveUnavailable."""
        ...

    def names(self, prefix: str = "") -> Iterator[str]:
        """All object names that start with `prefix`, in ascending order of their bytes."""
        ...

    def probe(self, known: WormReport | None = None) -> WormReport:
        """Try on throw-away objects under `probe/` what the store really enforces. `known`: what it was seen to enforce not long ago, which
        is taken over without trying again."""
        ...

    def delete_expired(self, name: str) -> None:
        """DANGEROUS: delete evidence whose retention is over, with every version; what is gone already is success.

        Takes only names that may expire (`layout.check_expirable`); whether it has is for the caller to know.
        Raises EvidenceError (such a name never expires), ObjectRetained (the store keeps it), ArchiveUnavailable.
        """
        ...

    def describe(self) -> str:
        """Where the evidence lies, for people: a URL or folder, no credentials."""
        ...


class Located(Protocol):
    """An archive whose server says in which region it keeps its objects."""

    def region(self) -> str | None:
        """The region's name; None where the server says nothing that can be believed. Raises ArchiveUnavailable."""
        ...


class Locking(Protocol):
    """An archive that locks its objects."""

    def lengthen(self, name: str, until: datetime) -> int:
        """Lock every version of an object at least until then, never for less than before; how many locks were changed. Each was read back.

        Only for an archive that was seen to hold its locks: others lose the object. Raises EvidenceError, ArchiveUnavailable.
        """
        ...


class KeySource(Protocol):
    """Root secrets by version. Never logged, never stored beside the data."""

    def current_version(self) -> int:
        """The version new tokens and references are made with."""
        ...

    def root(self, version: int) -> bytes:
        """The 32-byte root secret of a version. Raises KeyUnavailable."""
        ...


@dataclass(frozen=True)
class ErasedRows:
    """Different rows of one collection by what became of them: deleted; else some field pseudonymised; else some generalised;
    else fields only nulled or given a constant."""

    deleted: int
    pseudonymised: int
    generalised: int
    nulled: int


@dataclass(frozen=True)
class Noted:
    """A ledger entry: the rows that the chunk of one event changed, by keyed reference, in the order of their keys."""

    collection: str
    action: str
    references: tuple[str, ...]


class LoanDatabase(Protocol):
    """One loan database under the engine's role. Reading methods change nothing of the lender's."""

    @property
    def dataset(self) -> GovernedDataset:
        """What is declared about it."""
        ...

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the dataset's lock. Raises RunInProgress if another run has it."""
        ...

    def scan(self, as_of: datetime) -> ScanFacts:
        """Count rows and look for findings, as things stand at `as_of`. Raises DocumentError if a declared table or column is not there."""
        ...

    def freeze(self, as_of: datetime, chunk_size: int) -> Plan:
        """Plan what is due at `as_of` and keep the keys, in chunks, in work tables. Replaces the frozen plan before it."""
        ...

    def rows_around(self, collection: str, key: str) -> Rows:
        """The row of that key with every row the calculus needs to decide it. Raises KeyError if there is no such row."""
        ...


#: Carries out the chunks that were prepared, in one transaction, and gives the outcome of each; None for one that was done before.
Perform = Callable[[], Sequence[ChunkOutcome | None]]


class Enforcer(Protocol):
    """Carries out a frozen plan, a few chunks at a time."""

    def prepare(self, plan: Plan, step: Step, chunks: range, describe: Callable[[ChunkOutcome], Event]) -> Perform:
        """Read ahead what consecutive chunks of a step will need, holding nothing; to be called while others are carried out.

        Calling the result carries the chunks out, as things then stand: change, ledger and the events that `describe` makes, one a chunk,
        commit together. Both raise PlanMismatch if this is not the plan that stands frozen in the database, and DatabaseBusy after a lock
        timeout.
        """
        ...


@dataclass(frozen=True)
class Pressure:
    """Why no transaction should begin now: `kind` for counting, `told` for people, in counts and names of standbys and slots."""

    kind: str
    told: str


class Gauge(Protocol):
    """Looks how hard a loan database is pressed."""

    def require_sight(self) -> None:
        """Raises SurroundingsError where it cannot see what it is to look at: better told before a run than found out in it."""
        ...

    def pressure(self) -> Pressure | None:
        """What advises against a transaction now; None if nothing does. Raises SurroundingsError."""
        ...


class Brake(Protocol):
    """Says whether a person has paused a dataset."""

    def require_released(self) -> None:
        """Raises EnforcementPaused if so. Asked before every transaction: cheap."""
        ...


@dataclass(frozen=True)
class Examined:
    """A file before its deletion: how many versions the store has of it (0: it is gone), bytes and SHA-256 of the newest content."""

    versions: int
    size: int | None
    digest: str | None


@dataclass(frozen=True)
class PendingFile:
    """A file that is to be deleted. `reference` is a value of the lender and leaves the loan database for the store alone; `key_ref` and
    `file_ref` are the keyed references of row and file. `examined` is what a run that was killed has seen of it."""

    entry_id: UUID
    plan_digest: str
    step: int
    collection: str
    field: str
    key_ref: str
    store: str
    reference: str = dataclasses.field(repr=False)
    file_ref: str
    examined: Examined | None


class FileQueue(Protocol):
    """The files that committed chunks have let go."""

    def waiting(self) -> Sequence[PendingFile]:
        """All of them, the oldest first."""
        ...

    def needed(self, entries: Sequence[PendingFile]) -> frozenset[UUID]:
        """The ids of those to whose files some row still refers."""
        ...

    def examined(self, entry: PendingFile, found: Examined) -> None:
        """Commit what the file was."""
        ...

    def done(self, entry: PendingFile, event: Event) -> None:
        """Commit the event, once, and the end of the entry with its reference."""
        ...


@dataclass(frozen=True)
class Content:
    """The bytes of a file as they are read, and how many they are by what the store says."""

    size: int
    pieces: Iterator[bytes] = dataclasses.field(repr=False)


class FileStore(Protocol):
    """Where files lie that rows refer to. A reference that leads out of the store is refused, never followed."""

    def examine(self, reference: str) -> Examined:
        """What is there. Raises FileRefused, FileStoreUnavailable."""
        ...

    def reading(self, reference: str) -> AbstractContextManager[Content | None]:
        """Its newest content, piece by piece; None where there is none. Raises FileRefused, FileStoreUnavailable."""
        ...

    def delete(self, reference: str) -> None:
        """Delete it, with every version; what is gone already is success. Raises FileRefused, FileStoreUnavailable."""
        ...


@dataclass(frozen=True)
class Belonging:
    """The rows of one collection that belong to one subject, by keyed reference, in the order of their keys."""

    subject_ref: str
    collection: str
    row_refs: tuple[str, ...]


@dataclass(frozen=True)
class NamedSubject:
    """A subject with its names, in the order of the source's `name_fields`, and its key as text: personal data, on their way to be
    encrypted and nowhere else."""

    reference: str
    key: str = dataclasses.field(repr=False)
    names: tuple[str, ...] = dataclasses.field(repr=False)


class SubjectSource(Protocol):
    """Knows to whom the rows of a frozen plan belong, before they go."""

    @property
    def name_fields(self) -> tuple[str, ...]:
        """The fields that hold a subject's names."""
        ...

    def belongings(self, plan: Plan) -> Iterator[Belonging]:
        """For each subject and collection the rows of the plan."""
        ...

    def named(self, plan: Plan) -> Iterator[NamedSubject]:
        """Every subject to whom a row of the plan belongs, once."""
        ...


class ErasureSource(Protocol):
    """Knows whom a frozen plan is to erase, before it does."""

    def erasures(self, plan: Plan) -> Iterator[Erasure]:
        """The persons, once each, with keyed tokens of what identifies them."""
        ...


class SubjectSearch(Protocol):
    """Looks for persons of the suppression list in a loan database."""

    def sightings(self, matcher: Matcher) -> Iterator[Sighting]:
        """Every subject that stands there and is on the list of the matcher."""
        ...

    def traces(self, matcher: Matcher) -> Iterator[Trace]:
        """Every row of another collection in which somebody on the list stands, collection by collection."""
        ...


class Envelope(Protocol):
    """Encrypts to one recipient, who alone can open it."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the recipient's certificate, hex."""
        ...

    def encrypt(self, content: bytes) -> bytes:
        """The content, encrypted."""
        ...


@dataclass(frozen=True)
class Residue:
    """The rows of a collection that stand without their identifiers, and what of quasi-identifiers remains in them. `smallest` is the size
    of the smallest group of rows alike in all of these (0: no rows; None: no quasi-identifier remains), `below` counts the rows in groups
    smaller than the threshold asked for."""

    collection: str
    quasi_identifiers: tuple[str, ...]
    rows: int
    smallest: int | None
    below: int


class ResidueReader(Protocol):
    """Looks at what a plan left behind; reads counts only."""

    def residue(self, plan: Plan, threshold: int) -> tuple[Residue, ...]:
        """The figure of every collection whose fields the plan changed, as its rows stand now."""
        ...


class Typesetter(Protocol):
    """Makes PDF pages of documents. The same document gives the same bytes."""

    def protocol(self, document: Mapping[str, Any]) -> bytes:
        """A destruction protocol, in the controller's language and in English."""
        ...

    def certificate(self, document: Mapping[str, Any], language: str) -> bytes:
        """A certificate for a person. Raises ConfigurationError for a language it does not know."""
        ...

    def package(self, document: Mapping[str, Any], language: str) -> bytes:
        """The readable part of a package for a person. Raises ConfigurationError for a language it does not know."""
        ...


@dataclass(frozen=True)
class KeptEvent:
    """An event as a loan database holds it, and the number its mark says that it was sealed under, None without a mark."""

    event_id: UUID
    content: bytes
    seq: int | None


class KeptEventsPort(Protocol):
    """What a loan database holds of its events, for comparison with the log. Raises SurroundingsError."""

    def describe(self) -> str:
        """Where it is, for messages."""
        ...

    def events(self) -> AbstractContextManager[Iterator[KeptEvent]]:
        """All events of the outbox, by ascending ids, while inside."""
        ...

    def entries(self) -> AbstractContextManager[Iterator[LedgerEntry]]:
        """All entries of the ledger, by ascending ids of their events, while inside."""
        ...


class EventLog(Protocol):
    """Takes audit events; they are sealed and archived later."""

    def record(self, event: Event) -> None:
        """Commit one event. Recording the same event id twice is success and leaves one."""
        ...

    def recorded(self, event_ids: Sequence[UUID]) -> Mapping[UUID, Event]:
        """Those of the events that were committed, by id."""
        ...

    def erased(self, event_ids: Sequence[UUID]) -> Mapping[str, ErasedRows]:
        """What the ledger says of these events, by collection: different rows, each counted once."""
        ...


@dataclass(frozen=True)
class Change:
    """One name of a subject, with the digest the log was last told of and the one that stands; None: none."""

    name: str
    before: str | None
    after: str | None


class Told(Protocol):
    """Remembers, by subject and name, the digests that the log was told."""

    def tell(
        self, subject: str, present: Mapping[str, str], unknown: frozenset[str], events: Callable[[Sequence[Change]], list[Event]]
    ) -> int:
        """Commit the events of what differs, and that it was told. Names in `unknown` could not be looked at and are left as they are.
        How many changed."""
        ...


class PersonFinder(Protocol):
    """Finds persons in one loan database. What they are looked for by stays out of statements, logs and messages."""

    @property
    def dataset(self) -> GovernedDataset:
        """What is declared about it."""
        ...

    def find(self, persons: Sequence[Person]) -> list[located.Located]:
        """What is found of each person, in their order, in one search. Raises DatabaseUnfit, SurroundingsError."""
        ...

    def third_parties(self, person: Person, keys: Sequence[str]) -> tuple[located.ThirdParty, ...]:
        """Whom else the records of these subjects speak of."""
        ...


#: Rows of a person by collection, each by its columns.
PersonRows = Mapping[str, Sequence[Mapping[str, Any]]]


class PersonGatherer(Protocol):
    """Gathers the rows of a person from one loan database."""

    @property
    def dataset(self) -> GovernedDataset:
        """What is declared about it."""
        ...

    def gather(self, rows: Sequence[located.Candidate]) -> PersonRows:
        """Every row that is the person's, given the subjects and the rows beside that they are; `Binary` stands for what binary columns
        hold. Raises DatabaseUnfit, SurroundingsError."""
        ...

    def opened(self, enclosure: Enclosure) -> AbstractContextManager[Content | None]:
        """The content of a file, large object or binary column of a gathered row; None where there is none any more. Raises FileRefused,
        FileStoreUnavailable, SurroundingsError, ConfigurationError."""
        ...


#: Opens what belongs into a package.
Opener = Callable[[Enclosure], AbstractContextManager[Content | None]]


@dataclass(frozen=True)
class Packed:
    """What there is to tell of an encrypted package. `opened_by` is `passphrase` or the SHA-256 of a certificate; the passphrase is shown
    once and kept nowhere. `left_out` are files that could not go in, by field and reason."""

    opened_by: str
    passphrase: str | None = dataclasses.field(repr=False)
    left_out: tuple[Withheld, ...]


class Packer(Protocol):
    """Writes a package for a person and encrypts it to them."""

    def pack(
        self,
        target: BinaryIO,
        contents: Contents,
        datasets: Sequence[GovernedDataset],
        head: Mapping[str, Any],
        language: str,
        certificate: Path | None,
        opener: Opener,
    ) -> Packed:
        """Write the file, encrypted to the certificate, or with a new passphrase, to a target that can be sought in. Raises
        ConfigurationError, and what `opener` raises of stores and databases that do not answer."""
        ...


class PackageShelf(Protocol):
    """Where packages lie until they are fetched or their time is over."""

    def writing(self, package: UUID) -> AbstractContextManager[BinaryIO]:
        """A new file for a package, to be written and sought in; it is kept if nothing is raised inside. Raises ConfigurationError where it
        cannot be written."""
        ...

    def reading(self, package: UUID) -> AbstractContextManager[BinaryIO]:
        """The file. Raises RequestRefused where there is none any more."""
        ...

    def remove(self, package: UUID) -> None:
        """Delete the file; what is gone already is success. Raises ConfigurationError where it cannot be deleted."""
        ...
