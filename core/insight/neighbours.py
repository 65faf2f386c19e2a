"""t-SNE: points that were near each other in many dimensions are near each other in two.

(van der Maaten & Hinton, "Visualizing data using t-SNE", 2008.) Runs in the light worker.
"""

from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

from core.insight.points import unpacked, within

PERPLEXITY = 30  # about so many neighbours count
ROUNDS = 500  # of gradient descent; after that hardly a point moves


def tsne(rows: int, columns: int, data: str) -> list[list[float]]:
    """(rows, columns) float32 as base64 → (rows, 2) in -1..1, the same ones each time."""
    values = unpacked(data).reshape(rows, columns)
    if rows < 4:
        return [[0.0, 0.0]] * rows
    with threadpool_limits(1):  # beside a training, threads would wait for each other
        found = TSNE(perplexity=min(PERPLEXITY, (rows - 1) / 3), init="pca", max_iter=ROUNDS,
                     random_state=0).fit_transform(values)
    return within(found)
