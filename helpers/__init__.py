"""Glimpse on deep learning: the code behind the lessons."""
