"""By which keyed tokens the register knows a person again. Holds no identifier: a token is an HMAC under the keyring's root (see
`governance.pseudonym.tokens`), in a domain that no dataset can bind, so that it joins with nothing in a loan database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.errors import KeyUnavailable
from governance.policy.pack import RequestKind
from governance.ports import KeySource
from governance.pseudonym.tokens import Tokeniser
from governance.requests.request import Entry
from governance.requests.same import NATIONAL_ID, MatchKind
from governance.store.models import RequestRow, RequestTokenRow
from governance.store.request_texts import entry_of

DOMAIN = "requests/same"  # an id of a pack has no slash

Marks = Iterable[tuple[MatchKind, str]]


class RequestTokens:
    """Keeps and looks up the tokens of requests."""

    def __init__(self, keys: KeySource) -> None:
        self._keys = keys

    def keep(self, session: Session, request_id: UUID, controller: str, marks: Marks) -> None:
        """Write the tokens of a request, under the current root."""
        made = self._made(controller, marks, [self._keys.current_version()])
        session.add_all(RequestTokenRow(request=request_id, kind=kind, token=token) for kind, token in sorted(made))

    def same(self, session: Session, controller: str, kind: RequestKind, marks: Marks) -> Sequence[Entry]:
        """Requests of that controller and kind about the same person, the oldest first. Tokens under a root that is gone join with
        nothing any more."""
        wanted = list(marks)
        tokens = self._made(controller, wanted, self._versions(session))
        of_kind = sa.select(RequestRow).where(RequestRow.controller == controller, RequestRow.kind == kind)
        matching = sa.select(RequestTokenRow.request).where(RequestTokenRow.token.in_({token for _, token in tokens}))
        rows = session.scalars(of_kind.where(RequestRow.id.in_(matching)).order_by(RequestRow.number)).all()
        ours = {token for mark, token in tokens if mark == NATIONAL_ID}
        theirs: dict[UUID, set[str]] = {}
        for held in session.scalars(
            sa.select(RequestTokenRow).where(RequestTokenRow.request.in_([row.id for row in rows]), RequestTokenRow.kind == NATIONAL_ID)
        ):
            theirs.setdefault(held.request, set()).add(held.token)
        return [entry_of(row) for row in rows if not ours or row.id not in theirs or ours & theirs[row.id]]

    def _made(self, controller: str, marks: Marks, versions: Iterable[int]) -> set[tuple[MatchKind, str]]:
        wanted, made = list(marks), set()
        for version in versions:
            with suppress(KeyUnavailable):
                root = self._keys.root(version)
                made |= {(kind, Tokeniser(root, version, controller, DOMAIN, kind)(text)) for kind, text in wanted}
        return made

    def _versions(self, session: Session) -> Sequence[int]:
        prefix = sa.func.split_part(RequestTokenRow.token, ".", 1)
        found = session.scalars(sa.select(prefix).distinct())
        return sorted({int(text.removeprefix("psn")) for text in found} | {self._keys.current_version()})
