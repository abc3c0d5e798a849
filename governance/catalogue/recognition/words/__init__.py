"""Dictionaries: words by language and meaning, and the vocabularies that values are held against. Words only, no code."""
