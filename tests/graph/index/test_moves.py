"""Rows that go and come leave all others as they were and in their order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.index.columns import read_texts, write_texts
from graph.index.moves import GONE, Moves

ROWS = st.lists(st.binary(max_size=4), max_size=12)


@given(st.data())
def test_they_are_as_with_plain_lists(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    old = data.draw(ROWS)
    gone = sorted(data.draw(st.sets(st.integers(0, len(old) - 1)))) if old else []
    new = data.draw(ROWS)
    come = sorted(data.draw(st.lists(st.integers(0, len(old)), min_size=len(new), max_size=len(new))))
    wanted: list[tuple[bytes, int | None]] = []
    for row in range(len(old) + 1):
        wanted += [(text, None) for text, at in zip(new, come, strict=True) if at == row]
        wanted += [(old[row], row)] if row < len(old) and row not in gone else []
    moves, folder = Moves(len(old), gone, come), tmp_path_factory.mktemp("moves")
    assert moves.count == len(wanted)
    write_texts(folder, "old", old)
    moves.write_texts(folder, "made", read_texts(folder, "old"), new)
    write_texts(folder, "anew", [text for text, _ in wanted])
    for end in (".bin", ".at.npy"):
        assert (folder / f"made{end}").read_bytes() == (folder / f"anew{end}").read_bytes()
    lengths = moves.column(np.array([len(text) for text in old], dtype=np.uint32), [len(text) for text in new])
    assert lengths.tolist() == [len(text) for text, _ in wanted]
    rows = [row for _, row in wanted]
    assert moves.rows.tolist() == [rows.index(row) if row in rows else GONE for row in range(len(old))]
    assert moves.new.tolist() == [at for at, row in enumerate(rows) if row is None]
