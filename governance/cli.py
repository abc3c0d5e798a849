"""`governance ...`: the use cases without Airflow.

Every command takes `--home` (default $LETHE_HOME or .lethe) and, where it concerns one database, `--dataset`. What goes wrong ends with one
line on standard error and exit status 1; nothing prints a value read from a loan database.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from governance import (
    cli_archive,
    cli_certificates,
    cli_dataset,
    cli_findings,
    cli_holds,
    cli_incidents,
    cli_live,
    cli_plan,
    cli_policy,
    cli_request_corrections,  # noqa: F401 - adds its commands to those of cli_requests
    cli_request_decisions,  # noqa: F401 - likewise
    cli_request_letters,  # noqa: F401 - likewise
    cli_request_marks,  # noqa: F401 - likewise
    cli_request_packages,  # noqa: F401 - likewise
    cli_requests,
    cli_restore,
    cli_sealing,
    cli_suppression,
    cli_verify,
    cli_why,
    rendering,
)
from governance.adapters.announced import Announced
from governance.adapters.install import install_loan_schema
from governance.adapters.keyring import create_keyring
from governance.adapters.portable.dialect import is_portable
from governance.adapters.portable.install import install_portable
from governance.adapters.signing_key import create_signing_key
from governance.cli_common import Dataset, Home, dataset_name, deployment_of, out, run_id, workplace_of
from governance.errors import ConfigurationError, LetheError, SurroundingsError, untold
from governance.run.resolve import resolve as record_resolution
from governance.store.database import Store
from governance.store.migrate import upgrade
from governance.workplace import Evidence, open_archive, public_key_path
from governance.workplace_custody import account, tell_custody

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__.split("\n\n")[0])
keys_app = typer.Typer(no_args_is_help=True, help="Root secrets and the signing key.")
app.add_typer(keys_app, name="keys")
app.add_typer(cli_holds.app, name="hold")
app.add_typer(cli_certificates.protocols_app, name="protocol")
app.command()(cli_certificates.certificate)
app.command()(cli_certificates.renew)
app.add_typer(cli_policy.app, name="policy")
app.add_typer(cli_incidents.app, name="incident")
app.add_typer(cli_requests.app, name="request")
app.add_typer(cli_findings.findings_app, name="finding")
app.add_typer(cli_findings.inventory_app, name="inventory")
app.add_typer(cli_dataset.app, name="dataset")
app.add_typer(cli_suppression.app, name="suppression")
keys_app.command("rotate-signer")(cli_sealing.rotate_signer)
app.command()(cli_findings.scan)
app.command()(cli_dataset.init)
app.command()(cli_policy.check)
app.command()(cli_policy.diff)
app.command()(cli_live.pause)
app.command()(cli_live.resume)
app.command()(cli_plan.plan)
app.command()(cli_plan.run)
app.command()(cli_plan.explain)
app.command()(cli_verify.verify)
app.command()(cli_verify.prove)
app.command()(cli_why.why)
app.command()(cli_archive.archive)
app.command()(cli_archive.prune)
app.command()(cli_restore.replay)
app.command()(cli_restore.drill)


@app.command()
def migrate(home: Home = None) -> None:
    """Bring the governance database to the schema of this version."""
    upgrade(deployment_of(home).store)
    out.print("the governance database is up to date")


@app.command()
def install(
    admin_url: Annotated[
        str, typer.Option(help="URL of an administrator of the loan database; the password belongs into a passfile or option file.")
    ],
    home: Home = None,
    dataset: Dataset = None,
) -> None:
    """Install Lethe's schema, triggers and grants in a loan database. Repeating it changes nothing."""
    deployment = deployment_of(home)
    name = dataset_name(deployment, dataset)
    governed = deployment.governed(name)
    if is_portable(admin_url):
        install_portable(admin_url, governed)
        out.print(f"{governed.name}: Lethe's tables are installed; their names begin with lethe_")
        return
    entry = deployment.entry(name).announced
    announced = None if entry is None else Announced(None if entry.collections == "all" else entry.collections, entry.writers)
    install_loan_schema(admin_url, governed, announced=announced)
    out.print(f"{governed.name}: schemas lethe and lethe_work are installed")


@app.command()
def resolve(
    proposed_by: Annotated[str, typer.Option(help="Who proposes (commission), by role or staff number.")],
    agreed_by: Annotated[str, typer.Option(help="Who agrees (data-protection officer).")],
    resolved_by: Annotated[str, typer.Option(help="Who resolves (management).")],
    scope: Annotated[str, typer.Option(help="A calendar year, or the whole digest of one plan.")],
    home: Home = None,
    dataset: Dataset = None,
) -> None:
    """Record a resolution that lets plans be enforced (credithelp art. 22)."""
    workplace = workplace_of(home, dataset)
    record_resolution(
        workplace.dataset,
        workplace.database,
        workplace.registers,
        scope=scope,
        proposed_by=proposed_by,
        agreed_by=agreed_by,
        resolved_by=resolved_by,
        now=workplace.clock.now(),
        run_id=run_id("resolve"),
    )
    out.print(f"{workplace.dataset.name}: resolution for {scope} recorded under policy {workplace.dataset.pack.version}")


@app.command()
def enforce(
    digest: Annotated[str | None, typer.Argument(help="The plan's digest or its beginning; default the plan made last.")] = None,
    home: Home = None,
    dataset: Dataset = None,
) -> None:
    """Carry out a frozen plan: delete and pseudonymise what it names. Goes on where an earlier attempt ended."""
    workplace = workplace_of(home, dataset)
    found = workplace.registers.plan(digest) if digest else workplace.registers.latest_plan(workplace.dataset.name)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("enforcing", total=found.rows)
        results = workplace.enforce(run_id("enforce"), found.digest, lambda step, rows: bar.advance(task, rows))
    for result in results:
        skipped = "".join(f", {rows:,} {reason}" for reason, rows in result.skipped.items())
        out.print(f"{result.step.number:3} {result.step.action.value} {result.step.collection}: {result.changed:,} rows{skipped}")
    out.print(f"plan {found.digest} is carried out")


@app.command()
def validate(digest: Annotated[str | None, typer.Argument()] = None, home: Home = None, dataset: Dataset = None) -> None:
    """Have the declared suites prove the outcome of a plan, or the present state without one."""
    workplace = workplace_of(home, dataset)
    found = workplace.registers.plan(digest).digest if digest else None
    if workplace.entry.validator is None:
        raise ConfigurationError(f"{workplace.dataset.name}: no suite is evaluated over this kind of database; see docs/operating.md")
    result = workplace.validate(run_id("validate"), found)
    out.print(f"{workplace.dataset.name}: {result.evaluated} expectations hold")


@app.command()
def seal(home: Home = None) -> None:
    """Number what happened since, and sign a checkpoint over the log."""
    report = Evidence(deployment_of(home)).seal()
    out.print(f"the log holds {report.size:,} events; checkpoint {report.checkpoint or 'unchanged'}")


@app.command()
def report(home: Home = None, dataset: Dataset = None) -> None:
    """What the last run did."""
    workplace = workplace_of(home, dataset)
    document = workplace.registers.latest_report(workplace.dataset.name)
    if document is None:
        raise ConfigurationError(f"{workplace.dataset.name}: no run was reported yet")
    out.print(rendering.run_report(document))
    out.print(rendering.evidence(workplace.registers.evidence(), open_archive(workplace.deployment).describe()), soft_wrap=True)


@keys_app.command("init")
def keys_init(home: Home = None) -> None:
    """Make the keyring and the signing key named in lethe.yaml, mode 0600. Never overwrites one."""
    deployment = deployment_of(home)
    create_keyring(deployment.keyring)
    signer = create_signing_key(deployment.signing_key, deployment.origin)
    public_key_path(deployment).write_text(signer.verifier.encode() + "\n")
    with suppress(ConfigurationError, SurroundingsError):  # the store may not be there yet; then the next run tells of them
        tell_custody(deployment, Store(deployment.store), datetime.now(UTC), run_id("keys"), signer=signer, by=account())
    out.print(f"keyring {deployment.keyring}\nsigning key {deployment.signing_key}\npublic key {public_key_path(deployment)}")


def main() -> None:
    """Entry point: runs a command and turns errors into one line, those nobody expected without their text."""
    try:
        app()
    except LetheError as error:
        _fail(f"{type(error).__name__}: {error}")
    except Exception as error:
        _fail(untold(error))


def _fail(line: str) -> NoReturn:
    Console(stderr=True, soft_wrap=True).print(line, style="red", markup=False, highlight=False)
    sys.exit(1)
