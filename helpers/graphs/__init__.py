"""Graphs of TensorFlow 1: a fresh one to build in, and a drawing of a live one."""

from helpers.graphs.drawing import draw
from helpers.graphs.fresh_graph import fresh

__all__ = ["draw", "fresh"]
