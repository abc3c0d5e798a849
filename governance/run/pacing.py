"""How fast an enforcement goes beside a living application: how much one transaction carries, when the next may begin, and what happens
when the database is too busy for one.

`LivePace` grows carefully and shrinks at once. Before each transaction it looks for what forbids it (a stop, the end of the window: the run
ends there, whole chunks are done) and for what advises against it (pressure: it waits, holding no lock and no transaction, and gives up
after a limit). All workers share one; what happens to one slows all.

Leaves to others: what pressure is (`governance.ports.Gauge`), who stopped it (`governance.ports.Brake`), and the transactions themselves.
Clock, stopwatch and sleep come in. Logs counts, names of standbys and slots, and times, nothing else.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from governance.errors import DatabaseBusy, DatabaseStrained, EnforcementHalted, WindowClosed
from governance.planning.plan import ChunkOutcome
from governance.policy.window import Window
from governance.ports import Brake, Clock, Gauge, Perform, Pressure
from governance.run.chunks import Prepare

MOST_CHUNKS = 20  # in one transaction: their new values wait in memory, for each worker and one more
_GROWTH = 1.25  # from one transaction to the next
_NAP = 1.0  # seconds between two looks for a stop while waiting
_LONGEST = 30.0  # seconds between two looks at a pressure that stays
_LOOK_EVERY = 1.0  # seconds for which a look that found nothing is believed
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PaceSettings:
    """`target_seconds`: what a transaction shall take. `rest`: how long a worker rests after each, in parts of what it took.
    `patience_seconds`: how long pressure is waited for, at a stretch. `attempts`: how often a transaction that the database was too busy
    for is tried in all, each time smaller."""

    target_seconds: float = 0.1
    rest: float = 0.0
    patience_seconds: float = 1800.0
    attempts: int = 6
    window: Window | None = None


@dataclass
class Tally:
    """What an enforcement met on its way. `waited` is seconds by kind of pressure."""

    transactions: int = 0
    chunks: int = 0
    retried: int = 0
    waits: int = 0
    waited: Counter[str] = field(default_factory=Counter[str])


class Size:
    """How many chunks a transaction may carry: between 1 and `most`, towards the target duration."""

    def __init__(self, target_seconds: float, most: int = MOST_CHUNKS) -> None:
        self._target, self._most = target_seconds, most
        self._size = 1.0

    def __int__(self) -> int:
        """Whole chunks."""
        return int(self._size)

    def took(self, chunks: int, seconds: float) -> None:
        """Learn from a transaction. One that took longer than the target makes the next ones fit it at once; one that was as large as it
        might be and quick lets them grow by a quarter."""
        fits = chunks * self._target / seconds if seconds > 0 else float(self._most)
        if seconds > self._target:
            self._bound(min(self._size, fits))
        elif chunks >= int(self._size):
            self._bound(min(self._size * _GROWTH, max(self._size, fits)))

    def failed(self, chunks: int) -> None:
        """Learn from a transaction that the database was too busy for."""
        self._bound(min(self._size, chunks / 2))

    def _bound(self, size: float) -> None:
        self._size = max(1.0, min(size, float(self._most)))


class LivePace:
    """See the module. One for each enforcement; any thread may call any method."""

    def __init__(
        self,
        settings: PaceSettings,
        clock: Clock,
        *,
        brake: Brake,
        gauge: Gauge,
        stopwatch: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings, self._clock, self._brake, self._gauge = settings, clock, brake, gauge
        self._stopwatch, self._sleep = stopwatch, sleep
        self._size = Size(settings.target_seconds)
        self._learning, self._gate = threading.Lock(), threading.Lock()
        self._clear_until = float("-inf")
        self._failure: BaseException | None = None
        self._over = False
        self.tally = Tally()

    def chunks(self) -> int:
        """See `governance.run.chunks.Pace`."""
        with self._learning:
            return int(self._size)

    def careful(self, prepare: Prepare) -> Prepare:
        """`prepare` whose transactions begin when they may, and are tried again in smaller pieces when the database is too busy."""
        self._over = False
        with self._learning:
            self._size = Size(self._settings.target_seconds)  # another step, other rows: nothing is known of them

        def prepared(chunks: range) -> Perform:
            try:
                ready = prepare(chunks)
            except DatabaseBusy:
                return lambda: self._carried_out(prepare, chunks, None)  # read again when its turn comes
            return lambda: self._carried_out(prepare, chunks, ready)

        return prepared

    def end(self) -> None:
        """See `governance.run.chunks.Pace`."""
        self._over = True

    def _carried_out(self, prepare: Prepare, chunks: range, ready: Perform | None) -> Sequence[ChunkOutcome | None]:
        """The outcomes of `chunks`, in one transaction if it is `ready` and goes through, else in as many as it takes."""
        outcomes: list[ChunkOutcome | None] = []
        failures = 0  # one after the other
        try:
            while left := chunks[len(outcomes) :]:
                portion = left if ready is not None else left[: self.chunks()]
                self.gate()
                try:
                    perform = ready or prepare(portion)
                    began = self._stopwatch()
                    outcomes += perform()
                    seconds, failures = self._stopwatch() - began, 0
                    self._took(len(portion), seconds)
                    self._nap(seconds * self._settings.rest)
                except DatabaseBusy as busy:
                    failures += 1
                    self._learn_of(busy, len(portion), failures)
                ready = None
        except BaseException as error:
            self._failure = self._failure or error  # no other worker begins, or waits on
            raise
        return outcomes

    def _took(self, chunks: int, seconds: float) -> None:
        with self._learning:
            self._size.took(chunks, seconds)
            self.tally.transactions += 1
            self.tally.chunks += chunks

    def _learn_of(self, busy: DatabaseBusy, chunks: int, failures: int) -> None:
        """Smaller from now on, and a little later. Raises `busy` when it was tried often enough."""
        with self._learning:
            self._size.failed(chunks)
            self.tally.retried += 1
        if failures >= self._settings.attempts:
            raise busy
        seconds = min(0.25 * 2.0**failures, 5.0)
        words = "the database was too busy for a transaction (attempt %d of %d); trying again, smaller, in %.1f s"
        _log.warning(words, failures, self._settings.attempts, seconds)
        self._nap(seconds)

    # -- when a transaction may begin ----------------------------------------------------------------------------------------------

    def gate(self) -> None:
        """Return when a transaction may begin. Raises EnforcementPaused, WindowClosed, and DatabaseStrained when patience is at its end.

        Workers pass one after the other; who waits holds neither lock nor transaction.
        """
        with self._gate:
            self.require_free_way()
            if self._stopwatch() < self._clear_until:
                return
            pressure = self._gauge.pressure()
            if pressure:
                self._wait_for(pressure)
            self._clear_until = self._stopwatch() + _LOOK_EVERY

    def require_free_way(self) -> None:
        """Raises EnforcementPaused, WindowClosed, or what another worker failed of; EnforcementHalted where the run has ended."""
        if self._failure is not None:
            raise self._failure
        if self._over:
            raise EnforcementHalted("the run has ended; what was done stands")
        self._brake.require_released()
        window, now = self._settings.window, self._clock.now()
        if window is not None and window.closing(now) is None:
            raise closed(window, now)

    def _wait_for(self, pressure: Pressure) -> None:
        began, kind, pause = self._stopwatch(), pressure.kind, _LOOK_EVERY
        self.tally.waits += 1
        _log.warning("waiting, no transaction is open: %s", pressure.told)
        found: Pressure | None = pressure
        try:
            while found is not None:
                waited = self._stopwatch() - began
                if waited >= self._settings.patience_seconds:
                    told = f"waited {waited:.0f} s, the limit (live.patience_seconds), for: {found.told}"
                    raise DatabaseStrained(f"{told}; what was done stands")
                if found.kind != kind:
                    _log.warning("still waiting: %s", found.told)
                    kind = found.kind
                self._nap(min(pause, self._settings.patience_seconds - waited))
                pause = min(pause * 1.5, _LONGEST)
                found = self._gauge.pressure()
        finally:
            self.tally.waited[kind] += round(self._stopwatch() - began)
        _log.warning("going on after %.0f s", self._stopwatch() - began)

    def _nap(self, seconds: float) -> None:
        """Sleep, unless a stop comes or another worker fails."""
        until = self._stopwatch() + seconds
        while (left := until - self._stopwatch()) > 0:
            self._sleep(min(left, _NAP))
            self.require_free_way()


def closed(window: Window, now: datetime) -> EnforcementHalted:
    """The window is closed: when it opens again."""
    opens = window.next_opening(now)
    return WindowClosed(f"outside the window, {window}; it opens at {opens:%Y-%m-%d %H:%M} UTC", again=opens)
