"""The deployment: which databases, packs, keys and archive belong together. One file, `lethe.yaml`, in the Lethe home.

    store: postgresql+psycopg://lethe_store@127.0.0.1:5432/lethe
    passfile: pgpass                      # libpq passfile, mode 0600; no password ever stands in a URL
    keyring: keyring.json
    signing_key: signer.pem
    timestamp: {url: "https://...", roots: tsa-roots.pem}      # optional: who says that checkpoints existed
    protocol: {dpo_certificate: dpo.pem}  # left out: protocols without an annex of names
    archive: {kind: s3, endpoint: "http://...", bucket: evidence, region: eu-central-1, credentials: s3.json,
              country: DE, encryption: "aws:kms", kms_key: alias/evidence}
           | {kind: local, folder: archive, country: BG}
    datasets:
      credithelp: {pack: credithelp, dataset: credithelp, engine: URL, sealer: URL, validator: URL}

Paths are relative to the file. A pack or dataset is the name of one that ships with Lethe, or the path of a YAML file; `pack` may also
be a list of these, the versions of one policy. Loading reads lethe.yaml alone; packs and datasets are read when they are asked for, so
that a broken one stops nobody but its own dataset. Nothing here connects to anything.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, model_validator
from sqlalchemy.exc import ArgumentError

from governance.catalogue.aftercare import Mode
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.errors import ConfigurationError, DocumentError
from governance.policy.document import Country, Identifier, Strict
from governance.policy.loading import check_model, load_pack, parse_yaml
from governance.policy.pack import PolicyPack


def _database_url(value: str) -> str:
    try:
        url = sa.make_url(value)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise ValueError("a database URL like postgresql+psycopg://role@host:port/database") from None
    if url.password is not None or "password" in url.query:
        raise ValueError("a URL without a password; it belongs into the passfile")
    if url.get_backend_name() != "postgresql" or not url.username or not url.database:
        raise ValueError("a database URL like postgresql+psycopg://role@host:port/database")
    return value


def _loan_database_url(value: str) -> str:
    """A loan database may also be MariaDB, MySQL or SQLite. Their passwords stand in an option file; SQLite has none."""
    try:
        url = sa.make_url(value)
    except (ArgumentError, ValueError):
        url = None
    match url.get_backend_name() if url is not None else None:
        case "mysql" | "mariadb" if url is not None:
            if url.password is not None or {"password", "passwd"} & url.query.keys():
                raise ValueError("a URL without a password; it belongs into the option file that read_default_file names")
            if url.drivername not in ("mysql+pymysql", "mariadb+pymysql") or not url.username or not url.database:
                raise ValueError("a database URL like mariadb+pymysql://role@host:port/database?read_default_file=engine.cnf")
            if risky := url.query.keys() & {"local_infile", "init_command", "client_flag", "sql_mode"}:
                raise ValueError(f"a URL that leaves the session to Lethe, without {', '.join(sorted(risky))}")
            return value
        case "sqlite" if url is not None:
            if url.drivername not in ("sqlite", "sqlite+pysqlite") or url.database in (None, "", ":memory:") or url.query:
                raise ValueError("a database URL like sqlite:///folder/file.db, of a file")
            return value
    return _database_url(value)


_URL = re.compile(r"'?[a-z0-9+]+(:/|\.\.\.)", re.IGNORECASE)  # also of one that was cut off in its middle
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
LoanUrl = Annotated[str, AfterValidator(_loan_database_url)]


class S3Bucket(Strict):
    """An S3 bucket. `credentials` is a JSON file, mode 0600, with access_key and secret_key."""

    kind: Literal["s3"]
    bucket: str
    region: str
    credentials: Path
    endpoint: str | None = None


class LocalFolder(Strict):
    """A folder on this machine; never write-once."""

    kind: Literal["local"]
    folder: Path


#: Where evidence goes, or where files lie that rows refer to.
Place = Annotated[S3Bucket | LocalFolder, Field(discriminator="kind")]
PlaceT = TypeVar("PlaceT", bound=Strict)  # a place, of whatever kind


class ResidencyException(Strict):
    """A dataset whose evidence may lie where its pack does not allow it: by whose word, and why. Told in every report and in the log."""

    reason: str = Field(min_length=1, max_length=300)
    by: str = Field(min_length=1, max_length=100)


class _Evidence(Strict):
    """What every archive is asked. `country`: where it lies, an ISO 3166 code. `alarm_after_hours`: how long an object may wait for it."""

    country: Country | None = None
    alarm_after_hours: int = Field(default=24, ge=1, le=72)
    residency_exceptions: dict[Identifier, ResidencyException] = Field(default_factory=dict)


class ArchiveBucket(S3Bucket, _Evidence):
    """An S3 bucket for evidence. `encryption`: what the server is asked for; unset, the bucket decides. `kms_key`: id, ARN or alias."""

    encryption: Literal["AES256", "aws:kms"] | None = None
    kms_key: str | None = None

    @model_validator(mode="after")
    def _key_of_kms(self) -> Self:
        if self.kms_key is not None and self.encryption != "aws:kms":
            raise ValueError("kms_key beside encryption aws:kms only")
        return self


class ArchiveFolder(LocalFolder, _Evidence):
    """A folder for evidence."""


ArchivePlace = Annotated[ArchiveBucket | ArchiveFolder, Field(discriminator="kind")]


def _clock(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        raise ValueError('a time of the day in quotes, such as "22:00"')  # without quotes YAML reads 22:00 as the number 1320
    return time.fromisoformat(value)


ClockTime = Annotated[time, PlainValidator(_clock)]


class WindowEntry(Strict):
    """The hours in which changes may begin, on the wall clock of the controller's time zone; may reach over midnight."""

    opens: ClockTime = Field(alias="from")
    until: ClockTime

    @model_validator(mode="after")
    def _not_empty(self) -> WindowEntry:
        if self.opens == self.until:
            raise ValueError("an end that differs from the beginning; leave `window` out for any time")
        return self


class LiveEntry(Strict):
    """How an enforcement behaves beside the lender's application; docs/operating.md explains each. Seconds and megabytes."""

    target_seconds: float = Field(default=0.1, ge=0.02, le=60)
    rest: float = Field(default=0.0, ge=0, le=100)
    lock_timeout_seconds: float = Field(default=2.0, ge=0.05, le=60)
    statement_timeout_seconds: float = Field(default=60.0, ge=1, le=3600)
    attempts: int = Field(default=6, ge=1, le=20)
    patience_seconds: float = Field(default=1800.0, ge=0, le=86_400)
    waiting_seconds: float = Field(default=1.0, ge=0.05, le=3600)
    waiting_sessions: int = Field(default=0, ge=0)
    standbys: tuple[str, ...] | None = None
    lag_seconds: float = Field(default=20.0, ge=0.1, le=86_400)
    lag_megabytes: int = Field(default=256, ge=1)
    slot_megabytes: int = Field(default=4096, ge=1)


class DrillEntry(Strict):
    """What a restore drill works with: a backup that pg_restore reads, as a file, or fetched by a command into the file that it finds in
    place of `{file}`; the URL of an administrator on a scratch server that has Lethe's roles; and the program pg_restore."""

    backup: Path | None = None
    command: tuple[str, ...] | None = None
    scratch: DatabaseUrl
    pg_restore: str = "pg_restore"

    @model_validator(mode="after")
    def _one_backup(self) -> Self:
        if (self.backup is None) == (not self.command):
            raise ValueError("either backup, a file, or command, which fetches it")
        return self


class AnnouncedEntry(Strict):
    """Collections that nobody changes without an event in the same transaction, but the login roles of the lender's own application."""

    collections: tuple[str, ...] | Literal["all"]
    writers: tuple[str, ...] = ()


class DatasetEntry(Strict):
    """One loan database with its policy: the pack in one or more versions, the dataset, and a URL for each role. `workers` is how many
    transactions may be carried out at a time, each in a session of its own; one more session reads ahead. `window` and `live` are for
    databases that an application works on meanwhile. `after_care` is what the engine may do to tables it has worked; `alarm_after` so many
    runs in a row that find rows due and change none, a grave finding is raised. `files` are the stores of files that its rows refer to, by
    the names that the dataset's bindings give them. Only PostgreSQL has a `validator`; what
    `live` measures, `after_care`, `files` and `restore_drill` are heeded there alone; `announced`, by which tables are guarded, is refused
    elsewhere."""

    pack: Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value), Field(min_length=1)]
    dataset: str
    engine: LoanUrl
    sealer: LoanUrl
    validator: LoanUrl | None = None
    workers: int = Field(default=1, ge=1, le=16)
    window: WindowEntry | None = None
    live: LiveEntry = LiveEntry()
    after_care: Mode = Mode.ADVISE
    alarm_after: int = Field(default=3, ge=1, le=366)
    files: dict[Identifier, Place] = Field(default_factory=dict)
    restore_drill: DrillEntry | None = None
    announced: AnnouncedEntry | None = None

    @model_validator(mode="after")
    def _roles_of_one_database(self) -> Self:
        backends = {sa.make_url(url).get_backend_name() for url in (self.engine, self.sealer, self.validator) if url is not None}
        if len({"mysql" if name == "mariadb" else name for name in backends}) > 1:
            raise ValueError("engine, sealer and validator of one kind of database")
        # The suites speak PostgreSQL. A validator that is named and never asked would be a promise.
        if ("postgresql" in backends) != (self.validator is not None):
            raise ValueError("a validator for PostgreSQL, and none for MariaDB, MySQL and SQLite, over which no suite is evaluated")
        if self.announced is not None and "postgresql" not in backends:
            raise ValueError("no `announced` for MariaDB, MySQL and SQLite, where no trigger sees a whole statement")
        return self


def _http_url(value: str) -> str:
    try:
        parsed = urlsplit(value)
        parsed.port  # noqa: B018 - raises for one that is none
    except ValueError:
        parsed = urlsplit("")
    if parsed.scheme not in ("http", "https") or not parsed.hostname or parsed.username or parsed.password:
        raise ValueError("a URL of http or https without a user")
    return value


class TimestampEntry(Strict):
    """The timestamp authority (RFC 3161) asked about checkpoints. `roots` is a PEM file with the root certificates it is trusted through,
    `policy` the object identifier its answers must name, if any."""

    url: Annotated[str, AfterValidator(_http_url)]
    roots: Path
    policy: str | None = Field(default=None, pattern=r"^[0-2](\.(0|[1-9][0-9]*))+$")
    timeout_seconds: float = Field(default=30.0, ge=1, le=600)


class ProtocolEntry(Strict):
    """How destruction protocols are made. `dpo_certificate` is the PEM file of an X.509 certificate with an RSA key to which the annex with
    the subjects' names is encrypted; without one there is no annex. Groups of fewer than `k_threshold` rows that are alike are counted."""

    dpo_certificate: Path | None = None
    k_threshold: int = Field(default=5, ge=2, le=1000)


class _Document(Strict):
    store: DatabaseUrl
    passfile: Path
    keyring: Path
    signing_key: Path
    archive: ArchivePlace
    timestamp: TimestampEntry | None = None
    suites: Path | None = None
    protocol: ProtocolEntry = ProtocolEntry()
    origin: str = Field(default="lethe", pattern=r"^[a-z0-9][a-z0-9./-]*$")
    datasets: dict[Identifier, DatasetEntry] = Field(min_length=1)

    @model_validator(mode="after")
    def _exceptions_of_datasets(self) -> Self:
        if unknown := self.archive.residency_exceptions.keys() - self.datasets.keys():
            raise ValueError(f"residency_exceptions for datasets of this file only, not {', '.join(sorted(unknown))}")
        return self


@dataclass(frozen=True)
class PackVersion:
    """One version of a controller's policy: the document's name for messages, its text, and what it says."""

    file: str
    text: str
    pack: PolicyPack


class Deployment:
    """A loaded `lethe.yaml`; every path absolute, every URL with its passfile."""

    def __init__(self, home: Path, document: _Document) -> None:
        self.home, self._document = home, document
        self.origin = document.origin
        self.keyring = home / document.keyring
        self.signing_key = home / document.signing_key
        self.store = self._with_passfile(document.store)
        self.archive = self._at_home(document.archive)
        stamp = document.timestamp
        self.timestamp = stamp.model_copy(update={"roots": home / stamp.roots}) if stamp is not None else None
        certificate = document.protocol.dpo_certificate
        self.dpo_certificate = home / certificate if certificate is not None else None
        self.k_threshold = document.protocol.k_threshold

    @property
    def datasets(self) -> tuple[str, ...]:
        """Names of the governed datasets, in the order of the file."""
        return tuple(self._document.datasets)

    def entry(self, name: str) -> DatasetEntry:
        """URLs and documents of one dataset. Raises ConfigurationError naming the ones there are."""
        found = self._document.datasets.get(name)
        if found is None:
            raise ConfigurationError(f"{self.home / 'lethe.yaml'}: expected a dataset of {', '.join(self.datasets)}, found {name!r}")
        urls = {role: self._with_passfile(url) for role in ("engine", "sealer", "validator") if (url := getattr(found, role)) is not None}
        drill = found.restore_drill
        if drill is not None:
            drill = drill.model_copy(update={"scratch": self._with_passfile(drill.scratch)})
        return found.model_copy(
            update={**urls, "restore_drill": drill, "files": {store: self._at_home(files) for store, files in found.files.items()}}
        )

    def _at_home(self, place: PlaceT) -> PlaceT:
        path = "credentials" if isinstance(place, S3Bucket) else "folder"
        return place.model_copy(update={path: self.home / getattr(place, path)})

    def governed(self, name: str, as_of: datetime | None = None) -> GovernedDataset:
        """The dataset resolved under the policy version in force on the day of `as_of` in the controller's zone; None: under the newest.

        In force is the version with the latest effective_from that is not after that day. Raises DocumentError, also where none is.
        """
        version = self._version(name, as_of)
        return govern(*self._text(name, "dataset", self.entry(name).dataset), version.text, version.file)

    def pack(self, name: str, as_of: datetime) -> PolicyPack:
        """The policy version of a dataset in force on the day of `as_of`; see `governed`. Reads no dataset document."""
        return self._version(name, as_of).pack

    def pack_versions(self, name: str) -> tuple[PackVersion, ...]:
        """Every version of a dataset's policy, the oldest effective_from first.

        Raises DocumentError for a broken one, and where they are not versions of one policy: two of the same date or version
        number, or of different controllers or time zones.
        """
        versions = [self._load(name, pack) for pack in self.entry(name).pack]
        for n, version in enumerate(versions):
            for other in versions[:n]:
                self._refuse_unless_versions_of_one(name, n, other.pack, version.pack)
        return tuple(sorted(versions, key=lambda version: version.pack.effective_from))

    def time_zone(self) -> str:
        """The zone by whose clock the one night of all datasets begins: where a given hour comes last (decision 0012).

        Reads one pack a dataset and nothing else, so it is quick enough for DAG parsing. A pack that cannot be read is left to its own
        dataset's run; its error is raised here only where no pack can be read.
        """
        zones: set[str] = set()
        faults: list[ConfigurationError] = []
        for name in self.datasets:
            try:
                zones.add(self._load(name, self.entry(name).pack[0]).pack.time_zone)
            except ConfigurationError as fault:
                faults.append(fault)
        if not zones:
            raise faults[0]
        return min(zones, key=lambda zone: (_standard_offset(zone), zone))

    def suites(self, name: str) -> Path:
        """The folder with the declared suites of a dataset."""
        base = self._document.suites
        return (self.home / base if base is not None else Path(__file__).parent.parent / "expectations") / name

    def _version(self, name: str, as_of: datetime | None) -> PackVersion:
        versions = self.pack_versions(name)
        if as_of is None:
            return versions[-1]
        day = as_of.astimezone(versions[0].pack.zone).date()
        in_force = [version for version in versions if version.pack.effective_from <= day]
        if not in_force:
            found = ", ".join(f"{version.pack.version} from {version.pack.effective_from}" for version in versions)
            raise self._fault(name, "pack", f"a policy version in force on {day} in {versions[0].pack.time_zone}", found)
        return in_force[-1]

    def _load(self, name: str, pack: str) -> PackVersion:
        text, file = self._text(name, "pack", pack)
        return PackVersion(file, text, load_pack(text, file))

    def _refuse_unless_versions_of_one(self, name: str, n: int, first: PolicyPack, second: PolicyPack) -> None:
        for what, one, other in (
            ("controller", first.controller, second.controller),
            ("time zone", first.time_zone, second.time_zone),
        ):
            if one != other:
                raise self._fault(name, f"pack.{n}", f"a version of the same policy, {what} {one}", other)
        for what, one, other in (
            ("version", first.version, second.version),
            ("effective_from", str(first.effective_from), str(second.effective_from)),
        ):
            if one == other:
                raise self._fault(name, f"pack.{n}", f"{what} of its own", f"{other} again")

    def _fault(self, name: str, at: str, expected: str, found: str) -> DocumentError:
        return DocumentError(str(self.home / "lethe.yaml"), f"datasets.{name}.{at}", expected, found)

    def _text(self, name: str, kind: Literal["pack", "dataset"], document: str) -> tuple[str, str]:
        """Text and name of a document of a dataset."""
        try:
            return read_document(kind, document, self.home)
        except KeyError:
            raise self._fault(name, kind, f"one of the {_SHIPPED[kind][1]} of Lethe or a path", repr(document)) from None

    def _with_passfile(self, url: str) -> str:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return parsed.set(database=str(self.home / str(parsed.database))).render_as_string()
        if parsed.get_backend_name() != "postgresql":
            options = parsed.query.get("read_default_file")
            named = {} if options is None else {"read_default_file": str(self.home / str(options))}
            return parsed.update_query_dict(named).render_as_string()
        if "passfile" not in parsed.query:
            parsed = parsed.update_query_dict({"passfile": str(self.home / self._document.passfile)})
        return parsed.render_as_string()


_SHIPPED = {"pack": ("governance.policy", "packs"), "dataset": ("governance.catalogue", "datasets")}


def _standard_offset(zone: str) -> timedelta:
    """What the zone's clock is ahead of UTC outside daylight saving time, by the rule the tz database holds for good.

    Not by today's: two parses of one DAG must find one schedule, whatever the season.
    """
    offsets = (datetime(2037, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7))
    return min(offset for offset in offsets if offset is not None)


def shipped(kind: Literal["pack", "dataset"]) -> tuple[str, ...]:
    """Names of the packs or datasets that ship with Lethe, in order."""
    package, folder = _SHIPPED[kind]
    return tuple(
        sorted(item.name.removesuffix(".yaml") for item in files(package).joinpath(folder).iterdir() if item.name.endswith(".yaml"))
    )


def read_document(kind: Literal["pack", "dataset"], document: str, folder: Path) -> tuple[str, str]:
    """Text of a pack or dataset and its name for messages: one that ships with Lethe, or a file, relative to `folder`.

    Raises KeyError(document) where none of that name ships, ConfigurationError for a file that cannot be read.
    """
    if document.endswith((".yaml", ".yml")):
        path = folder / document
        return read_text(path), str(path)
    package, place = _SHIPPED[kind]
    if document not in shipped(kind):
        raise KeyError(document)
    return files(package).joinpath(place, f"{document}.yaml").read_text(encoding="utf-8"), f"{place}/{document}.yaml"


def home() -> Path:
    """The Lethe home: $LETHE_HOME, or `.lethe` in the working directory."""
    return Path(os.environ.get("LETHE_HOME", ".lethe")).resolve()


def load_deployment(folder: Path) -> Deployment:
    """Read `lethe.yaml` of a Lethe home. Raises ConfigurationError or DocumentError."""
    path = folder / "lethe.yaml"
    document = parse_yaml(read_text(path), str(path))
    try:
        return Deployment(folder.resolve(), check_model(_Document, document, str(path)))
    except DocumentError as error:
        # The faulty value may be a URL with a password, perhaps shortened in its middle, and messages end in logs.
        found = "another URL (not shown here)" if _URL.match(error.found) else error.found
        raise DocumentError(error.file, error.path, error.expected, found) from None


def read_text(path: Path) -> str:
    """The text of an operator's file. Raises ConfigurationError for one that cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigurationError(f"{path}: expected a readable file, found: {reason}") from None
