"""The composition of what finds persons and makes packages for them, over one deployment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from governance.adapters.gathering import DatabaseGatherer
from governance.adapters.keyring import FileKeyring
from governance.adapters.locating import DatabaseFinder
from governance.adapters.package_shelf import FolderShelf
from governance.adapters.packaging import ZipPacker
from governance.adapters.paper.typesetting import TypstPaper
from governance.catalogue.governed import GovernedDataset
from governance.config import Deployment
from governance.errors import ConfigurationError
from governance.ports import Clock, FileStore
from governance.requests.located import Located
from governance.requests.request import Entry, Stage
from governance.run.locate import locate, pick
from governance.run.package import DEFAULT_DAYS, Made, Packaging, download, make_package, purge_packages
from governance.store.database import Store
from governance.store.located import LocatedRecords
from governance.store.packages import Package, Packages
from governance.store.requests import Requests
from governance.workplace import SystemClock, open_file_store

SHELF = "packages"  # in the Lethe home


class PersonDesk:
    """Finding, picking and packing. `by` is a role or login. Opens nothing before it is asked for it."""

    def __init__(self, deployment: Deployment, run_id: str, *, by: str = "", clock: Clock | None = None) -> None:
        self._deployment, self._run_id, self._by, self._clock = deployment, run_id, by, clock or SystemClock()

    @cached_property
    def register(self) -> Requests:
        """The register of requests."""
        return Requests(self._store, self._keys, run_id=self._run_id)

    @cached_property
    def packages(self) -> Packages:
        """The register of packages."""
        return Packages(self._store)

    def locate(self, request_ids: Sequence[UUID]) -> dict[UUID, Located]:
        """Find the persons of requests, all those of one controller in one search of each of its databases."""
        entries = [self.register.entry(request_id) for request_id in dict.fromkeys(request_ids)]
        found: dict[UUID, Located] = {}
        for controller in dict.fromkeys(entry.controller for entry in entries):
            own = [entry.id for entry in entries if entry.controller == controller]
            finders = [DatabaseFinder(self._url(item), item, self._keys) for item in self._datasets(controller)]
            found |= zip(own, locate(own, finders, self.register, self._records, self._clock, by=self._by), strict=True)
        return found

    def waiting(self) -> list[Entry]:
        """Verified requests whose persons were not looked for yet."""
        return [entry for entry in self.register.listed() if entry.stage is Stage.VERIFIED]

    def located(self, request_id: UUID) -> Located:
        """What was found. Raises RequestRefused where nobody looked yet."""
        return self._records.of(request_id)

    def pick(self, request_id: UUID, dataset: str, references: Sequence[str], reason: str) -> Located:
        """Say which rows of a dataset are the person's."""
        controller = self.register.entry(request_id).controller
        known = {item.name: item for item in self._datasets(controller)}
        if dataset not in known:
            raise ConfigurationError(f"expected a dataset of {controller} ({', '.join(known)}), found {dataset!r}")
        finder = DatabaseFinder(self._url(known[dataset]), known[dataset], self._keys)
        return pick(request_id, dataset, references, finder, self.register, self._records, self._clock, reason=reason, by=self._by)

    def make(
        self,
        request_id: UUID,
        *,
        asked: Collection[str] = (),
        kept_back: Collection[tuple[str, str, str]] = (),
        certificate: Path | None = None,
        days: int = DEFAULT_DAYS,
    ) -> Made:
        """Make the package of a request; those whose time is over go first."""
        self.purge()
        controller = self.register.entry(request_id).controller
        gatherers = [DatabaseGatherer(self._url(item), item, self._keys, self._stores(item)) for item in self._datasets(controller)]
        return make_package(
            request_id, gatherers, self._packaging, by=self._by, asked=asked, kept_back=kept_back, certificate=certificate, days=days
        )

    def download(self, package: UUID) -> AbstractContextManager[BinaryIO]:
        """The encrypted file of a package."""
        self.purge()
        return download(package, self._packaging, by=self._by)

    def listed(self, request_id: UUID) -> Sequence[Package]:
        """The packages of a request."""
        return self.packages.of(request_id)

    def purge(self) -> int:
        """Delete the files of packages whose time is over; how many."""
        return purge_packages(self._packaging)

    @cached_property
    def _store(self) -> Store:
        return Store(self._deployment.store)

    @cached_property
    def _keys(self) -> FileKeyring:
        return FileKeyring(self._deployment.keyring)

    @cached_property
    def _records(self) -> LocatedRecords:
        return LocatedRecords(self._store, self._keys)

    @cached_property
    def _packaging(self) -> Packaging:
        shelf = FolderShelf(self._deployment.home / SHELF)
        return Packaging(self.register, self._records, self.packages, ZipPacker(TypstPaper()), shelf, self._clock)

    def _datasets(self, controller: str) -> list[GovernedDataset]:
        """Every dataset of a controller under the policy in force. One that cannot be read fails the search: nobody could say that all was
        searched."""
        now = self._clock.now()
        every = [self._deployment.governed(name, now) for name in self._deployment.datasets]
        return [item for item in every if item.controller == controller]

    def _stores(self, dataset: GovernedDataset) -> dict[str, FileStore]:
        return {name: open_file_store(name, setting) for name, setting in self._deployment.entry(dataset.name).files.items()}

    def _url(self, dataset: GovernedDataset) -> str:
        return self._deployment.entry(dataset.name).engine
