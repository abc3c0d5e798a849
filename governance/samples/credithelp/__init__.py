"""The sample lender `credithelp`: schema, rows, stories, loader (`generate.load`)."""
