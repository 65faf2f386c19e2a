"""Again with one change: which values, which runs, which is best."""

import pytest

from core.engine import EngineError, sweep
from core.params import knobs
from core.rooms import Metric
from core.rooms.cnn import CNN
from tests.engine.line_room import Line

KNOBS = {each.name: each for each in knobs(CNN)}
ACCURACY, LOSS = Metric("accuracy", "Accuracy", True, True), Metric("loss", "Loss", False)


def epoch(**values) -> dict:
    return {"type": "epoch", "values": values}


def test_what_can_be_changed_alone_leaves_start_and_data_as_they_are():
    names = {each.name for each in sweep.changeable(CNN)}
    assert names >= {"learning_rate", "epochs", "optimizer", "batch_size"}
    assert not names & {"seed", "dataset", "blocks", "dense"}


@pytest.mark.parametrize(("name", "value", "proposed"), [
    ("learning_rate", 0.002, [0.0002, 0.0006, 0.006, 0.02]),
    ("learning_rate", 10.0, [1.0, 3.0]),
    ("epochs", 1, [2]),
    ("batch_size", 16, [8, 32]),
    ("optimizer", "sgd", ["adam", "rmsprop"]),
])
def test_proposals_are_other_values_in_bounds(name, value, proposed):
    assert sweep.proposals(CNN(**{name: value}), KNOBS[name]) == proposed


def test_variants_differ_in_one_hyperparameter_and_from_each_other():
    base = CNN(seed=7)
    many = sweep.variants(base, "learning_rate", ["0.01", " 0.1", "0.01", "0.002", ""])
    assert [each.learning_rate for each in many] == [0.01, 0.1]
    assert sweep.differing([base, *many]) == ["learning_rate"]
    assert {each.seed for each in many} == {7}


@pytest.mark.parametrize("text", ["fast", "11", "nan", "-1"])
def test_a_value_that_cannot_be_used_is_refused_in_a_sentence(text):
    with pytest.raises(EngineError, match="cannot be used here"):
        sweep.variants(CNN(), "learning_rate", [text])


def test_eight_values_are_the_most():
    texts = [str(size) for size in range(20, 29)]
    assert len(sweep.variants(CNN(), "batch_size", texts[:8])) == 8
    with pytest.raises(EngineError, match="At most 8"):
        sweep.variants(CNN(), "batch_size", texts)


def test_the_best_is_named_by_its_last_epoch_on_validation():
    runs = [[epoch(accuracy=1.0, val_accuracy=0.9), epoch(accuracy=1.0, val_accuracy=0.7)],
            [epoch(accuracy=0.8, val_accuracy=0.8)], [],
            [epoch(accuracy=None, val_accuracy=None)]]
    figures = [sweep.figure(run, ACCURACY) for run in runs]
    assert figures == [0.7, 0.8, None, None]
    assert sweep.best(figures, ACCURACY) == 1
    assert sweep.best([0.3, None, 0.1], LOSS) == 2
    assert sweep.best([None], LOSS) is None


def test_a_sweep_trains_one_after_another_and_takes_one_waiting_place(engine, wait):
    base = Line(epochs=1_000_000)
    first = engine.start("line", base, "me")
    series = sweep.variants(base, "learning_rate", ["0.2", "0.3", "0.4", "0.5"])
    ids = engine.start_series("line", series, "me", ["a", "b", "c", "d"])
    others = [engine.start("line", base, "me") for _ in range(2)]
    with pytest.raises(EngineError, match="waiting already"):
        engine.start("line", base, "me")
    assert [engine.run(run_id).state for run_id in ids] == ["queued"] * 4
    for before, run_id in zip([first, *ids], [*ids, None]):
        engine.control(before, "me", "stop")
        wait(before)
        if run_id:
            wait(run_id, lambda events: any(event["type"] == "begin" for event in events))
    begins = [next(event for event in engine.events(run_id) if event["type"] == "begin")
              for run_id in ids]
    assert [event["learning_rate"] for event in begins] == [0.2, 0.3, 0.4, 0.5]
    for run_id in others:
        engine.control(run_id, "me", "stop")
