"""`governance why`: why a record existed or went on a date."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from governance import rendering_why
from governance.cli_common import Dataset, Home, dataset_name, deployment_of, out, run_id
from governance.errors import ConfigurationError
from governance.workplace_why import Auditor, why_archived


def why(
    collection: str,
    key: Annotated[str | None, typer.Argument(help="The record's key.")] = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day asked about, on the controller's calendar.")] = None,
    reference: Annotated[str | None, typer.Option(help="Instead of the key: the keyed reference by which evidence speaks of it.")] = None,
    folder: Annotated[Path | None, typer.Option(help="An exported archive: look there, and at no database.")] = None,
    keyring: Annotated[Path | None, typer.Option(help="With --folder: the keyring to make the reference of the key with.")] = None,
    ledger: Annotated[list[Path] | None, typer.Option(help="A copy of the ledger, lines of JSON; repeatable.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    home: Home = None,
    dataset: Dataset = None,
) -> None:
    """Why a record existed or went on a day: rules, plans, approvals, holds and evidence, and what is not known. Changes no record."""
    if (key is None) is (reference is None):
        raise ConfigurationError("why: expected a key or a --reference, found " + ("neither" if key is None else "both"))
    day = on.date() if on is not None else date.today()  # noqa: DTZ011 - a person's today; the controller's calendar has the last word
    if folder is not None:
        found = why_archived(folder, dataset, collection, key, reference, day, keyring=keyring, ledgers=ledger or ())
    else:
        deployment = deployment_of(home)
        found = Auditor(deployment, dataset_name(deployment, dataset)).why(collection, key, reference, day, ledger or (), run_id("why"))
    if as_json:
        typer.echo(json.dumps(found.document(), ensure_ascii=False, indent=2))
    else:
        out.print(rendering_why.answer(found), soft_wrap=True)
