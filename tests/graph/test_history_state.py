"""The state of the history is a mapping that is kept in a file, whatever is changed between two writings."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.history.state import State, read_head

KEYS = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1, max_size=6)
DIGESTS = st.text("0123456789abcdef", min_size=32, max_size=32)
STEPS = st.lists(st.dictionaries(KEYS, st.none() | DIGESTS, max_size=8), max_size=4)


@given(STEPS)
def test_it_is_what_was_written_last(
    tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, str | None]]
) -> None:
    path, wanted = tmp_path_factory.mktemp("state") / "state", dict[str, str]()
    for number, step in enumerate(steps):
        state = State.read(path)
        for key, digest in step.items():
            if digest is not None:
                state[key] = wanted[key] = digest
            elif key in wanted:
                del state[key], wanted[key]
            else:
                with pytest.raises(KeyError):
                    del state[key]
            assert state.get(key) == wanted.get(key)
        assert dict(state) == wanted
        state.write(path, number, f"{number} of today")
        assert read_head(path) == (number, f"{number} of today")
        found = State.read(path)
        assert dict(found) == wanted
        assert len(found) == len(wanted)
        assert all(found[key] == digest for key, digest in wanted.items())
        # A file that was written step by step is the one that is written at once.
        whole = State()
        whole.update(wanted)
        whole.write(path.with_name("whole"), number, f"{number} of today")
        assert path.read_bytes() == path.with_name("whole").read_bytes()


@pytest.mark.parametrize("content", [b"", b"no number\n", b"\xff\xfe 1\n", b"7"])
def test_a_damaged_one_is_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "state"
    assert read_head(path) == (0, "")
    assert not State.read(path)
    path.write_bytes(content)
    assert read_head(path)[1] == ""
    assert not State.read(path)
