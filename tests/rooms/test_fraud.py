"""Card fraud: invented and real payments, their splits, what a threshold costs, the networks."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from core import export, own
from core.data import ledgers, sources
from core.data.fraud import PAYMENTS, amounts, in_turn, stands_for, to_learn_from
from core.data.tabular import Column, Table
from core.data.transactions import INPUTS, as_csv, invented
from core.errors import VisitorError
from core.insight import fraudrivals
from core.params import to_text
from core.rooms.fraud import ROOM, Fraud, outline
from core.rooms.payments import CLASSES
from core.rooms.usual import Dense
from core.settings import Settings
from tests.rooms.programs import trained

SMALL = Fraud(transactions=5_000, fraud_rate=0.05, epochs=2, hidden=(Dense(units=8, dropout=0.2),))


@pytest.fixture(scope="module")
def program():
    from core.models import fraud

    return fraud


@pytest.fixture(scope="module")
def insight():
    from core.insight import fraud

    return fraud


def asked(params) -> dict:
    return {"room": "fraud", "dataset": params.dataset, "params": to_text(params),
            "classes": list(CLASSES)}


# Invented payments

@given(some.integers(5_000, 9_000), some.floats(0.002, 0.2), some.floats(0, 1),
       some.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_invented_payments_are_as_many_and_as_rare_as_was_asked(count, share, drift, seed):
    rows, y = invented(count, share, drift, seed)
    assert rows.shape == (count, len(INPUTS)) == (count, 30) and y.sum() == round(share * count)
    assert np.isfinite(rows).all() and (rows[:, -1] > 0).all()
    assert (np.diff(rows[:, 0]) >= 0).all() and rows[0, 0] >= 0 and rows[-1, 0] < 2 * 86_400
    again = invented(count, share, drift, seed)
    np.testing.assert_array_equal(rows, again[0])
    np.testing.assert_array_equal(y, again[1])
    assert not np.array_equal(rows, invented(count, share, drift, seed + 1)[0])


def test_invented_payments_have_a_plausible_day_and_plausible_amounts():
    rows, y = invented(30_000, 0.01, 0.5)
    hours = rows[y == 0, 0] // 3_600 % 24
    assert (hours < 5).mean() < 0.12 < 5 / 24, "at night there are few"
    normal = rows[y == 0, -1]
    assert 15 < np.median(normal) < 30 < 60 < normal.mean() < 120
    nightly = (rows[y == 1, 0] // 3_600 % 24 < 6).mean()
    assert nightly > 1.5 * (hours < 6).mean(), "stolen cards are tried out at night"


def test_invented_frauds_are_neither_plain_nor_hopeless_and_change_over_time():
    figures = {(split, drift): {each["name"]: each["metrics"]["test_ap"]
                                for each in fraudrivals.measure(
                                    Fraud(split=split, drift=drift))["methods"]}
               for split, drift in (("random", 0.8), ("time", 0.8), ("random", 0.5))}
    for name in ("Logistic regression", "Gradient boosting"):
        assert 0.4 < figures["random", 0.5][name] < 0.95
        assert figures["time", 0.8][name] < figures["random", 0.8][name] - 0.05


# Splits, scale and sampling

def numbered(count: int, step: int) -> Table:
    y = (np.arange(count) % step == 0).astype(np.int64)
    rows = np.stack([np.arange(count), np.arange(count) % 7.0], axis=1)
    return Table(rows, y, (Column("Time"), Column("Amount")), CLASSES, "Class")


@given(some.integers(200, 900), some.integers(3, 12))
@settings(max_examples=25, deadline=None)
def test_in_the_order_of_time_no_later_payment_is_learned_from(count, step):
    data = in_turn(numbered(count, step), "time", 1)
    train, val, test = data.x_train[:, 0], data.x_val[:, 0], data.x_test[:, 0]
    assert train.max() < val.min() and val.max() < test.min()
    assert len(train) + len(val) + len(test) == count


def test_a_part_without_fraud_is_refused():
    table = numbered(300, 3)
    late = dataclasses.replace(table, y=np.where(np.arange(300) < 200, table.y, 0))
    with pytest.raises(VisitorError, match="without a fraud"):
        in_turn(late, "time", 1)
    assert in_turn(late, "random", 1).y_test.sum()


def test_at_random_each_fold_has_its_share_of_frauds():
    tests = [in_turn(PAYMENTS["synthetic"](SMALL), "random", fold) for fold in range(1, 6)]
    assert [int(each.y_test.sum()) for each in tests] == [50] * 5
    assert sum(len(each.y_test) for each in tests) == 5_000


@pytest.mark.parametrize("scaler", ["train", "all"])
def test_the_scale_comes_from_the_training_rows_or_leaks(program, scaler):
    params = SMALL.model_copy(update={"scaler": scaler, "split": "time"})
    data = program.load(params)
    seen = data.x_train if scaler == "train" else np.concatenate(
        [data.x_train, data.x_val, data.x_test])
    scale = program.build(params, data).get_layer("scale")
    np.testing.assert_allclose(np.ravel(scale.mean), seen.mean(axis=0, dtype=float), rtol=1e-4,
                               atol=1e-4)
    changed = dataclasses.replace(data, x_test=data.x_test + 1e4)
    moved = program.build(params, changed).get_layer("scale")
    same = np.allclose(np.ravel(scale.mean), np.ravel(moved.mean))
    assert same == (scaler == "train")


@given(some.integers(1, 60), some.integers(60, 400), some.integers(1, 20),
       some.sampled_from(["none", "under", "over"]), some.integers(0, 9))
def test_sampling_leaves_out_or_repeats_as_it_says(frauds, normals, ratio, sampling, seed):
    y = np.random.default_rng(seed).permutation([1] * frauds + [0] * normals)
    rows = to_learn_from(y, sampling, ratio, seed)
    picked = y[rows]
    if sampling == "none":
        np.testing.assert_array_equal(rows, np.arange(len(y)))
    if sampling == "under":
        assert len(np.unique(rows)) == len(rows) and picked.sum() == frauds
        assert (picked == 0).sum() == min(ratio * frauds, normals)
    if sampling == "over":
        assert sorted(rows[picked == 0]) == sorted(np.flatnonzero(y == 0))
        assert set(rows[picked == 1]) == set(np.flatnonzero(y == 1))
        assert picked.sum() == max(normals // ratio, frauds)
    np.testing.assert_array_equal(rows, to_learn_from(y, sampling, ratio, seed))


def test_only_training_rows_are_sampled_and_weights_have_mean_one(program):
    params = SMALL.model_copy(update={"sampling": "under", "normals": 2, "fraud_weight": 30.0})
    data = program.load(params)
    x, y, weights = program.lessons(params, data)
    assert len(y) == 3 * data.y_train.sum() < len(data.y_train)
    assert weights.mean() == pytest.approx(1, abs=1e-5)
    assert weights[y == 1][0] == pytest.approx(30 * weights[y == 0][0], rel=1e-5)
    known = {tuple(row) for row in data.x_train}
    assert {tuple(row) for row in x} <= known and len(data.y_val) == 800


def test_an_autoencoder_is_shown_normal_payments_only(program):
    params = SMALL.model_copy(update={"architecture": "autoencoder"})
    data = program.load(params)
    x, y, weights = program.lessons(params, data)
    assert not y.any() and (weights == 1).all()
    np.testing.assert_array_equal(x, data.x_train[data.y_train == 0])


# Losses

def plain_focal(y, p, gamma):
    truth = np.where(y == 1, p, 1 - p)
    return float((-(1 - truth) ** gamma * np.log(truth)).mean())


@given(some.lists(some.tuples(some.booleans(), some.floats(0.01, 0.99)), min_size=1, max_size=20),
       some.sampled_from([0.0, 0.5, 2.0, 5.0]))
@settings(max_examples=30, deadline=None)
def test_focal_loss_is_what_its_formula_says(program, pairs, gamma):
    y, p = np.array(pairs, dtype=float).T
    params = SMALL.model_copy(update={"loss": "focal", "gamma": gamma})
    loss = program.build(params, blank()).loss
    said = float(loss(y[:, None].astype(np.float32), p[:, None].astype(np.float32)))
    assert said == pytest.approx(plain_focal(y, p, gamma), rel=1e-3, abs=1e-6)


def test_without_focus_training_is_that_of_the_cross_entropy(program):
    plain = trained(program, SMALL)[2]
    focal = trained(program, SMALL.model_copy(update={"loss": "focal", "gamma": 0.0}))[2]
    assert focal == pytest.approx(plain, rel=1e-4)


def test_a_weight_counts_a_fraud_so_many_times(program):
    """The loss of one batch with weights is that of the same batch with frauds repeated."""
    import keras

    y = np.array([1, 0, 0, 0], np.float32)[:, None]
    p = np.array([0.2, 0.1, 0.3, 0.6], np.float32)[:, None]
    loss = keras.losses.BinaryCrossentropy()
    params = SMALL.model_copy(update={"fraud_weight": 3.0})
    data = dataclasses.replace(blank(), x_train=np.ones((4, 30), np.float32),
                               y_train=y[:, 0].astype(np.int64))
    weights = program.lessons(params, data)[2][:, None]
    repeated = np.array([0, 0, 0, 1, 2, 3])
    assert float(loss(y, p, sample_weight=weights)) == pytest.approx(
        float(loss(y[repeated], p[repeated])), rel=1e-5)


# The program

def blank():
    from core.data.tabular import Data

    x = np.random.default_rng(0).normal(size=(6, 30)).astype(np.float32)
    y = np.array([0, 1] * 3)
    return Data(x, y, x, y, x, y, CLASSES, tuple(map(Column, INPUTS)), x[0].astype(float),
                x.astype(float), x.astype(float), "Class")


networks = some.builds(
    Fraud, architecture=some.sampled_from(["network", "autoencoder"]), code=some.integers(1, 12),
    l2=some.sampled_from([0.0, 0.01]), loss=some.sampled_from(["cross_entropy", "focal"]),
    hidden=some.lists(some.builds(Dense, units=some.integers(1, 9),
                                  dropout=some.sampled_from([0.0, 0.5])), max_size=3).map(tuple))


@given(networks)
@settings(max_examples=20, deadline=None, suppress_health_check=[
    HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_keras_builds_what_the_outline_says(program, params):
    told, model = outline(params), program.build(params, blank())
    assert [layer.name for layer in model.layers] == [layer.name for layer in told.layers]
    for layer, declared in zip(model.layers, told.layers):
        assert layer.output.shape[1:] == declared.shape
        assert layer.count_params() == declared.parameters


def test_an_autoencoder_s_suspicion_is_its_error(program):
    import keras

    params = SMALL.model_copy(update={"architecture": "autoencoder", "l2": 0.0})
    data = blank()
    model = program.build(params, data)
    halves = keras.Model(model.inputs, [model.get_layer("scale").output,
                                        model.get_layer("restored").output, *model.outputs])
    x, back, said = (np.asarray(each) for each in halves(data.x_test))
    error = np.square(x - back).mean(axis=1)
    np.testing.assert_allclose(said[:, 0], error / (1 + error), rtol=1e-4)
    loss = float(model.evaluate(data.x_test, np.zeros((6, 1)), verbose=0)[0])
    assert loss == pytest.approx(np.log1p(error).mean(), rel=1e-4)


@pytest.mark.parametrize("architecture", ["network", "autoencoder"])
def test_the_same_seed_gives_the_same_run(program, architecture):
    chosen = SMALL.model_copy(update={"architecture": architecture})
    first, again, other = (trained(program, each)[2] for each in (
        chosen, chosen, chosen.model_copy(update={"seed": 2})))
    assert first == again != other


def test_early_stopping_comes_back_to_the_best_epoch(program):
    chosen = SMALL.model_copy(update={"epochs": 12, "patience": 2, "learning_rate": 0.02})
    data = program.load(chosen)
    model = program.build(chosen, data)
    history = program.train(chosen, model, data).history["val_ap"]
    assert program.score(chosen, model, data)["val_ap"] == pytest.approx(max(history), abs=1e-6)


def test_the_article_s_network_is_what_it_prints(program):
    preset = next(each for each in ROOM.presets if each.name == "article")
    chosen = Fraud(**preset.values)
    model = program.build(chosen, blank())
    assert [layer.name for layer in model.layers] == [
        "input", "scale", "dense1", "drop1", "dense2", "drop2", "output"]
    assert [model.get_layer(name).rate for name in ("drop1", "drop2")] == [0.5, 0.5]
    assert [layer.units for layer in chosen.hidden] == [64, 32]
    assert (chosen.batch_size, chosen.epochs, chosen.scaler) == (2048, 20, "all")
    assert type(model.optimizer).__name__ == "Adam"


def test_the_take_home_program_carries_only_what_it_needs():
    text = export.program(ROOM, SMALL)
    assert "def invented(" in text and "def real(" not in text and "np.load(" not in text
    text = export.program(ROOM, SMALL.model_copy(update={"dataset": "own", "own": "0" * 16}))
    assert "np.load(" in text and "def invented(" not in text


# What is told of its answers

@pytest.fixture(scope="module", params=["network", "autoencoder"])
def told_of(request, program):
    chosen = SMALL.model_copy(update={"architecture": request.param, "epochs": 4})
    model, data, _ = trained(program, chosen)
    return model, data, asked(chosen)


def test_the_stream_is_the_test_split_judged_in_the_order_of_time(told_of, insight):
    model, data, context = told_of
    parts = [insight.stream(model, context, start=at, count=400) for at in (0, 400, 800)]
    joined = {name: [each for part in parts for each in part[name]]
              for name in ("at", "amounts", "scores", "frauds")}
    assert parts[0]["total"] == len(joined["frauds"]) == 1_000
    assert joined["at"] == sorted(joined["at"]) and joined["frauds"] == data.y_test.tolist()
    np.testing.assert_allclose(joined["amounts"], amounts(data, data.x_test), rtol=1e-5)
    np.testing.assert_allclose(joined["scores"], model.predict(data.x_test, verbose=0)[:, 0],
                               rtol=1e-4, atol=1e-6)
    beyond = insight.stream(model, context, start=5_000)
    assert beyond["scores"] == [] and beyond["start"] == 1_000


def test_the_report_counts_what_the_stream_would(told_of, insight):
    model, data, context = told_of
    told, passed = insight.report(model, context), insight.stream(model, context, count=500)
    json.dumps(told, allow_nan=False)
    test = told["test"]
    given_ = insight.scores(model, data.x_test)
    for place in range(0, len(test["thresholds"]), 17):
        stopped = given_ >= test["thresholds"][place]
        assert test["found"][place] == (stopped & (data.y_test == 1)).sum()
        assert test["alarms"][place] == (stopped & (data.y_test == 0)).sum()
    assert set(told["val"]["thresholds"]) <= set(test["thresholds"])
    assert passed["scores"] == given_[:500].tolist()
    assert told["judged"]["test_ap"] == pytest.approx(told["ap"], rel=1e-4)


def test_what_moved_a_suspicion_adds_up(told_of, insight):
    model, data, context = told_of
    told = insight.explain(model, context, index=int(np.flatnonzero(data.y_test)[0]))
    assert told["fraud"] == 1 and len(told["moved"]) == len(told["columns"]) == 30
    assert sum(told["moved"]) == pytest.approx(told["score"] - told["usual"], abs=1e-3)


def test_the_picture_of_an_epoch_counts_every_validation_payment(told_of, insight):
    model, data, _ = told_of
    told = insight.snapshot(model, data)
    assert len(told["edges"]) == len(told["normal"]) + 1
    assert sum(told["normal"]) == pytest.approx(1, abs=1e-3)
    assert sum(told["fraud"]) == pytest.approx(1, abs=1e-3)


def test_in_a_sample_each_normal_payment_stands_for_several():
    data = in_turn(numbered(1_000, 4), "random", 1)
    assert stands_for("real", data) == pytest.approx(284_315 / 750)
    assert stands_for("synthetic", data) == 1


# A visitor's own payments

def test_a_program_trains_on_own_payments(tmp_path, monkeypatch, program):
    path, out = tmp_path / "payments.csv", tmp_path / "payments.npz"
    path.write_text(as_csv(*invented(2_000, 0.1, 0.5)))
    told = ledgers.read(str(path), str(out))
    monkeypatch.setattr(own, "_folder", lambda: tmp_path / "own")
    params = SMALL.model_copy(update={"dataset": "own", "own": own.keep(out, told)})
    assert not outline(params).problem
    model, _, figures = trained(program, params)
    assert model.count_params() == outline(params).parameters and figures["test_auc"] > 0.5


# The real ones

def test_without_the_real_payments_the_page_says_where_they_go(monkeypatch):
    monkeypatch.setattr(sources, "settings", lambda: Settings(data=None))
    told = outline(Fraud(dataset="real"))
    assert "data folder" in told.problem and told.problem_values["file"]
    with pytest.raises(VisitorError):
        PAYMENTS["real"](Fraud(dataset="real"))


@pytest.mark.data
def test_the_real_payments_are_found_and_their_network_finds_frauds(data_folder, monkeypatch):
    from core.engine.models import Models
    from core.rooms import called
    from core.training.keras_recorder import unpack_model

    monkeypatch.setattr(sources, "settings", lambda: Settings(data=data_folder))
    table = PAYMENTS["real"](Fraud(dataset="real"))
    assert table.rows.shape == (18_059, 30) and table.y.sum() == 492
    stored = Models(None).load("fraud", "weights:real")
    model = unpack_model(stored["model"], ROOM, stored["context"])
    told = called(ROOM.answers["report"])(model, stored["context"])
    assert told["auc"] > 0.96 and told["ap"] > 0.85 and told["stands_for"] > 16
    assert told["ap_true"] < told["ap"]
