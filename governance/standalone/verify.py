"""Checks a certificate of the Lethe data-governance platform, offline:   python verify.py certificate.zip --key log.vkey

One file, to be read before it is believed. Needs Python 3.9 or later and the package `cryptography`, for one thing: Ed25519 signatures.
It opens no connection, reads nothing but the certificate (a zip file or an unpacked folder) and the key, and writes nothing but its answer.

`--key` is the public key of the log, one line: name+id+base64. Take it from where you trust it: the lender's website, a register, an
earlier certificate. A certificate carries the key too, in log.vkey, but whoever can forge a certificate can forge that file with it.
A log changes its key now and then. Any key it had will do: the certificate carries the hand-overs from each to the next.

What is checked, in this order (the functions below stand in the same order):
  1. the files are those that certificate.json lists, by SHA-256, and no others;
  2. hand-overs lead from the key you gave to every other (both sign a statement, an event tells of it); a key that handed over counts no
     more by itself: what it signed has to be the beginning of the log that the last key signs (RFC 9162, 2.1.4.2);
  3. each checkpoint is signed by one of these keys (C2SP signed-note, tlog-checkpoint);
  4. each event is in the log of its checkpoint, at its number (C2SP tlog-proof; RFC 9162, 2.1.3.2);
  5. each reference to a person's record is one of those that its event speaks of (the same proof, over the event's own small tree);
  6. the documents are those whose SHA-256 an event in the log names, where there is such an event.
The exit status is 0 if all of it holds, 1 if not, 2 if the question was not understood.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Files = dict[str, bytes]
Json = dict[str, Any]
Key = tuple[str, bytes, Ed25519PublicKey, str]  # its name, its id, itself, and the line it was read from
Handed = dict[str, tuple[Key, Key]]  # which key handed over to which, by the name of their statement

FORMAT = "lethe-certificate/1"
entry_name = "entries/{:012d}.json".format
ENTRY = re.compile(r"entries/(\d{12,18})\.(json|tlog-proof)")
REFERENCES = re.compile(r"references/(\d{1,18})\.json")
HANDOVER = re.compile(r"keys/([0-9a-f]{8})\.rotation|keys/(\d{12,18})\.tlog-consistency")  # sealed after the text, so never listed
UNLISTED = {"certificate.json", "verify.py", "README.txt", "log.vkey"}  # cannot or need not be listed in certificate.json
ISSUED = {"certificate.issued", "protocol.issued"}  # events that name the SHA-256 of documents; sealed after those, so not always listed


class Wrong(Exception):
    """Something does not hold; the text says what and where."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks a certificate offline.")
    parser.add_argument("certificate", type=Path, help="a zip file, or the folder it was unpacked into")
    parser.add_argument("--key", type=Path, action="append", help="the log's public key; may be repeated")
    arguments = parser.parse_args()
    try:
        files = read_files(arguments.certificate)
        texts = [path.read_text("utf-8") for path in arguments.key or ()]
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        print(f"cannot be read: {error}")
        return 2
    try:
        keys = [read_key(text) for text in texts or [text_of(files, "log.vkey")]]
        proven, doubts = check(files, keys)
    except (Wrong, KeyError, TypeError, ValueError, AttributeError) as fault:
        print("THIS CERTIFICATE DOES NOT HOLD")
        print(f"  {fault}" if isinstance(fault, Wrong) else "  a file does not have the form it should have")
        return 1
    if not arguments.key:
        doubts.insert(0, "Who made it: the key came with the certificate, so anybody could have made both. Ask again with --key.")
    print("\n  - ".join(["PROVEN", *proven]))
    print("\n  - ".join(["NOT PROVEN", *doubts]))
    return 0


def read_files(place: Path) -> dict[str, bytes]:
    """All files of the zip or folder, by name. Nothing is unpacked."""
    if place.is_dir():
        return {path.relative_to(place).as_posix(): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}
    with zipfile.ZipFile(place) as bundle:
        infos = [info for info in bundle.infolist() if not info.is_dir()]
        if len({info.filename for info in infos}) != len(infos) or sum(info.file_size for info in infos) > 200 << 20:
            raise ValueError("a name stands twice in the zip file, or it is larger than any certificate")
        return {info.filename: bundle.read(info) for info in infos}


def check(files: Files, keys: list[Key]) -> tuple[list[str], list[str]]:
    """What the certificate proves and what it does not, in sentences. Raises Wrong."""
    certificate = read_json(files, "certificate.json")
    listed, events = certificate["files"], certificate["events"]
    if certificate["format"] != FORMAT or not events or not all(type(seq) is int for seq in events):
        raise Wrong(f"certificate.json: expected format {FORMAT}, numbers of events, and files with their SHA-256")
    check_listed(files, listed)
    proven: list[str] = []
    known, handed = follow(files, keys)
    retired = [old[3] for old, _ in handed.values()]
    checkpoints: dict[int, Json] = {}
    for seq in sorted({int(found[1]) for found in map(ENTRY.fullmatch, files) if found} | set(events)):
        entry, checkpoint = check_event(files, seq, known)
        if checkpoints.setdefault(checkpoint["size"], checkpoint)["root"] != checkpoint["root"]:
            raise Wrong(f"{entry_name(seq)}: two checkpoints of {checkpoint['size']} events with different roots: the log was forked")
        event = entry["event"]
        sealed = f"sealed {entry['sealed_at']} by the clock of the log {checkpoint['origin']}"
        under = f"checkpoint {checkpoint['size']} under key {' and '.join(key[1].hex() for key in checkpoint['keys'])}"
        proven.append(f"Event {seq}, {event['kind']} of {event['dataset']}, {sealed}: {under}.")
        if event["kind"] in ISSUED:
            proven += check_issued(files, event["body"], seq)
        elif event["kind"] == "signer.rotated" and seq not in events:
            proven.append(check_handover(files, event["body"], seq, checkpoint, handed))
        elif seq not in events or entry_name(seq) not in listed:
            raise Wrong(f"{entry_name(seq)}: certificate.json does not list this event")
    if handed:
        raise Wrong(f"{min(handed)}: no event here tells of this hand-over")
    proven += check_growth(files, checkpoints, known, retired)
    for name in sorted(name for name in files if REFERENCES.fullmatch(name)):
        proven.append(check_references(files, name, events))
    doubts = ["That the lender told its log everything, and that the log's clock was right.", "That no copy of the data is left elsewhere."]
    if not any(text.startswith("certificate.json ") for text in proven):
        doubts.append("What certificate.json and the paper say beyond the events above: no event here names their text.")
    if "log.vkey" in files and read_key(text_of(files, "log.vkey"))[3] not in [key[3] for key in known]:
        doubts.insert(0, "log.vkey in the certificate is not a key that the one you gave leads to. It was not used.")
    return proven, doubts


def check_listed(files: Files, listed: dict[str, str]) -> None:
    """Step 1: nothing is missing, changed or added."""
    for name, expected in sorted(listed.items()):
        if hashlib.sha256(files.get(name, b"")).hexdigest() != expected:
            raise Wrong(f"{name}: {'was changed: it has another SHA-256 than in certificate.json' if name in files else 'is missing'}")
    strays = [name for name in sorted(set(files) - set(listed) - UNLISTED) if not ENTRY.fullmatch(name) and not HANDOVER.fullmatch(name)]
    if strays:  # an event that is not listed has to be one of ISSUED or of a hand-over, which `check` sees to
        raise Wrong(f"{strays[0]}: does not belong to the certificate")


def follow(files: Files, keys: list[Key]) -> tuple[list[Key], Handed]:
    """Step 2: the keys that hand-overs lead to from those given, forwards and backwards; and the hand-overs."""
    handed: Handed = {}
    for name in sorted(name for name in files if (found := HANDOVER.fullmatch(name)) and found[1]):
        lines = text_of(files, name).rpartition("\n\n")[0].split("\n")
        if len(lines) != 4 or lines[0] != "lethe signer rotation":
            raise Wrong(f"{name}: is not a statement by which a key hands over")
        old, new = handed[name] = read_key(lines[2]), read_key(lines[3])
        if {old[0], new[0]} != {lines[1]} or old[3] == new[3] or name != f"keys/{new[1].hex()}.rotation":
            raise Wrong(f"{name}: is about keys of another log, or another key than its name says")
        for key in (old, new):
            if not signed_by(text_of(files, name), [key], name):
                raise Wrong(f"{name}: is not signed by the key {key[1].hex()} it is about")
    if len({old[3] for old, _ in handed.values()}) != len(handed):
        raise Wrong(f"{max(handed)}: a key hands over twice, to different keys")
    known, left = {key[3]: key for key in keys}, dict(handed)
    while step := next((name for name, pair in left.items() if any(key[3] in known for key in pair)), None):
        known.update((key[3], key) for key in left.pop(step))
    if left:
        raise Wrong(f"{min(left)}: no hand-over leads from a key you gave to {left[min(left)][0][1].hex()}, which hands over here")
    return list(known.values()), handed


def check_event(files: Files, seq: int, known: list[Key]) -> tuple[Json, Json]:
    """Steps 3 and 4, for one event: its entry, and the checkpoint that vouches for it."""
    name = f"entries/{seq:012d}.tlog-proof"
    lines, checkpoint = open_proof(files, name, known)
    if lines[1:2] and lines[1].startswith("extra "):
        del lines[1]
    if lines[:2] != ["c2sp.org/tlog-proof@v1", f"index {seq}"]:
        raise Wrong(f"{name}: is not a proof in the form c2sp.org/tlog-proof@v1 about event {seq}")
    leaf, path = hashlib.sha256(b"\x00" + files.get(entry_name(seq), b"")), [base64_of(line, name) for line in lines[2:]]
    if not leads_to(leaf.digest(), seq, checkpoint["size"], path, checkpoint["root"]):
        raise Wrong(f"{entry_name(seq)}: is not what the log of checkpoint {checkpoint['size']} holds as its event {seq}")
    entry = read_json(files, entry_name(seq))
    if entry["seq"] != seq:
        raise Wrong(f"{entry_name(seq)}: was sealed under another number")
    return entry, checkpoint


def check_handover(files: Files, body: Json, seq: int, checkpoint: Json, handed: Handed) -> str:
    """Step 2, for one hand-over: the log tells of it, under the key that handed over. It is taken out of `handed`."""
    name = f"keys/{body['new_key_id']}.rotation"
    old, new = handed.pop(name, (None, None))
    if old is None or new is None or hashlib.sha256(files[name]).hexdigest() != body["statement_digest"] or new[3] != body["new_verifier"]:
        raise Wrong(f"{entry_name(seq)}: tells of a hand-over whose statement is not here, or is another one")
    if old[3] not in [key[3] for key in checkpoint["keys"]]:
        raise Wrong(f"{entry_name(seq)}: the checkpoint over this hand-over is not signed by the key {old[1].hex()} that handed over")
    return f"Key {old[1].hex()} handed over to {new[1].hex()}: both signed {name}, and event {seq} tells of it."


def check_growth(files: Files, checkpoints: dict[int, Json], known: list[Key], retired: list[str]) -> list[str]:
    """Step 2: what keys signed that have handed over since is the beginning of the log that the last one signs."""
    proven, spare = [], {name for name in files if (found := HANDOVER.fullmatch(name)) and found[2]}
    for size, old in sorted(checkpoints.items()):
        if all(key[3] in retired for key in old["keys"]):
            spare.discard(name := f"keys/{size:012d}.tlog-consistency")
            lines, new = open_proof(files, name, [key for key in known if key[3] not in retired])
            path = [base64_of(line, name) for line in lines[1:]]
            if lines[0] != f"old {size}" or not grows(size, old["root"], new["size"], new["root"], path):
                raise Wrong(f"{name}: does not show the log of checkpoint {size} to be the beginning of that of checkpoint {new['size']}")
            proven.append(f"Checkpoint {size} is the beginning of checkpoint {new['size']} under key {new['keys'][0][1].hex()}.")
    if spare:
        raise Wrong(f"{min(spare)}: does not belong to the certificate")
    return proven


def open_proof(files: Files, name: str, keys: list[Key]) -> tuple[list[str], Json]:
    """Step 3: the lines of a proof; and origin, size and root of the checkpoint under it, with the keys of ours that signed it."""
    head, found, note = text_of(files, name).partition("\n\n")
    signed = signed_by(note, keys, name)
    if not found or not signed:
        raise Wrong(f"{name}: its checkpoint is not signed by the key {' or '.join(key[0] + ' ' + key[1].hex() for key in keys)}")
    origin, size, root, *_ = [*note.rpartition("\n\n")[0].split("\n"), "", "", ""]
    if origin != signed[0][0] or not re.fullmatch(r"0|[1-9]\d{0,17}", size):
        raise Wrong(f"{name}: its checkpoint is of another log, or none")
    return head.split("\n"), {"origin": origin, "size": int(size), "root": base64_of(root, name), "keys": signed}


def signed_by(note: str, keys: list[Key], name: str) -> list[Key]:
    """Those of the keys that signed a note (C2SP signed-note). Signatures of others are ignored; a false one of theirs is Wrong."""
    text, found, signatures = note.rpartition("\n\n")
    signed = []
    for words in (line.split(" ") for line in signatures.splitlines() if found):
        for key in keys:
            if len(words) == 3 and words[0] == "\u2014" and words[1] == key[0] and base64_of(words[2], name)[:4] == key[1]:
                try:
                    key[2].verify(base64_of(words[2], name)[4:], f"{text}\n".encode())
                except InvalidSignature:
                    raise Wrong(f"{name}: the signature of key {key[1].hex()} is false") from None
                signed.append(key)
    return signed


def leads_to(node: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Step 4: whether a leaf hash at `index` leads to the root of a tree of `size` leaves. RFC 9162, 2.1.3.2."""
    found = fold(node, index, size - 1, path)
    return found is not None and found[1] == root


def grows(old_size: int, old_root: bytes, size: int, root: bytes, path: list[bytes]) -> bool:
    """Step 2: whether the tree of `old_root` is the beginning of that of `root`. RFC 9162, 2.1.4.2."""
    nodes = path if old_size & (old_size - 1) else [old_root, *path]
    index, last = old_size - 1, size - 1
    while index % 2 and last:
        index, last = index >> 1, last >> 1
    return 0 < old_size < size and len(nodes) > 0 and fold(nodes[0], index, last, nodes[1:]) == (old_root, root)


def fold(node: bytes, index: int, last: int, path: list[bytes]) -> tuple[bytes, bytes] | None:
    """What both algorithms share, step by step: the roots of the old tree and of the new that a path leads to; None if to none."""
    old = new = node
    for sibling in path:
        if not 0 <= index <= last or last == 0:
            return None
        if index % 2 or index == last:
            old, new = (hashlib.sha256(b"\x01" + sibling + one).digest() for one in (old, new))
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            new = hashlib.sha256(b"\x01" + new + sibling).digest()
        index, last = index >> 1, last >> 1
    return (old, new) if last == 0 == index else None


def check_references(files: Files, name: str, events: list[int]) -> str:
    """Step 5: the references of one event, each a leaf of the tree whose root the event carries."""
    seq = int(name[len("references/") : -len(".json")])
    if seq not in events:
        raise Wrong(f"{name}: is about event {seq}, which certificate.json does not list")
    references = read_json(files, name).get("references")
    body = read_json(files, entry_name(seq))["event"]["body"]
    if not references or "refs_root" not in body or len({found["ref"] for found in references}) != len(references):
        raise Wrong(f"{name}: expected references, each once, and an event that carries the root of their tree")
    for number, found in enumerate(references, start=1):
        leaf = hashlib.sha256(b"\x00" + found["ref"].encode()).digest()
        path = [bytes.fromhex(node) for node in found["proof"]]
        if found["size"] != body["changed"] or not leads_to(leaf, found["index"], found["size"], path, bytes.fromhex(body["refs_root"])):
            raise Wrong(f"{name}: reference {number} is not one of those that event {seq} speaks of")
    return f"Event {seq} speaks of {len(references)} record(s) of the person, by the references in {name}."


def check_issued(files: Files, body: Json, seq: int) -> list[str]:
    """Step 6: each document that the event names is here."""
    names = {hashlib.sha256(content).hexdigest(): name for name, content in files.items()}
    for key in sorted(key for key in body if key.endswith("_digest") and key not in ("plan_digest", "bundle_digest")):
        if body[key] not in names:
            raise Wrong(f"{entry_name(seq)}: names a document ({key}) that is not here, or was changed")
    return [f"{names[text]} is the document that event {seq} in the log names." for text in body.values() if text in names]


def read_key(text: str) -> Key:
    """Name, id and key of a line `name+id+base64` (C2SP signed-note, "Verifier keys")."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = base64_of(encoded, "the key")
    if len(raw) != 33 or raw[0] != 1 or hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex() != key_id:
        raise Wrong("the key: expected name+id+base64 of an Ed25519 key that belong together")
    return name, bytes.fromhex(key_id), Ed25519PublicKey.from_public_bytes(raw[1:]), text.strip()


def text_of(files: Files, name: str) -> str:
    try:
        return files[name].decode("utf-8")
    except (KeyError, ValueError):
        raise Wrong(f"{name}: {'is not UTF-8' if name in files else 'is missing'}") from None


def read_json(files: Files, name: str) -> Json:
    """A JSON object in which no key stands twice."""

    def unique(pairs: list[tuple[str, Any]]) -> Json:
        if len(dict(pairs)) != len(pairs):
            raise Wrong(f"{name}: a key stands twice")
        return dict(pairs)

    try:
        document: Json = json.loads(text_of(files, name), object_pairs_hook=unique)
    except (ValueError, RecursionError):
        raise Wrong(f"{name}: is not JSON") from None
    return document


def base64_of(text: str, name: str) -> bytes:
    try:
        raw = base64.b64decode(text + "==")  # whatever it takes for base64; the comparison is what counts
    except ValueError:
        raw = b"?"
    if base64.b64encode(raw).decode() != text:
        raise Wrong(f"{name}: holds what is not base64")
    return raw


if __name__ == "__main__":
    sys.exit(main())
