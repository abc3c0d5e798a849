"""Names and file formats of the evidence archive.

    log/entries/<first>-<last>.jsonl     sealed entries, one line each
    log/hashes/<first>-<last>.txt        the same entries' leaf hashes, after the frontier of the tree before them
    log/checkpoints/<size>.note          signed checkpoints
    log/timestamps/<size>.tsr            what a timestamp authority signed over a checkpoint (RFC 3161)
    keys/<key id>.pub                    public keys the checkpoints are signed with
    keys/<key id>.rotation               how that key followed another: a statement signed with both
    plans/<digest>.json                  frozen plans
    policy/<digest>.yaml                 the policy packs that plans were made under, as they stood
    dataset/<digest>.yaml                the datasets they were made under
    validations/<run>-<dataset>.json     results of the validation suites
    protocols/<id>.json, <id>.pdf        destruction protocols of enforced plans
    annexes/<plan digest>.p7m            names of their subjects, encrypted to the data-protection officer; further parts `-2`, `-3` ...
    ledger/<dataset>/<first>-<last>.jsonl   what the sealed chunks in that range changed, by keyed reference, one line each
    suppression/<dataset>/<digest>.jsonl what the suppression list keeps of erased persons, by keyed token, one line each
    drills/<id>.json                     what drills of a restore came to
    pruned/<digest>.txt                  what expired and was deleted: names and digests

Leaf hashes stand beside the entries so that a single changed entry can be named: the signed root vouches for the hashes,
and each hash for one entry. The frontier (at most 40 hashes) ties a bundle to the checkpoint before it, so that a bundle
can be judged although an earlier one is damaged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from governance.audit.merkle import HASH_BYTES
from governance.errors import DocumentError, EvidenceError

ANNEXES = "annexes/"
CHECKPOINTS = "log/checkpoints/"
DATASETS = "dataset/"
DRILLS = "drills/"
ENTRIES = "log/entries/"
HASHES = "log/hashes/"
KEYS = "keys/"
LEDGER = "ledger/"
PLANS = "plans/"
POLICIES = "policy/"
PROBE = "probe/"
PROTOCOLS = "protocols/"
PRUNED = "pruned/"
SUPPRESSION = "suppression/"
TIMESTAMPS = "log/timestamps/"
VALIDATIONS = "validations/"

#: What expires by the packs' evidence retention. The tree (hashes, checkpoints), keys and the lists of what was pruned stay for good.
EXPIRABLE = (ENTRIES, PLANS, POLICIES, DATASETS, VALIDATIONS, PROTOCOLS, ANNEXES, SUPPRESSION)

_PART = re.compile(r"[A-Za-z0-9_~][A-Za-z0-9._~-]{0,199}")
_RANGE = re.compile(r"(\d{12,18})-(\d{12,18})")
_HASH = re.compile(rf"[0-9a-f]{{{2 * HASH_BYTES}}}")


def check_name(name: str) -> str:
    """The name, if it is one. Raises EvidenceError for anything that could leave the archive or read differently elsewhere."""
    if len(name) > 900 or not all(_PART.fullmatch(part) for part in name.split("/")):
        raise EvidenceError(f"not a name for evidence: {name[:80]!a}; expected parts of letters, digits and . _ ~ - divided by /")
    return name


def check_expirable(name: str) -> str:
    """The name, if its object may ever be deleted. Raises EvidenceError."""
    if not check_name(name).startswith(EXPIRABLE):
        raise EvidenceError(f"{name}: evidence of this kind never expires")
    return name


def entries_name(first: int, last: int) -> str:
    return f"{ENTRIES}{first:012d}-{last:012d}.jsonl"


def hashes_name(first: int, last: int) -> str:
    return f"{HASHES}{first:012d}-{last:012d}.txt"


def checkpoint_name(size: int) -> str:
    return f"{CHECKPOINTS}{size:012d}.note"


def key_name(key_id: str) -> str:
    return f"{KEYS}{key_id}.pub"


def rotation_name(key_id: str) -> str:
    """The statement by which that key followed another."""
    return f"{KEYS}{key_id}.rotation"


def rotated_to(name: str) -> str | None:
    """The key id in the name of a statement, None if it is not such a name."""
    key_id = name.removeprefix(KEYS).removesuffix(".rotation")
    return key_id if re.fullmatch(r"[0-9a-f]{8}", key_id) and name == rotation_name(key_id) else None


def timestamp_name(size: int) -> str:
    """The timestamp over the checkpoint of that size."""
    return f"{TIMESTAMPS}{size:012d}.tsr"


def timestamp_size(name: str) -> int | None:
    """The tree size in the name of a timestamp, None if it is not such a name."""
    digits = name.removeprefix(TIMESTAMPS).removesuffix(".tsr")
    return int(digits) if digits.isascii() and digits.isdigit() and name == timestamp_name(int(digits)) else None


def plan_name(digest: str) -> str:
    return f"{PLANS}{_escaped(digest)}.json"


def pruned_name(digest: str) -> str:
    return f"{PRUNED}{_escaped(digest)}.txt"


def document_name(prefix: str, digest: str) -> str:
    """The name of a kept document: `prefix` is POLICIES or DATASETS."""
    return f"{prefix}{_escaped(digest)}.yaml"


def annex_name(plan_digest: str, part: int) -> str:
    """`part` counts from 1."""
    return f"{ANNEXES}{_escaped(plan_digest)}{f'-{part}' if part > 1 else ''}.p7m"


def protocol_name(protocol_id: str, form: str) -> str:
    """`form` is json or pdf."""
    return f"{PROTOCOLS}{_escaped(protocol_id)}.{form}"


def validation_name(run_id: str, dataset: str) -> str:
    """Characters outside letters, digits, `.`, `_` and `-` become `~XX`, byte by byte, so that no two runs share a name."""
    return f"{VALIDATIONS}{_escaped(run_id)}-{_escaped(dataset)}.json"


def ledger_name(dataset: str, first: int, last: int) -> str:
    """The ledger entries of a dataset whose events were sealed from `first` to `last`."""
    return f"{LEDGER}{_escaped(dataset)}/{first:012d}-{last:012d}.jsonl"


def suppression_name(dataset: str, digest: str) -> str:
    """Entries of the suppression list of a dataset, by the SHA-256 of the object's content."""
    return f"{SUPPRESSION}{_escaped(dataset)}/{_escaped(digest)}.jsonl"


def drill_name(drill: str) -> str:
    return f"{DRILLS}{_escaped(drill)}.json"


def bundle_range(name: str) -> tuple[int, int] | None:
    """First and last sequence number in the name of a bundle of entries or hashes, None if it is not such a name."""
    for build in (entries_name, hashes_name):
        found = _RANGE.search(name)
        if found and name == build(int(found[1]), int(found[2])) and int(found[1]) <= int(found[2]):
            return int(found[1]), int(found[2])
    return None


def checkpoint_size(name: str) -> int | None:
    """The tree size in the name of a checkpoint, None if it is not such a name."""
    digits = name.removeprefix(CHECKPOINTS).removesuffix(".note")
    return int(digits) if digits.isascii() and digits.isdigit() and name == checkpoint_name(int(digits)) else None


@dataclass(frozen=True)
class HashBundle:
    """The leaf hashes of the entries from `first` on, and the frontier of the tree of `first` leaves before them."""

    first: int
    frontier: tuple[bytes, ...]
    leaves: tuple[bytes, ...]

    def text(self) -> bytes:
        """One hash a line in hex; the frontier's lines are marked with a plus sign."""
        lines = [f"+{node.hex()}" for node in self.frontier] + [leaf.hex() for leaf in self.leaves]
        return "".join(f"{line}\n" for line in lines).encode()


def parse_hashes(content: bytes, first: int, last: int, what: str) -> HashBundle:
    """Read the hashes of a bundle back; `what` names the file in errors. Raises DocumentError (form, or not as many as it should hold)."""
    try:
        lines = content.decode("ascii").splitlines()
    except UnicodeDecodeError:
        raise DocumentError(what, "", "hashes in hexadecimal", "other bytes") from None
    edge = [line[1:] for line in lines if line.startswith("+")]
    rest = lines[len(edge) :]
    for number, line in enumerate(edge + rest, start=1):
        if not _HASH.fullmatch(line):
            raise DocumentError(what, f"line {number}", f"{2 * HASH_BYTES} hexadecimal digits", "something else")
    bundle = HashBundle(first, tuple(map(bytes.fromhex, edge)), tuple(map(bytes.fromhex, rest)))
    if len(edge) != first.bit_count() or len(rest) != last - first + 1 or bundle.text() != content:
        raise DocumentError(
            what, "", f"{first.bit_count()} frontier hashes and {last - first + 1} leaf hashes", f"{len(edge)} and {len(rest)}"
        )
    return bundle


def _escaped(text: str) -> str:
    return re.sub(rb"[^A-Za-z0-9._-]", lambda byte: b"~%02X" % ord(byte[0]), text.encode()).decode()
