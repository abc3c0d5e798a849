"""Fill the empty loan database of docker-compose.yml with the sample lender. A job; a second run is refused by the loader.

    PGPASSFILE=... python load_sample.py URL

URL names a role that may create tables, without a password.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from governance.errors import LetheError
from governance.samples.credithelp.generate import load


def main(url: str) -> str | None:
    """What went wrong, in one line, or None."""
    try:
        rows = load(url, as_of=datetime.now(UTC).date())
    except LetheError as error:
        return str(error)
    print(f"{sum(rows.values())} rows in {len(rows)} tables")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
