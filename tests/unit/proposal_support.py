"""The five sample schemas as a scan would see them, read from their schema.sql, and the shipped datasets' word on them."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from fideslang.models import Dataset

from governance.catalogue.binding import Bindings, load_dataset
from governance.catalogue.inventory import ColumnFacts, ColumnKind, ForeignKeyFacts, TableFacts
from governance.catalogue.verdict import Certainty, Verdict
from governance.policy.loading import load_pack
from governance.policy.pack import PolicyPack

SAMPLES = ("credit-plus", "credithelp", "expert-plus", "koduliising", "kredit-seven")

_KINDS = {
    "bigint": ColumnKind.INTEGER,
    "boolean": ColumnKind.BOOLEAN,
    "bytea": ColumnKind.BINARY,
    "date": ColumnKind.DATE,
    "integer": ColumnKind.INTEGER,
    "jsonb": ColumnKind.JSON,
    "numeric": ColumnKind.NUMBER,
    "text": ColumnKind.TEXT,
    "timestamptz": ColumnKind.INSTANT,
    "uuid": ColumnKind.UUID,
    "varchar": ColumnKind.TEXT,
}
_TABLE = re.compile(r'CREATE TABLE "?(\w+)"? \((.*?)\n\);', re.DOTALL)
_COLUMN = re.compile(r'^  "?(\w+)"?\s+([a-z]+)(?:\((\d+)[^)]*\))?(.*)$', re.MULTILINE)
_ALTERED = re.compile(r'ALTER TABLE "?(\w+)"? ADD (PRIMARY KEY|UNIQUE|FOREIGN KEY) \(([^)]*)\)(?: REFERENCES "?(\w+)"?)?')


def _names(listed: str) -> tuple[str, ...]:
    return tuple(name.strip().strip('"') for name in listed.split(","))


@cache
def tables(sample: str) -> tuple[TableFacts, ...]:
    """The tables of a sample database."""
    sql = files("governance.samples").joinpath(sample.replace("-", "_"), "schema.sql").read_text(encoding="utf-8")
    altered = [(table, what, _names(columns), target) for table, what, columns, target in _ALTERED.findall(sql)]
    keys = {table: columns for table, what, columns, _ in altered if what == "PRIMARY KEY"}
    return tuple(
        TableFacts(
            None,
            name,
            False,
            tuple(
                ColumnFacts(
                    column, _KINDS[type_], _type_text(type_), "NOT NULL" not in rest, None, int(size) if type_ == "varchar" else None
                )
                for column, type_, size, rest in _COLUMN.findall(body)
            ),
            primary_key=keys[name],
            unique=tuple(columns for table, what, columns, _ in altered if what == "UNIQUE" and table == name),
            foreign_keys=tuple(
                ForeignKeyFacts(columns, target, keys[target])
                for table, what, columns, target in altered
                if what == "FOREIGN KEY" and table == name
            ),
            rows=100,
        )
        for name, body in _TABLE.findall(sql)
    )


def _type_text(type_: str) -> str:
    return "timestamp with time zone" if type_ == "timestamptz" else type_


@cache
def shipped(sample: str) -> tuple[Dataset, Bindings]:
    """The dataset document that ships for a sample database."""
    text = files("governance.catalogue").joinpath("datasets", f"{sample}.yaml").read_text(encoding="utf-8")
    return load_dataset(text, f"{sample}.yaml")


def pack_text(sample: str) -> str:
    """The policy pack that ships for a sample database."""
    return files("governance.policy").joinpath("packs", f"{sample}.yaml").read_text(encoding="utf-8")


def pack(sample: str) -> PolicyPack:
    """The same, loaded."""
    return load_pack(pack_text(sample), f"{sample}.yaml")


def verdicts(sample: str) -> dict[str, tuple[Verdict, ...]]:
    """As if every column had been recognised as what the shipped dataset declares."""
    return {
        item.name: tuple(
            verdict(field.name, next((c for c in field.data_categories or () if c.startswith("user")), None)) for field in item.fields
        )
        for item in shipped(sample)[0].collections
    }


def verdict(label: str, category: str | None, certainty: Certainty = Certainty.CLEAR, score: float = 0.9) -> Verdict:
    """A verdict on a column; `direct` by its category."""
    direct = category is not None and category.startswith(("user.name", "user.contact", "user.government_id"))
    return Verdict(label, "some", category, score, certainty, ("name: a word",) if category else (), "1", direct)
