"""The sample lender `credit-plus`: revolving credit by distance in Bulgaria; schema, rows, stories, loader (`generate.load`)."""
