"""Fill the empty loan databases of docker-compose.yml with the sample lenders. A job; what is filled already is left as it is.

    PGPASSFILE=... python load_sample.py SERVER

SERVER is a URL that names a role who may create tables, without a password and without a database: each sample has a database of
its own, which bears its name and has to be there.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from governance.errors import LetheError, Refusal
from governance.samples import SAMPLES


def main(server: str) -> str | None:
    """What went wrong, in one line, or None."""
    for name, load in SAMPLES.items():
        try:
            # The date in UTC: no sample's own date is behind it, so nothing in it lies in the future.
            rows = load(f"{server.rstrip('/')}/{name}", as_of=datetime.now(UTC).date())
        except Refusal as refusal:  # the database holds tables
            print(f"{name}: left as it is ({refusal})")
        except LetheError as error:
            return f"{name}: {error}"
        else:
            print(f"{name}: {sum(rows.values())} rows in {len(rows)} tables")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
