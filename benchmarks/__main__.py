"""Measure what the README claims: ``python -m benchmarks [start] [speed] [click] [kill] …``.

What takes minutes has parts, which can be measured alone: ``python -m benchmarks gan:screen``.
"""

import argparse

from benchmarks import (
    click,
    followers,
    fraud,
    gan,
    gnn,
    kill,
    mlp,
    neuron,
    noises,
    own_pictures,
    room,
    series,
    speed,
    start,
    transformer,
)
from benchmarks.figures import machine, table

MEASURES = {"start": start.measure, "speed": speed.measure, "click": click.measure,
            "kill": kill.measure, "room": room.measure,
            "followers": followers.measure, "neuron": neuron.measure,
            "mlp": mlp.measure, "fraud": fraud.measure, "gnn": gnn.measure, "gan": gan.measure,
            "noises": noises.measure, "rnn": series.measure, "transformer": transformer.measure,
            "own_pictures": own_pictures.measure}
PARTS = {f"gan:{name}": part for name, part in gan.PARTS.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*MEASURES, *PARTS, []], metavar="name",
                        help=f"one of {', '.join([*MEASURES, *PARTS])}; all by default")
    figures = []
    for name in parser.parse_args().names or MEASURES:
        part = {**MEASURES, **PARTS}[name]
        print(f"{name}: {part.__doc__}", flush=True)
        figures += part()
    print(f"\n{machine()}\n\n{table(figures)}")


if __name__ == "__main__":
    main()
