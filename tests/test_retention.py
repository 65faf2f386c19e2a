"""Runs are kept up to a number and a size; the oldest go first, pinned ones stay."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.store import Kept, Store
from core.store.retention import surplus
from tests.test_store import begin, end


@pytest.fixture(autouse=True)
def own_database(monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)


def test_the_oldest_go_and_the_pinned_stay(tmp_path):
    store = Store(tmp_path, most_runs=3)
    pinned, old, waiting, new = (begin(store) for _ in range(4))
    store.pin(pinned, True)
    assert store.run(pinned).pinned
    end(store, old)
    assert store.run(old) is None, "four are too many, and this is the oldest that may go"
    end(store, new)
    end(store, pinned)
    assert {kept.run_id for kept in store.runs()} == {pinned, waiting, new}
    store.pin(pinned, False)
    begin(store)
    end(store, waiting)
    assert {kept.run_id for kept in store.runs()} >= {waiting, new}
    assert store.run(pinned) is None
    assert len(list((tmp_path / "artifacts").iterdir())) == 2


def test_large_runs_go_by_their_size(tmp_path):
    store = Store(tmp_path, most_bytes=25_000)
    runs = [begin(store) for _ in range(4)]
    for run_id in runs:
        end(store, run_id, model=bytes(10_000))
        assert 10_000 < store.run(run_id).size < 11_000
    assert [kept.run_id for kept in store.runs()] == runs[:1:-1]


@settings(max_examples=200)
@given(runs=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 50), st.booleans(),
                               st.booleans()), max_size=12),
       most_runs=st.integers(1, 12), most_bytes=st.integers(0, 300))
def test_no_more_goes_than_must(runs, most_runs, most_bytes):
    kept = [Kept(str(number), "", "cnn", {}, 0, "", "running" if busy else "finished", "", started,
                 None, {}, {}, size, pinned)
            for number, (started, size, pinned, busy) in enumerate(runs)]
    going = surplus(kept, most_runs, most_bytes)
    left = [run for run in kept if run.run_id not in going]
    fixed = {run.run_id for run in kept if run.pinned or run.state == "running"}
    assert not fixed & set(going)
    fits = len(left) <= most_runs and sum(run.size for run in left) <= most_bytes
    assert fits or {run.run_id for run in left} == fixed
    if going:  # without the last one's going, something would be too much
        last = next(run for run in kept if run.run_id == going[-1])
        assert (len(left) + 1 > most_runs
                or sum(run.size for run in left) + last.size > most_bytes)
