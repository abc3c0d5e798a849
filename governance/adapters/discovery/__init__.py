"""Reading any database: what stands there, and samples of it for the recognisers. Nothing is written, no value leaves the process.

sessions.py             read-only transactions with timeouts
readings.py             what was read, and why something could not be
reflection.py           schemas, tables, views, columns, keys, comments, row estimates: picks one of the next two
reflection_postgres.py  ... of PostgreSQL, in four queries whatever the number of tables
reflection_generic.py   ... of every other dialect, by SQLAlchemy's inspector
sampling.py             a fair sample of one table, all columns in one query: picks one of the next two
sampling_postgres.py    ... on PostgreSQL, by pages
sampling_ranges.py      ... elsewhere, by ranges of a key
columns.py              what a sampling query selects of a column, and how its rows become samples
explore.py              table after table: sample, hand to the recognisers, forget
"""
