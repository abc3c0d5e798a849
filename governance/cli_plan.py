"""`governance plan`, `governance run`, `governance explain`: what is due, what a night would do, and what decides over one record."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from governance import rendering, rendering_preview
from governance.catalogue.governed import key_text
from governance.cli_common import AsOf, Dataset, Home, instant_of, out, run_id, workplace_of
from governance.errors import ConfigurationError
from governance.planning.evaluate import Evaluator
from governance.planning.explain import explain as proof_of
from governance.planning.preview import Preview
from governance.run.custody import tell_access
from governance.workplace_custody import account
from governance.workplace_marks import standing_marks

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def plan(as_json: Json = False, home: Home = None, dataset: Dataset = None, as_of: AsOf = None) -> None:
    """Freeze a plan of what is due and show what it would do: rows, persons, shares, examples. Changes no record."""
    workplace = workplace_of(home, dataset, instant_of(as_of))
    _show(workplace.dry_run(workplace.plan(run_id("plan"), workplace.as_of)), as_json)


def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Scan, plan and show what a night would change; change nothing.")] = False,
    as_json: Json = False,
    home: Home = None,
    dataset: Dataset = None,
) -> None:
    """One night by hand: scan, plan, enforce, validate and report, as the DAG does."""
    workplace, name = workplace_of(home, dataset), run_id("run")
    scanned = workplace.scan(name)
    frozen = workplace.plan(name, workplace.as_of)
    if dry_run:
        _show(workplace.dry_run(frozen), as_json)
        return
    workplace.enforce(name, frozen.digest)
    result = workplace.validate(name, frozen.digest)
    document = workplace.report(name, frozen.digest, scanned, result.evaluated)
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        out.print(rendering.run_report(document))


def _show(preview: Preview, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(preview.document(), ensure_ascii=False, indent=2))
        return
    out.print(rendering.plan_table(preview.plan))
    out.print(rendering_preview.preview(preview))


def explain(
    collection: str,
    key: Annotated[str | None, typer.Argument(help="The record's key.")] = None,
    reference: Annotated[str | None, typer.Option(help="Instead of the key: the keyed reference by which evidence speaks of it.")] = None,
    policy: Annotated[str | None, typer.Option(help="Digest of a policy that a plan was made under; default the one in force.")] = None,
    home: Home = None,
    dataset: Dataset = None,
    as_of: AsOf = None,
) -> None:
    """Which duties, dates and clauses decide one record."""
    workplace = workplace_of(home, dataset, instant_of(as_of), policy)
    governed, at = workplace.dataset, workplace.as_of
    if collection not in governed.collections:
        raise ConfigurationError(f"{governed.name}: expected a collection of {', '.join(governed.collections)}, found {collection!r}")
    if (key is None) is (reference is None):
        raise ConfigurationError("explain: expected a key or a --reference, found " + ("neither" if key is None else "both"))
    if reference is not None:
        key = workplace.database.key_of(collection, reference)
        if key is None:
            raise ConfigurationError(f"{governed.name}: {collection} holds no row of that reference; it may have been deleted")
    try:
        rows = workplace.database.rows_around(collection, key or "")
    except KeyError:
        raise ConfigurationError(f"{governed.name}: {collection} holds no row of that key") from None
    real_key = next(found for found in rows[collection] if key_text(found) == key)
    tell_access(
        governed,
        workplace.database,
        command="explain",
        purpose="explain a decision",
        collection=collection,
        key_ref=workplace.reference(collection, key or ""),
        records=1,
        by=account(),
        now=workplace.clock.now(),
        run_id=run_id("explain"),
    )
    marks = standing_marks(workplace.entry.engine, governed)
    verdict = Evaluator(governed, rows, at, workplace.holds.standing(), marks=marks).row(collection, real_key)
    out.print(rendering.proof(proof_of(governed, verdict, at)))
