"""Generators of governed datasets and of the rows they govern, for holding the evaluator against SQL.

`random_documents` writes a policy pack and a dataset as YAML, so that loading and resolving are part of what is tried. `Values` draws
field values: mostly on and around the dates that decide. `random_rows` fills every table; references may be empty, and dangle where
the caller says that the database lets them.

Everything comes from one `random.Random`, so a failure is repeated by its seed.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import yaml

from governance.catalogue.governed import Collection, GovernedDataset
from governance.policy.calendar import StartKind, start_of_day
from governance.policy.conditions import Condition, IsIn, IsNull
from governance.pseudonym.tokens import tokeniser

PERSONAL = ["user.name", "user.name.first", "user.contact.email", "user.contact.phone_number", "user.financial", "user.device.ip_address"]
PERIODS = ["P5Y", "P10Y", "P12M", "P6M", "P60D", "P2W", "P0D", "P1Y1M1D"]
CALENDARS = ["from-event", "from-next-year", "from-next-year-after-reporting-period"]
ZONES = ["Europe/Sofia", "Europe/Tallinn", "Asia/Almaty", "America/Havana", "Africa/Cairo", "UTC"]
STATUSES = ["open", "closed", "lost"]
TOKENISE = tokeniser(bytes(range(32)), 1, "lender", "lending", "name")

Document = dict[str, Any]
Rows = dict[str, dict[Any, dict[str, Any]]]


# -- documents ------------------------------------------------------------------------------------------------------------------


def random_documents(rng: random.Random) -> tuple[str, str]:
    """A pack and a dataset that load. Every form the binding knows occurs with a fair chance."""
    pack = _pack(rng)
    shapes = _shapes(rng)
    collections = {name: _binding(rng, pack, shapes, name) for name in shapes}
    held = [n for n in shapes if n != "c0" and _paths_to(shapes, n, "c0")]
    extensions: Document = {
        extension["id"]: {
            "collection": (holder := rng.choice(held)),
            "subject": rng.choice(_paths_to(shapes, holder, "c0")),
            "active_when": _condition(rng, shapes, holder),
        }
        for extension in pack["extensions"]
        if extension["id"] != "e-row" and held
    }
    bindings = {
        "controller": "lender",
        "subjects": "c0",
        "plausible_from": date(1950, 1, 1),
        "extensions": extensions,
        "collections": collections,
    }
    dataset = [{"fides_key": "generated", "collections": [_fideslang(name, fields) for name, fields in shapes.items()]}]
    # Aliases (`&id001`) would be a YAML feature of the generator, not of the documents.
    return _plain_yaml(pack), _plain_yaml({"dataset": dataset, "bindings": bindings})


def _pack(rng: random.Random) -> Document:
    cited = {"clause": "art. 1", "provenance": "derived"}
    extensions = [{"id": name, "title": name, "kind": "legal-dispute", **cited} for name in ("e-one", "e-two", "e-row")]
    classes = []
    for n in range(rng.randint(3, 6)):
        classes.append(
            {
                "id": f"class-{n}",
                "title": f"class {n}",
                "start_event": "something happened",
                "period": rng.choice(PERIODS),
                "calendar": rng.choice(CALENDARS),
                "categories": ["user"],
                "purposes": ["contract"],
                "extended_by": rng.sample(["e-one", "e-two", "e-row"], rng.randint(0, 3)),
                **cited,
            }
        )
    classes.append({**classes[0], "id": "class-hours", "period": "PT24H", "calendar": "from-event"})
    return {
        "controller": "lender",
        "title": "A lender that does not exist",
        "version": "1",
        "effective_from": date(2026, 1, 1),
        "country": "BG",
        "time_zone": rng.choice(ZONES),
        "languages": ["en"],
        "reporting_year_ends": rng.choice(["12-31", "12-31", "06-30", "02-29"]),
        "evidence_retention": "P5Y",
        "purposes": [{"id": "contract", "title": "contract", "legal_basis": "contract", **cited}],
        "extensions": extensions,
        "deletion_classes": classes,
        "caps": {"max_share": 1.0, "max_rows": 1000, **cited},
        "approval": {"mode": "automatic", **cited},
    }


#: collection -> field -> what it is: a start kind, "key", "uuid-key", "string", "flag", "number", "personal:<category>", "ref:<collection>"
Shapes = dict[str, dict[str, str]]


def _shapes(rng: random.Random) -> Shapes:
    shapes: Shapes = {}
    for n in range(rng.randint(2, 5)):
        fields = {"id": rng.choice(["key", "key", "uuid-key"])}
        for parent in rng.sample(range(n), rng.randint(1, min(n, 2))) if n else []:
            fields[f"r{parent}"] = f"ref:c{parent}"
        if n and rng.random() < 0.2:
            fields["again"] = fields[next(f for f in fields if f.startswith("r"))]  # two references to one collection
        fields |= {"d1": "date", "d2": "date", "t1": "instant", "y1": "year", "s1": "string", "b1": "flag", "n1": "number"}
        for p in range(rng.randint(1, 4)) if n == 0 or rng.random() < 0.9 else []:
            fields[f"p{p}"] = f"personal:{rng.choice(PERSONAL)}"
        shapes[f"c{n}"] = fields
    return shapes


def _fideslang(name: str, fields: Mapping[str, str]) -> Document:
    def field(name: str, kind: str) -> Document:
        category = kind.removeprefix("personal:") if kind.startswith("personal:") else "system.operations"
        types = {"key": "integer", "string": "string", "flag": "boolean", "number": "integer", "year": "integer"}
        meta: Document = {"data_type": "string" if kind.startswith("personal:") else types.get(kind)}
        if kind in ("key", "uuid-key"):
            meta["primary_key"] = True
        if kind.startswith("ref:"):
            meta["references"] = [{"dataset": "generated", "field": f"{kind.removeprefix('ref:')}.id"}]
        return {"name": name, "data_categories": [category], "fides_meta": {k: v for k, v in meta.items() if v is not None}}

    return {"name": name, "fields": [field(*item) for item in fields.items()]}


def _binding(rng: random.Random, pack: Document, shapes: Shapes, name: str) -> Document:
    personal = [f for f, kind in shapes[name].items() if kind.startswith("personal:")]
    subjects = _paths_to(shapes, name, "c0")
    binding: Document = {"on_due": {f: rng.choice(["pseudonymise", "pseudonymise", "nullify", "with-row"]) for f in personal}}
    if name == "c0":
        binding["subject"] = "id"
    elif subjects:
        binding["subject"] = rng.choice(subjects)
    if rng.random() < 0.6:
        binding["extended_when"] = {"e-row": _condition(rng, shapes, name)}
    binding["duties"] = [_duty(rng, pack, shapes, name) for _ in range(rng.randint(1, 3))] if personal else []
    for duty in binding["duties"][:1]:
        duty["covers"] = ["user"]  # every personal field needs a duty of its own
    return binding


def _duty(rng: random.Random, pack: Document, shapes: Shapes, name: str) -> Document:
    rule = rng.choice(pack["deletion_classes"])
    kind = "instant" if rule["id"] == "class-hours" else rng.choice(["date", "date", "instant", "year"])
    own = sorted({k.removeprefix("personal:") for k in shapes[name].values() if k.startswith("personal:")})
    duty: Document = {
        "class": rule["id"],
        "covers": [rng.choice([*own, "user"])],
        "start": rng.choice(_paths(shapes, name, lambda k: k == kind)),
        "start_kind": kind,
    }
    if rng.random() < 0.4:
        duty["applies_when"] = _condition(rng, shapes, name)
    if rng.random() < 0.4:
        duty["not_started_when"] = _condition(rng, shapes, name)
    for path, target in _references(shapes, name):
        theirs = sorted({k.removeprefix("personal:") for k in shapes[target].values() if k.startswith("personal:")})
        if theirs and rng.random() < 0.5:
            duty.setdefault("keeps", []).append({"via": path, "categories": [rng.choice([*theirs, "user"])]})
    return duty


def _condition(rng: random.Random, shapes: Shapes, name: str, depth: int = 0) -> Document:
    form = rng.choice(["in", "null", "in", "null", "all", "any"] if depth < 2 else ["in", "null"])
    if form in ("all", "any"):
        return {form: [_condition(rng, shapes, name, depth + 1) for _ in range(rng.randint(1, 3))]}
    if form == "null":
        return {"field": rng.choice(_paths(shapes, name, lambda _: True)), "is_null": rng.random() < 0.5}
    path = rng.choice(_paths(shapes, name, lambda k: k in ("string", "flag", "number")))
    values: dict[str, list[Any]] = {"s": ["open", "closed", "", "Ъ"], "b": [True, False], "n": [0, 1, 2, -1]}
    choices = values[path.rpartition(".")[2][0]]
    return {"field": path, "in": rng.sample(choices, rng.randint(1, len(choices)))}


def _references(shapes: Shapes, name: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every path that ends with a reference, up to three hops, and the collection it leads to."""
    for field, kind in shapes[name].items():
        if kind.startswith("ref:"):
            target = kind.removeprefix("ref:")
            yield field, target
            if depth < 2:
                yield from ((f"{field}.{path}", end) for path, end in _references(shapes, target, depth + 1))


def _paths(shapes: Shapes, name: str, wanted: Callable[[str], bool]) -> list[str]:
    steps = [("", name), *((f"{path}.", target) for path, target in _references(shapes, name))]
    return [f"{prefix}{field}" for prefix, holder in steps for field, kind in shapes[holder].items() if wanted(kind)]


def _paths_to(shapes: Shapes, name: str, target: str) -> list[str]:
    return [path for path, end in _references(shapes, name) if end == target]


def _plain_yaml(document: Document) -> str:
    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    return str(yaml.dump(document, Dumper=Plain, sort_keys=False, allow_unicode=True))


def tables_of(dataset: GovernedDataset, metadata: sa.MetaData) -> dict[str, sa.Table]:
    """Tables for a generated dataset, without foreign keys, so that references may dangle. Kinds follow the field names above."""
    types: dict[str, sa.types.TypeEngine[Any]] = {
        "d": sa.Date(),
        "t": sa.DateTime(timezone=True),
        "y": sa.Integer(),
        "s": sa.Text(),
        "b": sa.Boolean(),
        "n": sa.Integer(),
        "p": sa.Text(),
    }

    def key_type(collection: Collection) -> sa.types.TypeEngine[Any]:
        return sa.Uuid() if collection.fields["id"].data_type is None else sa.BigInteger()

    def column(collection: Collection, name: str) -> sa.Column[Any]:
        reference = collection.reference(name)
        if name == "id":
            return sa.Column("id", key_type(collection), primary_key=True, autoincrement=False)
        kind = key_type(dataset.collections[reference.collection]) if reference else types[name[0]]
        return sa.Column(name, kind)

    return {c.name: sa.Table(c.name, metadata, *(column(c, field) for field in c.fields)) for c in dataset.collections.values()}


# -- rows -----------------------------------------------------------------------------------------------------------------------


class Values:
    """Draws values for the columns of one dataset at one `as_of`; dates and instants mostly where decisions change."""

    def __init__(self, rng: random.Random, dataset: GovernedDataset, as_of: datetime) -> None:
        self.rng, self.dataset, self.as_of = rng, dataset, as_of
        duties = [duty for collection in dataset.collections.values() for duty in collection.duties]
        starts = [duty for duty in duties if duty.term.period.hours is None]
        self.days: list[date] = [duty.term.cutoff(StartKind.DATE, as_of) for duty in starts] + [dataset.plausible_from]  # type: ignore[misc]
        self.instants: list[datetime] = [duty.term.cutoff(StartKind.INSTANT, as_of) for duty in duties]  # type: ignore[misc]
        self.instants += [start_of_day(day, dataset.zone) for day in self.days]
        self.years: list[int] = [duty.term.cutoff(StartKind.YEAR, as_of) for duty in starts] + [dataset.plausible_from.year]  # type: ignore[misc]
        self.listed = _listed_values(dataset)

    def day(self) -> date:
        """A date: on or beside a cut-off, or far off, or one that some import left as a placeholder."""
        if self.rng.random() < 0.1:
            return self.rng.choice([date(1, 1, 1), date(1900, 1, 1), date(9999, 12, 31), date(2024, 2, 29), date(2025, 12, 31)])
        return self.rng.choice(self.days) + timedelta(days=self.rng.choice([0, 0, -1, -1, 1, -400, 400, self.rng.randint(-3000, 3000)]))

    def instant(self) -> datetime:
        """An instant, to the microsecond beside a cut-off."""
        if self.rng.random() < 0.1:
            ends = [
                datetime(1, 1, 1, tzinfo=UTC),
                datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
                datetime(1900, 1, 1, tzinfo=UTC),
            ]
            return self.rng.choice(ends)
        microseconds = self.rng.choice([0, 0, -1, -1, 1, 3_600_000_000, -3_600_000_000, self.rng.randint(-(10**14), 10**14)])
        return self.rng.choice(self.instants) + timedelta(microseconds=microseconds)

    def year(self) -> int:
        """A reporting year; now and then one that cannot be."""
        if self.rng.random() < 0.1:
            return self.rng.choice([0, -1, 1, 9999, 10_000, 20_199])
        return self.rng.choice(self.years) + self.rng.choice([0, 0, -1, -1, 1, -30, 30])

    def text(self) -> str:
        """A text: plain, a token, or nearly one."""
        token = TOKENISE(str(self.rng.randint(0, 5)))
        near = [
            token.upper(),
            token[:-1],
            token + "a",
            f" {token}",
            f"{token}\n",
            f"x{token}",
            token.replace(".", "-"),
            token.replace("psn1", "psn"),
        ]
        return self.rng.choice([*[token] * 8, *near, "", "Иван", "psn1.", *["plain"] * 4])

    def of(self, collection: Collection, column: sa.Column[Any]) -> object:
        """A value for a column that is neither key nor reference; None where the table allows it."""
        if column.nullable and self.rng.random() < 0.25:
            return None
        listed = self.listed.get((collection.name, column.name))
        if listed and self.rng.random() < 0.8:
            return self.rng.choice(listed)
        kind = column.type
        if isinstance(kind, sa.Date):
            return self.day()
        if isinstance(kind, sa.DateTime):
            return self.instant()
        if isinstance(kind, sa.Boolean):
            return self.rng.random() < 0.5
        if isinstance(kind, sa.LargeBinary):
            return self.rng.randbytes(4)
        if isinstance(kind, sa.Integer | sa.Numeric):
            return self.year() if "year" in column.name or column.name[0] == "y" else self.rng.randint(-1, 3)
        return self.text()[: getattr(kind, "length", None)]


def random_rows(
    rng: random.Random,
    dataset: GovernedDataset,
    tables: Mapping[str, sa.Table],
    as_of: datetime,
    size: int,
    *,
    dangling: bool,
) -> Rows:
    """Up to `size` rows for each collection, parents first."""
    values = Values(rng, dataset, as_of)
    rows: Rows = {}
    for collection in reversed(dataset.collections.values()):
        table = tables[collection.name]
        rows[collection.name] = found = {}
        for number in range(rng.randint(size // 2, size)):
            key = _new_key(rng, table.c[collection.key], number)
            row: dict[str, Any] = {}
            for column in table.columns:
                reference = collection.reference(column.name)
                if column.name == collection.key:
                    row[column.name] = key
                elif reference is not None:
                    target = dataset.collections[reference.collection]
                    stranger = _new_key(rng, tables[target.name].c[target.key], 10**6)
                    row[column.name] = _reference(rng, column, list(rows[target.name]), stranger if dangling else None)
                else:
                    row[column.name] = values.of(collection, column)
            found[key] = row
    return rows


def _new_key(rng: random.Random, column: sa.Column[Any], number: int) -> object:
    return uuid.UUID(int=rng.getrandbits(128)) if isinstance(column.type, sa.Uuid) else number


def _reference(rng: random.Random, column: sa.Column[Any], targets: list[Any], stranger: object) -> object:
    if column.nullable and (rng.random() < 0.15 or not targets):
        return None
    return stranger if stranger is not None and (rng.random() < 0.05 or not targets) else rng.choice(targets)


def _listed_values(dataset: GovernedDataset) -> dict[tuple[str, str], list[Any]]:
    """For each field that a condition compares with a list: those values, and nothing it does not know."""
    found: dict[tuple[str, str], list[Any]] = {}

    def visit(collection: str, condition: Condition | None) -> None:
        if isinstance(condition, IsIn):
            found.setdefault(dataset.target_of(collection, condition.field), []).extend(condition.values)
        elif condition is not None and not isinstance(condition, IsNull):
            for part in condition.parts:
                visit(collection, part)

    for collection in dataset.collections.values():
        for duty in collection.duties:
            visit(collection.name, duty.applies_when)
            visit(collection.name, duty.not_started_when)
        for row_condition in collection.row_conditions:
            visit(collection.name, row_condition.active_when)
    for condition in dataset.subject_conditions:
        visit(condition.collection, condition.active_when)
    return found
