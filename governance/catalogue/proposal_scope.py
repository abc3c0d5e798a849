"""What a proposed dataset takes in and what it leaves out, with the reasons; shared by the two halves of a proposal.

The engine governs tables of the default schema that have a primary key, and follows references to such keys. Whatever else stands in a
database is told, not dropped in silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from governance.catalogue.closed_world import Verdicts
from governance.catalogue.explored import UNREAD
from governance.catalogue.inventory import ColumnFacts, TableFacts, column_of
from governance.catalogue.linking import Link
from governance.catalogue.subjects import SubjectGraph, subject_graph
from governance.catalogue.taxonomy import nearest
from governance.catalogue.verdict import Verdict
from governance.policy.document import covered
from governance.policy.pack import PolicyPack


@dataclass(frozen=True)
class Refused:
    """A reference that the document cannot hold, and why."""

    link: Link
    why: str


@dataclass(frozen=True)
class Scope:
    """`tables` are those taken in, with the columns that a document can name; `unnamed` are their other columns. `left_out` are tables that
    are not taken in, each with the reason. `references`, `refused` and `unnamed` by table."""

    name: str
    tables: tuple[TableFacts, ...]
    unnamed: Mapping[str, tuple[str, ...]]
    left_out: tuple[tuple[TableFacts, str], ...]
    verdicts: Verdicts
    references: Mapping[str, tuple[Link, ...]]
    refused: Mapping[str, tuple[Refused, ...]]
    pack: PolicyPack | None

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """All references taken in."""
        return tuple(link for links in self.references.values() for link in links)

    @cached_property
    def graph(self) -> SubjectGraph:
        """Whose data these are."""
        return subject_graph(self.tables, self.verdicts, self.links)

    @cached_property
    def by_path(self) -> Mapping[str, TableFacts]:
        """The tables taken in, by path."""
        return {table.path: table for table in self.tables}

    def judged(self, table: TableFacts, column: ColumnFacts) -> tuple[Verdict, ...]:
        """The verdicts on a column and on the paths in its documents; none where it was not looked at."""
        names = {other.name for other in table.columns}
        return tuple(
            verdict
            for verdict in self.verdicts.get(table.path, ())
            if verdict.recogniser != UNREAD and column_of(verdict.label, names) == column.name
        )

    def categories(self, table: TableFacts, column: ColumnFacts) -> tuple[str, ...]:
        """The categories proposed for a column: those of the verdicts that are sure enough, as the pack can say them; none personal:
        none."""
        found = (self.sayable(str(verdict.category)) for verdict in self.judged(table, column) if verdict.personal)
        return tuple(dict.fromkeys(found))

    def sayable(self, category: str) -> str:
        """The category, or the nearest above it that the pack has."""
        return category if self.pack is None else nearest(category, self.pack.taxonomy)

    def held(self, table: TableFacts) -> dict[str, tuple[str, ...]]:
        """Personal columns of a table, with their categories."""
        found = {column.name: self.categories(table, column) for column in table.columns}
        return {name: own for name, own in found.items() if any(covered(category, "user") for category in own)}


def scope_of(name: str, tables: Sequence[TableFacts], verdicts: Verdicts, links: Sequence[Link], pack: PolicyPack | None) -> Scope:
    """Sort tables and references into what can be governed and what cannot."""
    reasons = {table.path: _not_governed(table) for table in tables}
    taken = [table for table in tables if reasons[table.path] is None]
    kept = {table.path: replace(table, columns=tuple(column for column in table.columns if _usable(column.name))) for table in taken}
    left_out = tuple((table, str(reasons[table.path])) for table in tables if reasons[table.path] is not None)
    references: dict[str, list[Link]] = {path: [] for path in kept}
    refused: dict[str, list[Refused]] = {path: [] for path in kept}
    for link in sorted(links, key=lambda link: not link.declared):
        if link.table in kept:
            why = _not_followed(link, kept, references[link.table])
            if why is None:
                references[link.table].append(link)
            elif why:
                refused[link.table].append(Refused(link, why))
    return Scope(
        name,
        tuple(kept.values()),
        {table.path: tuple(column.name for column in table.columns if not _usable(column.name)) for table in taken},
        left_out,
        verdicts,
        {path: tuple(found) for path, found in references.items()},
        {path: tuple(found) for path, found in refused.items()},
        pack,
    )


def _usable(name: str) -> bool:
    """Paths join names by dots, and messages print them."""
    return bool(name) and "." not in name and name.isprintable()


def _not_governed(table: TableFacts) -> str | None:
    if table.view:
        kind = (
            "a materialized view keeps a copy of its own, which nothing here erases"
            if table.stored
            else "a view shows what stands elsewhere"
        )
        return f"{kind}: views are not governed"
    if table.schema is not None:
        return f"it stands in the schema {table.schema!r}: only tables of the default schema are governed"
    if not table.primary_key:
        return "it has no primary key, so no row of it can be named"
    if not _usable(table.name):
        return "its name has a dot, or letters that cannot be printed: paths could not name it"
    unusable = [name for name in table.primary_key if not _usable(name)]
    return f"its key {unusable[0]!r} has a dot, or letters that cannot be printed: paths could not name it" if unusable else None


def _not_followed(link: Link, kept: Mapping[str, TableFacts], before: Sequence[Link]) -> str | None:
    """Why the document cannot hold a reference; None where it can, empty where it already does."""
    target = kept.get(link.target)
    if target is None:
        return "which this dataset leaves out"
    if set(link.target_columns) != set(target.primary_key):
        key = ", ".join(target.primary_key)
        return f"which is not its key, {key}: the engine follows keys alone and refuses to govern over such a foreign key"
    if not all(map(_usable, link.columns)):
        return "by a column that the document cannot name"
    if any((other.columns, other.target) == (link.columns, link.target) for other in before):
        return ""
    if len(link.columns) > 1 and any(other.target == link.target for other in before):
        return "a second time: fideslang cannot tell two references to one composite key apart"
    return None
