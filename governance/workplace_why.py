"""Composition of the auditor's view: why a record existed or went on a date, over a deployment or over an exported archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from governance.adapters.keyring import FileKeyring
from governance.adapters.local_archive import LocalArchive
from governance.adapters.portable.database import PortableLoanDatabase
from governance.adapters.postgres import PostgresLoanDatabase
from governance.adapters.trail import LoanTrail
from governance.catalogue.governed import GovernedDataset, key_text
from governance.catalogue.resolve import govern
from governance.config import Deployment
from governance.errors import ConfigurationError
from governance.planning.answer import Answer, PolicyInForce
from governance.planning.evaluate import Evaluator, Rows
from governance.planning.explain import Node
from governance.planning.explain import explain as proof_of
from governance.policy.loading import load_pack
from governance.ports import Clock
from governance.run.custody import tell_access
from governance.run.trails import ArchivedTrail, LedgerSource, ListedLedger, archived_ledger
from governance.run.why import References, Standing, references_of, why
from governance.store.database import Store
from governance.store.trail import StoreLedger, StoreTrail
from governance.workplace import SystemClock, Workplace
from governance.workplace_custody import account
from governance.workplace_marks import standing_marks


class Auditor:
    """Answers over one dataset of a deployment: its database, its governance database, its keyring."""

    def __init__(self, deployment: Deployment, dataset: str, clock: Clock | None = None) -> None:
        self._deployment, self._clock = deployment, clock or SystemClock()
        self._workplace = Workplace(deployment, dataset, self._clock.now())
        self._keys = FileKeyring(deployment.keyring)

    def why(
        self, collection: str, key: str | None, reference: str | None, on: date, ledgers: Sequence[Path] = (), run_id: str = "why"
    ) -> Answer:
        """Why the record existed or went; the log is told first who asks. `reference` instead of the key; `ledgers` are copies of the
        ledger kept elsewhere.

        Raises ConfigurationError for an unknown collection or a day to come, SurroundingsError, EvidenceError.
        """
        dataset, entry = self._workplace.dataset, self._workplace.entry
        if collection not in dataset.collections:
            raise ConfigurationError(f"{dataset.name}: expected a collection of {', '.join(dataset.collections)}, found {collection!r}")
        if reference is not None:
            key = self._workplace.database.key_of(collection, reference)
        known = key
        references = References((reference or "",)) if known is None else references_of(self._keys, dataset.name, collection, known)
        tell_access(
            dataset,
            self._workplace.database,
            command="why",
            purpose="explain why a record existed or went",
            collection=collection,
            key_ref=references.made[-1] if references.made else None,
            records=1,
            by=account(),
            now=self._clock.now(),
            run_id=run_id,
        )
        store = Store(self._deployment.store)
        loans, log = LoanTrail(entry.engine), StoreTrail(store)
        return why(
            dataset.name,
            collection,
            references,
            on,
            dataset.zone,
            now=self._clock.now(),
            events=(log, loans),
            ledgers=(loans, StoreLedger(store, dataset.name), *_listed(ledgers)),
            papers=log,
            standing=lambda at: self._standing(collection, known, at) if known is not None else None,
            packs=[version.text for version in self._deployment.pack_versions(dataset.name)],
        )

    def _standing(self, collection: str, key: str, at: datetime) -> Standing | None:
        dataset = self._workplace.dataset
        try:
            rows = self._rows(dataset, collection, key)
        except KeyError:
            return None

        def explain(policy: PolicyInForce, data_map: str | None) -> Node:
            text = data_map if data_map is not None else dataset.dataset_text
            governed = govern(text, "the data map", policy.text, f"policy/{policy.digest}.yaml")
            found = self._rows(governed, collection, key)
            marks = standing_marks(self._workplace.entry.engine, dataset, at)
            evaluator = Evaluator(governed, found, at, self._workplace.holds.standing_at(at), marks=marks)
            return proof_of(governed, evaluator.row(collection, _key(found, collection, key)), at)

        return Standing(explain, self._persons(dataset, rows, collection, key))

    def _rows(self, governed: GovernedDataset, collection: str, key: str) -> Rows:
        made = PortableLoanDatabase if self._workplace.portable else PostgresLoanDatabase
        return made(self._workplace.entry.engine, governed, self._keys).rows_around(collection, key)

    def _persons(self, dataset: GovernedDataset, rows: Rows, collection: str, key: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        if dataset.subjects is None or dataset.subjects == collection:
            return ()
        row = rows[collection][_key(rows, collection, key)]
        person = Evaluator(dataset, rows, self._clock.now()).subject(collection, row)
        if person is None:
            return ()
        return ((dataset.subjects, references_of(self._keys, dataset.name, dataset.subjects, key_text(person)).made),)


def why_archived(
    folder: Path,
    dataset: str | None,
    collection: str,
    key: str | None,
    reference: str | None,
    on: date,
    *,
    keyring: Path | None,
    ledgers: Sequence[Path],
    clock: Clock | None = None,
) -> Answer:
    """Why a record existed or went, with nothing but an exported archive, and copies of the ledger: no database is looked at.

    Raises ConfigurationError where the archive has no such dataset or collection, or the key comes without a keyring.
    """
    archive = LocalArchive(folder)
    trail = ArchivedTrail(archive)
    plans = trail.last_plans()
    name = dataset if dataset is not None or len(plans) != 1 else next(iter(plans))
    if name is None or name not in plans:
        raise ConfigurationError(f"--dataset: expected one of {', '.join(sorted(plans)) or 'none'} in {folder}, found {name!r}")
    plan = plans[name]
    if collection not in plan.scanned:
        raise ConfigurationError(f"{name}: expected a collection of {', '.join(sorted(plan.scanned))}, found {collection!r}")
    if reference is not None:
        references = References((reference,))
    elif keyring is not None and key is not None:
        references = references_of(FileKeyring(keyring), name, collection, key)
    else:
        raise ConfigurationError("an archive knows records by keyed reference: expected a --keyring to make it with, or a --reference")
    text = trail.policy(plan.policy_digest)
    if text is None:
        expected = f"policy/{plan.policy_digest}.yaml, under which plan {plan.digest[:12]} was made"
        raise ConfigurationError(f"{folder}: expected {expected}, found none")
    return why(
        name,
        collection,
        references,
        on,
        load_pack(text, f"policy/{plan.policy_digest}.yaml").zone,
        now=(clock or SystemClock()).now(),
        events=(trail,),
        ledgers=(archived_ledger(archive, name), *_listed(ledgers)),
        papers=trail,
        standing=None,
    )


def _listed(paths: Sequence[Path]) -> tuple[LedgerSource, ...]:
    found = []
    for path in paths:
        try:
            found.append(ListedLedger(path.read_bytes(), str(path)))
        except OSError as error:
            raise ConfigurationError(f"{path}: expected a copy of a ledger, found: {error.strerror}") from None
    return tuple(found)


def _key(rows: Rows, collection: str, key: str) -> object:
    return next(found for found in rows[collection] if key_text(found) == key)
