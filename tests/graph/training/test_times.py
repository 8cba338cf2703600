"""The table of how often each basis of a time's value is right."""

import json
from pathlib import Path

from graph.extract.times.basis import Basis
from graph.training.material import Material
from graph.training.times import times_table, train

TEXT = "Ana Petrova came to Brod on 3 May 1990. The following day she met Tom Harding. He left in 1991 after two days."
HEAD = "---\ntitle: Talks\nlicense: https://creativecommons.org/licenses/by/4.0/\n---\n\n"


def _material(folder: Path, times: dict[str, str]) -> Material:
    spans = [
        {"start": TEXT.index(t), "end": TEXT.index(t) + len(t), "text": t, "value": v, "type": "DATE"}
        for t, v in times.items()
    ]
    (folder / "talks.md").write_text(f"{HEAD}{TEXT}\n", encoding="utf-8")
    (folder / "talks.gold.json").write_text(json.dumps({"id": "talks", "times": spans}), encoding="utf-8")
    return Material(folder, folder)


def test_a_share_is_of_what_was_found_and_right(tmp_path: Path) -> None:
    gold = {"3 May 1990": "1990-05-03", "The following day": "1990-05-05", "1991": "1991"}
    table = times_table(_material(tmp_path, gold))
    assert set(table) == {basis.value for basis in Basis}
    assert table["explicit"] == 0.75, "two of two, smoothed"
    assert table["told"] == 0.333, "none of one"
    assert table["counted"] == 0.333, "what the gold standard does not have is wrong"
    assert table["unknown"] == 0.5, "never seen"


def test_the_same_articles_give_the_same_file(tmp_path: Path) -> None:
    material = _material(tmp_path, {"1991": "1991"})
    written = []
    for name in ("one", "other"):
        assert train(material, tmp_path / name) == times_table(material)
        written.append((tmp_path / name / "times.json").read_bytes())
    assert written[0] == written[1]
