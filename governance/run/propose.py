"""Use case: propose a dataset document for a database that nobody has described yet.

Reads only; the proposal holds names, counts and shares. What it means stands in `governance.catalogue.proposal`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from governance.catalogue.inventory import TableFacts
from governance.catalogue.linking import Candidate, candidates, links
from governance.catalogue.proposal import propose
from governance.catalogue.verdict import Verdict
from governance.policy.pack import PolicyPack

#: By candidate, the share of its values that stand in the key it may refer to.
Compare = Callable[[Mapping[str, TableFacts], Sequence[Candidate]], Mapping[Candidate, float]]


def propose_dataset(
    name: str,
    tables: Sequence[TableFacts],
    verdicts: Mapping[str, Sequence[Verdict]],
    compare: Compare,
    pack: PolicyPack | None,
) -> str:
    """The document's text. Raises ConfigurationError for a name that fideslang cannot take, and what `compare` raises."""
    suggested = candidates(tables)
    shares = compare({table.path: table for table in tables}, suggested)
    return propose(name, tables, verdicts, links(tables, shares), pack)
