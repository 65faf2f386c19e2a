"""Forecasting: cells from scratch, windows, layers, simpler methods, and what is asked of them."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core import export
from core.data import series, sources
from core.data.series import SERIES, cut
from core.errors import VisitorError
from core.insight import seriesrivals
from core.insight.unrolled import unroll
from core.layers.recurrent import CELLS, clipped
from core.params import to_text
from core.rooms.rnn import ARCHITECTURES, RNN, ROOM, outline
from core.rooms.seriesnames import split_at
from core.settings import Settings
from tests.rooms.programs import trained

SMALL = RNN(length=160, window=12, horizon=4, period=12, units=8, epochs=1)


@pytest.fixture(scope="module")
def program():
    from core.models import rnn

    return rnn


def asked(params) -> dict:
    return {"room": "rnn", "dataset": params.dataset, "params": to_text(params)}


# Cells from scratch

@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
def test_cells_from_scratch_are_those_of_keras_forward_and_back(kind, activation):
    import keras
    import tensorflow

    draw = np.random.default_rng(5)
    layer = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM,
             "gru": keras.layers.GRU}[kind](
        6, activation=activation, return_sequences=True, dtype="float64")
    x, last = draw.normal(size=(3, 15, 2)), draw.normal(size=(3, 6))
    layer.build(x.shape)
    layer.set_weights([draw.normal(0, 0.5, weight.shape) for weight in layer.weights])
    with tensorflow.GradientTape() as tape:
        read = tensorflow.constant(x)
        tape.watch(read)
        states = layer(read)
        loss = tensorflow.reduce_sum(states[:, -1] * last)
    theirs = tape.gradient(loss, [read, *(weight.value for weight in layer.weights)])
    cell = CELLS[kind](*layer.get_weights(), activation=activation)
    trace = cell.forward(x)
    back = cell.backward(x, trace, last)
    np.testing.assert_allclose(trace.states[:, 1:], states, atol=1e-6)
    for ours, other in zip((back.x, back.kernel, back.recurrent, back.bias), theirs):
        np.testing.assert_allclose(ours, other, atol=1e-6)


def test_gradients_are_clipped_as_tensorflow_clips_them():
    import tensorflow

    draw = np.random.default_rng(0)
    gradients = [draw.normal(size=(3, 4)), draw.normal(size=5)]
    for longest in (0.5, 100.0):
        ours, length = clipped(gradients, longest)
        theirs, norm = tensorflow.clip_by_global_norm(gradients, longest)
        assert length == pytest.approx(float(norm))
        for one, other in zip(ours, theirs):
            np.testing.assert_allclose(one, other)


@given(some.floats(0.2, 1.6))
@settings(max_examples=10)
def test_without_a_bend_the_gradient_changes_by_the_same_factor_in_every_step(strength):
    told = unroll({"params": {"strength": str(strength), "activation": "linear"}})
    expected = strength ** np.arange(61.0)
    np.testing.assert_allclose(told["norms"]["rnn"], expected, rtol=2e-3)


def test_an_open_forget_gate_keeps_what_a_simple_cell_loses():
    told = unroll({"params": {"strength": "0.8", "forget": "6"}})
    assert told["norms"]["rnn"][-1] < 1e-4 and told["norms"]["lstm"][-1] > 0.1
    shut = unroll({"params": {"strength": "0.8", "forget": "0"}})
    assert shut["norms"]["lstm"][-1] < 1e-6


def test_the_loop_of_the_article_never_hears_its_input():
    def states(loop, other):
        told = unroll({"params": {"loop": loop, "other": other}})["small"]
        return [step["state"] for step in told["steps"]], told["said"]

    assert states("article", "false") == states("article", "true")
    assert states("right", "false") != states("right", "true")


@given(some.dictionaries(some.sampled_from(["strength", "clip", "forget", "loop", "activation"]),
                         some.text(max_size=8)))
def test_whatever_a_page_asks_for_can_be_told(words):
    json.dumps(unroll({"params": words}), allow_nan=False)


# Series and windows

@given(some.sampled_from(["none", "last", "season"]), some.integers(2, 20), some.integers(1, 9),
       some.integers(3, 4))
@settings(max_examples=25)
def test_windows_are_the_series_itself_and_training_ends_before_validation(how, window, horizon,
                                                                          fold):
    params = SMALL.model_copy(update={"difference": how, "window": window, "horizon": horizon,
                                      "fold": fold, "length": 300})
    data = cut(SERIES["waves"](params), params)
    values = data.series.values
    first, last, end = data.ends
    size = window + {"none": 0, "last": 1, "season": 12}[how]
    assert data.x_train.shape == (first - size - horizon + 1, size)
    assert data.x_val.shape[0] == last - first and data.x_test.shape[0] == end - last
    np.testing.assert_allclose(data.x_train[0], values[:size], rtol=1e-6)
    np.testing.assert_allclose(data.y_train[-1], values[first - horizon:first], rtol=1e-5)
    np.testing.assert_allclose(data.x_test[0], values[last - size:last], rtol=1e-5)
    np.testing.assert_allclose(data.y_test[:, 0], values[last:end], rtol=1e-5)
    assert np.isnan(data.y_test[-1, 1:]).all() and np.isfinite(data.y_train).all()


def test_the_scale_knows_nothing_of_what_comes_after_training():
    made = SERIES["waves"](SMALL)
    later = made.values.copy()
    later[split_at(len(later), 4)[0]:] += 1000
    other = series.Series(later, made.season)
    for how in ("none", "last", "season"):
        params = SMALL.model_copy(update={"difference": how})
        one, two = cut(made, params), cut(other, params)
        assert (one.middle, one.spread) == (two.middle, two.spread)
        np.testing.assert_array_equal(one.x_train, two.x_train)


def test_too_short_a_part_is_one_sentence_on_the_page_and_in_a_run(program):
    params = RNN(dataset="passengers", fold=1)
    told = outline(params)
    assert "too few" in told.problem and told.problem_values["n"] == 23
    with pytest.raises(VisitorError, match="too few"):
        cut(series.Series(np.arange(144.0), 12), params)


@pytest.mark.parametrize("dataset", ["waves", "noise", "drawn"])
def test_the_page_knows_how_long_each_series_is(dataset):
    from core.rooms.rnn import length_of, season_of

    params = RNN(dataset=dataset, steps=3)
    made = SERIES[dataset](params)
    assert length_of(params) == len(made.values) and season_of(params) == made.season


def test_a_drawing_is_read_letter_by_letter_and_its_season_is_found():
    made = SERIES["drawn"](RNN(dataset="drawn", drawing="0_-!" + "0" * 60))
    assert made.values[1] == 1.0 and len(made.values) == 63
    wave = "".join(series.LETTERS[round(31 + 30 * np.sin(at / 20 * 2 * np.pi))]
                   for at in range(160))
    assert SERIES["drawn"](RNN(dataset="drawn", drawing=wave)).season == 20


@pytest.mark.data
@pytest.mark.parametrize(("name", "count", "ends"), [
    ("passengers", 144, (112, 432)), ("sunspots", 2_820, (58.0, 33.4)),
    ("temperatures", 3_650, (20.7, 13.0))])
def test_real_series_are_found_in_the_data_folder(monkeypatch, data_folder, tmp_path, name, count,
                                                  ends):
    monkeypatch.setattr(sources, "settings", lambda: Settings(data=data_folder, home=tmp_path))
    made = SERIES[name](RNN(dataset=name))
    assert len(made.values) == len(made.times) == count and series.to_download(name) == 0
    assert (made.values[0], made.values[-1]) == ends


def test_a_series_that_is_not_here_is_not_downloaded_unasked(monkeypatch, tmp_path):
    monkeypatch.setattr(sources, "settings", lambda: Settings(data=None, home=tmp_path))
    assert series.to_download("sunspots") == 45_039 and series.to_download("waves") == 0
    assert seriesrivals.picture({"params": {"dataset": "sunspots"}}) == {"away": True}
    with pytest.raises(VisitorError, match="downloaded when you press Train"):
        seriesrivals.rivals({"params": {"dataset": "sunspots"}})


# Layers

@given(some.integers(1, 7), some.integers(1, 15))
@settings(max_examples=12)
def test_what_differences_take_away_restore_gives_back(lag, horizon):
    from core.layers.series import Difference, Restore

    values = np.random.default_rng(lag).normal(size=(3, 20 + lag + horizon)).astype(np.float32)
    past, ahead = values[:, :-horizon], values[:, -horizon:]
    changes = np.asarray(Difference(lag)(values))[:, -horizon:]
    np.testing.assert_allclose(Restore(lag)(past, changes), ahead, atol=1e-4)


def test_the_loss_leaves_out_what_nobody_knows():
    import tensorflow

    from core.layers.series import FirstStep, Spread

    draw = np.random.default_rng(1)
    y, said = draw.normal(size=(5, 4)).astype(np.float32), draw.normal(size=(5, 4))
    y[3:, 2:] = np.nan
    expected = np.mean(np.nanmean(((y - said) / 2.0) ** 2, axis=1))
    said = tensorflow.Variable(said.astype(np.float32))
    with tensorflow.GradientTape() as tape:
        loss = Spread(2.0)(y, said)
    assert float(loss) == pytest.approx(expected, rel=1e-5)
    assert np.isfinite(tape.gradient(loss, said)).all()
    metric = FirstStep()
    metric.update_state(y, said)
    assert float(metric.result()) == pytest.approx(
        np.sqrt(np.mean((y[:, 0] - said.numpy()[:, 0]) ** 2)), rel=1e-5)


def test_steps_are_marked_with_sines_and_cosines():
    from core.layers.series import Place

    table = np.asarray(Place()(np.zeros((1, 9, 6), np.float32)))[0]
    for at, channel in ((0, 0), (3, 1), (8, 4), (5, 5)):
        angle = at / 10_000 ** (2 * (channel // 2) / 6)
        assert table[at, channel] == pytest.approx(
            np.cos(angle) if channel % 2 else np.sin(angle), abs=1e-6)


# Networks

@pytest.mark.parametrize("changes", [
    {}, {"difference": "last", "layers": 2}, {"difference": "season", "shortcut": True}])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_outline_is_what_is_built(program, architecture, changes):
    params = SMALL.model_copy(update={"architecture": architecture, **changes})
    model = program.build(params, program.load(params))
    told = outline(params)
    assert told.parameters == model.count_params()
    assert [layer.name for layer in told.layers] == [layer.name for layer in model.layers]
    assert model.output_shape == (None, 4)


def test_with_a_shortcut_it_begins_as_linear_autoregression(program):
    from sklearn.linear_model import LinearRegression

    params = SMALL.model_copy(update={"shortcut": True, "difference": "last"})
    data = program.load(params)
    model = program.build(params, data)
    seen, ahead = np.diff(data.x_train), np.diff(np.hstack([data.x_train[:, -1:], data.y_train]))
    fit = LinearRegression().fit(seen, ahead)
    expected = data.x_test[:, -1:] + np.cumsum(fit.predict(np.diff(data.x_test)), axis=1)
    np.testing.assert_allclose(model.predict(data.x_test, verbose=0), expected, atol=2e-3)


def test_one_seed_gives_the_same_run_and_attention_has_three_different_looks(program):
    params = SMALL.model_copy(update={"architecture": "transformer"})
    one, two = (trained(program, params) for _ in range(2))
    assert one[2] == two[2]
    kernels = [weight.numpy() for weight in one[0].get_layer("attention1").weights
               if weight.name == "kernel"]
    assert not np.allclose(kernels[0], kernels[1]) and not np.allclose(kernels[1], kernels[2])


def test_on_noise_nothing_beats_the_mean(program):
    article = next(each for each in ROOM.presets if each.name == "article").values
    shares = []
    for seed in (1, 2, 3):
        params = RNN(**{**article, "epochs": 8, "seed": seed, "learning_rate": 0.01})
        _, data, figures = trained(program, params)
        mean = np.full(len(data.y_test), data.y_train.mean())
        shares.append(figures["test_rmse"] / np.sqrt(np.mean((data.y_test[:, 0] - mean) ** 2)))
    assert np.mean(shares) > 0.9


def test_the_shipped_network_knows_its_waves(program):
    import keras

    from core.data.shipped import shipped

    model = keras.models.load_model(shipped("rnn/waves"), compile=False)
    params = RNN()
    data = program.load(params)
    said = model.predict(data.x_test, verbose=0)[:, 0]
    off = np.sqrt(np.mean((said - data.y_test[:, 0]) ** 2))
    naive = np.sqrt(np.mean((data.x_test[:, -1] - data.y_test[:, 0]) ** 2))
    assert off < 0.85 * naive


# Simpler methods

def test_simpler_methods_are_what_they_are_called():
    from sklearn.linear_model import LinearRegression

    params = RNN(length=300, period=12)
    data = cut(SERIES["waves"](params), params)
    values, (first, _, end) = data.series.values, data.ends
    found = {name: (note, said) for name, note, said in seriesrivals.forecasts(data, params)}
    np.testing.assert_array_equal(found["Naive: as the last value"][1][1:], values[:-1])
    np.testing.assert_array_equal(found["Seasonal naive: as one season ago"][1][12:], values[:-12])
    order, said = found["Linear autoregression"]
    x = np.array([values[at - order:at] for at in range(order, end)])
    fit = LinearRegression().fit(x[:first - order], values[order:first])
    np.testing.assert_allclose(said[order:], fit.predict(x), atol=1e-6)
    told = seriesrivals.measure(params)["methods"]
    for each in told:
        assert each["metrics"]["test_rmse"] == pytest.approx(np.sqrt(np.mean(
            (found[each["name"]][1][data.ends[1]:] - values[data.ends[1]:]) ** 2)))


@given(some.integers(1, 400), some.sampled_from([None, "M", "D", "h", "Y"]))
def test_under_an_axis_stand_a_few_places_in_their_order(count, unit):
    times = None if unit is None else (
        np.datetime64("1999-11", unit) + np.arange(count)).astype("datetime64[s]")
    told = seriesrivals.ticks(times, count)
    places = [place for place, _ in told]
    assert places == sorted(set(places)) and len(places) <= 20
    assert all(0 <= place < count for place in places)


# What is asked of a network

@pytest.fixture(scope="module")
def waves(program):
    params = RNN(length=240, window=12, horizon=4, period=12, units=8, epochs=3)
    model, data, _ = trained(program, params)
    return params, model, data


def test_a_forecast_goes_on_beyond_its_horizon_within_its_band(waves):
    from core.insight.series import forecast

    params, model, data = waves
    told = forecast(model, asked(params), count=18)
    assert told["start"] == 240 and len(told["path"]) == len(told["low"]) == 18
    assert told["truth"] == [] and all(np.array(told["low"]) <= np.array(told["high"]))
    direct = model.predict(data.series.values[None, -12:].astype(np.float32), verbose=0)[0]
    np.testing.assert_allclose(told["path"][:4], direct, rtol=1e-4, atol=1e-5)
    past = np.concatenate([data.series.values, direct])[None, -12:].astype(np.float32)
    np.testing.assert_allclose(told["path"][4:8], model.predict(past, verbose=0)[0], rtol=1e-3,
                               atol=1e-4)


def test_the_future_follows_the_past_that_was_drawn(waves):
    from core.insight.series import forecast

    params, model, _ = waves
    usual = forecast(model, asked(params), start=200)
    assert len(usual["truth"]) == 8 and usual["tests"] == [192, 240]
    bent = forecast(model, asked(params), start=200, row=[3.0] * 12)
    assert bent["path"] != usual["path"] and bent["past"][-12:] == [3.0] * 12
    assert bent["past"][:-12] == usual["past"][:-12]
    same = forecast(model, asked(params), start=200, row=usual["past"][-5:])
    np.testing.assert_allclose(same["path"], usual["path"], atol=1e-3)


def test_the_living_picture_tells_of_every_step_ahead(waves):
    from core.insight.series import judged, snapshot

    params, model, data = waves
    told = snapshot(model, data)
    assert told["first"] == data.ends[0] and len(told["one"]) == len(data.x_val)
    off = model.predict(data.x_val, verbose=0) - data.y_val
    np.testing.assert_allclose(told["errors"], np.sqrt(np.nanmean(off**2, axis=0)), rtol=1e-3)
    figures = judged(model, asked(params))
    assert 0 <= figures["coverage"] <= 1 and figures["width"] > 0
    assert figures["test_rmse"] >= figures["test_mae"]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_inside_of_every_architecture_can_be_seen(program, architecture):
    from core.insight.memory import memory

    params = SMALL.model_copy(update={"architecture": architecture, "layers": 2, "shortcut": True})
    model = program.build(params, program.load(params))
    told = memory(model, asked(params))
    json.dumps(told, allow_nan=False)
    assert len(told["inputs"]) == len(told["touches"]) == 12
    if architecture in ("rnn", "lstm", "gru"):
        assert told["apart"] < 1e-6 and told["norms"][0] == pytest.approx(1)
        assert told["states"]["width"] == 12 and told["states"]["height"] == 8
    assert set(told.get("gates", {})) == {"lstm": {"input", "forget", "output"},
                                          "gru": {"update", "reset"}}.get(architecture, set())


# Taking it home

def test_the_take_home_program_gives_the_figures_of_the_run(program, tmp_path):
    import subprocess
    import sys

    params = SMALL.model_copy(update={"dataset": "drawn", "shortcut": True, "difference": "last"})
    _, _, figures = trained(program, params)
    file = tmp_path / "home.py"
    file.write_text(export.program(ROOM, params))
    done = subprocess.run([sys.executable, str(file)], cwd=tmp_path, capture_output=True, text=True,
                          check=True)
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert told == pytest.approx(figures, rel=1e-5)
