"""The deployment: which databases, packs, keys and archive belong together. One file, `lethe.yaml`, in the Lethe home.

    store: postgresql+psycopg://lethe_store@127.0.0.1:5432/lethe
    passfile: pgpass                      # libpq passfile, mode 0600; no password ever stands in a URL
    keyring: keyring.json
    signing_key: signer.pem
    archive: {kind: s3, endpoint: "http://...", bucket: evidence, region: eu-central-1, credentials: s3.json}
           | {kind: local, folder: archive}
    datasets:
      credithelp: {pack: credithelp, dataset: credithelp, engine: URL, sealer: URL, validator: URL}

Paths are relative to the file. A pack or dataset is the name of one that ships with Lethe, or the path of a YAML file.
Loading reads files and connects to nothing.
"""

from __future__ import annotations

import os
import re
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import sqlalchemy as sa
from pydantic import AfterValidator, Field
from sqlalchemy.exc import ArgumentError

from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.errors import ConfigurationError, DocumentError
from governance.policy.loading import check_model, load_pack, parse_yaml
from governance.policy.document import Identifier, Strict
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


_URL = re.compile(r"'?[a-z0-9+]+:/", re.IGNORECASE)
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]


class S3Archive(Strict):
    """An S3 bucket. `credentials` is a JSON file, mode 0600, with access_key and secret_key."""

    kind: Literal["s3"]
    bucket: str
    region: str
    credentials: Path
    endpoint: str | None = None


class LocalArchive(Strict):
    """A folder on this machine; never write-once."""

    kind: Literal["local"]
    folder: Path


class DatasetEntry(Strict):
    """One loan database with its policy: the pack, the dataset, and a URL for each role."""

    pack: str
    dataset: str
    engine: DatabaseUrl
    sealer: DatabaseUrl
    validator: DatabaseUrl


class _Document(Strict):
    store: DatabaseUrl
    passfile: Path
    keyring: Path
    signing_key: Path
    archive: Annotated[S3Archive | LocalArchive, Field(discriminator="kind")]
    suites: Path | None = None
    origin: str = Field(default="lethe", pattern=r"^[a-z0-9][a-z0-9./-]*$")
    datasets: dict[Identifier, DatasetEntry] = Field(min_length=1)


class Deployment:
    """A loaded `lethe.yaml`; every path absolute, every URL with its passfile."""

    def __init__(self, home: Path, document: _Document) -> None:
        self._home, self._document = home, document
        self.origin = document.origin
        self.keyring = home / document.keyring
        self.signing_key = home / document.signing_key
        self.store = self._with_passfile(document.store)
        archive = document.archive
        self.archive: S3Archive | LocalArchive = (
            archive.model_copy(update={"credentials": home / archive.credentials})
            if isinstance(archive, S3Archive)
            else archive.model_copy(update={"folder": home / archive.folder})
        )

    @property
    def datasets(self) -> tuple[str, ...]:
        """Names of the governed datasets, in the order of the file."""
        return tuple(self._document.datasets)

    def entry(self, name: str) -> DatasetEntry:
        """URLs and documents of one dataset. Raises ConfigurationError naming the ones there are."""
        found = self._document.datasets.get(name)
        if found is None:
            raise ConfigurationError(f"{self._home / 'lethe.yaml'}: expected a dataset of {', '.join(self.datasets)}, found {name!r}")
        urls = {role: self._with_passfile(getattr(found, role)) for role in ("engine", "sealer", "validator")}
        return found.model_copy(update=urls)

    def governed(self, name: str) -> GovernedDataset:
        """The dataset resolved under its pack. Raises DocumentError."""
        entry = self.entry(name)
        dataset_text, dataset_file = self._text(entry.dataset, "governance.catalogue", "datasets")
        pack_text, pack_file = self._text(entry.pack, "governance.policy", "packs")
        return govern(dataset_text, dataset_file, pack_text, pack_file)

    def pack(self, name: str) -> PolicyPack:
        """The policy pack of one dataset, without the dataset. Raises DocumentError."""
        return load_pack(*self._text(self.entry(name).pack, "governance.policy", "packs"))

    def time_zone(self) -> str:
        """The one time zone of all controllers, by which the nightly run is scheduled.

        Reads packs only, so it is quick enough for DAG parsing. Raises ConfigurationError where controllers live in several zones.
        """
        zones = sorted({self.pack(name).time_zone for name in self.datasets})
        if len(zones) != 1:
            found = f"found {', '.join(zones)}"
            raise ConfigurationError(f"{self._home / 'lethe.yaml'}: at datasets: expected controllers of one time zone, {found}")
        return zones[0]

    def suites(self, name: str) -> Path:
        """The folder with the declared suites of a dataset."""
        base = self._document.suites
        return (self._home / base if base is not None else Path(__file__).parent.parent / "expectations") / name

    def _text(self, name: str, package: str, folder: str) -> tuple[str, str]:
        if not name.endswith((".yaml", ".yml")):
            shipped = files(package).joinpath(folder, f"{name}.yaml")
            if not shipped.is_file():
                raise DocumentError(
                    str(self._home / "lethe.yaml"), f"datasets ... {name}", f"one of the {folder} of Lethe or a path", repr(name)
                )
            return shipped.read_text(encoding="utf-8"), f"{folder}/{name}.yaml"
        path = self._home / name
        return _read(path), str(path)

    def _with_passfile(self, url: str) -> str:
        parsed = sa.make_url(url)
        if "passfile" not in parsed.query:
            parsed = parsed.update_query_dict({"passfile": str(self._home / self._document.passfile)})
        return parsed.render_as_string()


def home() -> Path:
    """The Lethe home: $LETHE_HOME, or `.lethe` in the working directory."""
    return Path(os.environ.get("LETHE_HOME", ".lethe")).resolve()


def load_deployment(folder: Path) -> Deployment:
    """Read `lethe.yaml` of a Lethe home. Raises ConfigurationError or DocumentError."""
    path = folder / "lethe.yaml"
    document = parse_yaml(_read(path), str(path))
    try:
        return Deployment(folder.resolve(), check_model(_Document, document, str(path)))
    except DocumentError as error:
        # The faulty value may be a URL with a password, perhaps shortened in its middle, and messages end in logs.
        found = "another URL (not shown here)" if _URL.match(error.found) else error.found
        raise DocumentError(error.file, error.path, error.expected, found) from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigurationError(f"{path}: expected a readable file, found: {reason}") from None
