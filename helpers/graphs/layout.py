"""A layered layout: nodes in rows, edges from top to bottom, nothing over anything else.

After Sugiyama, Tagawa and Toda (1981): rows by longest path, order in a row by barycentres, a
stand-in for each row that an edge passes. Node rows are even; between them lie rows of labels.
All arithmetic is in whole numbers, so that the result is the same on every machine.
"""

from collections.abc import Sequence
from itertools import pairwise

GAP, NARROW_GAP = 18, 12  # between neighbours in a row, and between edges without a label
ROW_GAP = 18  # between rows
LABEL_HEIGHT = 14
Point = tuple[int, int]
Rows = list[list[int]]
Links = list[dict[int, list[int]]]  # of each row's items: their neighbours in the next row


def layered(
    sizes: Sequence[tuple[int, int]], edges: Sequence[tuple[int, int]], labels: Sequence[int]
) -> tuple[list[Point], list[list[Point]], list[Point]]:
    """Place the nodes and route the edges of a directed graph.

    Parameters
    ----------
    sizes : list of (width, height)
        One for each node.
    edges : list of (source, target)
        As positions in `sizes`. An edge that closes a cycle is routed upwards.
    labels : list of int
        The width of each edge's label, 0 for none.

    Returns
    -------
    centres : list of (x, y)
        Of the nodes; the picture begins at (0, 0).
    routes : list of list of (x, y)
        Of each edge, from its source to its target. It passes a row of nodes by two points with the
        same x, a row of labels by one.
    label_centres : list of (x, y)

    Examples
    --------
    >>> centres, routes, _ = layered([(60, 30), (60, 30)], [(0, 1)], [20])
    >>> centres, routes[0][0], routes[0][-1]
    ([(30, 15), (30, 95)], (30, 30), (30, 80))
    """
    order = _order(len(sizes), edges)
    down = [(a, b) if order[a] < order[b] else (b, a) for a, b in edges]
    rank = _ranks(order, down)

    widths = [width for width, _ in sizes]
    rows: Rows = [[] for _ in range(max(rank) + 1)]
    for node, row in enumerate(rank):
        rows[row].append(node)
    links: Links = [{} for _ in rows]
    chains = []
    for (a, b), label in zip(down, labels, strict=True):
        chain = [a]
        for row in range(rank[a] + 1, rank[b]):
            chain.append(len(widths))
            rows[row].append(len(widths))
            widths.append(label if row == rank[b] - 1 else 0)
        chain.append(b)
        for row, (above, below) in enumerate(pairwise(chain), rank[a]):
            links[row].setdefault(above, []).append(below)
        chains.append(chain)

    rows = _untangled(rows, links)
    x = _positions(rows, links, widths, len(sizes))
    heights = [
        max((sizes[i][1] for i in row if i < len(sizes)), default=LABEL_HEIGHT) for row in rows
    ]
    tops = [sum(heights[:row]) + ROW_GAP * row for row in range(len(rows))]
    centres = [(x[i], tops[r] + heights[r] // 2) for i, r in enumerate(rank)]

    outs = _ports([(chain[0], x[chain[1]], e) for e, chain in enumerate(chains)], widths, x)
    ins = _ports([(chain[-1], x[chain[-2]], e) for e, chain in enumerate(chains)], widths, x)
    routes, label_centres = [], []
    for e, (edge, chain) in enumerate(zip(edges, chains, strict=True)):
        a, b = chain[0], chain[-1]
        route = [(outs[e], centres[a][1] + sizes[a][1] // 2)]
        if sizes[a][1] < heights[rank[a]]:  # leave the row before turning
            route.append((outs[e], tops[rank[a]] + heights[rank[a]]))
        for row, item in enumerate(chain[1:-1], rank[a] + 1):
            if row % 2:
                route.append((x[item], tops[row] + heights[row] // 2))
            else:
                route += [(x[item], tops[row]), (x[item], tops[row] + heights[row])]
        if sizes[b][1] < heights[rank[b]]:
            route.append((ins[e], tops[rank[b]]))
        route.append((ins[e], centres[b][1] - sizes[b][1] // 2))
        routes.append(route if edge == (a, b) else route[::-1])
        label_centres.append((x[chain[-2]], tops[rank[b] - 1] + heights[rank[b] - 1] // 2))
    return centres, routes, label_centres


def _order(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Give each node its place in an order in which as few edges as may be point back."""
    before: list[set[int]] = [set() for _ in range(count)]
    for a, b in edges:
        before[b].add(a)
    place: dict[int, int] = {}
    while len(place) < count:
        left = [node for node in range(count) if node not in place]
        ready = [node for node in left if before[node] <= place.keys()]
        for node in ready or left[:1]:  # none is ready: break a cycle at its first node
            place[node] = len(place)
    return [place[node] for node in range(count)]


def _ranks(order: list[int], edges: list[tuple[int, int]]) -> list[int]:
    rank = [0] * len(order)
    for a, b in sorted(edges, key=lambda edge: order[edge[0]]):
        rank[b] = max(rank[b], rank[a] + 2)
    targets = {b for _, b in edges}
    for node in range(len(order)):
        below = [rank[b] for a, b in edges if a == node]
        if below and node not in targets:
            rank[node] = min(below) - 2  # a source stands right above its first use
    return rank


def _reversed(links: dict[int, list[int]]) -> dict[int, list[int]]:
    back: dict[int, list[int]] = {}
    for above, belows in links.items():
        for below in belows:
            back.setdefault(below, []).append(above)
    return back


def _untangled(rows: Rows, links: Links) -> Rows:
    """Order each row by the barycentres of its neighbours; keep the best of several sweeps."""
    best, fewest = [list(row) for row in rows], _crossings(rows, links)
    for sweep in range(24):
        down = sweep % 2 == 0
        for r in range(1, len(rows)) if down else range(len(rows) - 2, -1, -1):
            near = rows[r - 1] if down else rows[r + 1]
            place = {item: 1000 * i for i, item in enumerate(near)}
            neighbours = _reversed(links[r - 1]) if down else links[r]
            centre = {
                item: sum(place[n] for n in neighbours[item]) // len(neighbours[item])
                if item in neighbours
                else 1000 * i
                for i, item in enumerate(rows[r])
            }
            # Every other time round, what ties changes places.
            rows[r] = sorted(rows[r][:: -1 if sweep // 2 % 2 else 1], key=centre.__getitem__)
        if (crossings := _crossings(rows, links)) < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return best


def _crossings(rows: Rows, links: Links) -> int:
    total = 0
    for r in range(len(rows) - 1):
        place = {item: i for i, item in enumerate(rows[r + 1])}
        ends = [sorted(place[b] for b in links[r].get(a, ())) for a in rows[r]]
        flat = [end for group in ends for end in group]
        total += sum(a > b for i, a in enumerate(flat) for b in flat[i + 1 :])
    return total


def _positions(rows: Rows, links: Links, widths: list[int], nodes: int) -> list[int]:
    """Move each item towards its neighbours, as far as its row leaves room."""
    x = [0] * len(widths)
    for row in rows:
        _spread(row, x, widths)
    ups: Links = [{}] + [_reversed(link) for link in links[:-1]]
    for sweep in range(40):
        for r in range(len(rows)) if sweep % 2 == 0 else range(len(rows) - 1, -1, -1):
            for item in rows[r]:
                # Between two stand-ins an edge shall be straight: they pull harder.
                near = ups[r].get(item, []) + links[r].get(item, [])
                pull = [8 if item >= nodes and n >= nodes else 1 for n in near]
                if near:
                    x[item] = sum(x[n] * p for n, p in zip(near, pull, strict=True)) // sum(pull)
            _spread(rows[r], x, widths)
    left = min(x[i] - widths[i] // 2 for i in range(len(x)))
    return [value - left for value in x]


def _spread(row: list[int], x: list[int], widths: list[int]) -> None:
    """Part what overlaps in a row, moving it least (least squares: pool adjacent violators)."""
    offset, offsets = 0, []
    blocks: list[tuple[int, int]] = []  # of items that touch: sum and count
    for i, item in enumerate(row):
        if i:
            wide = widths[row[i - 1]] + widths[item]
            offset += wide // 2 + (GAP if wide else NARROW_GAP)
        offsets.append(offset)
        total, count = x[item] - offset, 1
        while blocks and blocks[-1][0] * count > total * blocks[-1][1]:
            total, count = total + blocks[-1][0], count + blocks[-1][1]
            blocks.pop()
        blocks.append((total, count))
    wanted = [total // count for total, count in blocks for _ in range(count)]
    for item, base, shift in zip(row, wanted, offsets, strict=True):
        x[item] = base + shift


def _ports(ends: list[tuple[int, int, int]], widths: list[int], x: list[int]) -> dict[int, int]:
    """Spread the edges at a node's border in the order of where they come from."""
    at: dict[int, list[tuple[int, int]]] = {}
    for node, far, edge in ends:
        at.setdefault(node, []).append((far, edge))
    ports = {}
    for node, found in at.items():
        step = min(22, widths[node] * 6 // 10 // len(found))
        for i, (_, edge) in enumerate(sorted(found)):
            ports[edge] = x[node] + step * (2 * i - len(found) + 1) // 2
    return ports
