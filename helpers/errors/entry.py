"""What an entry of the lists of known errors holds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """An error that is known.

    Attributes
    ----------
    kinds : tuple of str
        Names of classes, of which the error is one; names, so that TensorFlow need not be loaded.
    message : str
        A regular expression that is found in its message.
    cause, remedy : str
        Sentences, with the expression's named groups in braces. A group whose name begins with
        "dtype" is named as in Python.
    line : str
        A regular expression that is found in the reader's line as well, where the message alone
        says too little; the empty one fits every line.
    """

    kinds: tuple[str, ...]
    message: str
    cause: str
    remedy: str
    line: str = ""
