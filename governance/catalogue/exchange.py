"""Fides datasets in, ours out: the `dataset` half of a document is what Fides tools read, the `bindings` half is ours alone.

Nothing a Fides dataset says is lost. What could keep `binding` and `resolve` from taking it is put aside under `meta.lethe` of the dataset
and comes back on the way out: fields within fields, which a document of ours has only where they are paths into JSON (the column takes over
their categories), and keys fideslang no longer knows. Categories that a Fides dataset gives to a whole collection are written to each field
that has none. Comments of the source are lost, both ways: the document is read and written anew.

Leaves to others: whether a document fits a policy pack (`resolve.govern`).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any, get_args

import yaml
from fideslang.models import DataCategory, Dataset, DatasetCollection, DatasetField
from pydantic import BaseModel

from governance.catalogue.binding import load_dataset
from governance.catalogue.proposal_text import REVIEW, WIDTH, comment
from governance.catalogue.taxonomy import own_categories
from governance.errors import DocumentError
from governance.policy.document import TAXONOMY
from governance.policy.loading import check_model, one_line, parse_yaml
from governance.policy.pack import PolicyPack

ASIDE = "lethe"
"""Key under a dataset's `meta` that holds what was put aside: `fields` by the place of their column, `keys` by the place they stood at."""
_WHOLE = "dataset"
_OLD_META = "fidesops_meta"
"""What fideslang called `fides_meta` before, and still reads."""


def dataset_keys(text: str, file: str) -> tuple[str, ...]:
    """The `fides_key` of each dataset of a Fides file, in their order. Raises DocumentError where it has none."""
    return tuple(str(item.get("fides_key")) for item in _datasets(parse_yaml(text, file), file))


def from_fides(text: str, file: str, controller: str, key: str | None = None) -> str:
    """A dataset document of ours from a Fides file: its dataset `key` (needed where there are several) with bindings yet empty.

    Loads with `load_dataset`; what keeps `govern` from taking it is told in comments. Raises DocumentError for what fideslang does not
    read.
    """
    source = parse_yaml(text, file)
    every = _datasets(source, file)
    chosen = [item for item in every if key is None or item.get("fides_key") == key]
    if len(chosen) != 1:
        names = ", ".join(one_line(str(item.get("fides_key"))) for item in every)
        raise DocumentError(file, "dataset", f"the key of one of these datasets: {names}", repr(key) if key else "none")
    dataset = copy.deepcopy(chosen[0])
    check_model(Dataset, copy.deepcopy(dataset), file, f"dataset.{every.index(chosen[0])}")
    _give_categories(dataset)
    aside = _put_aside(dataset)
    if aside:
        dataset["meta"] = {**(dataset.get("meta") or {}), ASIDE: aside}
    document = {"dataset": [dataset], "bindings": {"controller": controller, "collections": {}}}
    dropped = [*(str(item["fides_key"]) for item in every if item is not chosen[0]), *sorted(set(source) - {"dataset"})]
    head = [line for remark in _remarks(dataset, aside, dropped) for line in comment(remark, 0)]
    written = "\n".join([*head, _dump(document)])
    load_dataset(written, file)
    return written


def to_fides(text: str, file: str, pack: PolicyPack | None = None) -> str:
    """The Fides file of a dataset document: its `dataset` half, and as `data_category` what it uses that fideslang has not.

    With the pack, its own categories are all among them, with its titles. What `from_fides` put aside is back in its place. Raises
    DocumentError for a document that is none of ours.
    """
    load_dataset(text, file)
    dataset = parse_yaml(text, file)["dataset"][0]
    _put_back(dataset)
    check_model(Dataset, copy.deepcopy(dataset), file, "dataset.0")
    used = sorted({*_categories_of(dataset), *(item.key for item in (pack.categories if pack is not None else ()))})
    own = [{"fides_key": item.key, "name": item.title, "parent_key": item.parent} for item in own_categories(used, pack)]
    for n, item in enumerate(own):
        check_model(DataCategory, item, file, f"data_category.{n}")
    return _dump({"dataset": [dataset], **({"data_category": own} if own else {})})


def _datasets(document: Mapping[str, Any], file: str) -> list[dict[str, Any]]:
    found = document.get("dataset")
    if not isinstance(found, list) or not found or not all(isinstance(item, dict) for item in found):
        raise DocumentError(file, "dataset", "a list of datasets", "none")
    return found


def _dump(document: Mapping[str, Any]) -> str:
    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=WIDTH))


def _collections(dataset: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for collection in dataset["collections"]:
        yield f"collections.{collection['name']}", collection


def _fields(dataset: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for at, collection in _collections(dataset):
        for field in collection["fields"]:
            yield f"{at}.fields.{field['name']}", field


def _give_categories(dataset: Mapping[str, Any]) -> None:
    """What holds for a whole collection or dataset holds for each of its fields; the engine reads fields."""
    for _, collection in _collections(dataset):
        for field in collection["fields"]:
            given = collection.get("data_categories") or dataset.get("data_categories")
            if given and not field.get("data_categories") and not field.get("fields"):
                field["data_categories"] = list(given)


def _put_aside(dataset: dict[str, Any]) -> dict[str, Any]:
    """Takes out of the dataset what our documents cannot hold, and returns it by kind and place."""
    nested: dict[str, Any] = {}
    for at, field in _fields(dataset):
        if field.get("fields"):
            nested[at] = field.pop("fields")
            within = _within(nested[at])
            field["data_categories"] = list(dict.fromkeys([*(field.get("data_categories") or ()), *within]))
            if not field["data_categories"]:
                del field["data_categories"]
    keys: dict[str, Any] = {}
    parts: list[tuple[type[BaseModel], str, dict[str, Any]]] = [(Dataset, _WHOLE, dataset)]
    parts += [(DatasetCollection, at, part) for at, part in _collections(dataset)]
    parts += [(DatasetField, at, part) for at, part in _fields(dataset)]
    for model, at, part in parts:
        if _OLD_META in part:
            old = part.pop(_OLD_META)
            part["fides_meta"] = part.get("fides_meta") or old
        unknown = _unknown(model, part)
        if unknown:
            keys[at] = unknown
    return {name: held for name, held in (("fields", nested), ("keys", keys)) if held}


def _unknown(model: type[BaseModel], part: dict[str, Any]) -> dict[str, Any]:
    """Keys that fideslang would ignore, taken out; those of `fides_meta` under their dotted name."""
    found = {name: part.pop(name) for name in list(part) if name not in model.model_fields}
    meta = part.get("fides_meta")
    if isinstance(meta, dict):
        known = _meta_fields(model)
        found |= {f"fides_meta.{name}": meta.pop(name) for name in list(meta) if name not in known}
        if not meta:
            del part["fides_meta"]
    return found


def _meta_fields(model: type[BaseModel]) -> frozenset[str]:
    """What fideslang knows under `fides_meta`."""
    inner = next(kind for kind in get_args(model.model_fields["fides_meta"].annotation) if kind is not type(None))
    return frozenset(inner.model_fields)


def _put_back(dataset: dict[str, Any]) -> None:
    """The reverse of `_put_aside`, as far as the columns and collections still stand."""
    meta = dataset.get("meta") or {}
    aside = meta.pop(ASIDE, {})
    if not meta:
        dataset.pop("meta", None)
    places = {_WHOLE: dataset, **dict(_collections(dataset)), **dict(_fields(dataset))}
    for at, unknown in aside.get("keys", {}).items():
        for name, value in unknown.items() if at in places else ():
            outer, _, inner = name.rpartition(".")
            (places[at].setdefault(outer, {}) if outer else places[at])[inner] = value
    for at, fields in aside.get("fields", {}).items():
        if at in places:
            field, within = places[at], set(_within(fields))
            # Fides wants categories on the innermost fields alone.
            field["data_categories"] = [category for category in field.get("data_categories") or () if category not in within]
            if not field["data_categories"]:
                del field["data_categories"]
            field["fields"] = fields


def _within(fields: list[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for field in fields:
        found.extend(field.get("data_categories") or ())
        found.extend(_within(field.get("fields") or []))
    return list(dict.fromkeys(found))


def _categories_of(dataset: Mapping[str, Any]) -> list[str]:
    found = list(dataset.get("data_categories") or ())
    for _, collection in _collections(dataset):
        found.extend(collection.get("data_categories") or ())
        found.extend(_within(collection["fields"]))
    return found


def _remarks(dataset: Mapping[str, Any], aside: Mapping[str, Any], dropped: list[str]) -> Iterator[str]:
    yield "Taken over from a Fides file; its comments are lost. The bindings are yet to be written."
    if dropped:
        yield f"{REVIEW}not taken over, for a document holds one dataset and nothing else: {', '.join(dropped)}"
    if "fields" in aside:
        places = ", ".join(aside["fields"])
        yield (
            f"Fields within fields stand aside under meta.{ASIDE}.fields and come back in Fides files; their column has their categories. "
            f"Where the column is JSON that the engine shall act on path by path, move them back under it: {places}"
        )
    if "keys" in aside:
        yield f"Keys that fideslang does not know stand aside under meta.{ASIDE}.keys and come back in Fides files"
    bare = [at for at, field in _fields(dataset) if not field.get("data_categories")]
    if bare:
        yield f"{REVIEW}each needs a category before anything can be governed: {', '.join(bare)}"
    keyless = [at for at, part in _collections(dataset) if not any((f.get("fides_meta") or {}).get("primary_key") for f in part["fields"])]
    if keyless:
        yield f"{REVIEW}each needs a field with fides_meta.primary_key: {', '.join(keyless)}"
    abroad = [at for at, field in _fields(dataset) for ref in _references(field) if ref.get("dataset") != dataset["fides_key"]]
    if abroad:
        yield f"{REVIEW}the engine follows references within a dataset alone; these lead out of it: {', '.join(dict.fromkeys(abroad))}"
    own = sorted({category for category in _categories_of(dataset) if category not in TAXONOMY})
    if own:
        yield f"Categories that fideslang has not; the policy pack must declare them: {', '.join(own)}"


def _references(field: Mapping[str, Any]) -> list[dict[str, Any]]:
    return (field.get("fides_meta") or {}).get("references") or []
