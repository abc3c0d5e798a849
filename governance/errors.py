"""Every error Lethe raises on purpose, grouped by whose move is next.

    LetheError
    ├── ConfigurationError      the operator corrects a file
    │   └── DocumentError       ... at a named place: file, path, expected, found
    │       └── DatabaseUnfit       a dataset and the tables that stand there: every place at which they do not fit
    ├── SurroundingsError       the operator mends something outside Lethe
    │   ├── DatabaseUnavailable     nothing answers at the address, or the connection was lost
    │   ├── DatabaseLoginRefused    wrong role or password
    │   ├── DatabaseBusy            a lock or statement ran into its timeout
    │   ├── DatabaseStrained        standbys lag or sessions wait for locks, for longer than we wait
    │   ├── ArchiveUnavailable      the evidence store does not answer or refuses us
    │   ├── ArchiveFull             the evidence store has no room left
    │   ├── ObjectRetained          the evidence store keeps an object that has expired
    │   ├── KeyUnavailable          keyring missing, unreadable or open to others
    │   ├── TimestampUnavailable    the timestamp authority does not answer, or not as it must
    │   ├── FileStoreUnavailable    a store of files that rows refer to does not answer
    │   └── FileRefused             a file that has to go may not be deleted
    ├── Refusal                 Lethe will not act on what it was given; a person decides
    │   ├── RunInProgress           another run holds this dataset
    │   ├── CapExceeded             the plan would touch more than the pack allows
    │   ├── ApprovalMissing         the pack asks for a resolution, none covers this plan
    │   ├── PlanUnknown             no such plan in the governance store
    │   ├── NothingToCertify        the sealed log does not hold what a protocol or certificate would have to prove
    │   ├── EventUnknown            no such event or checkpoint in the sealed log
    │   ├── PlanMismatch            what stands in the work table is not what was planned
    │   ├── IncidentDue             an authority must be told of an incident within the day, or should have been
    │   ├── RequestDue              a request of a person is due within three days, or is overdue
    │   ├── NothingScanned          an empty scan is a failure, never "nothing to do"
    │   ├── DatabaseWentBack        a loan database lacks events that the log has: it was restored, and not replayed
    │   ├── ResidencyRefused        the archive lies where a pack does not allow its evidence, or nobody says where
    │   ├── PruneRefused            evidence would be deleted by a clock that is not to be believed
    │   ├── RequestUnknown          no such request of a person in the register
    │   ├── RequestRefused          a request is not at the stage, or not in the form, for what is asked of it
    │   │   └── RequestInvalid          what came in cannot be entered: every field that is wrong
    │   └── EnforcementHalted       no transaction may begin now; the work goes on later
    │       ├── EnforcementPaused       a person paused it
    │       └── WindowClosed            it is outside the hours in which changes may begin
    ├── ValidationFailed        the data are not as the policy demands, shown by the suites
    └── EvidenceError           the evidence does not hold
        ├── LeakFound               personal data in an artefact that was to be archived
        ├── ObjectExists            create-only: the name is taken by other content
        ├── VerificationFailed      a verification of the evidence found something wrong
        └── LogInconsistent         the sealed log and its checkpoints disagree

Messages name places, names, counts and dates. They never hold a value read from a loan database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


def untold(error: Exception) -> str:
    """What may be said of an error nobody expected: its type and its place. Its text might quote a value."""
    trace, place = error.__traceback__, "at an unknown place"
    while trace is not None:
        place = f"at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"unexpected {type(error).__name__} {place}; its text is withheld"


class LetheError(Exception):
    """Base of everything Lethe raises on purpose."""


class ConfigurationError(LetheError):
    """A file or setting of the operator is wrong."""


class DocumentError(ConfigurationError):
    """One place in one file is wrong: what was expected there and what was found."""

    def __init__(self, file: str, path: str, expected: str, found: str) -> None:
        self.file, self.path, self.expected, self.found = file, path, expected, found
        super().__init__(f"{file}: at {path or 'the top level'}: expected {expected}, found {found}")


@dataclass(frozen=True)
class Misfit:
    """One place at which a dataset and the database do not fit. `mend` is a statement for a person to run, empty where none is known."""

    path: str
    expected: str
    found: str
    mend: str = ""

    def __str__(self) -> str:
        """One line."""
        told = f"at {self.path}: expected {self.expected}, found {self.found}"
        return f"{told} (to mend: {self.mend})" if self.mend else told


class DatabaseUnfit(DocumentError):
    """The tables that stand there cannot bear what the dataset asks of them: everything that does not fit, told at once. Nothing was
    written. `file` is the dataset document, `misfits` are the places, at least one."""

    def __init__(self, file: str, misfits: Sequence[Misfit]) -> None:
        first = misfits[0]
        super().__init__(file, first.path, first.expected, first.found)
        self.misfits = tuple(misfits)
        self.args = (f"{file}: {'; '.join(map(str, misfits))}",)


class SurroundingsError(LetheError):
    """Something Lethe depends on is not there or not as it must be."""


class DatabaseUnavailable(SurroundingsError):
    """Nothing answers at the database address, or the connection was lost. What was under way was rolled back, or, if it was lost within a
    COMMIT, may stand: the next run finds out which, and does nothing twice."""


class DatabaseLoginRefused(SurroundingsError):
    """The database answers but refuses the role or its password."""


class DatabaseBusy(SurroundingsError):
    """A lock or statement timeout ended the work; what was committed before stands, the rest is untouched."""


class DatabaseStrained(SurroundingsError):
    """Standbys stayed behind, or sessions waited for locks, for longer than an enforcement waits for them; what was committed stands."""


class ArchiveUnavailable(SurroundingsError):
    """The evidence store does not answer, or refuses our credentials."""


class ArchiveFull(SurroundingsError):
    """The evidence store has no room left; the object named was not written."""


class ObjectRetained(SurroundingsError):
    """The evidence store keeps an object that has expired: a lock that lasts longer, or a right that is missing. It stays."""


class KeyUnavailable(SurroundingsError):
    """A key file is missing, unreadable, malformed or readable by others."""


class TimestampUnavailable(SurroundingsError):
    """The timestamp authority does not answer, or its answer proves nothing. Nothing is lost: the next call asks again."""


class FileStoreUnavailable(SurroundingsError):
    """A store of files that rows refer to does not answer, or is not there. The files wait to be deleted."""


class FileRefused(SurroundingsError):
    """A file that has to go may not be deleted: an object lock, a missing right, a link, a reference out of its store. It waits."""


class Refusal(LetheError):
    """Lethe was asked for something it will not do until a person has looked."""


class RunInProgress(Refusal):
    """Another run holds the dataset's lock."""


class CapExceeded(Refusal):
    """The plan would touch more rows than the policy pack allows in one run."""


class ApprovalMissing(Refusal):
    """The policy pack asks for a resolution and none covers this plan."""


class PlanUnknown(Refusal):
    """The governance store holds no plan with this digest."""


class NothingToCertify(Refusal):
    """The sealed log does not hold the events that a protocol or certificate would have to prove."""


class EventUnknown(Refusal):
    """The sealed log holds no such event or checkpoint, or the checkpoint does not reach as far."""


class PlanMismatch(Refusal):
    """The work table or the database is not what the plan's digest stands for."""


class NothingScanned(Refusal):
    """The scan found no governed rows at all; that is a fault somewhere, not a clean database."""


class DatabaseWentBack(Refusal):
    """A loan database lacks events that the log or the ledger has: it was restored from a backup, or is another one. What was erased since
    may stand there again. `missing` counts the events; 0 where they are put back and the replay is not green yet."""

    def __init__(self, message: str, missing: int = 0) -> None:
        super().__init__(message)
        self.missing = missing


class IncidentDue(Refusal):
    """The clock of an incident has less than a day left, or has run out, and the authority was not told."""


class ResidencyRefused(Refusal):
    """The archive lies in a country in which a policy pack does not allow evidence, or nobody says in which. Nothing was sent."""


class PruneRefused(Refusal):
    """The clock is far ahead of the last checkpoint: what it takes for expired is not deleted."""


class RequestUnknown(Refusal):
    """The register of requests holds none of that id."""


class RequestRefused(Refusal):
    """A request is not at the stage, or not in the form, for what is asked of it: not verified, closed, contradictory, not approved.
    Nothing was changed."""


class RequestInvalid(RequestRefused):
    """What came in, or was read in with others, cannot be entered. `faults` tell each field that is wrong: what was expected there and what
    was found, without the value. Nothing was entered."""

    def __init__(self, message: str, faults: Sequence[str]) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class RequestDue(Refusal):
    """The clock of a request has three days left or fewer, or has run out, and the person was not answered."""


class EnforcementHalted(Refusal):
    """No transaction may begin now. Whole chunks were done or not done; `again` is when it is worth another try, None if nobody knows."""

    def __init__(self, message: str, again: datetime | None = None) -> None:
        super().__init__(message)
        self.again = again


class EnforcementPaused(EnforcementHalted):
    """A person paused the enforcement, by `governance pause` or a stop file."""


class WindowClosed(EnforcementHalted):
    """It is outside the hours in which changes of this dataset may begin."""


class ValidationFailed(LetheError):
    """At least one expectation does not hold. Carries names of expectations and counts, no values."""


class EvidenceError(LetheError):
    """The evidence does not hold, or could not be kept as it must be."""


class LeakFound(EvidenceError):
    """An artefact on its way to the archive holds personal data. It was not archived. Says which artefact, how
    many identifiers of what kind, and where; no value."""


class ObjectExists(EvidenceError):
    """A create-only put met an object of that name with other content."""


class VerificationFailed(EvidenceError):
    """A verification of the evidence found something wrong; each finding is told where the verification ran."""


class LogInconsistent(EvidenceError):
    """The sealed log and its own checkpoints disagree."""
