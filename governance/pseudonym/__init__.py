"""Tokens and keyed references: what stands where a personal value stood. Pure."""
