"""Files of series: what is read, and what is said of each kind of bad file."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from core.data import seriesfiles
from core.data.archives import BadUpload


def read(tmp_path, text: str | bytes):
    path, out = tmp_path / "series.csv", tmp_path / "series.npz"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    told = seriesfiles.read(str(path), str(out))
    with np.load(out) as file:
        return told, {name: file[name] for name in file.files}


def table(dates, values, head: str = "date,value") -> str:
    return "\n".join([head, *(f"{date},{value}" for date, value in zip(dates, values))])


def days(count: int, unit: str = "D", first: str = "2023-01-01"):
    return np.datetime64(first, unit) + np.arange(count)


@pytest.mark.parametrize(("unit", "first", "step", "season"), [
    ("D", "2023-01-01", "day", 7), ("M", "1990-01", "month", 12),
    ("h", "2023-01-01T00", "hour", 24), ("m", "2023-01-01T00:00", "minute", 60),
    ("Y", "1900", "year", 1)])
def test_the_distance_of_rows_is_found(tmp_path, unit, first, step, season):
    values = np.random.default_rng(0).normal(size=80).round(3)
    told, kept = read(tmp_path, table(days(80, unit, first), values))
    assert (told["rows"], told["step"], told["filled"]) == (80, step, 0)
    assert told["season"] == season or step == "year"
    np.testing.assert_allclose(kept["values"][:, 0], values)
    assert told["first"].startswith(first[:4])


@pytest.mark.parametrize(("days_apart", "step"), [(7, "week"), (1, "day")])
def test_weeks_and_quarters_too(tmp_path, days_apart, step):
    dates = np.datetime64("2020-01-06") + days_apart * np.arange(70)
    assert read(tmp_path, table(dates, range(70)))[0]["step"] == step
    quarters = [f"{1990 + at // 4}-{3 * (at % 4) + 1:02}-01" for at in range(70)]
    assert read(tmp_path, table(quarters, range(70)))[0]["step"] == "quarter"


@given(some.sets(some.integers(1, 98), max_size=15), some.randoms())
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_gaps_become_straight_lines_and_rows_come_into_order(tmp_path, gaps, random):
    rows = [f"{date},{3 * at + 1}" for at, date in enumerate(days(100)) if at not in gaps]
    random.shuffle(rows)
    told, kept = read(tmp_path, "\n".join(["day,number", *rows]))
    assert told["rows"] == 100 and told["filled"] == len(gaps)
    np.testing.assert_allclose(kept["values"][:, 0], 3 * np.arange(100) + 1)


def test_other_columns_separators_and_commas_are_understood(tmp_path):
    rows = "\n".join(f"{at};shop;{at},5;{2 * at};{date}" for at, date in enumerate(days(70)))
    told, kept = read(tmp_path, "\ufeffn;name;price;sold;when\n" + rows)
    assert told["columns"] == ["n", "price", "sold"] and told["step"] == "day"
    assert kept["values"][3].tolist() == [3, 3.5, 6]


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%d.%m.%Y", "%m/%d/%Y", "%Y年%m月%d日", "%Y/%m/%d",
                                  "%d %b %Y", "%Y-%m-%dT%H:%M:%SZ"])
def test_dates_are_understood_as_they_are_written(tmp_path, form):
    dates = [date.astype(object).strftime(form) for date in days(90)]
    told, _ = read(tmp_path, table(dates, range(90)))
    assert (told["step"], told["first"], told["last"]) == ("day", "2023-01-01", "2023-03-31")


def test_without_dates_the_rows_count(tmp_path):
    wave = np.sin(np.arange(200) / 15 * 2 * np.pi)
    told, kept = read(tmp_path, "value\n" + "\n".join(f"{value:.4f}" for value in wave))
    assert (told["step"], told["first"], told["season"]) == ("row", "", 15)
    assert len(kept["times"]) == 0


GOOD = days(70)


@pytest.mark.parametrize(("content", "sentence"), [
    ("", "no table"), ("date,value\n", "no rows"),
    (b"\x00\x01\x02" * 50, "no text"),
    (table(GOOD[:40], range(40)), "at least 60"),
    (table(GOOD, ["x"] * 70), "No column of this file holds numbers"),
    (table(GOOD, [5] * 70), "numbers that change"),
    (table(GOOD, [*range(69), "many"]), "In row 70 the column “value” holds “many”"),
    (table([*map(str, GOOD[:69]), "soon"], range(70)), "“soon”, which is no date"),
    (table([*GOOD[:69], GOOD[3]], range(70)), "2023-01-04 stands in this file twice"),
    (table(GOOD, [at if at % 3 else "" for at in range(70)]), "are gaps"),
    (table([*GOOD[:69], "2199-01-01"], range(70)), "most of this series is gaps"),
    (table(GOOD, [10.0**13 + at for at in range(70)]), "too large"),
    ("value\n" + "\n".join(str(at % 7) for at in range(20_001)), "at most 20000"),
])
def test_each_bad_file_is_refused_in_one_sentence(tmp_path, content, sentence):
    with pytest.raises(BadUpload) as refused:
        read(tmp_path, content)
    assert sentence in refused.value.says()
    assert refused.value.says().count("{") == 0


@given(some.binary(max_size=400) | some.text(max_size=300).map(str.encode))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_arrives_is_read_or_refused(tmp_path, content):
    try:
        told, kept = read(tmp_path, content)
    except BadUpload:
        return
    assert np.isfinite(kept["values"]).all() and told["rows"] == len(kept["values"])
