"""Where a network errs, how its last hidden layer sees pictures, what augmentation does."""

import base64
import json

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.metrics import confusion_matrix

from core.errors import VisitorError
from core.insight import judged, moved, neighbours, trust, vision
from core.insight.points import packed, within
from core.models import cnn
from core.params import to_text
from core.rooms.cnn import CNN, Block

PARAMS = CNN(epochs=1, blocks=(Block(filters=4),), dense=())
CONTEXT = {"room": "cnn", "dataset": "digits", "params": to_text(PARAMS),
           "classes": list("0123456789")}


@pytest.fixture(scope="module")
def data():
    return cnn.load(PARAMS)


@pytest.fixture
def model(data):
    """A network that has seen too little, so that it errs."""
    model = cnn.build(PARAMS, data)
    cnn.train(PARAMS, model, data)
    return model


def bytes_of(packed: dict) -> np.ndarray:
    values = np.frombuffer(base64.b64decode(packed["data"]), np.uint8)
    return values.reshape(packed["height"], packed["width"], packed["channels"])


def test_the_matrix_is_scikit_learn_s(model, data):
    said = model.predict(data.x_val, verbose=0).argmax(axis=1)
    told = judged.mistakes(model, CONTEXT)
    assert told["matrix"] == confusion_matrix(data.y_val, said, labels=range(10)).tolist()
    assert (told["count"], told["found"]) == (len(said), int((said != data.y_val).sum()))


def test_the_surest_mistakes_come_first_and_in_pages(model, data):
    told = judged.mistakes(model, CONTEXT, count=100)
    sure = [each["probability"] for each in told["pictures"]]
    assert sure == sorted(sure, reverse=True) and len(sure) == told["found"] > 6
    assert all(each["label"] != each["called"] for each in told["pictures"])
    page = judged.mistakes(model, CONTEXT, start=4, count=2)
    assert page["pictures"] == told["pictures"][4:6]
    shown = bytes_of(page["sheet"]).reshape(2, 8, 8, 1)
    expected = np.round(data.x_val[[each["index"] for each in page["pictures"]]] * 255)
    assert np.array_equal(shown, expected)
    past = judged.mistakes(model, CONTEXT, start=10_000)
    assert (past["pictures"], past["sheet"]) == ([], None)


def test_where_nothing_is_wrong_the_least_sure_ones_are_shown(model, data, monkeypatch):
    seen = judged.judged(model, CONTEXT)
    monkeypatch.setattr(judged, "judged",
                        lambda model, context: seen._replace(labels=seen.called))
    told = judged.mistakes(model, CONTEXT)
    sure = [each["probability"] for each in told["pictures"]]
    assert told["unsure"] and told["found"] == told["count"] and sure == sorted(sure)


def test_a_cell_opens_its_own_pictures(model):
    matrix = np.array(judged.mistakes(model, CONTEXT)["matrix"])
    label, called = np.unravel_index(matrix.argmax(), matrix.shape)
    told = judged.mistakes(model, CONTEXT, label=int(label), called=int(called), count=100)
    assert told["found"] == matrix.max()
    assert {(each["label"], each["called"]) for each in told["pictures"]} == {(label, called)}


def test_what_was_judged_is_forgotten_when_the_network_learns_on(model, data):
    before = judged.mistakes(model, CONTEXT)["matrix"]
    assert judged.judged(model, CONTEXT) is judged.judged(model, CONTEXT)
    cnn.train(PARAMS, model, data)
    assert judged.mistakes(model, CONTEXT)["matrix"] != before


def test_the_plane_is_that_of_scikit_learn(model, data):
    told = judged.projection(model, CONTEXT)
    features, _ = trust.seen(model, data.x_val)
    pca = PCA(2).fit(features)
    assert told["explained"] == pytest.approx(pca.explained_variance_ratio_.sum(), abs=1e-3)
    ours, theirs = np.array(told["points"]), pca.transform(features)
    for axis in range(2):
        assert abs(np.corrcoef(ours[:, axis], theirs[:, axis])[0, 1]) > 0.999
    assert abs(ours).max() == pytest.approx(1)
    assert told["labels"] == data.y_val.tolist()


def test_t_sne_keeps_classes_together(model, data):
    told = judged.features(model, CONTEXT)
    points = np.array(neighbours.tsne(**told))
    assert points.shape == (200, 2) and abs(points).max() == 1
    near = np.argsort(((points[:, None] - points[None]) ** 2).sum(axis=2), axis=1)[:, 1:6]
    assert (data.y_val[near] == data.y_val[:, None]).mean() > 0.6
    assert neighbours.tsne(2, 1, packed(np.zeros((2, 1)))) == [[0, 0], [0, 0]]


def test_a_picture_of_the_plane(model, data):
    told = judged.picture(model, CONTEXT, index=7)
    assert np.array_equal(bytes_of(told["picture"]), np.round(data.x_val[7] * 255))
    assert told["label"] == data.y_val[7]
    assert judged.picture(model, CONTEXT, index=10**6)["index"] == len(data.y_val) - 1


def test_a_layer_of_one_unit_is_a_line():
    assert within(np.array([[1.0], [3.0]])) == [[-1, 0], [1, 0]]


def test_the_preview_shows_what_training_sees(model, data):
    params = PARAMS.model_copy(update={"shift": 0.2, "flip": True})
    told = moved.augmentation(model, CONTEXT, params=to_text(params), count=3)
    assert (told["pictures"], told["each"]) == (4, 4)
    shown = bytes_of(told["sheet"]).reshape(4, 4, 8, 8, 1)
    assert np.array_equal(shown[:, 0], np.round(data.x_val[:4] * 255))
    trained = cnn.moved(params, data.x_val[:4], 1).numpy()
    assert abs(shown[:, 2] - trained * 255).max() < 1
    assert not np.array_equal(shown[:, 1], shown[:, 2])


@pytest.mark.parametrize("answer", [judged.mistakes, judged.picture, judged.projection,
                                    judged.features, moved.augmentation])
def test_a_broken_network_still_answers(data, answer):
    model = cnn.build(PARAMS, data)
    model.set_weights([np.full_like(each, np.nan) for each in model.get_weights()])
    assert json.dumps(answer(model, CONTEXT), allow_nan=False)


def test_nothing_is_downloaded_for_a_look(model, home, monkeypatch):
    from core.data import images, sources

    monkeypatch.setattr(images, "found", lambda *names: None)
    monkeypatch.setattr(images, "here", lambda source: None)
    monkeypatch.setattr(sources, "fetch", None)
    vision._splits.cache_clear()
    with pytest.raises(VisitorError, match="not on this machine"):
        vision.samples(model, {**CONTEXT, "dataset": "cifar10"})
