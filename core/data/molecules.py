"""Molecule-like graphs from a random generator: does one of them have a nitro group?

They obey valences, and no chemist has ever seen them. All have two atoms of nitrogen. In one class
a nitrogen carries two oxygens (a nitro group), in the other each carries one. Every molecule has a
twin of the other class with the same atoms and as many bonds of each kind: whoever counts atoms or
bonds can only guess, and who hears whose neighbours are whose need not.
"""

import numpy as np

from core.data.graph import Graph, both_ways

ELEMENTS = ("C", "N", "O")
NITRO = ("no nitro group", "nitro group")
CARBONS = (5, 9)
RING = 6
MOST_BONDS = 3  # of a carbon within the skeleton, so that there is room for more
SHARES = (0.5, 0.7)  # of the twins up to which they are for training, and for validation


def molecules(params) -> Graph:
    """``params.molecules`` of them, half with a nitro group. Features: which element an atom is."""
    draw = np.random.default_rng(params.seed)
    twins = params.molecules // 2
    elements, edges, of, names = [], [], [], []
    for number in range(2 * twins):
        if number % 2 == 0:
            build = int(draw.integers(*CARBONS, endpoint=True)), bool(draw.integers(2))
        atoms, bonds = molecule(*build, nitro=number % 2 == 1, draw=draw)
        edges += [(a + len(elements), b + len(elements)) for a, b in bonds]
        names += [f"{ELEMENTS[atom]}{place} ({number + 1})" for place, atom in enumerate(atoms, 1)]
        elements += atoms
        of += [number] * len(atoms)
    known, rest = (int(share * twins) for share in SHARES)
    part = np.repeat(np.random.default_rng(0).permutation(twins), 2)  # twins stay together
    return Graph(np.eye(len(ELEMENTS), dtype=np.float32)[elements], both_ways(edges),
                 np.arange(2 * twins, dtype=np.int64) % 2, part < known,
                 (part >= known) & (part < rest), part >= rest, NITRO, tuple(names),
                 asked=np.array(of, np.int32)[:, None])


def molecule(carbons: int, ring: bool, nitro: bool,
             draw: np.random.Generator) -> tuple[list[int], list[tuple[int, int]]]:
    """One molecule: its atoms as numbers in :data:`ELEMENTS`, and its bonds."""
    ring &= carbons >= RING
    bonds = [(a, (a + 1) % RING) for a in range(RING)] if ring else []
    used = [2] * RING if ring else [0]

    def hang(where: int) -> None:
        bonds.append((where, len(used)))
        used[where] += 1
        used.append(1)

    def free() -> int:
        """A carbon with room for another bond."""
        return int(draw.choice([a for a in range(min(len(used), carbons))
                                if used[a] < MOST_BONDS]))

    while len(used) < carbons:
        hang(free())
    first, second = carbons, carbons + 1
    for _ in range(2):  # nitrogens
        hang(free())
    for where in (first, first if nitro else second):  # oxygens
        hang(where)
    hang(free())  # an oxygen that says nothing
    return [0] * carbons + [1, 1, 2, 2, 2], bonds
