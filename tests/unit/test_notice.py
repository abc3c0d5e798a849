"""The draft of a notice: in two languages, with what is missing said, and nothing of what people wrote read as Markdown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from simulators.lender import governed_sample

from governance.policy.clocks import NoticeClock, notice_clock
from governance.run.notice import notice
from governance.run.notice_words import WORDS
from governance.samples import SAMPLES
from governance.store.incidents import Incident

AT = datetime(2026, 3, 1, 2, tzinfo=UTC)
EMPTY = dict.fromkeys(Incident.__dataclass_fields__)
KNOWN = {
    "id": 7, "controller": "c", "dataset": "d", "kind": "integrity", "cause": "reported", "run_id": "r", "detail": "inner", "seen": 1,
    "opened_at": AT, "last_seen_at": AT, "found_at": AT, "reported_at": AT, "reported_by": "branch 4", "aware_at": AT, "clock_hours": 72,
    "due_at": AT + timedelta(hours=72),
}  # fmt: skip
OPENED = Incident(**EMPTY | KNOWN)  # type: ignore[arg-type]


def test_every_language_has_the_same_words() -> None:
    assert {frozenset(words) for words in WORDS.values()} == {frozenset(WORDS["en"])}


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_controller_s_authority_in_its_language_and_in_english(sample: str) -> None:
    pack = governed_sample(sample).pack
    assert pack.supervisory_authority is not None
    assert pack.languages[0] in WORDS
    own, english = notice(OPENED, pack).split("\n---\n")
    assert pack.supervisory_authority.names[pack.languages[0]] in own
    assert WORDS[pack.languages[0]]["title"] in own
    assert pack.supervisory_authority.names["en"] in english
    assert notice_clock(pack) == (NoticeClock(None, 1, "KZ", pack.time_zone) if pack.country == "KZ" else NoticeClock(72))


def test_what_nobody_wrote_is_missing_and_what_was_written_is_plain() -> None:
    pack = governed_sample("credithelp").pack
    assert notice(OPENED, pack).count(WORDS["en"]["missing"]) == 9
    assert "inner" not in notice(OPENED, pack)
    written = Incident(**EMPTY | KNOWN | {"nature": "# one\n<b>two</b> [x](y)", "persons": 12, "delay_reason": "none"})  # type: ignore[arg-type]
    english = notice(written, pack).split("\n---\n")[1]
    assert "- **Nature of the breach:** \\# one \\<b\\>two\\</b\\> \\[x\\](y)" in english
    assert "- **Approximate number of persons:** 12" in english
    assert "- **Became aware:** 2026-03-01 04:00 (Europe/Sofia)" in english
    assert "Reasons of the delay" in english
