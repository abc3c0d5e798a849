"""Datasets: which collections and fields a loan database holds, and which duties of the policy decide over them. Pure."""
