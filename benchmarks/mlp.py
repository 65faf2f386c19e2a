"""The network on tables beside simpler methods, on the same five folds: ``python -m benchmarks
mlp``. Bars: breast cancer's accuracy within .01 of logistic regression, diabetes' RMSE within 3 %
of ridge regression."""

import statistics

from benchmarks.figures import Figure
from core.data.tabular import FOLDS
from core.insight import rivals
from core.rooms.mlp import ROOM

SETS = ("breast_cancer", "wine", "digits", "diabetes")  # the presets of these names


def measure() -> list[Figure]:
    """Mean of five folds, with their spread; every method learns from the same rows of each."""
    figures = []
    for preset in ROOM.presets:
        if preset.name in SETS:
            figures += compared(preset.title, ROOM.params(**preset.values))
    return figures


def compared(title: str, params) -> list[Figure]:
    """A data set's table, and whether the network keeps up."""
    ours = [fold_of(params.model_copy(update={"fold": fold})) for fold in range(1, FOLDS + 1)]
    others = rivals.cross_validated(params)
    classes = params.dataset != "diabetes"
    what = "accuracy" if classes else "RMSE"
    rows = {"this network": ours, **others}
    for name, values in rows.items():
        print(f"  {title}: {name}: {what} {statistics.mean(values):.4f} ± "
              f"{statistics.stdev(values):.4f} {[round(each, 4) for each in values]}", flush=True)
    figures = [Figure(f"{title}: {what}, {name}, mean of {FOLDS} folds",
                      [statistics.mean(values)], digits=4 if classes else 2)
               for name, values in rows.items()]
    simple = statistics.mean(next(iter(others.values())))
    mean = statistics.mean(ours)
    if params.dataset == "breast_cancer":
        figures.append(Figure("… logistic regression minus the network", [simple - mean], digits=4,
                              goal=("≤", 0.01)))
    if params.dataset == "diabetes":
        figures.append(Figure("… RMSE of the network over that of ridge regression",
                              [mean / simple], digits=4, goal=("≤", 1.03)))
    return figures


def fold_of(params) -> float:
    """Accuracy, or RMSE, on the test rows of one fold."""
    from core.models import mlp  # here: other measures shall not load TensorFlow

    data = mlp.load(params)
    model = mlp.build(params, data)
    mlp.train(params, model, data)
    figures = mlp.score(params, model, data)
    return figures["test_accuracy" if data.class_names else "test_rmse"]
