"""`governance diff` on the sample lender: the numbers of SQL are those of the reference evaluator, and the database stays as it was."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
import yaml
from psycopg import sql
from psycopg.rows import dict_row

from embedded.postgres import EmbeddedPostgres
from governance.adapters.diffing import compare
from governance.adapters.install import LOGIN_ROLES, install_loan_schema
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.errors import Refusal
from governance.planning.difference import CollectionChange, Difference, RuleChange, causes, personal_fields
from governance.planning.evaluate import Evaluator, Fate
from governance.planning.holds import Hold, HoldKind
from governance.run.diff import diff
from governance.samples.credithelp.generate import load

GOVERNANCE = Path(__file__).resolve().parents[2] / "governance"
PACK = (GOVERNANCE / "policy/packs/credithelp.yaml").read_text(encoding="utf-8")
DATASET = (GOVERNANCE / "catalogue/datasets/credithelp.yaml").read_text(encoding="utf-8")
AS_OF = datetime(2026, 3, 1, 1, tzinfo=UTC)
Change = Callable[[Any], None]
Rows = Mapping[str, Mapping[Any, Mapping[str, Any]]]


def nothing(document: Any) -> None:
    pass


def governed(in_pack: Change = nothing, in_dataset: Change = nothing) -> GovernedDataset:
    pack, dataset = (copy.deepcopy(yaml.safe_load(text)) for text in (PACK, DATASET))
    in_pack(pack)
    in_dataset(dataset)
    return govern(yaml.safe_dump(dataset, sort_keys=False), "data.yaml", yaml.safe_dump(pack, sort_keys=False), "pack.yaml")


def rule(class_id: str, **values: object) -> Change:
    return lambda pack: next(item for item in pack["deletion_classes"] if item["id"] == class_id).update(values)


@pytest.fixture(scope="module")
def database(postgres: EmbeddedPostgres) -> Iterator[str]:
    for role in LOGIN_ROLES:
        postgres.create_role(role)
    postgres.create_database("diffed")
    load(postgres.url("diffed"), clients=200, seed=5, as_of=AS_OF.date())
    install_loan_schema(postgres.url("diffed"), governed())
    with connect(postgres) as connection:
        # A placed hold, and rows that were depersonalised before: both sides must see them as they are.
        connection.execute(
            "INSERT INTO lethe.holds (hold_id, collection, key, kind, clause, placed_at)"
            " SELECT gen_random_uuid(), 'clients', client_id::text, 'restriction', '8.3', now() FROM clients WHERE client_id % 17 = 3"
        )
        connection.execute("ALTER TABLE clients ADD last_application bigint, ADD brought_by bigint")
        last = "(SELECT max(application_id) FROM applications AS a WHERE a.client_id = clients.client_id)"
        connection.execute(f"UPDATE clients SET last_application = {last}, brought_by = client_id - 1 WHERE client_id % 5 > 1")
        connection.execute("UPDATE applications SET declared_income = NULL, ip_address = NULL WHERE application_id % 3 = 0")
    yield "diffed"
    postgres.drop_database("diffed")


def connect(postgres: EmbeddedPostgres) -> psycopg.Connection[Any]:
    return psycopg.connect(sa.make_url(postgres.url("diffed")).set(drivername="postgresql").render_as_string(hide_password=False))


@pytest.fixture(scope="module")
def rows(postgres: EmbeddedPostgres, database: str) -> Rows:
    found = {}
    with connect(postgres) as connection, connection.cursor(row_factory=dict_row) as cursor:
        for name, collection in governed().collections.items():
            all_rows = cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall()
            found[name] = {collection.key_of(row): row for row in all_rows}
    return found


@pytest.fixture(scope="module")
def holds(postgres: EmbeddedPostgres, database: str) -> list[Hold]:
    with connect(postgres) as connection:
        placed = connection.execute("SELECT hold_id::text, collection, key, clause FROM lethe.holds").fetchall()
    return [Hold(hold_id, collection, key, HoldKind.RESTRICTION, clause, None) for hold_id, collection, key, clause in placed]


@pytest.fixture
def ask(postgres: EmbeddedPostgres, database: str) -> Callable[..., Difference]:
    def compared(old: GovernedDataset, new: GovernedDataset) -> Difference:
        return diff(old, new, lambda one, two, at: compare(postgres.url("diffed", "lethe_engine"), one, two, at, 1), as_of=AS_OF)

    return compared


def by_hand(old: GovernedDataset, new: GovernedDataset, rows: Rows, holds: list[Hold]) -> tuple[set[RuleChange], set[CollectionChange]]:
    """The same from the reference evaluator, row by row."""
    sides = [Evaluator(side, rows, AS_OF, holds) for side in (old, new)]
    by_rule: dict[Any, tuple[set[Any], set[Any]]] = defaultdict(lambda: (set(), set()))
    by_collection: dict[Any, tuple[set[Any], set[Any]]] = defaultdict(lambda: (set(), set()))
    for name, collection in new.collections.items():
        for key in rows[name] if collection.governed else ():
            verdicts = [side.row(name, key) for side in sides]
            subject = sides[1].read(name, rows[name][key], collection.subject) if collection.subject else None
            changes = [(by_collection, (place, *(verdict.fate for verdict in verdicts))) for place in (name, None)]
            for field in personal_fields(old, new, name):
                fates = [fate_of(verdict.fate, field in verdict.fields) for verdict in verdicts]
                changes += [(by_rule, (*cause, *fates)) for cause in causes(old, new, name, field)]
            for counted, change in changes:
                if change[-1] is not change[-2]:
                    counted[change][0].add((name, key))
                    counted[change][1].update({subject} - {None})
    return (
        {RuleChange(*change, len(records), len(subjects)) for change, (records, subjects) in by_rule.items()},
        {CollectionChange(*change, len(records), len(subjects)) for change, (records, subjects) in by_collection.items()},
    )


def fate_of(row: Fate, field: bool) -> Fate:
    return Fate.DELETE if row is Fate.DELETE else Fate.DEPERSONALISE if field else Fate.KEEP


def without_extension(pack: Any) -> None:
    for item in pack["deletion_classes"]:
        item["extended_by"] = [name for name in item["extended_by"] if name != "authority-request"]


def in_a_circle(document: Any) -> None:
    """Clients name their last application and who brought them: clients -> applications -> clients, and clients -> clients."""
    clients = next(item for item in document["dataset"][0]["collections"] if item["name"] == "clients")
    for name, target in (("last_application", "applications.application_id"), ("brought_by", "clients.client_id")):
        reference = {"data_type": "integer", "references": [{"dataset": "credithelp", "field": target}]}
        clients["fields"].append({"name": name, "data_categories": ["system.operations"], "fides_meta": reference})


def each(*changes: Change) -> Change:
    def change(document: Any) -> None:
        for item in changes:
            item(document)

    return change


CHANGES: dict[str, tuple[Change, Change, Change]] = {
    "periods shorter and longer, another calendar rule": (
        each(rule("granted-loan", period="P1Y"), rule("refused-loan", period="P30M"), rule("cctv", calendar="from-next-year")),
        nothing,
        nothing,
    ),
    "a keep becomes a demand, another a permission, an extension is removed": (
        each(rule("accounting", effect="must-erase", period="P2Y"), rule("nssi", effect="may-keep", period="P6M"), without_extension),
        nothing,
        nothing,
    ),
    "references come to run in circles": (rule("granted-loan", period="P1Y"), nothing, in_a_circle),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_the_numbers_are_those_of_the_evaluator_and_nothing_is_changed(
    change: tuple[Change, Change, Change], ask: Callable[..., Difference], rows: Rows, holds: list[Hold], postgres: EmbeddedPostgres
) -> None:
    in_pack, before, after = change
    old, new = governed(in_dataset=before), governed(in_pack, after)
    as_it_was = fingerprint(postgres)
    found = ask(old, new)
    assert fingerprint(postgres) == as_it_was
    rules, collections = by_hand(old, new, rows, holds)
    assert set(found.collections) == collections
    assert set(found.rules) == rules
    assert len(found.rules) == len(rules) > 0
    assert len(found.collections) == len(collections) > 0


def fingerprint(postgres: EmbeddedPostgres) -> dict[str, Any]:
    """Every relation there is, and every row with its place and the transaction that wrote it."""
    with connect(postgres) as connection:
        tables = connection.execute(
            "SELECT oid::regclass::text, relkind, relfilenode FROM pg_class WHERE relnamespace::regnamespace::text !~ '^(pg_|information)'"
        ).fetchall()
        digest = "SELECT md5(string_agg(concat(t.ctid, t.xmin, t.xmax, t), ' ' ORDER BY t.ctid)) FROM {} AS t"
        return {
            name: (kind, node, connection.execute(digest.format(name)).fetchone() if kind == "r" else None) for name, kind, node in tables
        }


def test_the_same_policy_changes_nothing(ask: Callable[..., Difference]) -> None:
    found = ask(governed(), governed(rule("granted-loan", title="The same in other words", clause="35.2")))
    assert (found.rules, found.collections) == ((), ())


def test_policies_of_two_companies_are_not_compared(ask: Callable[..., Difference]) -> None:
    other = govern(
        DATASET.replace("controller: credithelp", "controller: other"),
        "data.yaml",
        PACK.replace("controller: credithelp", "controller: other"),
        "p",
    )
    with pytest.raises(Refusal, match="two policies of one controller, found credithelp and other"):
        ask(governed(), other)
