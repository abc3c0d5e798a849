"""Checks a certificate of the Lethe data-governance platform, offline:   python verify.py certificate.zip --key log.vkey

One file, to be read before it is believed. Needs Python 3.9 or later and the package `cryptography`, for one thing: Ed25519 signatures.
It opens no connection, reads nothing but the certificate (a zip file or an unpacked folder) and the key, and writes nothing but its answer.

`--key` is the public key of the log, one line: name+id+base64. Take it from where you trust it: the lender's website, a register, an
earlier certificate. A certificate carries the key too, in log.vkey, but whoever can forge a certificate can forge that file with it.

What is checked, in this order (the functions below stand in the same order):
  1. the files are those that certificate.json lists, by SHA-256, and no others;
  2. each checkpoint is signed by the key (C2SP signed-note, tlog-checkpoint);
  3. each event is in the log of its checkpoint, at its number (C2SP tlog-proof; RFC 9162, 2.1.3.2);
  4. each reference to a person's record is one of those that its event speaks of (the same proof, over the event's own small tree);
  5. the documents are those whose SHA-256 an event in the log names, where there is such an event.
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
Key = tuple[str, bytes, Ed25519PublicKey]  # its name, its id and itself

FORMAT = "lethe-certificate/1"
entry_name = "entries/{:012d}.json".format
ENTRY = re.compile(r"entries/(\d{12,18})\.(json|tlog-proof)")
REFERENCES = re.compile(r"references/(\d{1,18})\.json")
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
    elif "log.vkey" in files and not any(read_key(text_of(files, "log.vkey"))[:2] == key[:2] for key in keys):
        doubts.insert(0, "log.vkey in the certificate is not the key you gave. It was not used.")
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
    checkpoints: dict[int, bytes] = {}
    for seq in sorted({int(found[1]) for found in map(ENTRY.fullmatch, files) if found} | set(events)):
        entry, checkpoint, key = check_event(files, seq, keys)
        if checkpoints.setdefault(checkpoint["size"], checkpoint["root"]) != checkpoint["root"]:
            raise Wrong(f"{entry_name(seq)}: two checkpoints of {checkpoint['size']} events with different roots: the log was forked")
        event = entry["event"]
        sealed = f"sealed {entry['sealed_at']} by the clock of the log {checkpoint['origin']}"
        proven.append(f"Event {seq}, {event['kind']} of {event['dataset']}, {sealed}: checkpoint {checkpoint['size']} under key {key}.")
        if event["kind"] in ISSUED:
            proven += check_issued(files, event["body"], seq)
        elif seq not in events or entry_name(seq) not in listed:
            raise Wrong(f"{entry_name(seq)}: certificate.json does not list this event")
    for name in sorted(name for name in files if REFERENCES.fullmatch(name)):
        proven.append(check_references(files, name, events))
    doubts = ["That the lender told its log everything, and that the log's clock was right.", "That no copy of the data is left elsewhere."]
    if not any(text.startswith("certificate.json ") for text in proven):
        doubts.append("What certificate.json and the paper say beyond the events above: no event here names their text.")
    return proven, doubts


def check_listed(files: Files, listed: dict[str, str]) -> None:
    """Step 1: nothing is missing, changed or added."""
    for name, expected in sorted(listed.items()):
        if hashlib.sha256(files.get(name, b"")).hexdigest() != expected:
            raise Wrong(f"{name}: {'was changed: it has another SHA-256 than in certificate.json' if name in files else 'is missing'}")
    strays = [name for name in sorted(set(files) - set(listed) - UNLISTED) if not ENTRY.fullmatch(name)]
    if strays:  # an event that is not listed has to be one of ISSUED, which `check` sees to
        raise Wrong(f"{strays[0]}: does not belong to the certificate")


def check_event(files: Files, seq: int, keys: list[Key]) -> tuple[Json, Json, str]:
    """Steps 2 and 3, for one event: its entry, the checkpoint that vouches for it and the id of the key that signed that."""
    name = f"entries/{seq:012d}.tlog-proof"
    head, found, note = text_of(files, name).partition("\n\n")
    lines = head.split("\n")
    if lines[1:2] and lines[1].startswith("extra "):
        del lines[1]
    if not found or lines[:2] != ["c2sp.org/tlog-proof@v1", f"index {seq}"]:
        raise Wrong(f"{name}: is not a proof in the form c2sp.org/tlog-proof@v1 about event {seq}")
    checkpoint, key = open_checkpoint(note, keys, name)
    leaf, path = hashlib.sha256(b"\x00" + files.get(entry_name(seq), b"")), [base64_of(line, name) for line in lines[2:]]
    if not leads_to(leaf.digest(), seq, checkpoint["size"], path, checkpoint["root"]):
        raise Wrong(f"{entry_name(seq)}: is not what the log of checkpoint {checkpoint['size']} holds as its event {seq}")
    entry = read_json(files, entry_name(seq))
    if entry["seq"] != seq:
        raise Wrong(f"{entry_name(seq)}: was sealed under another number")
    return entry, checkpoint, key


def open_checkpoint(note: str, keys: list[Key], name: str) -> tuple[Json, str]:
    """Step 2: origin, size and root in a signed note, and the id of the key of ours that signed it. Other signatures are ignored."""
    text, found, signatures = note.rpartition("\n\n")
    for line in signatures.splitlines() if found else ():
        words = line.split(" ")
        for key_name, key_id, key in keys:
            if len(words) == 3 and words[0] == "\u2014" and words[1] == key_name and base64_of(words[2], name)[:4] == key_id:
                try:
                    key.verify(base64_of(words[2], name)[4:], f"{text}\n".encode())
                except InvalidSignature:
                    raise Wrong(f"{name}: the signature on its checkpoint is false") from None
                origin, size, root, *_ = [*text.split("\n"), "", "", ""]
                if origin != key_name or not re.fullmatch(r"0|[1-9]\d{0,17}", size):
                    raise Wrong(f"{name}: its checkpoint is of another log, or none")
                return {"origin": origin, "size": int(size), "root": base64_of(root, name)}, key_id.hex()
    raise Wrong(f"{name}: its checkpoint is not signed by the key {' or '.join(key[0] + ' ' + key[1].hex() for key in keys)}")


def leads_to(node: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Step 3: whether a leaf hash at `index` leads to the root of a tree of `size` leaves. RFC 9162, 2.1.3.2, step by step."""
    if not 0 <= index < size:
        return False
    last = size - 1
    for sibling in path:
        if last == 0:
            return False
        if index % 2 or index == last:
            node = hashlib.sha256(b"\x01" + sibling + node).digest()
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + sibling).digest()
        index, last = index >> 1, last >> 1
    return last == 0 and node == root


def check_references(files: Files, name: str, events: list[int]) -> str:
    """Step 4: the references of one event, each a leaf of the tree whose root the event carries."""
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
    """Step 5: each document that the event names is here."""
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
    return name, bytes.fromhex(key_id), Ed25519PublicKey.from_public_bytes(raw[1:])


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
