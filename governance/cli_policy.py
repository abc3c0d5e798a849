"""`governance check`, `governance diff`, `governance policy ...`: what a policy says, said and would change. Changes no record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.text import Text

from governance import config, rendering_policy
from governance.adapters.diffing import compare
from governance.adapters.keyring import FileKeyring
from governance.adapters.local_archive import LocalArchive
from governance.adapters.portable.dialect import is_portable
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.remarks import PolicyCheck
from governance.catalogue.resolve import govern
from governance.cli_common import Dataset, Home, dataset_name, deployment_of, instant_of, out
from governance.errors import ConfigurationError
from governance.planning.recall import recall
from governance.policy.calendar import start_of_day
from governance.policy.loading import document_digest, load_pack
from governance.policy.pack import PolicyPack
from governance.run.check import check_policy
from governance.run.diff import diff as run_diff
from governance.run.recall import recall_from_archive
from governance.store.database import Store
from governance.store.documents import Documents
from governance.store.registers import Registers

app = typer.Typer(no_args_is_help=True, help="Versions of a policy: those of lethe.yaml, and those that plans were made under.")


def check(
    pack: Annotated[str | None, typer.Option(help="A pack, by name or file, instead of those of lethe.yaml.")] = None,
    dataset: Annotated[list[str] | None, typer.Option(help="A dataset: its name, or with --pack its name or file; repeatable.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every pack that ships with Lethe, with the dataset of its name.")] = False,
    home: Home = None,
) -> None:
    """Prove policies and datasets without a database: schedules fit, every category is covered, no duty is empty. Exit status 1 if not."""
    if all_:
        results = [_check_documents(name, [name]) for name in config.shipped("pack")]
    elif pack is not None:
        results = [_check_documents(pack, dataset or [])]
    else:
        results = [*_check_deployment(deployment_of(home), dataset)]
    for n, result in enumerate(results):
        if n:
            out.print()
        if isinstance(result, PolicyCheck):
            out.print(rendering_policy.policy_check(result))
        else:
            out.print(result, soft_wrap=True)  # names of files stay whole
    if not all(isinstance(result, PolicyCheck) and result.passed for result in results):
        raise typer.Exit(1)


def diff(
    old: Annotated[str, typer.Argument(help="A pack: file, name, version of lethe.yaml, or digest of one that a plan was made under.")],
    new: Annotated[str, typer.Argument(help="The pack to compare with it, given likewise.")],
    old_dataset: Annotated[str | None, typer.Option(help="Dataset under the old pack, by name or file; default as it is.")] = None,
    new_dataset: Annotated[str | None, typer.Option(help="Dataset under the new pack, by name or file; default as it is.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    as_of: Annotated[datetime | None, typer.Option(help="Reference time, UTC; default now. May lie in the future.")] = None,
    home: Home = None,
    dataset: Dataset = None,
) -> None:
    """How many records and persons change fate under another policy, by rule and category. Changes nothing."""
    deployment = deployment_of(home)
    name = dataset_name(deployment, dataset)
    if is_portable(deployment.entry(name).engine):
        raise ConfigurationError(f"{name}: policies are compared over PostgreSQL only; see docs/operating.md")
    documents = Documents(Store(deployment.store))
    before, after = (_governed(deployment, documents, name, *side) for side in ((old, old_dataset), (new, new_dataset)))
    version = FileKeyring(deployment.keyring).current_version()
    found = run_diff(
        before,
        after,
        lambda one, two, at: compare(deployment.entry(name).engine, one, two, at, version),
        as_of=instant_of(as_of) or datetime.now(UTC),
    )
    if as_json:
        typer.echo(json.dumps(found.document(), ensure_ascii=False, indent=2))
    else:
        out.print(rendering_policy.difference(found))


@app.command("list")
def list_(home: Home = None, dataset: Dataset = None) -> None:
    """Versions of a dataset's policy: from when each applies, its digest, and which is in force."""
    deployment = deployment_of(home)
    name = dataset_name(deployment, dataset)
    versions = deployment.pack_versions(name)
    in_force = _present_and_future(versions, datetime.now(UTC))[0]
    today = datetime.now(UTC).astimezone(in_force.zone).date()
    listed = [
        (pack.version, pack.effective_from, document_digest(text), "in force" if pack is in_force and pack.effective_from <= today else "")
        for text, pack in ((version.text, version.pack) for version in versions)
    ]
    known = {digest for _, _, digest, _ in listed}
    kept = Documents(Store(deployment.store)).policies(name)
    gone = [item for item in kept if item.digest not in known]
    listed += [(item.version or "", item.effective_from or date.min, item.digest, "no longer in lethe.yaml") for item in gone]
    out.print(rendering_policy.versions(name, sorted(listed, key=lambda row: row[1]), {item.digest for item in kept}))


@app.command("show")
def show(
    digest: Annotated[str, typer.Argument(help="The digest of a pack or dataset that a plan was made under, or its beginning.")],
    home: Home = None,
) -> None:
    """The text of a policy pack or dataset as it stood when a plan was made under it."""
    typer.echo(Documents(Store(deployment_of(home).store)).document(digest).text, nl=False)


@app.command("rules")
def rules(
    plan: Annotated[str, typer.Argument(help="The digest of a plan, or its beginning.")],
    folder: Annotated[Path | None, typer.Option(help="An exported archive: read plan and policy there, and nothing else.")] = None,
    home: Home = None,
) -> None:
    """The rules of a plan as its policy put them when it was made: title, clause, cut-off."""
    if folder is not None:
        found, recalled = recall_from_archive(LocalArchive(folder), plan)
    else:
        store = Store(deployment_of(home).store)
        found = Registers(store).plan(plan)
        recalled = recall(found, Documents(store).document(found.policy_digest).text)
    out.print(rendering_policy.recalled(found, recalled))


def _governed(deployment: config.Deployment, documents: Documents, name: str, policy: str, dataset: str | None) -> GovernedDataset:
    """The dataset under a pack given in any of the ways there are."""
    versions = {version.pack.version: version for version in deployment.pack_versions(name)}
    if policy in versions:
        text, file = versions[policy].text, versions[policy].file
    elif policy.endswith((".yaml", ".yml")) or policy in config.shipped("pack"):
        text, file = _document("pack", policy)
    elif re.fullmatch("[0-9a-f]{6,64}", policy):
        kept = documents.governed_under(name, policy)
        if dataset is None:
            return kept
        text, file = kept.policy_text, f"policy/{kept.policy_digest}.yaml"
    else:
        expected = f"a file, a version of lethe.yaml ({', '.join(versions)}), a pack of Lethe, or a digest"
        raise ConfigurationError(f"expected {expected}, found {policy!r}")
    if dataset is not None:
        return govern(*_document("dataset", dataset), text, file)
    present = deployment.governed(name)
    return govern(present.dataset_text, present.file, text, file)


def _check_documents(pack: str, datasets: list[str]) -> PolicyCheck | Text:
    try:
        text, file = _document("pack", pack)
        governed = [govern(*_document("dataset", name), text, file) for name in datasets]
        return check_policy(load_pack(text, file), governed)
    except ConfigurationError as error:
        return _broken(error)


def _check_deployment(deployment: config.Deployment, names: list[str] | None) -> Iterator[PolicyCheck | Text]:
    """Each policy once, with all datasets under it, in the version in force and in those to come. A broken one hides no other."""
    now = datetime.now(UTC)
    under: dict[tuple[str, str], list[GovernedDataset]] = {}
    for name in names or deployment.datasets:
        try:
            for version in _present_and_future(deployment.pack_versions(name), now):
                governed = deployment.governed(name, start_of_day(version.effective_from, version.zone))
                under.setdefault((governed.controller, governed.policy_digest), []).append(governed)
        except ConfigurationError as error:
            yield _broken(error)
    for datasets in under.values():
        yield check_policy(datasets[0].pack, datasets)


def _present_and_future(versions: Sequence[config.PackVersion], now: datetime) -> list[PolicyPack]:
    packs = [version.pack for version in versions]
    past = [pack for pack in packs if pack.effective_from <= now.astimezone(pack.zone).date()]
    return packs[max(len(past) - 1, 0) :]


def _document(kind: Literal["pack", "dataset"], name: str) -> tuple[str, str]:
    try:
        return config.read_document(kind, name, Path())
    except KeyError:
        expected = ", ".join(config.shipped(kind))
        raise ConfigurationError(f"expected a file or a {kind} of {expected}, found {name!r}") from None


def _broken(error: ConfigurationError) -> Text:
    return Text(f"error: {error}", style="red")
