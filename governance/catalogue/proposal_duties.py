"""The bindings half of a proposed dataset: subjects, paths to them, and for each collection what a person needs to bind it.

Duties are shown, never proposed: which class decides is a person's choice. Shown are the personal fields by category, candidates for start
events, what might happen to fields that are due before their row (`on_due`), and with a pack the classes that could cover what is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from governance.catalogue.actions import ActionKind
from governance.catalogue.inventory import ColumnFacts, ColumnKind, TableFacts
from governance.catalogue.proposal_scope import Scope
from governance.catalogue.proposal_text import REVIEW, comment, flow, skeleton
from governance.catalogue.proposal_third import third_parties
from governance.catalogue.starting import Start, starts, starts_elsewhere, states
from governance.policy.calendar import StartKind
from governance.policy.document import covered

PLAUSIBLE_FROM = "1950-01-01"
"""The default of `Bindings.plausible_from`, written out so that it is seen."""
TOKEN_ROOM = 40
"""Characters that hold a token under any version of the key there will be (`pseudonym.tokens.token_length`)."""
_MOST_OWN, _MOST_ELSEWHERE = 6, 6
_IDENTIFIERS = (
    "user.name", "user.contact", "user.government_id", "user.unique_id", "user.financial.bank_account", "user.financial.credit_card",
    "user.account", "user.device",
)  # fmt: skip
_TO_FILL_IN = "..."


def bindings_half(scope: Scope) -> Iterator[str]:
    """Its lines. Collections without anything personal and without a way to a subject need none and are listed."""
    graph = scope.graph
    yield "bindings:"
    if scope.pack is None:
        yield from comment(f"{REVIEW}the controller of the policy pack", 2)
    yield f"  controller: {scope.pack.controller if scope.pack is not None else _identifier(scope.name)}"
    yield from _subjects(scope)
    yield from comment("older start events are placeholders: unknown, never due", 2)
    yield f"  plausible_from: {PLAUSIBLE_FROM}"
    if scope.pack is not None and scope.pack.extensions:
        asked = "; ".join(f"{item.id} ({item.title}, {item.clause})" for item in scope.pack.extensions)
        yield from comment(f"{REVIEW}classes may ask for these extensions, to be bound under `extensions:` or `extended_when:`: {asked}", 2)
    yield from _rules(scope)
    bound = [table for table in scope.tables if scope.held(table) or table.path in graph.paths]
    rest = [table.path for table in scope.tables if table not in bound]
    if rest:
        yield from comment(f"nothing personal was recognised in {', '.join(rest)}", 2)
    yield "  collections:" if bound else "  collections: {}"
    for table in bound:
        yield from _collection(scope, table)


def _subjects(scope: Scope) -> Iterator[str]:
    graph = scope.graph
    for person in graph.persons:
        which = "the subjects" if person.table == graph.subjects else f"{REVIEW}other persons"
        yield from comment(f"{which}: {person.table}, {person.score:.2f}: {'; '.join(person.reasons)}", 2)
    if graph.subjects is not None:
        yield f"  subjects: {flow(graph.subjects)}"
    else:
        yield from comment(f"{REVIEW}no table of natural persons was recognised whose key is one column", 2)
        yield skeleton(f"subjects: {_TO_FILL_IN}", 2)


def _collection(scope: Scope, table: TableFacts) -> Iterator[str]:
    way, held = scope.graph.paths.get(table.path), scope.held(table)
    yield ""
    if way is not None and not way.sure:
        guessed = ", ".join(f"{link.table}.{link.step}" for link in way.links if not link.declared)
        yield from comment(f"{REVIEW}the path to the subject leads over what no foreign key declares: {guessed}", 4)
    yield f"    {flow(table.name)}:"
    if way is not None:
        yield f"      subject: {flow(way.path)}"
    else:
        # A collection must say something; this is what it would say anyway.
        yield "      owner: data-protection-officer"
        if scope.graph.subjects is not None:
            yield from comment(f"{REVIEW}no reference leads to {scope.graph.subjects}: whose data are these?", 6)
    if not held:
        yield from comment(f"{REVIEW}nothing personal was recognised, yet each row belongs to a person", 6)
        return
    by_category: dict[str, list[str]] = {}
    for name, categories in held.items():
        for category in categories:
            by_category.setdefault(category, []).append(name)
    listed = "; ".join(f"{category} in {', '.join(names)}" for category, names in by_category.items())
    yield from comment(f"personal: {listed}", 6)
    if others := third_parties(scope, table.path):
        yield from comment(f"{REVIEW}may speak of others than the row's person, and is then kept out of what that person is given", 6)
        yield f"      third_party: {flow(others)}"
    yield from _classes(scope, list(by_category))
    own, elsewhere = starts(table)[:_MOST_OWN], starts_elsewhere(table, scope.by_path, scope.links)[:_MOST_ELSEWHERE]
    for start in (*own, *elsewhere):
        empty = ", may be empty" if start.nullable else ""
        yield from comment(f"start event? {start.path} {start.score:.2f}{empty}: {'; '.join(start.reasons)}", 6)
    if not own and not elsewhere:
        yield from comment(f"{REVIEW}no date here or where references lead: until a column tells when, nothing can be due", 6)
    if said := states(table):
        yield from comment(f"states, for not_started_when: {', '.join(said)}", 6)
    yield from _duty(by_category, (*own, *elsewhere))
    yield from _on_due(scope, table, held, own)


def _rules(scope: Scope) -> Iterator[str]:
    """The classes of the pack, told once."""
    for rule in scope.pack.rules if scope.pack is not None else ():
        terms = f"{rule.effect}, starts: {rule.start_event}, {rule.period} {rule.calendar}"
        yield from comment(f"class: {rule.id} covers {', '.join(rule.categories)} ({terms}; {rule.clause})", 2)


def _classes(scope: Scope, categories: Sequence[str]) -> Iterator[str]:
    """Which of them could cover what a collection holds."""
    whole: list[str] = []
    for rule in scope.pack.rules if scope.pack is not None else ():
        hit = [own for own in categories if any(covered(own, by) or covered(by, own) for by in rule.categories)]
        if len(hit) == len(categories):
            whole.append(rule.id)
        elif hit:
            yield from comment(f"class: {rule.id} covers {', '.join(hit)}", 6)
    if whole:
        yield from comment(f"classes that could cover all of it: {', '.join(whole)}", 6)


def _duty(categories: Mapping[str, Sequence[str]], candidates: Sequence[Start]) -> Iterator[str]:
    first = max(candidates, key=lambda start: start.score, default=None)
    yield skeleton("duties:", 6)
    yield skeleton(f"  - class: {_TO_FILL_IN}", 6)
    widest = [own for own in categories if not any(own != other and covered(own, other) for other in categories)]
    yield skeleton(f"    covers: {flow(widest)}", 6)
    yield skeleton(f"    start: {flow(first.path) if first is not None else _TO_FILL_IN}", 6)
    if first is not None and first.kind is not StartKind.DATE:
        yield skeleton(f"    start_kind: {first.kind}", 6)
    if first is not None and first.nullable:
        yield skeleton(f"    not_started_when: {flow({'field': first.path, 'is_null': True})}", 6)


def _on_due(scope: Scope, table: TableFacts, held: Mapping[str, Sequence[str]], candidates: Sequence[Start]) -> Iterator[str]:
    deciding = {*table.primary_key, *(start.path for start in candidates)}
    deciding |= {name for link in scope.references[table.path] for name in link.columns}
    yield skeleton("on_due:", 6)
    for name, categories in held.items():
        action = ActionKind.WITH_ROW if name in deciding else _action(table, table.column(name), categories)
        yield skeleton(f"  {flow(name)}: {action}", 6)


def _action(table: TableFacts, column: ColumnFacts, categories: Sequence[str]) -> str:
    """What may happen to a field whose row must stay: what identifies keeps its joins as a token, what tells goes, what cannot go waits."""
    alone = all(column.name not in columns for columns in table.unique)
    if column.kind is ColumnKind.DATE and alone:
        return "generalise:year"
    identifies = any(covered(category, by) for category in categories for by in _IDENTIFIERS)
    room = column.kind is ColumnKind.TEXT and (column.length is None or column.length >= TOKEN_ROOM)
    padded = re.match(r"(?:char(?:acter)?|bpchar|n?char)\b(?! varying)", column.type_text.lower()) is not None
    if room and not padded and (identifies or not column.nullable):
        return ActionKind.PSEUDONYMISE
    return ActionKind.NULLIFY if column.nullable else ActionKind.WITH_ROW


def _identifier(name: str) -> str:
    """A name as an `Identifier` of a policy document."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return plain if plain[:1].isalpha() else f"controller-{plain}".rstrip("-")
