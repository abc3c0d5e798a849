"""Loan databases on MariaDB, MySQL and SQLite: the same plans, the same tokens, the same evidence as on PostgreSQL, more slowly.

What is due is decided by the code that decides it on PostgreSQL (`predicates`, `question`, `freezing`); here stands what these dialects do
otherwise: sessions, types, Lethe's own tables, fitness, the choke point. A dialect is a `dialect.Dialect`; what it cannot do is refused
before a run (`fitness`).
"""
