"""What an Inception module costs, how good its versions were, and what arg_scope does.

Slides: Inception 模型; TF-slim.
"""

from collections.abc import Mapping, Sequence
from typing import Any

# Top-5 errors on ImageNet in percent: of one network that sees one crop of an image, of one network
# that sees 144 crops, and of several networks (7, 6, 4, 4) that see 144 crops each. All on the
# validation images, of which v4's first figure leaves some out; v2's and v4's third figures are of
# the test images.
# v1: Szegedy et al. (2014), table 3; v2: Ioffe and Szegedy (2015), figure 4; v3: Szegedy et al.
# (2015), tables 3 and 4, abstract; v4: Szegedy et al. (2016), tables 2 and 4, abstract.
ERRORS = {
    "v1": (10.07, 7.89, 6.67),
    "v2": (7.82, 5.82, 4.82),
    "v3": (5.6, 4.2, 3.5),
    "v4": (5.0, 3.8, 3.08),
}

Scope = Mapping[str, Mapping[str, Any]] | Sequence[Any]


def branch_counts(
    size: int, channels: int, filters: Sequence[tuple[int, int, int]]
) -> tuple[int, int]:
    """Return the parameters and the multiplications of convolutions that follow one another.

    Parameters
    ----------
    size : int
        Height and width of the maps. They stay: padding "SAME", stride 1.
    channels : int
        Number of the maps that come in.
    filters : sequence of (rows, columns, outputs)
        For each convolution the size of its filters and the number of the maps that go out.

    Returns
    -------
    parameters : int
        Weights and biases.
    multiplications : int
        For one image: each pixel that goes out needs one with each weight of its map.

    Notes
    -----
    Slide: Inception 模型. Szegedy et al., "Going deeper with convolutions" (2014), section 5.

    Examples
    --------
    >>> branch_counts(28, 192, [(5, 5, 32)])
    (153632, 120422400)
    >>> branch_counts(28, 192, [(1, 1, 16), (5, 5, 32)])
    (15920, 12443648)
    """
    weights = biases = 0
    for rows, columns, outputs in filters:
        weights += rows * columns * channels * outputs
        biases += outputs
        channels = outputs
    return weights + biases, weights * size**2


def call_arguments(
    function: str, given: Mapping[str, Any], scopes: Sequence[Scope]
) -> dict[str, Any]:
    """Return the arguments with which arg_scope calls a function.

    Parameters
    ----------
    function : str
        The function's name.
    given : mapping of str to any
        What the call itself gives, by name.
    scopes : sequence
        The scopes around the call, the outermost first: either a pair of a list of names and a
        dict of defaults, or a scope that was stored and is entered again, a dict of each
        function's defaults, which takes the place of all scopes around it.

    Returns
    -------
    dict

    Notes
    -----
    Slide: TF-slim. `helpers.slim.arg_scope` does this with functions in the place of their names.

    Examples
    --------
    >>> scopes = [(["conv2d", "max_pool2d"], {"stride": 1}), (["conv2d"], {"padding": "VALID"})]
    >>> call_arguments("conv2d", {"stride": 2}, scopes)
    {'stride': 2, 'padding': 'VALID'}
    >>> call_arguments("max_pool2d", {}, scopes)
    {'stride': 1}
    """
    defaults: Mapping[str, Any] = {}
    for scope in scopes:
        if isinstance(scope, Mapping):
            defaults = scope.get(function, {})
        elif function in scope[0]:
            defaults = {**defaults, **scope[1]}
    return {**defaults, **given}
