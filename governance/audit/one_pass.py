"""The check of a log in which every event is what was sealed, in one pass and the memory of one bundle.

Bundles of entries and of leaf hashes are read side by side. Only the right edge of the tree is kept, and what the checkpoints, a few for a
night, say; each of their roots must be that of the tree at its size. At the first thing that is not so, the pass ends without an answer:
what it is and where, `check` finds out with the whole log before it. So nothing here says what is wrong with an event, and nothing passes
here that a finding would come of there. What can be judged beside that - days, hand-overs - is left to the caller.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest

from governance.audit import layout
from governance.audit.bodies_archive import ArchivePruned
from governance.audit.bodies_sealing import SignerRotated
from governance.audit.layout import HashBundle
from governance.audit.merkle import Frontier, leaf_hash
from governance.audit.pruning import Stretch, gone, without
from governance.audit.reading import Files, LogFiles, Marks, announced_in, rotated_in
from governance.errors import DocumentError


class NotSound(Exception):
    """Something is not as it was sealed, or not to be told in one pass. Never leaves the check."""


class OnePass:
    """One pass over a log whose checkpoints, and nothing else, are in `log`. The fields hold once `sealed` has been gone through.

    `events`, `kinds`: that stand there. `rotated`: hand-overs by number. `pruned`: stretches that are gone as an event says. `last`: when
    the log's last event was sealed, None where it is gone.
    """

    def __init__(self, log: LogFiles, entries: Files, hashes: Files) -> None:
        self._log, self._entries, self._hashes = log, entries, hashes
        self._marks, self._frontier = Marks(), Frontier()
        self._announced: list[Stretch] = []
        self._roots: dict[int, set[bytes]] = {}
        for signed in log.signed:
            self._roots.setdefault(signed.checkpoint.size, set()).add(signed.checkpoint.root)
        self.size = max(self._roots, default=0)
        self.events, self.kinds, self.rotated = 0, Counter[str](), dict[int, tuple[str, str]]()
        self.pruned: list[Stretch] = []
        self.last: str | None = None

    def sealed(self) -> Iterator[tuple[int, str]]:
        """Number and `sealed_at` of every event that stands there, in order. Raises NotSound, at the latest after the last."""
        if self._log.findings or not self._roots or min(self._roots) < 1:
            raise NotSound
        there, absent = list[Stretch](), list[Stretch]()
        entries = iter(self._entries)
        ahead = next(entries, None)
        for name, content in self._hashes:
            place, bundle = self._bundle(name, content)
            self._grow(bundle)
            if ahead is not None and ahead[0] == layout.entries_name(*place):
                there.append(place)
                yield from self._lines(bundle, ahead[1])
                ahead = next(entries, None)
            else:
                absent.append(place)
        if ahead is not None or self._frontier.size != self.size:
            raise NotSound
        self.pruned = gone(self._announced, there)
        if any(without(place, self.pruned) for place in absent):
            raise NotSound

    def _bundle(self, name: str, content: bytes) -> tuple[Stretch, HashBundle]:
        """The leaf hashes that follow those before, up to a checkpoint."""
        place = layout.bundle_range(name)
        if place is None or name != layout.hashes_name(*place) or place[0] != self._frontier.size:
            raise NotSound
        try:
            bundle = layout.parse_hashes(content, *place, name)
        except DocumentError:
            raise NotSound from None
        if bundle.frontier != self._frontier.hashes or place[1] + 1 not in self._log.named_checkpoints:
            raise NotSound
        return place, bundle

    def _grow(self, bundle: HashBundle) -> None:
        """Take the tree to the bundle's end, and hold it against every checkpoint on the way."""
        end = bundle.first + len(bundle.leaves)
        for size in sorted({end, *(size for size in self._roots if bundle.first < size < end)}):
            self._frontier = self._frontier.extend(bundle.leaves[self._frontier.size - bundle.first : size - bundle.first])
            if self._roots.get(size, set()) - {self._frontier.root()}:
                raise NotSound

    def _lines(self, bundle: HashBundle, content: bytes) -> Iterator[tuple[int, str]]:
        lines = content.removesuffix(b"\n").split(b"\n") if content else []
        for seq, (text, leaf) in enumerate(zip_longest(lines, bundle.leaves), start=bundle.first):
            if text is None or leaf is None or leaf_hash(text) != leaf:
                raise NotSound
            number, mark = self._marks.quickly(text)
            if mark is None or number != seq:
                raise NotSound
            self.events += 1
            self.kinds[mark.kind] += 1
            if mark.kind == ArchivePruned.kind and (stretch := announced_in(text)) is not None and stretch[1] < seq:
                self._announced.append(stretch)
            if mark.kind == SignerRotated.kind and (key_ids := rotated_in(text)) is not None:
                self.rotated[seq] = key_ids
            if seq == self.size - 1:
                self.last = mark.sealed_at
            yield seq, mark.sealed_at
