"""Bad input and bad luck: one line with cause and remedy, the right exit code, and the store as it was."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.graph.cli.conftest import ARTICLE, Run


def _one_line(stderr: str) -> str:
    lines = [line for line in stderr.splitlines() if line.startswith("parley: ")]
    assert len(lines) == 1, stderr
    assert "Traceback" not in stderr
    assert re.fullmatch(r"parley: .+; .+", lines[0]), "cause and remedy"
    return lines[0]


BAD_FILES = {
    "broken.md": (b"---\ntitle: x\n---\nAna \xff\xfe met Tom.", 3),
    "empty.md": (b"", 3),
    "blank.txt": (b"  \n\n ", 3),
    "date.md": (ARTICLE.replace("2025-05-03", "2025-13-45").encode(), 3),
    "yaml.md": (b"---\ntitle: [unclosed\n---\nAna met Tom.", 3),
    "notext.html": (b"<html><head><title>x</title></head><body><script>1</script></body></html>", 3),
    "binary.txt": (bytes(range(256)) * 40, 3),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_changes_nothing(parley: Run, article: Path, tmp_path: Path, name: str) -> None:
    assert parley("ingest", article).returncode == 0
    before = parley("export").stdout
    content, code = BAD_FILES[name]
    bad = tmp_path / name
    bad.write_bytes(content)
    done = parley("ingest", bad)
    assert done.returncode == code, done.stderr
    assert name in _one_line(done.stderr)
    assert parley("export").stdout == before


def test_a_bad_file_does_not_stop_the_good_ones(parley: Run, article: Path, tmp_path: Path) -> None:
    (tmp_path / "a-empty.md").write_bytes(b"")
    done = parley("ingest", tmp_path)
    assert done.returncode == 3
    assert "2 articles: 1 added, 1 failed" in done.stderr
    _one_line(done.stderr)


def test_a_huge_file(parley: Run, tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as out:
        out.truncate(50_000_000)
    done = parley("ingest", huge)
    assert done.returncode == 3
    assert "huge.txt" in _one_line(done.stderr)


def test_a_wrong_date_option(parley: Run, article: Path, tmp_path: Path) -> None:
    done = parley("ingest", article, "--published", "yesterday")
    assert done.returncode == 3
    assert "--published" in _one_line(done.stderr)
    assert not (tmp_path / "dataset").exists()


def test_a_folder_without_articles(parley: Run, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    done = parley("ingest", tmp_path / "nothing")
    assert done.returncode == 3
    assert "nothing" in _one_line(done.stderr)
    assert not (tmp_path / "dataset").exists()


@pytest.mark.parametrize(
    "command", [("status",), ("query", "ASK {}"), ("export",), ("publish",), ("serve",), ("quarantine", "list")]
)
def test_a_dataset_that_is_not_there(parley: Run, command: tuple[str, ...]) -> None:
    done = parley(*command)
    assert done.returncode == 6
    _one_line(done.stderr)


def test_a_folder_that_is_no_dataset(parley: Run, article: Path, tmp_path: Path) -> None:
    (tmp_path / "dataset").mkdir()
    (tmp_path / "dataset" / "letter.txt").write_text("Dear Ana")
    done = parley("ingest", article)
    assert done.returncode == 6
    _one_line(done.stderr)
    assert [p.name for p in (tmp_path / "dataset").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT * {", 7),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 7),
        ("INSERT DATA { <a:a> <a:a> <a:a> }", 7),
    ],
)
def test_a_bad_query(parley: Run, article: Path, query: str, code: int) -> None:
    parley("ingest", article)
    done = parley("query", query)
    assert done.returncode == code
    _one_line(done.stderr)


def test_a_query_that_never_ends(parley: Run, article: Path) -> None:
    parley("ingest", article)
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a != ?g) }"
    done = parley("query", endless, "--timeout", "1")
    assert done.returncode == 8
    _one_line(done.stderr)


def test_wrong_usage(parley: Run) -> None:
    assert parley("ingest").returncode == 2
    assert parley("nonsense").returncode == 2
    assert parley("query").returncode == 2


def test_a_bad_setting(parley: Run, article: Path) -> None:
    done = parley("ingest", article, PARLEY_JOBS="many")
    assert done.returncode == 3
    assert "PARLEY_JOBS" in _one_line(done.stderr)


def test_a_port_in_use(parley: Run, article: Path) -> None:
    parley("ingest", article)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = parley("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "in use" in _one_line(done.stderr)


def test_two_writers(parley: Run, article: Path, tmp_path: Path) -> None:
    parley("ingest", article)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            (
                "import sys; from pathlib import Path; from graph.store import Dataset\n"
                "with Dataset.open(Path(sys.argv[1])).writer(): print('held', flush=True); sys.stdin.read()"
            ),
            str(tmp_path / "dataset"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    done = parley("ingest", article)
    holder.communicate("")
    assert done.returncode == 6
    assert str(holder.pid) in _one_line(done.stderr)
    assert parley("ingest", article).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB."""
    where = tmp_path / "small"
    where.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small file system needs root")
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", where], capture_output=True, check=False
    ).returncode:
        pytest.skip("this sandbox does not let a file system be mounted")
    yield where
    subprocess.run(["umount", "-l", where], check=True)


def _fill(path: Path) -> None:
    with path.open("wb") as out:
        while True:
            out.write(b"0" * 4096)
            out.flush()


def test_a_full_disk(parley: Run, article: Path, small_disk: Path) -> None:
    dataset = small_disk / "dataset"
    assert parley("ingest", article, PARLEY_DATASET=str(dataset)).returncode == 0
    before = parley("export", PARLEY_DATASET=str(dataset)).stdout
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space"):
        _fill(filler)
    other = article.with_name("other.md")
    other.write_text(ARTICLE.replace("2025/05/03/varenna", "2025/05/04/other"), encoding="utf-8")
    done = parley("ingest", other, PARLEY_DATASET=str(dataset))
    assert done.returncode == 6, done.stderr
    assert "full" in _one_line(done.stderr)
    filler.unlink()
    assert parley("export", PARLEY_DATASET=str(dataset)).stdout == before
    assert parley("ingest", other, PARLEY_DATASET=str(dataset)).returncode == 0


def test_a_read_only_folder(parley: Run, article: Path, small_disk: Path) -> None:
    dataset = small_disk / "dataset"
    assert parley("ingest", article, PARLEY_DATASET=str(dataset)).returncode == 0
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    done = parley("ingest", article, PARLEY_DATASET=str(dataset))
    assert done.returncode == 6
    _one_line(done.stderr)
    assert parley("query", "ASK {}", PARLEY_DATASET=str(dataset)).returncode == 0


def test_a_reader_that_goes_away(parley: Run, article: Path, tmp_path: Path) -> None:
    parley("ingest", article)
    line = f"{sys.executable} -m graph.cli export --dataset {tmp_path / 'dataset'} | head -n 1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {line}"], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1
