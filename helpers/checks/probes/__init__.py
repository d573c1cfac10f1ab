"""Probes: how an answer is tried, in its own process. They know no wanted value."""
