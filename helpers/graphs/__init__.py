"""Graphs of TensorFlow 1: a fresh one, a session that cannot hang, a drawing of a live graph."""

from helpers.graphs.drawing import draw
from helpers.graphs.fresh_graph import fresh
from helpers.graphs.waiting import session

__all__ = ["draw", "fresh", "session"]
