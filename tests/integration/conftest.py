"""Lenders that several files of tests ask for by name. A file whose lender differs has a fixture of that name of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from simulators.handful import handful
from simulators.lender import Lender, drop_lender, make_lender

from embedded.postgres import EmbeddedPostgres
from governance.planning.plan import Plan


@pytest.fixture
def lender(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    """The tiny lender of credithelp's sample, for one test."""
    made = make_lender(postgres, tmp_path, tiny=True)
    yield made
    drop_lender(made)


@pytest.fixture(scope="module")
def planned(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lender, Plan]]:
    """`simulators.handful` with its plan: copied for each fault, never enforced itself."""
    lender, plan = handful(postgres, tmp_path_factory.mktemp("planned"))
    yield lender, plan
    drop_lender(lender)
