"""The scorer of time expressions reads both formats of corpora and counts as it says."""

from datetime import date
from pathlib import Path

import pytest

from tests.benchmarks.bench_times import main, read, same

TIMEML = """<?xml version="1.0" ?>
<TimeML><DCT><TIMEX3 tid="t0" value="2019-07-10">07/10/19</TIMEX3></DCT><TEXT>
Petrova <EVENT>met</EVENT> Harding on <TIMEX3 value="2019-07-08">Monday</TIMEX3> &amp;
<TIMEX3 value="2018-W7">left</TIMEX3>.
<TIMEX3 value="P1D"></TIMEX3></TEXT></TimeML>
"""
WIKIWARS = """<DOC><DATETIME> <TIMEX2 val="2009-12-19T17:00:00">2009-12-19</TIMEX2> </DATETIME><TEXT>
Petrova & Harding met on
<TIMEX2 val="1941-05-03TMO">the morning of <TIMEX2 val="1941-05-03">3 May 1941</TIMEX2></TIMEX2>.
</TEXT></DOC>
"""


def test_only_expressions_of_the_text_with_words_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.tml").write_text(TIMEML, encoding="utf-8")
    text, created, gold = read(tmp_path / "a.tml")
    assert created == date(2019, 7, 10)
    assert [(text[t.start : t.end], t.value) for t in gold] == [("Monday", "2019-07-08"), ("left", "2018-W7")]


def test_nested_expressions_of_wikiwars(tmp_path: Path) -> None:
    (tmp_path / "a.key.xml").write_text(WIKIWARS, encoding="utf-8")
    text, created, gold = read(tmp_path / "a.key.xml")
    assert created == date(2009, 12, 19)
    assert [text[t.start : t.end] for t in gold] == ["3 May 1941", "the morning of 3 May 1941"]


def test_spellings_of_one_value() -> None:
    assert same("2000-W7", "2000-W07")
    assert same("1949-XX", "1949")
    assert same("198", "198X")
    assert same("PXE", "PXDE")
    assert not same("1949", "194X")


def test_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.tml").write_text(TIMEML, encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["bench_times", str(tmp_path), "--misses"])
    main()
    out = capsys.readouterr().out
    assert "value    P R F1  1.000 0.500 0.667" in out
    assert "missed\tleft" in out
