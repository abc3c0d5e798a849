"""Make the keyring, the signing key and its public half for docker-compose.yml. A job, run once; never overwrites a key.

    python make_keys.py LETHE_HOME FOLDER

The files belong to the account that runs this, mode 0600 (the public half is for everybody). `governance keys init` does the same where
the keys may lie beside lethe.yaml; here each becomes a secret of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path

from governance.adapters.keyring import create_keyring
from governance.adapters.signing_key import create_signing_key
from governance.config import load_deployment
from governance.errors import LetheError


def main(home: Path, folder: Path) -> str | None:
    """What went wrong, in one line, or None."""
    try:
        origin = load_deployment(home).origin
        create_keyring(folder / "keyring")
        signer = create_signing_key(folder / "signing_key", origin)
    except LetheError as error:
        return str(error)
    (folder / "signing_key.vkey").write_text(signer.verifier.encode() + "\n", encoding="ascii")
    return None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
