"""Events on the disk and names of strangers: valid, whole, in order."""

import json
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from core.store import clean_name, journal

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6)


@given(st.lists(st.dictionaries(st.text(), json_values, max_size=3), max_size=5))
def test_events_stay_as_they_are_and_in_order(events):
    def valid(text: str) -> None:
        raise AssertionError(f"{text} is not JSON")

    numbered = [{**event, "seq": number} for number, event in enumerate(events)]
    packed = journal.unpack(journal.pack(numbered))
    assert packed == json.loads(journal.to_json(numbered), parse_constant=valid)
    assert [event["seq"] for event in packed] == list(range(len(events)))


def test_an_unfinished_last_line_is_left_out(tmp_path):
    lines = journal.Journal(tmp_path)
    lines.append("a", {"seq": 1})
    with (tmp_path / "a.jsonl").open("ab") as file:
        file.write(b'{"seq": 2, "va')
    assert lines.read("a") == [{"seq": 1}]


def test_one_journal_from_many_threads(tmp_path):
    lines = journal.Journal(tmp_path)
    text = "x" * 5_000
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda seq: lines.append("a", {"seq": seq, "text": text}), range(200)))
    assert sorted(event["seq"] for event in lines.read("a")) == list(range(200))


@given(name=st.text())
def test_a_clean_name(name):
    clean = clean_name(name)
    assert len(clean) <= 80
    assert not any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in clean)
    assert clean_name(clean) == clean
    clean.encode()


def test_names_keep_every_script_and_lose_tricks():
    assert clean_name("  卷积\n网络 👩‍🔬 ") == "卷积网络 👩‍🔬"
    assert clean_name("abc\u202egpj.exe") == "abcgpj.exe"
