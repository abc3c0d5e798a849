"""Use case: what another policy would do to the records of a database, compared with the present one. Changes nothing, announces nothing.

Both policies are read as if they were in force at the reference time, whatever their effective_from says: the question is asked before a
version comes into force.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from governance.catalogue.governed import GovernedDataset
from governance.errors import Refusal
from governance.planning.difference import Difference

#: Compares two policies over one database: the one before, the one after, the reference time.
Comparison = Callable[[GovernedDataset, GovernedDataset, datetime], Difference]


def diff(old: GovernedDataset, new: GovernedDataset, comparison: Comparison, *, as_of: datetime) -> Difference:
    """Compare. Raises Refusal for policies of two databases or two controllers; what `comparison` raises."""
    for what, one, two in (("dataset", old.name, new.name), ("controller", old.controller, new.controller)):
        if one != two:
            raise Refusal(f"expected two policies of one {what}, found {one} and {two}")
    return comparison(old, new, as_of)
