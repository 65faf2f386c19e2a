"""Files of payments: what is read, and what is said of each kind of bad file."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from core.data import ledgers
from core.data.archives import BadUpload
from core.data.transactions import INPUTS, as_csv, invented


def read(tmp_path, text: str | bytes):
    path, out = tmp_path / "payments.csv", tmp_path / "payments.npz"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    told = ledgers.read(str(path), str(out))
    with np.load(out) as file:
        return told, {name: file[name] for name in file.files}


def test_a_file_of_payments_is_read_as_it_was_written(tmp_path, monkeypatch):
    monkeypatch.setattr(ledgers, "PIECE", 700)
    rows, y = invented(2_000, 0.1, 0.5)
    told, kept = read(tmp_path, as_csv(rows, y))
    assert told["rows"] == 2_000 and told["frauds"] == 200 and told["columns"] == list(INPUTS)
    np.testing.assert_allclose(kept["rows"], rows, rtol=1e-6, atol=1e-4)
    np.testing.assert_array_equal(kept["y"], y)
    assert told["money"] == pytest.approx(rows[y == 1, -1].sum(), rel=1e-5)


def test_other_names_columns_and_separators_are_understood(tmp_path):
    lines = ["amt;isFraud;shop;step"] + [
        f"{at % 9}.5;{'TRUE' if at % 3 == 0 else 'false'};{'' if at == 5 else at};{at}"
        for at in range(120)]
    told, kept = read(tmp_path, "\ufeff" + "\n".join(lines))
    assert told["columns"] == ["Amount", "shop", "Time"] and told["frauds"] == 40 and told["time"]
    assert np.isnan(kept["rows"][5, 1])


GOOD = "Time,V1,Amount,Class\n" + "".join(f"{at},0.5,{at % 50},{at % 2}\n" for at in range(100))


@pytest.mark.parametrize(("content", "sentence"), [
    (b"\x00\x01" * 100, "no text"), (b" \n", "no table"), (b"a,b\n1,2\n", "too few columns"),
    (b"Time,V1,Amount\n1,2,3\n", "which payments were frauds"),
    (b"Time,V1,Class\n1,2,0\n", "what a payment was worth"),
    (b"V1,V1,Amount,Class\n1,2,3,0\n", "same name"),
    (b"Class,Fraud,Amount,V1\n0,0,1,1\n", "could be the class"),
    (b"Time,V1,Amount,Class\n", "no rows"),
    (GOOD.replace("7,0.5,7,1", "7,0.5,7,2").encode(), "In line 9 the class"),
    (GOOD.replace("7,0.5,7,1", "7,0.5,7,").encode(), "In line 9 the class"),
    (GOOD.replace("7,0.5,7,1", "7,red,7,1").encode(), "In line 9 the column “V1” holds “red”"),
    (GOOD.replace("7,0.5,7,1", "7,0.5,-7,1").encode(), "In line 9 the amount"),
    (GOOD.replace("7,0.5,7,1", "7,0.5,,1").encode(), "In line 9 the amount"),
    (GOOD.replace("0.5", "").encode(), "“V1” is empty"),
    (GOOD[:300].encode(), "at least 30"), (("a," * 200 + "b\n").encode(), "columns"),
    (GOOD.replace("7,0.5,7,1", "7,0.5,7,1,9,9").encode(), "no table that can be read"),
])
def test_each_kind_of_bad_file_is_refused_in_a_sentence(tmp_path, content, sentence):
    with pytest.raises(BadUpload) as refused:
        read(tmp_path, content)
    assert sentence in str(refused.value)


@given(some.binary(max_size=300), some.sampled_from([b"", b"Time,V1,Amount,Class\n"]))
@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_stranger_sends_is_read_or_refused(tmp_path, content, head):
    try:
        told, kept = read(tmp_path, head + content)
    except BadUpload:
        return
    assert len(kept["rows"]) == len(kept["y"]) == told["rows"]
