"""Reads the declared suites of a dataset: one JSON file for each governed collection, and dataset.json for the dataset as a whole.

The files are Great Expectations' own suite format (name, expectations of type and kwargs, meta), written by hand from the policy. Does not
import Great Expectations; what an expectation's kwargs mean is checked when it is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic.v1 import ValidationError

from governance.adapters.great_expectations.shapes import Frame
from governance.audit.canonical import parse_strict
from governance.catalogue.governed import GovernedDataset
from governance.errors import DocumentError

DATASET_SUITE = "dataset"


@dataclass(frozen=True)
class Declared:
    """One expectation as declared."""

    kind: str
    kwargs: Mapping[str, Any]


@dataclass(frozen=True)
class Suite:
    """One suite file. `name` is its stem."""

    name: str
    file: str
    expectations: tuple[Declared, ...]
    meta: Mapping[str, Any]


def read_suites(folder: Path, dataset: GovernedDataset) -> tuple[Suite, ...]:
    """Every suite of a folder, by name. A missing, empty or superfluous suite is an error, never a pass. Raises DocumentError."""
    found = {path.stem: path for path in sorted(folder.glob("*.json"))} if folder.is_dir() else {}
    wanted = {DATASET_SUITE, *(name for name, item in dataset.collections.items() if item.governed)}
    for name in sorted(wanted - found.keys()):
        raise DocumentError(str(folder / f"{name}.json"), "", f"a suite for {name!r} of {dataset.name}", "no such file")
    for name in sorted(found.keys() - wanted - dataset.collections.keys()):
        raise DocumentError(str(found[name]), "", f"a suite for a collection of {dataset.name}", f"one for {name!r}")
    return tuple(_read(path, f"{dataset.name}.{name}") for name, path in found.items())


def read_frame(suites: tuple[Suite, ...]) -> Frame:
    """What holds for all suites: the `frame` in the meta of dataset.json, and the keys that the suites name. Raises DocumentError."""
    suite = next(item for item in suites if item.name == DATASET_SUITE)
    if "rung" in (suite.meta.get("frame") or {}):  # a suite that left persons out by itself would prove nothing
        raise DocumentError(suite.file, "meta.frame.rung", "nothing: it is given at run time", "a value")
    try:
        frame = Frame.parse_obj(suite.meta.get("frame"))
    except ValidationError as error:
        raise document_error(error, suite.file, "meta.frame") from None
    # Unchecked here: whoever named a key is built and checked before anything is evaluated.
    return frame.copy(update={"keys": {**frame.keys, **_keys(suites)}})


def _keys(suites: tuple[Suite, ...]) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = {}
    for suite in suites:
        for number, item in enumerate(suite.expectations):
            table, key = item.kwargs.get("table"), item.kwargs.get("key")
            if not isinstance(table, str) or not isinstance(key, str | list):
                continue
            names = [key] if isinstance(key, str) else key
            if keys.setdefault(table, names) != names:
                raise DocumentError(suite.file, f"expectations.{number}.kwargs.key", f"one key for {table}", "another one than elsewhere")
    return keys


def document_error(error: ValidationError, file: str, at: str) -> DocumentError:
    """The first complaint of pydantic about a suite, as ours. Suites hold names and clauses, no data."""
    first = error.errors()[0]
    place = ".".join([at, *(str(part) for part in first["loc"] if part != "__root__")])
    return DocumentError(file, place, first["msg"], f"something else ({first['type']})")


def _read(path: Path, name: str) -> Suite:
    file = str(path)
    document = parse_strict(path.read_bytes(), file)
    if not isinstance(document, dict) or set(document) != {"name", "expectations", "meta"}:
        raise DocumentError(file, "", "an object with name, expectations and meta", "something else")
    if document["name"] != name:
        raise DocumentError(file, "name", repr(name), "another name")
    meta, declared = document["meta"], document["expectations"]
    if not isinstance(meta, dict) or not meta.get("notes"):
        raise DocumentError(file, "meta.notes", "a note naming the clauses this suite stands for", "none")
    if not isinstance(declared, list) or not declared:
        raise DocumentError(file, "expectations", "at least one expectation", "none")
    return Suite(path.stem, file, tuple(_declared(item, file, f"expectations.{n}") for n, item in enumerate(declared)), meta)


def _declared(item: object, file: str, at: str) -> Declared:
    if not isinstance(item, dict) or not {"type", "kwargs"} <= set(item) <= {"type", "kwargs", "meta"}:
        raise DocumentError(file, at, "an object with type, kwargs and perhaps meta", "something else")
    if not isinstance(item["type"], str) or not isinstance(item["kwargs"], dict):
        raise DocumentError(file, at, "a type and an object of kwargs", "something else")
    return Declared(item["type"], item["kwargs"])
