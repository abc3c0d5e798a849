"""Personal data in evidence: an artefact is read once more before it leaves, and identifiers in it are counted by kind and place. Pure.

Looked for are national ids, e-mail addresses, phone numbers, IBANs and card numbers, as the recognisers tell them from other text, in every
text of a JSON document: values and keys. Not looked at:

- texts that are, as a whole, of a form of ours: digests, nonces, keyed references, tokens, UUIDs, instants, days, places in the log. Every
  tenth number passes some check digit, and they are long;
- numbers: the models of events, plans and results let only counts stand there;
- what has a grammar of its own without room for a value (checkpoints, leaf hashes, public keys), and what is no text.

Packs and datasets are published texts of people, in which an address for complaints may stand: there only ids, accounts and cards count.
Names of persons are not looked for; without a table to stand in they look like any other words.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from governance.audit import layout
from governance.catalogue.recognition.texts import ACCOUNT, CARD, NATIONAL_ID, identifiers_in
from governance.pseudonym.tokens import SUPPRESSION_PATTERN, TOKEN_PATTERN

_TEXT = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_OURS = re.compile(
    rb"[0-9a-f]{32}|[0-9a-f]{64}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|ref[0-9]+\.[0-9a-f]{32}"
    rb"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|\+[0-9]{2}:[0-9]{2}))?"
    rb"|(?:[a-z]+/)+[0-9]{12,18}(?:-[0-9]{12,18})?\.[a-z-]+|" + f"{TOKEN_PATTERN}|{SUPPRESSION_PATTERN}".encode()
)
#: The least that an identifier has; asked first, for it is asked of everything.
_MAY_BE = re.compile(rb"@|[0-9](?:[^0-9A-Za-z\"]{0,2}[0-9]){6}|[A-Za-z]{2}[0-9]{2}[ A-Za-z0-9]{11}")
_PUBLISHED = frozenset({NATIONAL_ID, ACCOUNT, CARD})
_REMEMBERED = 200_000  # texts found clean


@dataclass(frozen=True)
class Leak:
    """Identifiers of one kind in one artefact: how many, and the number of the first line in which one stands."""

    category: str
    count: int
    line: int

    def __str__(self) -> str:
        return f"{self.count} {self.category}, first in line {self.line}"


class LeakDetector:
    """Reads artefacts. Remembers which texts it found clean, for most stand in every artefact again."""

    def __init__(self) -> None:
        self._clean: set[bytes] = set()

    def leaks(self, name: str, content: bytes) -> tuple[Leak, ...]:
        """What is in the artefact of that name in the archive; nothing for one that is not looked at. No value is in the answer."""
        if name.startswith((layout.POLICIES, layout.DATASETS)):
            return self._counted(content, content.splitlines(), _PUBLISHED)
        if not name.endswith((".json", ".jsonl")):
            return ()
        # Every second piece between quotation marks is a text, unless one of them stands within a text.
        texts = set(content.split(b'"')[1::2] if b"\\" not in content else _TEXT.findall(content)) - self._clean
        return self._counted(content, sorted(texts), None)

    def _counted(self, content: bytes, texts: list[bytes], only: frozenset[str] | None) -> tuple[Leak, ...]:
        counts, lines = Counter[str](), dict[str, int]()
        if len(self._clean) > _REMEMBERED:
            self._clean.clear()
        for text in texts:
            if _OURS.fullmatch(text) is not None:
                continue
            found = [kind for kind, _ in identifiers_in(text.decode("utf-8", "replace"))] if _MAY_BE.search(text) is not None else []
            kinds = Counter(kind for kind in found if only is None or kind in only)
            if not kinds:
                self._clean.add(text)
                continue
            line = content.count(b"\n", 0, content.find(text)) + 1
            for kind, count in kinds.items():
                counts[kind] += count * (content.count(b'"%b"' % text) if only is None else 1)
                lines[kind] = min(line, lines.get(kind, line))
        return tuple(Leak(kind, count, lines[kind]) for kind, count in sorted(counts.items()))
