"""How fast an enforcement goes, with a clock and a database that are made up: sizes, waits, stops, and tries again.

What the real gauge and brake see is in tests/integration/test_live_*.py.
"""

from __future__ import annotations

import threading
import time as real_time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import DatabaseBusy, DatabaseStrained, DatabaseUnavailable, EnforcementPaused, WindowClosed
from governance.planning.plan import Step, StepAction
from governance.policy.window import Window
from governance.ports import Pressure
from governance.run.chunks import work
from governance.run.pacing import MOST_CHUNKS, LivePace, PaceSettings, Size

LOCKS = Pressure("waiting locks", "3 sessions wait for locks, the longest for 2 s")
LAG = Pressure("standby lag", "standby one is 300 MB and 0 s behind")


@dataclass
class World:
    """A clock that sleeping moves on; the pressure at each second; a pause that comes at a second."""

    seconds: float = 0.0
    pressures: Callable[[float], Pressure | None] = lambda at: None
    paused_from: float = float("inf")
    looked: list[float] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime(2026, 3, 1, 2, 59, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def stopwatch(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.seconds += seconds
        self.slept.append(seconds)

    def require_released(self) -> None:
        if self.seconds >= self.paused_from:
            raise EnforcementPaused("paused")

    def require_sight(self) -> None:
        pass

    def pressure(self) -> Pressure | None:
        self.looked.append(self.seconds)
        return self.pressures(self.seconds)

    def pace(self, **settings: object) -> LivePace:
        return LivePace(PaceSettings(**settings), self, brake=self, gauge=self, stopwatch=self.stopwatch, sleep=self.sleep)  # type: ignore[arg-type]


# -- how much a transaction carries -----------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0, 1e6)), max_size=60), st.floats(0.02, 60))
def test_the_size_stays_within_its_bounds(taken: list[tuple[int, float]], target: float) -> None:
    size = Size(target)
    for chunks, seconds in taken:
        if chunks:
            size.took(chunks, seconds)
        else:
            size.failed(int(size))
        assert 1 <= int(size) <= MOST_CHUNKS


@given(st.floats(0, 2), st.floats(0.001, 5), st.floats(0.1, 10))
def test_it_converges_on_the_target(each: float, fixed: float, target: float) -> None:
    """A server that takes so long for each chunk, and something for a transaction: none takes longer than the target, unless one chunk
    does; and from some transaction on each is as large as it may be, counting by proportion."""

    def takes(chunks: int) -> float:
        return fixed + each * chunks

    size = Size(target)
    for n in range(200):
        chunks = int(size)
        assert chunks == 1 or takes(chunks) <= target * 1.000001
        if n > 100:
            assert chunks == MOST_CHUNKS or takes(chunks) >= target * chunks / (chunks + 1) * 0.999999
        size.took(chunks, takes(chunks))


def test_it_grows_by_a_quarter_and_shrinks_at_once() -> None:
    size, seen = Size(1.0), []
    for _ in range(12):
        seen.append(int(size))
        size.took(int(size), 0.01)
    assert seen == [1, 1, 1, 1, 2, 3, 3, 4, 5, 7, 9, 11]
    size.took(11, 4.4)
    assert int(size) == 2


def test_a_transaction_smaller_than_it_might_be_says_nothing_about_growing() -> None:
    size = Size(1.0)
    for _ in range(30):
        size.took(int(size), 0.01)
    before = int(size)
    for _ in range(10):
        size.took(1, 0.01)
    assert int(size) == before


# -- when one may begin -----------------------------------------------------------------------------------------------------------


def test_pressure_is_waited_for_with_growing_pauses_and_counted() -> None:
    world = World(pressures=lambda at: LOCKS if at < 20 else LAG if at < 30 else None)
    pace = world.pace()
    pace.gate()
    assert 30 <= world.seconds <= 50
    assert pace.tally.waits == 1
    assert sum(pace.tally.waited.values()) == round(world.seconds)
    gaps = [b - a for a, b in zip(world.looked, world.looked[1:], strict=False)]
    assert gaps == sorted(gaps)
    assert max(world.slept) <= 1.0  # a stop is seen within a second


def test_a_look_that_found_nothing_is_believed_for_a_second() -> None:
    world = World()
    pace = world.pace()
    for _ in range(30):
        pace.gate()
        world.seconds += 0.1
    assert len(world.looked) == 3


def test_patience_has_an_end() -> None:
    world = World(pressures=lambda at: LAG)
    pace = world.pace(patience_seconds=60)
    with pytest.raises(DatabaseStrained, match=r"waited 60 s, the limit \(live.patience_seconds\), for: standby one is 300 MB"):
        pace.gate()
    assert world.seconds == pytest.approx(60)
    assert pace.tally.waited == {"standby lag": 60}


def test_a_pause_ends_a_wait() -> None:
    world = World(pressures=lambda at: LAG, paused_from=10)
    pace = world.pace()
    with pytest.raises(EnforcementPaused):
        pace.gate()
    assert 10 <= world.seconds <= 11
    assert pace.tally.waited == {"standby lag": round(world.seconds)}


def test_a_window_that_closes_ends_a_wait() -> None:
    world = World(pressures=lambda at: LAG)
    with pytest.raises(WindowClosed, match=r"outside the window, 22:00 to 05:00 Europe/Sofia; it opens at 2026-03-01 20:00 UTC") as caught:
        world.pace(window=Window(time(22), time(5), ZoneInfo("Europe/Sofia"))).gate()
    assert 60 <= world.seconds <= 61  # 02:59 UTC is 04:59 in Sofia
    assert caught.value.again == datetime(2026, 3, 1, 20, tzinfo=UTC)


def test_it_rests_as_long_as_it_worked_and_a_pause_ends_the_rest() -> None:
    world = World()

    def prepare(chunks: range) -> Callable[[], Sequence[None]]:
        def perform() -> Sequence[None]:
            world.seconds += 4
            return [None] * len(chunks)

        return perform

    careful = world.pace(rest=0.5).careful(prepare)
    careful(range(1))()
    assert world.seconds == pytest.approx(6)
    world.paused_from = 11
    with pytest.raises(EnforcementPaused):
        careful(range(1))()
    assert 11 <= world.seconds < 12


# -- a database that is too busy --------------------------------------------------------------------------------------------------


@dataclass
class Server:
    """Carries out chunks by number unless `busy` says that a transaction of so many is too much; remembers the transactions."""

    busy: Callable[[int], bool] = lambda chunks: False
    done: list[range] = field(default_factory=list)
    tried: list[int] = field(default_factory=list)

    def prepare(self, chunks: range) -> Callable[[], Sequence[None]]:
        def perform() -> Sequence[None]:
            self.tried.append(len(chunks))
            if self.busy(len(chunks)):
                raise DatabaseBusy("a lock")
            self.done.append(chunks)
            return [None] * len(chunks)

        return perform


@given(st.integers(1, 60), st.integers(1, 60))
def test_what_is_too_much_is_done_in_pieces_each_once_and_in_order(chunks: int, bearable: int) -> None:
    server, world = Server(lambda size: size > bearable), World()
    careful = world.pace(attempts=7).careful(server.prepare)
    assert list(careful(range(5, 5 + chunks))()) == [None] * chunks
    assert [n for portion in server.done for n in portion] == list(range(5, 5 + chunks))
    assert max(map(len, server.done)) <= bearable


def test_it_is_tried_a_bounded_number_of_times_and_later_each_time() -> None:
    server, world = Server(lambda size: True), World()
    pace = world.pace(attempts=4)
    with pytest.raises(DatabaseBusy, match="a lock"):
        pace.careful(server.prepare)(range(8))()
    assert server.tried == [8, 1, 1, 1]
    assert world.seconds == pytest.approx(0.5 + 1 + 2)
    assert (pace.tally.retried, pace.tally.transactions) == (4, 0)


def test_a_reading_ahead_that_was_too_busy_is_tried_again() -> None:
    failures = iter([True, False])

    def prepare(chunks: range) -> Callable[[], Sequence[None]]:
        if next(failures, False):
            raise DatabaseBusy("a lock")
        return lambda: [None] * len(chunks)

    assert World().pace().careful(prepare)(range(2))() == [None, None]


def test_another_failure_is_not_tried_again_and_stops_everybody() -> None:
    def prepare(chunks: range) -> Callable[[], Sequence[None]]:
        def perform() -> Sequence[None]:
            raise DatabaseUnavailable("gone")

        return perform

    world = World(pressures=lambda at: LAG if at > 5 else None)
    pace = world.pace()
    with pytest.raises(DatabaseUnavailable):
        pace.careful(prepare)(range(3))()
    server = Server()
    with pytest.raises(DatabaseUnavailable):
        pace.careful(server.prepare)(range(1))()
    assert server.tried == []


def test_nothing_begins_while_it_is_paused_also_what_was_prepared_before() -> None:
    server, world = Server(), World(paused_from=1)
    ready = world.pace().careful(server.prepare)(range(3))
    world.seconds = 1
    with pytest.raises(EnforcementPaused):
        ready()
    assert server.tried == []


def test_a_run_that_is_broken_off_waits_for_nobody() -> None:
    """One worker has done its transaction, the other waits for a pressure that stays, when somebody presses Ctrl-C."""
    waiting = threading.Event()
    looks = iter([None])

    class Pressing(World):
        def pressure(self) -> Pressure | None:
            found = next(looks, LAG)
            if found is not None:
                waiting.set()
            return found

        def stopwatch(self) -> float:
            """So that no look is believed for long."""
            self.seconds += 2
            return self.seconds

        def sleep(self, seconds: float) -> None:
            real_time.sleep(0.01)

    def prepare(chunks: range) -> Callable[[], Sequence[None]]:
        def perform() -> Sequence[None]:
            assert waiting.wait(30)
            done.append(chunks)
            return [None] * len(chunks)

        return perform

    world, done = Pressing(), list[range]()
    pace = LivePace(PaceSettings(patience_seconds=1e9), world, brake=world, gauge=world, stopwatch=world.stopwatch, sleep=world.sleep)
    step = Step(1, "clients", StepAction.DELETE, (), (), (), 6, ("",) * 6)

    def broken_off() -> None:
        for _ in work(step, prepare, 2, pace):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert len(done) == 1


def test_a_new_step_begins_small() -> None:
    server, world = Server(), World()
    pace = world.pace()
    careful = pace.careful(server.prepare)
    for _ in range(40):
        careful(range(pace.chunks()))()
    assert pace.chunks() == MOST_CHUNKS
    pace.careful(server.prepare)
    assert pace.chunks() == 1
