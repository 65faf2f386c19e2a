"""The network on tables: data and splits, the program, and what is told of its answers."""

import dataclasses
import json
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from core import export, own
from core.data import tables as reader
from core.data.tabular import TABLES, Column, Data, encode, own_table, split, typical
from core.errors import VisitorError
from core.insight import rivals
from core.params import to_text
from core.rooms import columns as roles
from core.rooms.mlp import CURES, MLP, OVERFIT, ROOM, Dense, outline, shape
from tests.rooms.programs import trained

SMALL = MLP(epochs=2, hidden=(Dense(units=8, dropout=0.2),))


@pytest.fixture(scope="module")
def program():
    from core.models import mlp

    return mlp


@pytest.fixture(scope="module")
def insight():
    from core.insight import tables

    return tables


def asked(params) -> dict:
    return {"room": "mlp", "dataset": params.dataset, "params": to_text(params), "classes": []}


# Tables and their splits

@pytest.mark.parametrize("name", ["breast_cancer", "wine", "digits", "diabetes"])
def test_the_folds_share_out_all_rows_and_nothing_twice(name):
    table = TABLES[name](None)
    numbered = dataclasses.replace(
        table, rows=np.arange(len(table.y), dtype=float)[:, None], columns=(Column("row"),))
    parts = [split(numbered, fold, 1.0) for fold in range(1, 6)]
    tests = np.concatenate([part.rows_test[:, 0] for part in parts])
    assert sorted(tests) == list(range(len(table.y)))
    for part in parts:
        mine = [part.x_train[:, 0], part.x_val[:, 0], part.x_test[:, 0]]
        assert len(np.unique(np.concatenate(mine))) == sum(map(len, mine)) == len(table.y)
        if table.class_names:
            shares = [np.bincount(y) / len(y) for y in (part.y_train, part.y_test)]
            np.testing.assert_allclose(*shares, atol=0.06)


def test_fewer_rows_are_some_of_the_same_rows():
    table = TABLES["wine"](None)
    few, all_ = split(table, 1, 0.3), split(table, 1, 1.0)
    assert len(few.x_train) == round(0.3 * len(all_.x_train))
    np.testing.assert_array_equal(few.rows_train, all_.rows_train[:len(few.x_train)])
    np.testing.assert_array_equal(few.x_test, all_.x_test)


def test_categories_and_missing_values_are_encoded():
    columns = (Column("size"), Column("colour", ("red", "blue")))
    rows = np.array([[1.0, 0], [np.nan, 1], [5.0, -1], [3.0, 1]])
    usual = typical(columns, rows)
    assert usual.tolist() == [3.0, 1.0]
    assert encode(columns, usual, rows).tolist() == [[1, 1, 0], [3, 0, 1], [5, 0, 0], [3, 0, 1]]


# A visitor's own table

def keep(tmp_path, monkeypatch, text: str) -> tuple[str, dict]:
    """A CSV as an upload leaves it: its name and what was told of it."""
    monkeypatch.setattr(own, "_folder", lambda: tmp_path / "own")
    path, out = tmp_path / "table.csv", tmp_path / "table.npz"
    path.write_text(text, "utf-8")
    told = reader.read(str(path), str(out))
    return own.keep(out, told), told


def patients(rows: int = 60) -> str:
    """A table with a counter, a number with gaps, a category, a mixed column and two classes."""
    lines = ["id;age;ward;dose;ill"]
    for row in range(rows):
        lines.append(";".join([str(row + 1), "" if row % 9 == 0 else str(20 + row),
                               "ABC"[row % 3], "none" if row % 7 == 0 else f"{row / 2:.1f}",
                               ["yes", "no"][row % 2]]))
    return "\n".join(lines)


def test_types_and_target_are_guessed_and_can_be_corrected(tmp_path, monkeypatch):
    name, told = keep(tmp_path, monkeypatch, patients())
    guessed = roles.guess(told)
    assert guessed == {"target": 4, "columns": "-ncnc"}
    params = MLP(dataset="own", own=name, **guessed)
    assert shape(params) == roles.Shape(5, ("no", "yes")) and not outline(params).problem
    table = own_table(params)
    assert [column.name for column in table.columns] == ["age", "ward", "dose"]
    assert table.columns[1].levels == ("A", "B", "C") and table.class_names == ("no", "yes")
    assert np.isnan(table.rows[0, 0]) and np.isnan(table.rows[0, 2]) and table.y[0] == 1
    other = params.model_copy(update={"target": 1, "columns": "-nc-c"})
    assert own_table(other).class_names == () and shape(other).inputs == 5
    assert len(own_table(other).y) == 60 - 7, "rows without a target are left out"


def test_a_program_trains_on_an_own_table(tmp_path, monkeypatch, program, insight):
    name, told = keep(tmp_path, monkeypatch, patients(120))
    params = SMALL.model_copy(update={"dataset": "own", "own": name, **roles.guess(told)})
    model, _, figures = trained(program, params)
    assert model.count_params() == outline(params).parameters
    assert 0 <= figures["test_accuracy"] <= 1
    told = insight.predict(model, asked(params), row=[None, 2, None])
    assert sum(told["answers"]) == pytest.approx(1)
    assert insight.about(model, asked(params))["columns"][1]["levels"] == ["A", "B", "C"]


@pytest.mark.parametrize(("changes", "problem"), [
    ({"own": ""}, "Bring a table"), ({"own": "0" * 16}, "not here any more"),
    ({"columns": "nn"}, "not chosen yet"), ({"columns": "-nc--"}, "not chosen yet"),
    ({"columns": "----c"}, "No column is left"), ({"target": 2, "columns": "-nccc"}, ""),
    ({"target": 0, "columns": "cncnc"}, "at least 10 rows"),
    ({"target": 3, "columns": "-nccc"}, "at least 10 rows"),
])
def test_what_cannot_be_trained_is_said_in_a_sentence(tmp_path, monkeypatch, changes, problem):
    name, told = keep(tmp_path, monkeypatch, patients())
    params = MLP(**{"dataset": "own", "own": name, **roles.guess(told), **changes})
    found = outline(params)
    said = found.problem.format(**found.problem_values)
    assert problem in said and bool(problem) == bool(said)


def test_rare_classes_and_few_rows(tmp_path, monkeypatch):
    lines = [f"{row},{'ab'[row % 2] if row < 60 else 'rare'}" for row in range(65)]
    name, _ = keep(tmp_path, monkeypatch, "\n".join(["x,y", *lines]))
    params = MLP(dataset="own", own=name, columns="nc", target=1)
    assert shape(params).classes == ("a", "b") == own_table(params).class_names
    assert len(own_table(params).y) == 60
    name, _ = keep(tmp_path, monkeypatch, "\n".join(["x,y", *lines[:30]]))
    short = MLP(dataset="own", own=name, columns="nc", target=1)
    assert "Only 30 rows" in outline(short).problem.format(**outline(short).problem_values)


def test_the_take_home_program_of_an_own_table_knows_its_columns():
    text = export.program(ROOM, MLP(dataset="own", own="0" * 16, columns="-nc", target=2))
    for line in ('own="0000000000000000"', 'columns="-nc"', "target=2", "def own_table(params)"):
        assert line in text
    assert "load_wine" not in text
    assert "load_wine" in export.program(ROOM, MLP(dataset="wine"))


def test_a_table_that_is_gone_or_does_not_fit_is_refused(tmp_path, monkeypatch):
    name, _ = keep(tmp_path, monkeypatch, patients())
    with pytest.raises(VisitorError):
        own_table(MLP(dataset="own", own="f" * 16))
    with pytest.raises(VisitorError):
        own_table(MLP(dataset="own", own=name, columns="nn", target=1))


cells = some.sampled_from(["1", "2.5", "-3", "", "a", "b b", "?", "1e3", "x,", "猫"])


@given(some.lists(some.tuples(cells, cells, cells), min_size=45, max_size=60))
@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_told_of_a_table_is_what_is_made_of_it(tmp_path, monkeypatch, rows):
    text = "\n".join(["one;two;three", *(";".join(row) for row in rows)])
    name, told = keep(tmp_path, monkeypatch, text)
    for target in range(len(told["columns"])):
        letters = list(roles.guess(told)["columns"])
        letters[target] = roles.choices(told["columns"][target])[0]
        found = roles.shape(told, "".join(letters), target)
        if found.problem:
            continue
        table = own_table(MLP(dataset="own", own=name, columns="".join(letters), target=target))
        data = split(table, 1, 1.0)
        assert (data.x_train.shape[1], data.class_names) == (found.inputs, found.classes)
        assert np.isfinite(data.x_train).all() and np.isfinite(data.y_test).all()


# The program

def blank(params):
    told = shape(params)
    x = np.random.default_rng(0).normal(size=(4, told.inputs)).astype(np.float32)
    y = np.zeros(4, int) if told.classes else np.arange(4, dtype=np.float32)
    rows = x.astype(float)
    return Data(x, y, x, y, x, y, told.classes, (), rows[0], rows, rows, "y")


params = some.builds(
    MLP, dataset=some.sampled_from(["breast_cancer", "wine", "digits", "diabetes"]),
    l2=some.sampled_from([0.0, 0.1]), activation=some.sampled_from(["relu", "tanh"]),
    optimizer=some.sampled_from(["adam", "sgd", "rmsprop"]),
    hidden=some.lists(some.builds(Dense, units=some.integers(1, 9),
                                  dropout=some.sampled_from([0.0, 0.5])), max_size=4).map(tuple))


@given(params)
@settings(max_examples=20, deadline=None, suppress_health_check=[
    HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_keras_builds_what_the_outline_says(program, params):
    told, model = outline(params), program.build(params, blank(params))
    assert [layer.name for layer in model.layers] == [layer.name for layer in told.layers]
    for layer, declared in zip(model.layers, told.layers):
        assert layer.output.shape[1:] == declared.shape
        assert layer.count_params() == declared.parameters


@pytest.mark.parametrize("dataset", ["breast_cancer", "diabetes"])
def test_the_same_seed_gives_the_same_run(program, dataset):
    chosen = SMALL.model_copy(update={"dataset": dataset})
    first, again, other = (trained(program, each)[2] for each in (
        chosen, chosen, chosen.model_copy(update={"seed": 2})))
    assert first == again != other


def test_the_loss_of_values_is_their_share_of_the_variance(program):
    chosen = SMALL.model_copy(update={"dataset": "diabetes", "hidden": (), "learning_rate": 1e-5})
    data = program.load(chosen)
    model = program.build(chosen, data)
    figures = program.score(chosen, model, data)
    spread = data.y_train.std()
    assert figures["test_loss"] == pytest.approx((figures["test_rmse"] / spread) ** 2, rel=1e-4)


def test_early_stopping_comes_back_to_the_best_epoch(program):
    chosen = MLP(**{**OVERFIT, "patience": 3})
    data = program.load(chosen)
    model = program.build(chosen, data)
    history = program.train(chosen, model, data).history["val_loss"]
    assert len(history) < 60
    assert program.score(chosen, model, data)["val_loss"] == pytest.approx(min(history), rel=1e-4)


def test_the_defaults_learn(program):
    assert trained(program, MLP())[2]["test_accuracy"] >= 0.95


@pytest.mark.parametrize("preset", ROOM.presets, ids=lambda preset: preset.name)
def test_every_preset_can_be_built(program, preset):
    chosen = MLP(**preset.values)
    assert not outline(chosen).problem
    program.build(chosen, blank(chosen))


def test_the_article_s_network_is_what_its_words_say(program):
    chosen = MLP(**next(each for each in ROOM.presets if each.name == "article").values)
    model = program.build(chosen, blank(chosen))
    assert [layer.name for layer in model.layers if "dense" in layer.name] == ["dense1", "dense2"]
    assert model.loss == "binary_crossentropy"
    assert type(model.optimizer).__name__ == "Adam" and model.output_shape == (None, 1)


def test_the_cures_close_the_gap(program):
    """Overfitting shows in the losses, and each cure, alone, makes the gap much smaller."""
    def gap(values):
        chosen = MLP(**values)
        data = program.load(chosen)
        model = program.build(chosen, data)
        told = program.train(chosen, model, data).history
        at = int(np.argmin(told["val_loss"])) if chosen.patience else -1
        return told["val_loss"][at] - told["loss"][at]

    worst = gap(OVERFIT)
    assert worst > 0.5
    for name, values in CURES:
        assert gap({**OVERFIT, **values}) < 0.75 * worst, name


# Simpler methods

@pytest.mark.parametrize(("dataset", "names", "least"), [
    ("breast_cancer", ["Logistic regression", "Gradient boosting"], 0.9),
    ("diabetes", ["Ridge regression", "Gradient boosting"], None)])
def test_simpler_methods_learn_from_the_same_rows(dataset, names, least):
    told = rivals.measure(MLP(dataset=dataset))
    assert told["rows"] == len(split(TABLES[dataset](None), 1, 1.0).x_train)
    assert [each["name"] for each in told["methods"]] == names
    for each in told["methods"]:
        figure = next(iter(each["metrics"].values()))
        assert figure > least if least else 40 < figure < 75
    assert {name: len(each) for name, each in
            rivals.cross_validated(MLP(dataset=dataset)).items()} == dict.fromkeys(names, 5)


# What is told of its answers

@pytest.fixture(scope="module", params=["breast_cancer", "wine", "diabetes"])
def told_of(request, program):
    chosen = SMALL.model_copy(update={"dataset": request.param, "epochs": 8})
    model, data, figures = trained(program, chosen)
    return model, data, figures, asked(chosen)


def test_what_moved_an_answer_adds_up(told_of, insight):
    model, data, _, context = told_of
    row = [float(value) for value in data.rows_test[3]]
    told = insight.predict(model, context, row=row)
    answers = insight.said(model, data.x_test[3:4])[0]
    np.testing.assert_allclose(told["answers"], answers, rtol=1e-4, atol=1e-6)
    assert told["winner"] == answers.argmax()
    difference = told["answers"][told["winner"]] - told["usual"]
    assert sum(told["moved"]) == pytest.approx(difference, abs=1e-3 * max(1, abs(difference)))
    usual = insight.predict(model, context)
    assert not any(usual["moved"])


def test_shapley_values_of_a_straight_line_are_known(insight):
    """For a linear network each column moves the answer by its weight times its difference."""
    import keras

    from core.models import mlp

    chosen = MLP(dataset="diabetes", hidden=())
    data = mlp.load(chosen)
    model = mlp.build(chosen, data)
    weights = np.asarray(model.get_layer("output").kernel)[:, 0]
    spread = data.x_train.std(axis=0, dtype=float)
    row = data.rows_test[0]
    told = insight.predict(model, asked(chosen), row=row.tolist())
    expected = weights * (row - data.usual) / spread * data.y_train.std()
    np.testing.assert_allclose(told["moved"], expected, rtol=1e-3, atol=1e-3)
    assert isinstance(model, keras.Model)


def test_a_report_is_what_was_measured(told_of, insight):
    model, data, figures, context = told_of
    told = insight.report(model, context)
    json.dumps(told, allow_nan=False)
    if told["kind"] == "values":
        assert told["rmse"] == pytest.approx(figures["test_rmse"], rel=1e-4)
        return
    assert told["accuracy"] == pytest.approx(figures["test_accuracy"], abs=1e-4)
    matrix = np.array(told["confusion"]["matrix"])
    assert matrix.trace() / matrix.sum() == pytest.approx(told["accuracy"], abs=1e-4)
    assert told["index"] == np.bincount(data.y_test).argmin() and 0.5 <= told["auc"] <= 1
    assert told["roc"][0] == [0, 0] and told["roc"][-1] == [1, 1]
    other = insight.report(model, context, index=99)
    assert other["index"] == len(told["classes"]) - 1


def test_importance_finds_the_column_that_matters(told_of, insight):
    model, _, _, context = told_of
    told = insight.importance(model, context)
    assert len(told["moved"]) == len(told["columns"]) and max(told["moved"]) > 0
    assert math.isfinite(told["base"])
    json.dumps(told, allow_nan=False)


def test_dependence_is_the_mean_over_rows(told_of, insight):
    model, data, _, context = told_of
    told = insight.dependence(model, context, index=2, count=0)
    rows = data.rows_test[:100].copy()
    rows[:, 2] = told["values"][5]
    mean = insight.said(model, encode(data.columns, data.usual, rows))[:, 0].mean()
    assert told["average"][5] == pytest.approx(mean, rel=1e-3)
    assert told["column"] == data.columns[2].name and len(told["single"]) == 30


def test_a_row_that_does_not_fit_is_refused(told_of, insight):
    model, _, _, context = told_of
    with pytest.raises(VisitorError):
        insight.predict(model, context, row=[1.0, 2.0])


def test_snapshots_are_told_as_json(told_of, insight):
    model, data, _, _ = told_of
    told = insight.snapshot(model, data)
    json.dumps(told, allow_nan=False)
    if told["kind"] == "confusion":
        assert np.array(told["matrix"]).sum() == len(data.y_val)
    else:
        assert len(told["true"]) == len(told["said"]) == len(data.y_val)


def test_a_network_survives_being_saved(told_of, insight):
    from core.training.keras_recorder import copied, pack_model, unpack_model

    model, data, _, context = told_of
    again = unpack_model(pack_model(model), ROOM, context)
    np.testing.assert_allclose(insight.said(again, data.x_test), insight.said(model, data.x_test),
                               rtol=1e-5)
    assert copied(model).count_params() == model.count_params()
