"""Garbage collection beside the making of millions of values, which come and go, none of them in circles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collected_between() -> Iterator[None]:
    """The collector does not look by itself: it would go through the same values again and again. Who works calls `collect_young` between
    one portion and the next."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def collect_young() -> None:
    """Look through what was made last."""
    gc.collect(1)
