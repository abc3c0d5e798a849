"""What the probes of all archives share: names and contents of their throw-away objects, and the report in words.

`overwrite_refused` is about a second put under one name, done the way the adapter puts. `delete_refused` covers every way to lose
content before its time: deleting it and putting over it without asking. A probe never touches an object it did not make.
"""

from __future__ import annotations

import secrets

from governance.audit.layout import PROBE
from governance.ports import WormReport

FIRST = b"lethe probe: what must stay\n"
SECOND = b"lethe probe: what must not replace it\n"


def probe_names(*attempts: str) -> list[str]:
    """A fresh name under `probe/` for each attempt of one probe."""
    token = secrets.token_hex(8)
    return [f"{PROBE}{token}/{attempt}" for attempt in attempts]


def explain(report: WormReport) -> str:
    """One line for people: whether the archive is write-once, and what it let happen."""
    attempts = {
        "overwriting": report.overwrite_refused,
        "deleting": report.delete_refused,
        "shortening the retention": report.shorten_refused,
        "downgrading the lock": report.downgrade_refused,
    }
    if report.worm:
        return f"archive is write-once: it refused {', '.join(attempts)}"
    allowed = [attempt for attempt, refused in attempts.items() if refused is False]
    untried = [attempt for attempt, refused in attempts.items() if refused is None]
    parts = [f"it allowed {', '.join(allowed)}"] * bool(allowed) + [f"not applicable: {', '.join(untried)}"] * bool(untried)
    return f"archive is not write-once: {'; '.join([*parts, report.detail])}"
