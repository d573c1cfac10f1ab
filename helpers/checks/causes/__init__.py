"""Likely causes of what nobody foresaw, and where to look, each true of what was seen."""
