"""Validation by Great Expectations: declared suites, counts only, independent of the planner.

    shapes.py        the words suites are written in: duties, conditions, look-ups, forms of a depersonalised column
    sql.py           from these words to PostgreSQL; pure text
    expectations.py  the expectation classes; importing it imports Great Expectations (seconds, memory)
    suites.py        reads the JSON suites of a folder
    runner.py        runs them with a SELECT-only role in a read-only session

Nothing here imports `governance.planning` or the compiled predicates: what checks the engine must not share its reading.
"""
