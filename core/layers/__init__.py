"""What the models of several rooms share."""

import zlib


def seed_of(seed: int, name: str) -> int:
    """A seed for one random thing of a run, such as a layer's first weights.

    It hangs on the run's seed and the thing's name only. So two networks that differ in one layer
    start from the same weights in all the others, and nothing that happens elsewhere in the
    process can change a run.
    """
    return zlib.crc32(f"{seed} {name}".encode())
