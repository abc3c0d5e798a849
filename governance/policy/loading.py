"""From the text of a YAML document to a checked model, with errors a person can act on.

Everything wrong is reported as `DocumentError(file, path, expected, found)` before anything else happens. The text is passed in;
reading files is left to the caller.
"""

from __future__ import annotations

import hashlib
import reprlib
from collections.abc import Iterable
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from governance.errors import DocumentError
from governance.policy.document import TAXONOMY
from governance.policy.pack import PolicyPack

ModelT = TypeVar("ModelT", bound=BaseModel)


class _Strict(yaml.constructor.SafeConstructor):
    """Every key is text and stands once (YAML lets a later key silently replace an earlier one), and every value can be read."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                # `on`, `no` and 1 are no text in YAML; a list or mapping cannot be a key at all.
                raise yaml.constructor.ConstructorError(None, None, f"the key {_shown(key)} is not text; quote it", key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            # What PyYAML lets through for 2026-13-45, !!int x, !!bool x and their like.
            kind = node.tag.rpartition(":")[2]
            raise yaml.constructor.ConstructorError(None, None, f"a {kind} that cannot be read", node.start_mark) from None


class _FastLoader(_Strict, yaml.CSafeLoader):
    """libyaml: several times as fast, which DAG parsing needs."""


class _TellingLoader(_Strict, yaml.SafeLoader):
    """PyYAML's own: says what is wrong in better words, and has the last word."""


def _loaded(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_FastLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeError, RecursionError):
        return yaml.load(text, Loader=_TellingLoader)  # noqa: S506 - a SafeLoader


def parse_yaml(text: str, file: str) -> dict[str, Any]:
    """The document as a mapping. Raises DocumentError with the line of the first fault."""
    expected = "well-formed YAML"
    try:
        document = _loaded(text)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else "unknown line"
        raise DocumentError(file, line, expected, one_line(str(error.problem))) from None
    except yaml.reader.ReaderError as error:
        line = f"line {text.count(chr(10), 0, error.position) + 1}"
        raise DocumentError(file, line, expected, f"the character U+{ord(text[error.position]):04X}") from None
    except RecursionError:
        raise DocumentError(file, "", expected, "lists or mappings nested too deep") from None
    if not isinstance(document, dict):
        raise DocumentError(file, "", "a mapping", _shown(document))
    return document


def check_model(model: type[ModelT], value: object, file: str, at: str = "") -> ModelT:
    """Validate `value` as `model`. Raises DocumentError for the first fault, naming its path below `at`."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        path = ".".join([*filter(None, [at]), *(str(part) for part in fault["loc"])])
        found = "nothing" if fault["type"] == "missing" else _shown(fault["input"])
        raise DocumentError(file, one_line(path), one_line(_expected(fault)), found) from None
    except RecursionError:
        raise DocumentError(file, at, "a document of sensible depth", "lists or mappings nested too deep") from None


def load_pack(text: str, file: str) -> PolicyPack:
    """Parse and check one policy pack, cross references included. Raises DocumentError."""
    pack = check_model(PolicyPack, parse_yaml(text, file), file)
    for section in ("purposes", "categories", "registers", "recipients", "extensions", "deletion_classes", "record_checks"):
        items = getattr(pack, section)
        _refuse_duplicates([item.key if section == "categories" else item.id for item in items], file, section)
    _refuse_duplicates([right.kind for right in pack.rights], file, "rights")
    _refuse_duplicates([rule.id for rule in pack.rules], file, "deletion_classes and minimisation_rules")
    for n, category in enumerate(pack.categories):
        if category.key in TAXONOMY:
            raise DocumentError(file, f"categories.{n}.key", "a key that fideslang does not have", repr(category.key))
        parent = category.key.rpartition(".")[0]
        if parent not in pack.taxonomy:
            raise DocumentError(file, f"categories.{n}.key", "a key below a known category", repr(category.key))
    _check_references(pack, file)
    return pack


def _check_references(pack: PolicyPack, file: str) -> None:
    """Whatever a rule names must stand in the pack, or in fideslang."""
    categories = ("a data category of fideslang or of this pack", pack.taxonomy)
    purposes = ("a purpose of this pack", {item.id for item in pack.purposes})
    registers = ("a register of this pack", {item.id for item in pack.registers})
    extensions = ("an extension of this pack", {item.id for item in pack.extensions})

    def known(names: Iterable[str], what: tuple[str, Iterable[str]], at: str) -> None:
        _refuse_unknown(names, what[1], what[0], file, at)

    for section in ("deletion_classes", "minimisation_rules"):
        for n, rule in enumerate(getattr(pack, section)):
            known(rule.categories, categories, f"{section}.{n}.categories")
            known(rule.purposes, purposes, f"{section}.{n}.purposes")
            known(rule.extended_by, extensions, f"{section}.{n}.extended_by")
    for n, limit in enumerate(pack.category_limits):
        known([limit.category], categories, f"category_limits.{n}.category")
        known(limit.purposes or (), purposes, f"category_limits.{n}.purposes")
        known(limit.registers or (), registers, f"category_limits.{n}.registers")
    for n, recipient in enumerate(pack.recipients):
        known(recipient.categories, categories, f"recipients.{n}.categories")
        known(recipient.purposes, purposes, f"recipients.{n}.purposes")
    for n, right in enumerate(pack.rights):
        rules = ("a deletion class or minimisation rule of this pack", {item.id for item in pack.rules})
        known([item.class_id for item in right.yields], rules, f"rights.{n}.yields")
        known([item.class_id for item in right.stays], rules, f"rights.{n}.stays")
        for m, item in enumerate(right.yields):
            known(item.waits_for, extensions, f"rights.{n}.yields.{m}.waits_for")
    if pack.consent_withdrawal is not None and pack.consent_withdrawal.extension is not None:
        known([pack.consent_withdrawal.extension], extensions, "consent_withdrawal.extension")


def one_line(text: str) -> str:
    """The text itself where it fits on a line of an error message, else quoted with escapes."""
    return text if text.isprintable() else repr(text)


def document_digest(text: str) -> str:
    """SHA-256 of a document's text, lower-case hex: the version a plan names."""
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_duplicates(keys: list[str], file: str, at: str) -> None:
    for n, key in enumerate(keys):
        if key in keys[:n]:
            raise DocumentError(file, f"{at}.{n}", "an id that is used once", f"{key!r} again")


def _refuse_unknown(names: Iterable[str], known: Iterable[str], what: str, file: str, at: str) -> None:
    known = set(known)
    for n, name in enumerate(names):
        if name not in known:
            raise DocumentError(file, f"{at}.{n}", what, repr(name))


def _expected(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return "no such key"
    if fault["type"] == "tuple_type":
        return "a list"
    message = str(fault["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    return message[:1].lower() + message[1:]


class _Brief(reprlib.Repr):
    """`repr` that looks no deeper than a message needs: aliases can make a short document's repr endless."""

    maxlevel, maxstring, maxother, maxlong = 3, 77, 77, 77


def _shown(value: object) -> str:
    text = _Brief().repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
