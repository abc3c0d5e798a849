"""Validation by Great Expectations: declared suites, counts only, independent of the planner.

    shapes.py        the words suites are written in: duties, conditions, look-ups, forms of a depersonalised column
    fragments.py     pieces of SQL: quoted names, conditions, keys; pure text
    duties.py        what a set of duties says of each row; pure text
    inside.py        forms of a value inside a JSON document; pure text
    sql.py           the queries of the expectations; pure text
    expectations.py  the expectation classes; importing it imports Great Expectations (seconds, memory)
    suites.py        reads the JSON suites of a folder
    runner.py        runs them with a SELECT-only role in a read-only session

Nothing here imports `governance.planning` or the compiled predicates: what checks the engine must not share its reading.
"""
