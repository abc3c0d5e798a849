"""The sample lender `kredit-seven`: an online microfinance organisation in Kazakhstan."""
