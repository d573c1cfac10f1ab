"""Grade a class: sandboxed, judged from outside, explained; built on nbgrader."""
