"""What is said to differ is what differs: applied to the old state, a patch makes the new one."""

import json
from pathlib import Path

import pyoxigraph as ox

from graph.store import Dataset
from tests.graph.durability.conftest import Parley


def _quads(path: Path) -> set[ox.Quad]:
    return {quad for quad in ox.Store.read_only(str(path)) if quad.graph_name != ox.DefaultGraph()}


def test_a_patch_makes_the_new_state_of_the_old_one(parley: Parley, dataset: Path) -> None:
    old, new = (_quads(generation.path) for generation in Dataset.open(dataset).generations())
    code, patch, _ = parley("diff", "1", "2", "--format", "patch")
    lines = patch.splitlines()
    assert (code, lines[0], lines[-1]) == (0, "TX .", "TC .")
    rows = {verb: "\n".join(line[2:] for line in lines if line.startswith(f"{verb} ")) for verb in "DA"}
    gone, come = (set(ox.parse(rows[verb], format=ox.RdfFormat.N_QUADS)) for verb in "DA")
    assert gone
    assert gone <= old
    assert (old - gone) | come == new
    assert len(lines) == len(gone) + len(come) + 2, "no row for what stays"


def test_words_say_what_is_new_changed_and_gone(parley: Parley) -> None:
    code, words, counts = parley("diff", "1", "2")
    assert code == 0
    found = json.loads(parley("diff", "1", "2", "--format", "json")[1])
    assert [f"{each['change']}: {each['key']} “{each['label']}”" for each in found] == [
        line.split("”")[0] + "”" for line in words.splitlines()
    ]
    # Version 1 of the article has other people meet at another place on another day.
    assert any(each["change"] == "gone" and each["key"].startswith("event/2025-05-01") for each in found)
    assert any(each["change"] == "new" and each["key"].startswith("event/2025-05-02-vienna") for each in found)
    changed = [each for each in found if each["change"] == "changed"]
    assert all(each["before"] or each["after"] for each in changed)
    numbers = [sum(each["change"] == change for each in found) for change in ("new", "changed", "gone")]
    assert counts == "{} new, {} changed, {} gone\n".format(*numbers)
    back = json.loads(parley("diff", "2", "1", "--format", "json")[1])
    swapped = {"new": "gone", "gone": "new", "changed": "changed"}
    assert {(each["key"], swapped[each["change"]]) for each in back} == {(e["key"], e["change"]) for e in found}


def test_dumps_and_folders_are_states_too(parley: Parley, dataset: Path, tmp_path: Path) -> None:
    dump = tmp_path / "dump.nq"
    parley("export", "--output", dump)
    assert parley("diff", dump, dataset) == (0, "", "0 new, 0 changed, 0 gone\n")
    assert parley("diff", dump, "2", "--format", "patch")[1] == "TX .\nTC .\n"
    assert parley("diff", "1", dump)[1] == parley("diff", "1", "2")[1]


def test_what_is_no_state(parley: Parley, tmp_path: Path) -> None:
    code, _, said = parley("diff", "1", "7")
    assert (code, "generation 7 is not kept; choose among those that are: 1, 2" in said) == (3, True)
    (tmp_path / "bad.nq").write_text("nonsense")
    (tmp_path / "empty.nq").write_text("")
    for name in ("bad.nq", "empty.nq", "missing.nq", "letter.txt"):
        code, _, said = parley("diff", "1", tmp_path / name)
        assert (code, name in said) == (3, True), said
