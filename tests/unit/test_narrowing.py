"""Conditions taken apart into what must all hold, without changing what they say, NULL included."""

from __future__ import annotations

import itertools

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.sql import ColumnElement

from governance.adapters.narrowing import conjuncts

TABLE = sa.table("t", *(sa.column(name, sa.Boolean) for name in "abc"))
A, B, C = TABLE.c
Bool = ColumnElement[bool]


def terms() -> st.SearchStrategy[Bool]:
    leaves: st.SearchStrategy[Bool] = st.sampled_from([A, B, C, sa.true()])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: sa.and_(*parts)),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: sa.or_(*parts)),
            inner.map(sa.not_),
        ),
        max_leaves=8,
    )


@given(term=terms())
def test_the_parts_together_say_what_the_whole_says(term: Bool) -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a BOOLEAN, b BOOLEAN, c BOOLEAN)")
        for row in itertools.product([True, False, None], repeat=3):
            connection.execute(sa.text("INSERT INTO t VALUES (:a, :b, :c)"), dict(zip("abc", row, strict=True)))
        whole = connection.execute(sa.select(A, B, C).where(term)).all()
        parts = connection.execute(sa.select(A, B, C).where(*conjuncts(term))).all()
    assert whole == parts


@pytest.mark.parametrize(
    ("term", "parts"),
    [
        (sa.and_(A, sa.and_(B, C)), 3),
        (sa.not_(sa.or_(A, B)), 2),
        (sa.not_(sa.not_(sa.and_(A, B))), 2),
        (sa.not_(sa.and_(A, B)), 1),
        (sa.or_(A, B), 1),
        (sa.and_(sa.true(), A), 1),
    ],
)
def test_how_many_parts(term: Bool, parts: int) -> None:
    assert len(list(conjuncts(term))) == parts
