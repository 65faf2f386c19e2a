"""Pairs of sentences of strangers."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st

from core import own
from core.catalogue import room
from core.data.archives import BadUpload
from core.data.pairfiles import read
from core.data.pairs import grammar
from core.models import translate
from core.rooms.translate import Translate
from core.settings import settings
from core.ui.translate import EXAMPLE
from tests.rooms.programs import taken_home
from tests.test_export import last_line

ROOM = room("translate")
ROWS = grammar().train[:80]


def taken(tmp_path, text: str | bytes) -> dict:
    (tmp_path / "file").write_bytes(text.encode() if isinstance(text, str) else text)
    return read(str(tmp_path / "file"), str(tmp_path / "out.npz"))


def test_pairs_of_one_s_own_train(tmp_path, home):
    settings.cache_clear()
    told = taken(tmp_path, EXAMPLE.read_bytes())
    assert told["languages"] == ["English", "Deutsch"] and told["pairs"] == 300
    params = Translate(dataset="own", own=own.keep(tmp_path / "out.npz", told), epochs=1,
                       width=16, inner=16)
    data = translate.load(params)
    assert data.class_names == ("English", "Deutsch")
    assert [len(each) for each in data.words()] == told["words"]
    model = translate.build(params, data)
    translate.train(params, model, data)
    assert translate.score(params, model, data)["test_bleu"] >= 0
    assert ROOM.outline(params).parameters == model.count_params()
    assert "Bring your own pairs" in ROOM.outline(Translate(dataset="own")).problem
    settings.cache_clear()


def test_the_program_gives_the_figures_of_the_run(tmp_path, home):
    settings.cache_clear()
    told = taken(tmp_path, EXAMPLE.read_bytes())
    name = own.keep(tmp_path / "out.npz", told)
    (tmp_path / f"{name}.npz").write_bytes(own.content(name))
    text, metrics = taken_home(ROOM, Translate(dataset="own", own=name, epochs=1, width=16,
                                               inner=16))
    assert last_line(text, tmp_path) == metrics
    settings.cache_clear()


@pytest.mark.parametrize(("separator", "attribution"), [
    ("\t", ""), ("\t", "\tCC-BY 2.0 (France)"), (";", ""), ("|", "")])
def test_any_usual_separator_is_found(tmp_path, separator, attribution):
    text = "".join(f"{a}{separator}{b}{attribution}\r\n" for a, b in ROWS)
    told = taken(tmp_path, text.encode("utf-8-sig"))
    assert told["pairs"] == 80 and tuple(told["preview"][0]) == ROWS[0]


def test_commas_within_quotation_marks_stay(tmp_path):
    text = "English,中文\n" + "".join(f'"{a} Yes, really.","{b}"\n' for a, b in ROWS)
    told = taken(tmp_path, text)
    assert told["languages"] == ["English", "中文"]
    assert told["preview"][0][0] == f"{ROWS[0][0]} Yes, really."


def test_what_cannot_be_learned_from_is_left_out(tmp_path):
    lines = [f"{a}\t{b}" for a, b in ROWS]
    told = taken(tmp_path, "\n".join([*lines, lines[0], "Only one side\t", "word " * 70 + "\t长"]))
    assert (told["pairs"], told["left_out"]) == (80, 3)


@pytest.mark.parametrize(("text", "says"), [
    ("", "No pairs"), ("no separator here\n" * 60, "No pairs"),
    ("one\teins\ntwo\tzwei\n", "2 pairs"),
    ("".join(f"sentence {'a' * n}\tthe same\n" for n in range(1, 70)), "same translation"),
    (b"\x00\x01\x02" * 50, "no text"),
])
def test_each_bad_file_gets_one_sentence(tmp_path, text, says):
    with pytest.raises(BadUpload, match=says):
        taken(tmp_path, text)
    assert not (tmp_path / "out.npz").exists()


@tries(deadline=None, max_examples=50)
@given(st.binary(max_size=400))
def test_no_bytes_hurt_the_reader(tmp_path_factory, content):
    with suppress(BadUpload):
        taken(tmp_path_factory.mktemp("pairs"), content)
