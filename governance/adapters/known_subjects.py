"""Tells whether identifiers found in texts are those of known subjects, without sending one of them anywhere.

The identifiers of the subjects' collection are read once, when they are first asked for, and kept as eight-byte digests: a million
persons with five identifiers take 40 MB. Nothing of them is bound into a query, which a server may log. Two identifiers may meet in one
digest, once in billions of questions: good enough to count by.

Where they cannot be read (a privilege, a lock, a column that is no more) nobody is known, which is said; the scan goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from governance.adapters.discovery.readings import reason_of
from governance.adapters.discovery.sessions import reading
from governance.catalogue.governed import GovernedDataset
from governance.connections import open_engine, translated
from governance.policy.document import covered

PHONE = "user.contact.phone_number"
PHONE_DIGITS = 8
"""Phones are written in many ways; their last digits tell them apart well enough to say that they are known."""
_PUNCTUATION = re.compile(r"[\s()./-]+")
_ROWS = 20_000  # read at a time
_SECONDS = 30.0  # for the first rows, and for each batch of them

Digests = npt.NDArray[np.uint64]


class KnownSubjects:
    """See the module. `url` is the engine role's; opens nothing before it is asked."""

    def __init__(self, url: str, dataset: GovernedDataset) -> None:
        self._url, self._dataset = url, dataset
        self._known: dict[str, Digests | None] = {}

    def count(self, category: str, identifiers: Iterable[str]) -> int | None:
        """How many of the identifiers of that category stand in the subjects' collection; None where it cannot be read. Raises
        SurroundingsError for a lost connection."""
        if category not in self._known:
            self._known[category] = self._read(category)
        known = self._known[category]
        if known is None:
            return None
        asked = {_digest(category, identifier) for identifier in identifiers}
        return int(np.isin(np.array(sorted(asked), dtype=np.uint64), known).sum()) if known.size else 0

    def _read(self, category: str) -> Digests | None:
        if self._dataset.subjects is None:
            return np.empty(0, dtype=np.uint64)
        subjects = self._dataset.collections[self._dataset.subjects]
        names = [name for name in subjects.columns if any(covered(own, category) for own in subjects.fields[name].categories)]
        parts: list[Digests] = []
        if names:
            table = sa.table(self._dataset.subjects, *(sa.column(name) for name in names))
            query = sa.select(*(sa.cast(table.c[name], sa.Text) for name in names))
            with translated(self._url), open_engine(self._url, read_only=True).connect() as connection:
                try:
                    with reading(connection, _SECONDS):
                        for some in connection.execute(query, execution_options={"yield_per": _ROWS}).partitions():
                            digests = [_digest(category, value) for row in some for value in row if value is not None]
                            parts.append(np.array(digests, dtype=np.uint64))
                except DBAPIError as error:
                    reason_of(error)  # raises again where the connection is lost
                    return None
        return np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype=np.uint64)


def _digest(category: str, identifier: str) -> int:
    plain = _PUNCTUATION.sub("", identifier).casefold()
    if category == PHONE:
        plain = "".join(filter(str.isdigit, plain))[-PHONE_DIGITS:]
    return int.from_bytes(blake2b(plain.encode(), digest_size=8).digest())
