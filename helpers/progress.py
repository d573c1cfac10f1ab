"""A progress bar of plain text, which says how far a loop has come and never how long it took."""

from collections.abc import Iterator

WIDTH = 60  # characters


def progress(num_steps: int) -> Iterator[int]:
    """Count from 0 to ``num_steps - 1``, and print a bar that grows with the count.

    Parameters
    ----------
    num_steps : int

    Yields
    ------
    int
        The number of the step.

    Notes
    -----
    A saved notebook holds the whole bar, the same after every run: no rate, no date.

    Examples
    --------
    >>> for step in progress(120):
    ...     pass
    step 0                                                  120
    ############################################################
    """
    print(f"step 0{num_steps:>{WIDTH - len('step 0')}}")
    for step in range(num_steps):
        yield step
        new_marks = WIDTH * (step + 1) // num_steps - WIDTH * step // num_steps
        if new_marks:
            print("#" * new_marks, end="", flush=True)
    print()
