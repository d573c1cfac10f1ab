"""Errors explained: what the notebook adds under the traceback of an error that learners meet.

Every kernel of the environment loads this as an IPython extension when it starts, so importing it
loads nothing else. ``%unload_ext helpers.errors`` switches the explanations off.
"""

from helpers.errors.notebook import load_ipython_extension, unload_ipython_extension

__all__ = ["load_ipython_extension", "unload_ipython_extension"]
