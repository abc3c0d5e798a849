"""Decides a restriction (GDPR 18; Kazakhstan 94-V: blocking): everything that is held of a person is only stored from now on.

Pure. Says which fields of how many rows that concerns, collection by collection; rows that hold nothing of the person any more - tokens, or
nothing - are not spoken of. Whether the person has a ground for it is the officer's to judge, who approves: the law asks for a claim
(18(1)(a), (d)), not for a proof.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

from governance.planning.evaluate import Evaluator
from governance.policy.rights import Right
from governance.pseudonym.tokens import is_token
from governance.requests.decision import Outcome, Ruling


class Restricting:
    """Rulings of one dataset for the persons who ask, whose rows the evaluator holds. `right` is what the pack says of their kind."""

    def __init__(self, evaluator: Evaluator, right: Right) -> None:
        self._evaluator, self._right = evaluator, right

    def rulings(self, subject: Hashable) -> tuple[Ruling, ...]:
        """What of a person is restricted, by collection in the order of the dataset. Empty where nothing is held."""
        return tuple(filter(None, (self._ruling(name, subject) for name in self._evaluator.dataset.collections)))

    def _ruling(self, name: str, subject: Hashable) -> Ruling | None:
        collection, evaluator = self._evaluator.dataset.collections[name], self._evaluator
        counted: Counter[str] = Counter()
        rows = 0
        for row in evaluator.rows.get(name, {}).values():
            if evaluator.subject(name, row) != subject:
                continue
            personal = [collection.fields[field] for field in collection.personal_fields]
            live = [field.name for field in personal if row[field.column] is not None and (field.steps or not is_token(row[field.name]))]
            counted.update(live)
            rows += bool(live)
        if not rows:
            return None
        fields = tuple(field for field in collection.personal_fields if counted[field])
        categories = collection.categories_of(fields)
        return Ruling(
            dataset=evaluator.dataset.name,
            collection=name,
            fields=fields,
            categories=categories,
            outcome=Outcome.RESTRICT,
            rows=rows,
            class_id="",
            clause=self._right.clause,
            ground="",
            purposes=(),
            until=None,
        )
