"""Graphs of strangers: uploaded, drawn by hand, or gone."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st

from core import own
from core.catalogue import room
from core.data.archives import BadUpload
from core.data.graphfiles import drawn, read
from core.errors import VisitorError
from core.insight import propagation
from core.models import gnn
from core.rooms.gnn import GNN
from core.settings import settings

ROOM = room("gnn")


def taken(tmp_path, text: str | bytes) -> dict:
    (tmp_path / "file").write_bytes(text.encode() if isinstance(text, str) else text)
    return read(str(tmp_path / "file"), str(tmp_path / "out.npz"))


LIST = "source,target\n" + "\n".join(
    [f"a{i},a{i + 1}" for i in range(4)] + [f"b{i},b{i + 1}" for i in range(4)] + ["a0,b0"]
    + [f"a{i},,red" for i in range(3)] + [f"b{i},,blue" for i in range(4)])
GRAPHML = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d0" for="node" attr.name="Club" attr.type="string"/>
<graph edgedefault="undirected">""" + "".join(
    f'<node id="n{i}"><data key="d0">{"AB"[i % 2]}</data></node>' for i in range(8)) + "".join(
    f'<edge source="n{i}" target="n{i + 1}"/>' for i in range(7)) + "</graph></graphml>"


def test_an_edge_list_of_one_s_own_trains(tmp_path, home):
    settings.cache_clear()
    told = taken(tmp_path, LIST)
    assert told == {"nodes": 10, "edges": 9, "features": 0, "classes": {"blue": 4, "red": 3}}
    params = GNN(dataset="own", own=own.keep(tmp_path / "out.npz", told), epochs=2)
    data = gnn.load(params)
    assert data.names[0] == "a0" and (data.y < 0).sum() == 3 and data.x.shape == (10, 10)
    model = gnn.build(params, data)
    gnn.train(params, model, data)
    assert ROOM.outline(params).parameters == model.count_params()
    settings.cache_clear()


def test_a_graph_without_classes_can_still_have_edges_hidden(tmp_path, home):
    settings.cache_clear()
    told = taken(tmp_path, "\n".join(f"a{i},a{i + step}" for i in range(9) for step in (1, 2)))
    assert told["classes"] == {} and told["edges"] == 18
    params = GNN(dataset="own", own=own.keep(tmp_path / "out.npz", told), epochs=2)
    assert "No node of your graph has a class" in ROOM.outline(params).problem
    params = params.model_copy(update={"task": "links"})
    data = gnn.load(params)
    model = gnn.build(params, data)
    gnn.train(params, model, data)
    assert gnn.score(params, model, data)["test_auc"] >= 0
    assert ROOM.outline(params).parameters == model.count_params()
    assert propagation.drawing(params)["classes"] == []
    settings.cache_clear()


def test_graphml_gives_classes_and_edges(tmp_path):
    assert taken(tmp_path, GRAPHML) == {"nodes": 8, "edges": 7, "features": 0,
                                        "classes": {"A": 4, "B": 4}}


@pytest.mark.parametrize(("text", "sentence"), [
    ("just words", "no graph"), ("a,b\nb,c\n", "between two and"),
    (LIST.replace("a2,,red", ""), "at least"), (GRAPHML[:-30], "cannot be read"),
    ('<!DOCTYPE x [<!ENTITY a "aaaa">]>' + GRAPHML.replace("A<", "&a;<"), "DOCTYPE"),
    ('<!DOCTYPE x SYSTEM "file:///etc/passwd">' + GRAPHML, "DOCTYPE"),
    ("\n".join(f"{i},{i + 1}" for i in range(50_000)), "too large")])
def test_what_is_no_graph_is_refused_in_a_sentence(tmp_path, text, sentence):
    with pytest.raises(BadUpload) as refused:
        taken(tmp_path, text)
    assert sentence in str(refused.value)


@tries(max_examples=150)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode),
                 st.lists(st.lists(st.sampled_from(["a", "b", "1", "", "red", '"']), max_size=4)
                          .map(",".join), max_size=30).map(lambda rows: "\n".join(rows).encode()),
                 st.integers(0, len(GRAPHML)).map(lambda at: GRAPHML[:at].encode())))
def test_no_file_breaks_the_reader(tmp_path_factory, content):
    with suppress(VisitorError):
        told = taken(tmp_path_factory.mktemp("read"), content)
        assert told["nodes"] >= 6 and len(told["classes"]) >= 2


def test_a_drawn_graph_trains_and_keeps_its_places(tmp_path, home):
    settings.cache_clear()
    places = [[0.1 * node - 0.3, -0.5] for node in range(7)]
    told = drawn(str(tmp_path / "out.npz"), [0, 0, 0, 2, 2, 2, -1],
                 [[0, 1], [1, 0], [1, 2], [2, 3], [3, 4], [4, 5], [5, 6]], places, "ABC")
    assert told == {"nodes": 7, "edges": 6, "features": 0, "classes": {"A": 3, "C": 3}}
    params = GNN(dataset="own", own=own.keep(tmp_path / "out.npz", told))
    data = gnn.load(params)
    assert data.y.tolist() == [0, 0, 0, 1, 1, 1, -1]
    assert np.allclose(data.places, places, atol=1e-6)
    assert propagation.drawing(params)["places"][:2] == [-300, -500]
    settings.cache_clear()


numbers = st.integers(-3, 9) | st.floats() | st.none() | st.text(max_size=2)


@given(st.lists(numbers, max_size=9), st.lists(st.lists(numbers, max_size=3), max_size=9),
       st.lists(st.lists(numbers, max_size=3), max_size=9))
def test_no_drawing_breaks_the_reader(tmp_path_factory, labels, edges, places):
    with pytest.raises(BadUpload):  # a whole graph does not come about by chance
        drawn(str(tmp_path_factory.mktemp("drawn") / "out.npz"), labels, edges, places, "ABC")


def test_parameters_of_a_stranger_s_link_lead_to_a_sentence(home):
    settings.cache_clear()
    assert ROOM.outline(GNN(dataset="own")).problem
    with pytest.raises(VisitorError):
        gnn.load(GNN(dataset="own", own="0" * 16))
    settings.cache_clear()
