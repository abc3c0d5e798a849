"""Use case: before a plan's first change, keep to whom its rows belong, so that afterwards a person can be given proof (keyed references),
and the data-protection officer the names that credithelp art. 22 asks for (encrypted, and nowhere else).

Once for a plan: an enforcement that was killed finds the capture of its first attempt, when every row still stood. Names are encrypted in
memory, part by part, as they are read; none is stored, logged or told in plain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Protocol

from governance.planning.plan import Plan
from governance.ports import Belonging, Clock, Envelope, NamedSubject, SubjectSource
from governance.store.captures import AnnexPart

PART = 50_000
"""Subjects in one part of an annex: the library that encrypts wants the whole of it in memory."""


class CaptureRegister(Protocol):
    """Keeps captures."""

    def captured(self, plan_digest: str) -> bool:
        """Whether this plan's subjects were captured."""
        ...

    def capture(
        self, plan: Plan, belongings: Iterable[Belonging], annex: Iterable[AnnexPart], recipient: str | None, clock: Clock, run_id: str
    ) -> None:
        """Keep all of it, or nothing."""
        ...


def capture(plan: Plan, source: SubjectSource, register: CaptureRegister, envelope: Envelope | None, clock: Clock, *, run_id: str) -> None:
    """Capture the subjects of a plan that has not begun to be carried out. Without an envelope no name is read."""
    if not plan.steps or register.captured(plan.digest):
        return
    annex = annex_parts(plan, source, envelope) if envelope is not None else iter(())
    register.capture(plan, source.belongings(plan), annex, envelope.fingerprint if envelope is not None else None, clock, run_id)


def annex_parts(plan: Plan, source: SubjectSource, envelope: Envelope, size: int = PART) -> Iterator[AnnexPart]:
    """The annex in parts of so many subjects; none where no subject is concerned."""
    subjects = source.named(plan)
    while part := list(islice(subjects, size)):
        yield AnnexPart(envelope.encrypt(annex_text(plan, source.name_fields, part)), len(part))


def annex_text(plan: Plan, fields: Iterable[str], subjects: Iterable[NamedSubject]) -> bytes:
    """A table in UTF-8, a line for each subject, columns divided by tabs; the first two lines say what it is and what its columns are."""
    lines = [f"# {plan.dataset}: subjects of plan {plan.digest}", "\t".join(["reference", "key", *fields])]
    lines.extend("\t".join([subject.reference, *map(_plain, (subject.key, *subject.names))]) for subject in subjects)
    return "".join(f"{line}\n" for line in lines).encode()


def _plain(value: str) -> str:
    return " ".join(value.split())  # no value may end a column or a line
