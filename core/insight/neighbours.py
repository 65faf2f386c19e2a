"""t-SNE: points that were near each other in many dimensions are near each other in two.

(van der Maaten & Hinton, "Visualizing data using t-SNE", 2008.) Runs in the light worker.
"""

import base64

import numpy as np
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

PERPLEXITY = 30  # about so many neighbours count
ROUNDS = 500  # of gradient descent; after that hardly a point moves


def tsne(rows: int, columns: int, data: str) -> list[list[float]]:
    """(rows, columns) float32 as base64 → (rows, 2) in -1..1, the same ones each time."""
    values = np.frombuffer(base64.b64decode(data), "<f4").reshape(rows, columns)
    if rows < 4:
        return [[0.0, 0.0]] * rows
    with threadpool_limits(1):  # beside a training, threads would wait for each other
        found = TSNE(perplexity=min(PERPLEXITY, (rows - 1) / 3), init="pca", max_iter=ROUNDS,
                     random_state=0).fit_transform(values)
    low, high = found.min(axis=0), found.max(axis=0)
    scaled = (found - (low + high) / 2) / max((high - low).max() / 2, 1e-12)
    return np.round(scaled.astype(float), 4).tolist()
