"""What persons are looked for by, as a table of forms to compare columns with, and how a value that was found compares.

Forms: `exact:<identifier>` are the spellings under which an index may know a value, `coarse:<identifier>` is what all spellings share,
`token:<domain>:<category>` are tokens of the spellings under every key of the keyring, for rows that were pseudonymised. Whatever a
database finds by a form is compared once more here, in memory. Holds personal data for as long as one search lasts; sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from governance.errors import KeyUnavailable
from governance.ports import KeySource
from governance.pseudonym.tokens import Tokeniser, is_token
from governance.requests.columns import IdentityColumn
from governance.requests.matching import asked_values, how_equal
from governance.requests.request import Person
from governance.requests.spelling import Identifier, coarse, name_words, spellings

#: By these a record is looked for; a name alone is compared in records that something else leads to.
_LOOKED_FOR = (Identifier.NATIONAL_ID, Identifier.CONTRACT, Identifier.EMAIL, Identifier.PHONE, Identifier.BIRTH_DATE)


class Asked:
    """The persons of one search in one dataset, by their places in the sequence."""

    def __init__(self, persons: Sequence[Person], controller: str, keys: KeySource) -> None:
        self._persons, self._controller, self._keys = persons, controller, keys
        self._tokenisers: dict[tuple[str, str], tuple[Tokeniser, ...]] = {}
        self._tokens: dict[tuple[int, str, str, Identifier], frozenset[str]] = {}

    @cached_property
    def exact(self) -> list[tuple[int, str, str]]:
        """(person, form, value) for indexes."""
        return [
            (n, f"exact:{identifier}", form)
            for n, identifier, value in self._given()
            if identifier is not Identifier.BIRTH_DATE
            for form in spellings(identifier, value)
        ]

    @cached_property
    def coarse(self) -> list[tuple[int, str, str]]:
        """(person, form, value) for reading columns from end to end. A birth date counts beside a name only."""
        return [
            (n, f"coarse:{identifier}", form)
            for n, identifier, value in self._given()
            if (identifier is not Identifier.BIRTH_DATE or self._persons[n].name) and (form := coarse(identifier, value)) is not None
        ]

    def tokens(self, columns: Iterable[IdentityColumn]) -> list[tuple[int, str, str]]:
        """(person, form, value) for columns in which tokens may stand."""
        asked = {(column.domain, column.category, column.identifier) for column in columns if column.pseudonymised}
        return [
            (n, f"token:{domain}:{category}", token)
            for domain, category, identifier in sorted(asked)
            for n in range(len(self._persons))
            for token in self.tokens_of(n, domain, category, identifier)
        ]

    def tokens_of(self, n: int, domain: str, category: str, identifier: Identifier) -> frozenset[str]:
        """The tokens that what a person gives has in a column of that domain and category; of a name, those of its words."""
        if (n, domain, category, identifier) not in self._tokens:
            values = [value for value in asked_values(self._persons[n]).get(identifier, ()) if storable(value)]
            if identifier is Identifier.NAME:
                written = {form for value in values for word in (value, *name_words(value)) for form in (word, word.title(), word.upper())}
            else:
                written = {form for value in values for form in spellings(identifier, value)}
            made = {token for tokenise in self._made(domain, category) for token in tokenise.column(sorted(written))} if written else set()
            self._tokens[n, domain, category, identifier] = frozenset(made)
        return self._tokens[n, domain, category, identifier]

    def how(self, n: int, column: IdentityColumn, value: object) -> str | None:
        """How a value that a form led to compares with what the person gives: `exact`, `normalised`, `token`, or None for another one."""
        if is_token(value):
            return "token" if value in self.tokens_of(n, column.domain, column.category, column.identifier) else None
        return how_equal(column.identifier, asked_values(self._persons[n]).get(column.identifier, ()), value)

    def _given(self) -> Iterable[tuple[int, Identifier, str]]:
        for n, person in enumerate(self._persons):
            for identifier, values in asked_values(person).items():
                if identifier in _LOOKED_FOR:
                    for value in filter(storable, values):
                        yield n, identifier, value

    def _made(self, domain: str, category: str) -> tuple[Tokeniser, ...]:
        if (domain, category) not in self._tokenisers:
            roots = []
            for version in range(self._keys.current_version() + 1):
                try:
                    roots.append((version, self._keys.root(version)))
                except KeyUnavailable:  # an epoch whose key was destroyed: its tokens say nothing any more
                    continue
            self._tokenisers[domain, category] = tuple(
                Tokeniser(root, version, self._controller, domain, category) for version, root in roots
            )
        return self._tokenisers[domain, category]


def storable(value: str) -> bool:
    """A column of text could hold it: no character U+0000, no half of a surrogate pair."""
    return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
