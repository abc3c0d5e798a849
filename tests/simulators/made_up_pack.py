"""The policy of a lender that does not exist: what every small pack of the tests needs around its own purpose and deletion classes."""

from __future__ import annotations


def made_up_pack(rules: str) -> str:
    """A Bulgarian pack without caps and without approval. `rules`: its purposes and deletion classes, as YAML."""
    return f"""
controller: lender
title: A lender that does not exist
version: "1"
effective_from: 2026-01-01
country: BG
time_zone: Europe/Sofia
languages: [bg]
evidence_retention: P5Y
{rules.strip()}
schedule: {{scan: P1D, approval: P0D, grace: P1D, tolerance: P30D, clause: "7", provenance: derived}}
caps: {{max_share: 1.0, max_rows: 1000, clause: "8", provenance: derived}}
approval: {{mode: automatic, clause: "9", provenance: derived}}
"""
