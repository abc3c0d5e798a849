"""Sample loan databases by name: each entry fills one empty PostgreSQL database with a made-up lender.

A loader creates the schema and the rows or, when it raises, nothing. It does not create databases, roles or grants.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from governance.samples.copying import Progress
from governance.samples.credit_plus.generate import load as _credit_plus
from governance.samples.credithelp.generate import load as _credithelp
from governance.samples.expert_plus.generate import load as _expert_plus
from governance.samples.koduliising.generate import load as _koduliising
from governance.samples.kredit_seven.generate import load as _kredit_seven


class Loader(Protocol):
    """Fills the empty database at `url`; rows per table. Raises ConfigurationError, Refusal, SurroundingsError."""

    def __call__(
        self, url: str, *, clients: int = ..., seed: int = ..., as_of: date, progress: Progress | None = None
    ) -> dict[str, int]: ...


SAMPLES: Mapping[str, Loader] = {
    "credithelp": _credithelp,
    "expert-plus": _expert_plus,
    "kredit-seven": _kredit_seven,
    "koduliising": _koduliising,
    "credit-plus": _credit_plus,
}
