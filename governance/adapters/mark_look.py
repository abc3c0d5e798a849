"""Looks whether marks hold, as others see them: the declared view, the lender's flag, the table of holds. Plain SQL that shares nothing
with `marks`, which placed them; reads only. `url` is the validator's role where there is one."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql

from governance.catalogue.governed import GovernedDataset
from governance.connections import open_engine, translated
from governance.planning.marks import Seen

_PLAIN = "SELECT subject, meaning, purposes, collections, until FROM lethe.marks WHERE lifted_at IS NULL"


class MarkLook:
    """What is seen of persons by key, in one loan database. Raises SurroundingsError."""

    def __init__(self, url: str, dataset: GovernedDataset) -> None:
        self._url, self._dataset, self._engine = url, dataset, open_engine(url)

    def missing(self, wanted: Sequence[tuple[str, Seen, bool]]) -> Sequence[bool]:
        """For each (person, mark, whether it needs a hold) whether it is not seen whole: in the view, where one is declared, else in the
        table; a hold without an end, where it needs one; a restriction also in the declared flag."""
        if not wanted:
            return ()
        seen, held, flagged = self._seen(sorted({key for key, _, _ in wanted}))
        return [
            mark not in seen.get(key, ())
            or (holding and key not in held)
            or (mark[0] == "restricted" and flagged is not None and key not in flagged)
            for key, mark, holding in wanted
        ]

    def _seen(self, keys: list[str]) -> tuple[dict[str, list[Seen]], set[str], set[str] | None]:
        """The marks by person, on whom a hold stands, on whom the flag is set (None: none is declared)."""
        persons = str(self._dataset.subjects)
        column, view, flag = self._dataset.collections[persons].key[0], self._dataset.restriction_view, self._dataset.restriction_flag
        source = sql.Identifier(*view) if view is not None else sql.SQL(f"({_PLAIN}) AS m")
        marks = sql.SQL("SELECT subject::text, meaning, purposes, collections, until FROM {} WHERE subject::text = ANY (%s)").format(source)
        holds = (
            "SELECT key FROM lethe.holds WHERE collection = %s AND key = ANY (%s) AND released_at IS NULL AND until IS NULL"
            " AND kind IN ('restriction', 'statutory-blocking')"
        )
        seen: dict[str, list[Seen]] = {}
        with translated(self._url), self._engine.connect() as connection:
            cursor = connection.connection.cursor()
            cursor.execute(marks.as_string(), (keys,))
            for key, meaning, purposes, named, until in cursor.fetchall():
                seen.setdefault(key, []).append((meaning, frozenset(purposes), frozenset(named), until))
            cursor.execute(holds, (persons, keys))
            held = {key for (key,) in cursor.fetchall()}
            if flag is None:
                return seen, held, None
            names = {"flag": sql.Identifier(flag), "persons": sql.Identifier(persons), "key": sql.Identifier(column)}
            query = sql.SQL("SELECT {key}::text FROM {persons} WHERE {flag} AND {key}::text = ANY (%s)").format(**names)
            cursor.execute(query.as_string(), (keys,))
            return seen, held, {key for (key,) in cursor.fetchall()}
