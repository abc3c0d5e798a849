"""A dataset proposed for a database nobody has described yet: a complete document (`binding`), to be reviewed in git.

Every column gets its categories by verdict, with score and reasons as a comment above it; what is doubtful is marked `# REVIEW:`.
References declared and inferred, the subjects and the paths to them are filled in. Which deletion class decides over what is no guess of
ours: duties stand in comments, with candidates for their start events (`proposal_duties`). The document loads as it is, and governs once
duties are filled in.

Deterministic: tables and columns in the order of the database. Holds names, counts and shares, never a value. A column that looks like
nothing personal is declared `system.operations`; a suspicion alone declares nothing and asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fideslang.validation import FIDES_KEY_PATTERN

from governance.catalogue.closed_world import Verdicts, told
from governance.catalogue.inventory import ColumnFacts, ColumnKind, TableFacts
from governance.catalogue.linking import Link, circles
from governance.catalogue.proposal_duties import bindings_half
from governance.catalogue.proposal_scope import Scope, scope_of
from governance.catalogue.proposal_text import REVIEW, SKELETON, Value, comment, flow
from governance.catalogue.taxonomy import own_categories
from governance.catalogue.verdict import Certainty, Verdict
from governance.errors import ConfigurationError
from governance.policy.document import covered
from governance.policy.pack import PolicyPack

IMPERSONAL = "system.operations"
_DATA_TYPES = {
    ColumnKind.TEXT: "string",
    ColumnKind.INTEGER: "integer",
    ColumnKind.NUMBER: "float",
    ColumnKind.BOOLEAN: "boolean",
    ColumnKind.JSON: "object",
}
#: Identities that Fides finds a person by.
_IDENTITIES = {"user.contact.email": "email", "user.contact.phone_number": "phone_number"}


def propose(name: str, tables: Sequence[TableFacts], verdicts: Verdicts, links: Sequence[Link], pack: PolicyPack | None = None) -> str:
    """The text of a dataset document for the database `name`, its `fides_key`.

    `verdicts` by table path; `links` as `linking.links` tells them. With a pack its controller is named, categories are said in its own
    taxonomy, and its classes are shown where they could apply. Raises ConfigurationError for a name that fideslang cannot take.
    """
    if not re.fullmatch(FIDES_KEY_PATTERN, name):
        raise ConfigurationError(f"name of the dataset: expected letters, digits and any of _ . < > -, found {name!r}")
    scope = scope_of(name, tables, verdicts, links, pack)
    body = [
        "dataset:",
        f"  - fides_key: {flow(name)}",
        f"    name: {flow(f'Database {name}')}",
        *(["    collections:"] if scope.tables else ["    collections: []"]),
        *(line for table in scope.tables for line in _collection(scope, table)),
        *bindings_half(scope),
    ]
    return "\n".join((*_head(scope, body), *body)) + "\n"


def _head(scope: Scope, body: Sequence[str]) -> Iterator[str]:
    rules = sorted({verdict.rules for table in scope.tables for verdict in scope.verdicts.get(table.path, ())})
    held = sum(len(scope.held(table)) for table in scope.tables)
    columns = sum(len(table.columns) for table in scope.tables)
    questions = sum(line.lstrip().startswith(f"# {REVIEW}") for line in body)
    yield from comment(f"Proposed data map of {scope.name}: what it holds (dataset), and how a policy is to bind it (bindings).", 0)
    yield from comment(
        f"Made from names, types and samples (recognition rules {', '.join(rules) or 'none'}): {len(scope.tables)} tables with "
        f"{columns} columns, "
        f"{held} of them personal. {questions} comments begin with {REVIEW.strip()} and wait for an answer.",
        0,
    )
    yield from comment(
        f"Nothing is decided yet: which deletion class decides over what, a person says. Lines that begin with {SKELETON.strip()} show "
        f"how; take "
        "the mark away and fill them in. What is wrong here is corrected here: a declaration wins over any recognition.",
        0,
    )
    for table, why in scope.left_out:
        seen = sorted({str(verdict.category) for verdict in scope.verdicts.get(table.path, ()) if verdict.personal})
        holds = f" It holds {', '.join(seen)}." if seen else ""
        yield from comment(f"{REVIEW if seen else ''}left out: {table.path}, for {why}.{holds}", 0)
    for group in circles(scope.links):
        what = "refer to each other" if len(group) > 1 else "refers to itself"
        yield from comment(f"{', '.join(group)} {what}: one reference of the circle must be nullable and decide nothing.", 0)
    if scope.pack is None:
        yield from _own(scope)


def _own(scope: Scope) -> Iterator[str]:
    """Without a pack nobody has declared our own categories yet."""
    used = {category for table in scope.tables for own in scope.held(table).values() for category in own}
    own = own_categories(sorted(used))
    if own:
        yield from comment("Categories that fideslang has not; the policy pack must declare them under `categories:`", 0)
        yield from (f"#   - {flow({'key': item.key, 'title': item.title})}" for item in own)


def _collection(scope: Scope, table: TableFacts) -> Iterator[str]:
    if table.rows == 0:
        yield from comment(f"{REVIEW}empty when it was looked at; judged by names and types alone", 6)
    yield f"      - name: {flow(table.name)}"
    if table.comment and table.comment.strip():
        yield f"        description: {flow(table.comment.strip())}"
    yield "        fields:"
    for column in table.columns:
        yield from _field(scope, table, column)
    for name in scope.unnamed[table.path]:
        yield from comment(f"{REVIEW}the column {name!r} cannot be declared: its name has a dot, or letters that cannot be printed", 10)


def _field(scope: Scope, table: TableFacts, column: ColumnFacts) -> Iterator[str]:
    for text in _remarks(scope, table, column):
        yield from comment(text, 10)
    categories = scope.categories(table, column)
    written: dict[str, Value] = {"name": column.name}
    if column.comment and column.comment.strip():
        written["description"] = column.comment.strip()
    written["data_categories"] = categories or (IMPERSONAL,)
    meta = _meta(scope, table, column, categories)
    if meta:
        written["fides_meta"] = meta
    yield f"          - {flow(written)}"


def _meta(scope: Scope, table: TableFacts, column: ColumnFacts, categories: Sequence[str]) -> dict[str, Value]:
    meta: dict[str, Value] = {}
    if column.kind in _DATA_TYPES:
        meta["data_type"] = _DATA_TYPES[column.kind]
    if column.name in table.primary_key:
        meta["primary_key"] = True
    if column.kind is ColumnKind.TEXT and categories and column.length:
        meta["length"] = column.length
    identity = next((_IDENTITIES[category] for category in categories if category in _IDENTITIES), None)
    if identity is not None and _seeds(scope, table):
        meta["identity"] = identity
    targets = [
        f"{link.target}.{target}"
        for link in scope.references[table.path]
        for own, target in zip(link.columns, link.target_columns, strict=True)
        if own == column.name
    ]
    if targets:
        meta["references"] = [{"dataset": scope.name, "field": target} for target in dict.fromkeys(targets)]
    return meta


def _seeds(scope: Scope, table: TableFacts) -> bool:
    """A request may begin here: at the subjects' own contacts, and at those of people no reference leads to the subjects from."""
    graph = scope.graph
    return table.path == graph.subjects or (table.path not in graph.paths and any(person.table == table.path for person in graph.persons))


def _remarks(scope: Scope, table: TableFacts, column: ColumnFacts) -> Iterator[str]:
    judged = scope.judged(table, column)
    if not judged:
        yield f"{REVIEW}not looked at; nothing is known of it"
    for verdict in judged:
        if verdict.category is not None:
            yield from _verdict(scope, column, verdict)
    if column.name in table.primary_key and scope.categories(table, column):
        yield f"{REVIEW}a key that itself tells of a person: it stays until its row goes"
    for link in scope.references[table.path]:
        if link.columns[0] == column.name and not link.declared:
            yield f"{REVIEW}refers to {link.target} by no foreign key, likely {link.confidence:.2f}: {'; '.join(link.reasons)}"
    for item in scope.refused[table.path]:
        if item.link.columns[0] == column.name:
            columns = ", ".join(item.link.target_columns)
            yield f"{REVIEW}{' + '.join(item.link.columns)} refers to {item.link.target} ({columns}), {item.why}"


def _verdict(scope: Scope, column: ColumnFacts, verdict: Verdict) -> Iterator[str]:
    where = "" if verdict.label == column.name else f"at {verdict.label.partition(':')[2]}: "
    reasons = "; ".join(verdict.reasons)
    if verdict.certainty is Certainty.SUSPECTED:
        yield f"{REVIEW}{where}suspected {verdict.category} {verdict.score:.2f}: {reasons}; nothing is declared for it"
        return
    doubt = REVIEW if verdict.certainty is Certainty.LIKELY else ""
    yield f"{doubt}{where}{verdict.certainty.value} {verdict.score:.2f}: {reasons}"
    if scope.pack is None:
        return
    category = str(verdict.category)
    said = scope.sayable(category)
    if said != category:
        near = [item.key for item in scope.pack.categories if item.key.startswith(f"{said}.")]
        instead = f"; it has {', '.join(near)}" if near else ""
        yield f"{REVIEW}recognised as {category}, which the pack does not declare{instead}"
    for limit in scope.pack.category_limits:
        if limit.forbidden and covered(category, limit.category):
            yield f"{REVIEW}forbidden by the policy, {limit.clause}: {told(verdict)}"
