"""Composition of letters to persons over one deployment."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from uuid import UUID

from governance.adapters.keyring import FileKeyring
from governance.adapters.paper.typesetting import TypstPaper
from governance.adapters.paper.wording import letter_words_digest
from governance.adapters.private_file import create_private
from governance.audit.bodies_letters import LetterKind
from governance.config import Deployment
from governance.errors import ConfigurationError
from governance.requests.request import Request
from governance.run.letters import answer, issue, letter_of
from governance.store.database import Store
from governance.store.letters import Issued, Letters
from governance.workplace_decisions import DecisionDesk
from governance.workplace_requests import RequestDesk


class LetterDesk:
    """Makes and finds the letters of requests. `by` is a role or login."""

    def __init__(self, deployment: Deployment, run_id: str, *, by: str = "") -> None:
        self._deployment, self._run_id, self._by = deployment, run_id, by
        self.requests = RequestDesk(deployment, run_id, by=by)

    @cached_property
    def letters(self) -> Letters:
        """The letters of the governance database."""
        return Letters(Store(self._deployment.store), FileKeyring(self._deployment.keyring), run_id=self._run_id)

    def issue(
        self,
        request_id: UUID,
        kind: LetterKind,
        *,
        account: str,
        now: datetime,
        on: date | None = None,
        certificate: Path | None = None,
        package_until: date | None = None,
    ) -> tuple[str, bytes]:
        """Make a letter, dated `on` (default today) and addressed to the person, of which the log is told first: SHA-256 and PDF.

        Raises RequestRefused where nothing happened of which it could speak, ConfigurationError for a certificate that cannot be read.
        """
        digest = _digest(certificate) if certificate is not None else None
        request, acts = self.requests.opened(request_id, account=account, purpose=f"write a letter: {kind}")
        drafted = DecisionDesk(self._deployment, self._run_id).drafted(request_id)
        document = letter_of(
            kind,
            request,
            self.requests.pack(request.controller),
            acts,
            drafted.decision if drafted is not None else None,
            on=on if on is not None else self.requests.today(request_id),
            certificate=digest,
            package_until=package_until,
        )
        words = letter_words_digest(request.language)
        return issue(self.letters, TypstPaper(), document, request, words=words, by=self._by, now=now)

    def listed(self, request_id: UUID) -> Sequence[Issued]:
        """The letters of a request, none opened."""
        return self.letters.of(request_id)

    def page(self, request_id: UUID, beginning: str, *, account: str) -> bytes:
        """A letter as it was made, by the beginning of its digest; the log is told first."""
        letter = self._meant(request_id, beginning)
        self.requests.opened(request_id, account=account, purpose="read a letter")
        return self.letters.page(request_id, letter)

    def answer(self, request_id: UUID, beginning: str, *, now: datetime) -> Request:
        """Note that this letter went out and closes the request."""
        letter = self._meant(request_id, beginning)
        return answer(self.requests.register, self.letters, request_id, letter, by=self._by, now=now)

    def _meant(self, request_id: UUID, beginning: str) -> str:
        """The digest that begins so, where one alone does; else what was given, which is then refused as none of the request's."""
        found = [kept.letter for kept in self.letters.of(request_id) if beginning and kept.letter.startswith(beginning)]
        return found[0] if len(found) == 1 else beginning


def write_letter(path: Path, page: bytes) -> None:
    """Write a page for its reader alone; never overwrites. Raises ConfigurationError."""
    try:
        create_private(path, page)
    except OSError as error:
        raise ConfigurationError(f"{path}: the letter cannot be written: {error.strerror}") from None


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ConfigurationError(f"{path}: expected a readable certificate, found: {error.strerror}") from None
