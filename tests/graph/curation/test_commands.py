"""``parley curate`` as a user types it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph.article import Article
from graph.cli import cli
from graph.curation import read
from graph.errors import InputError, ParleyError
from graph.extract.model import Extraction, Place, PlaceKind, Span
from graph.extract.runner import Extracted
from graph.store import Dataset
from tests.graph.curation.sample import (
    ANNA,
    HARDING,
    HEAD,
    NOVAK,
    PETROVA,
    TEXTS,
    Reader,
    extract,
    key_of,
    make,
    reject,
)  # fmt: skip

SUMMIT, COURIER = "event/2021-05-02-varenna-summit", "event/2021-05-04-varenna-summit"
VISIT = "event/lutz-visit"
B, C = key_of("courier"), key_of("novak")
WHY = ("--why", "It is so.", "--by", "Ngozi Okoro")


def parley(dataset: Dataset, *arguments: str, **environment: str) -> Result:
    """Run a command; raise the error that it ends with."""
    env = {"PARLEY_DATASET": str(dataset.path), "PARLEY_CURATION": None, "PARLEY_CURATOR": None, **environment}
    result = CliRunner().invoke(cli, [*arguments], env=env, standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result


def curations(dataset: Dataset) -> list[Path]:
    return sorted(dataset.curation_path.glob("*"))


@pytest.mark.parametrize(
    ("arguments", "pattern"),
    [
        (("merge", PETROVA, ANNA), r"\d{4}-\d\d-\d\d-merge-ana-petrova\.ttl"),
        (("merge", SUMMIT, COURIER, "--into", COURIER), r".*-merge-2021-05-04-varenna-summit\.ttl"),
        (("split", SUMMIT, "--report", f"{C}/report/1"), r".*-split-2021-05-02-varenna-summit\.ttl"),
        (("correct", SUMMIT, "time", "2021-05"), r".*-correction-.*\.ttl"),
        (
            ("correct", f"https://zubrowka.example/id/{SUMMIT}", "sem:hasActor", PETROVA, NOVAK),
            r".*-correction-.*\.ttl",
        ),
        (("correct", SUMMIT, "type", "meeting"), r".*-correction-.*\.ttl"),
        (("correct", f"{B}/claim/1", "speaker", "unknownSpeaker"), r".*-correction-.*-claim-1\.ttl"),
        (
            ("add", HARDING, "same-as", "https://people.example/1", "--source", "https://people.example/"),
            r".*-addition-.*",
        ),
        (("reject", VISIT, f"{B}/claim/1"), r".*-rejection-lutz-visit\.ttl"),
    ],
)
def test_a_command_writes_a_file_that_publishing_applies(
    dataset: Dataset, arguments: tuple[str, ...], pattern: str
) -> None:
    before = Reader.of(dataset).merge()
    result = parley(dataset, "curate", *arguments, *WHY)
    (path,) = curations(dataset)
    assert result.stdout == f"{path}\n"
    assert result.stderr == "`parley publish` applies it\n"
    assert re.fullmatch(pattern, path.name)
    assert Reader.of(dataset).merge() == before
    assert parley(dataset, "curate", "check").stderr == "1 file, nothing wrong\n"
    assert parley(dataset, "curate", "list").stdout.rstrip().endswith("\tnot published yet")
    assert parley(dataset, "publish").stderr == "published generation 2\n"
    cells = parley(dataset, "curate", "list").stdout.rstrip().split("\t")
    assert (cells[0], cells[3], cells[5]) == (path.name, "Ngozi Okoro", "published")
    seen = Reader.of(dataset)
    assert seen.merge() != before
    assert seen.refusals() == ""


def test_of_two_in_one_second_the_later_comes_later(dataset: Dataset) -> None:
    # By their names they would stand the other way round.
    parley(dataset, "curate", "merge", PETROVA, ANNA, *WHY)
    parley(dataset, "curate", "add", HARDING, "same-as", "https://people.example/1", *WHY)
    assert [curation.action for curation in read(dataset.curation_path, dataset.iris)] == ["Merge", "Addition"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("merge", PETROVA, "person/none"), "person/none is not in the published graph; look"),
        (("merge", PETROVA, SUMMIT), "a merge joins things of one kind; give events only, or people only"),
        (("merge", PETROVA, PETROVA), "a merge is of two things or more; give"),
        (("reject", B), f"{B} is no event or "),
        (("reject", "place/a b"), "place/a b: no IRI can be made of it; look"),
        (("split", SUMMIT, "--report", f"{B}/report/1"), f"{B}/report/1 is not on {SUMMIT}; give reports of the event"),
        (("split", COURIER, "--report", f"{B}/report/1"), f"these are all reports of {COURIER}; leave"),
        (("correct", SUMMIT, "colour", "red"), "colour: no property that can be corrected; use one of label, type,"),
        (("correct", SUMMIT, "time", "last May"), "'last May' is no time; give an EDTF date"),
        (("correct", SUMMIT, "type", "Party"), "'Party' is no type; give one of Summit, Meeting"),
        (("correct", SUMMIT, "time", "2021", "2022"), "a thing has one time; give one value"),
        (("correct", SUMMIT, "speaker", NOVAK), f"{SUMMIT} is no claim; give the IRI"),
        (("correct", SUMMIT, "place", PETROVA), f"{PETROVA} is no place; give the IRI"),
        (("correct", "place/varenna", "latitude", "north"), "'north' is no latitude; give degrees from -90 to 90"),
        (("add", PETROVA, "same-as", "Ana"), "'Ana' is no same-as; give an IRI"),
        (("add", SUMMIT, "actor", NOVAK, "--source", "a book"), "--source: a book is no web address; give"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    dataset: Dataset, arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        parley(dataset, "curate", *arguments, *WHY)
    assert str(caught.value).startswith(message)
    assert curations(dataset) == []


def test_a_split_is_named_by_the_town_and_not_by_its_country(tmp_path: Path) -> None:
    def in_italy(articles: Iterator[Article]) -> Iterator[Extracted]:
        for key, found in extract(articles):
            assert isinstance(found, Extraction)
            start = found.article.text.index("Italy")
            country = Place("place/italy", "Italy", PlaceKind.COUNTRY, (Span(start, start + 5, "Italy"),))
            reports = [replace(r, places=(country.key, *r.places)) if r.places else r for r in found.reports]
            yield key, replace(found, places=(country, *found.places), reports=tuple(reports))

    texts = {name: f"In Italy. {TEXTS[name]}" for name in ("varenna", "novak")}
    dataset = make(tmp_path, *texts, runner=in_italy, **texts)
    leaving = min(Reader.of(dataset).values(SUMMIT, "ply:report"))
    parley(dataset, "curate", "split", SUMMIT, "--report", leaving, *WHY)
    parley(dataset, "publish")
    (new,) = Reader.of(dataset).values(leaving, "ply:reportsOn")
    assert new.startswith("event/2021-05-02-varenna-summit-")


def test_nothing_is_signed_by_nobody_or_without_a_reason(dataset: Dataset) -> None:
    for arguments in (("--why", " ", "--by", "Ngozi Okoro"), ("--why", "It is so.", "--by", " ")):
        with pytest.raises(InputError):
            parley(dataset, "curate", "reject", VISIT, *arguments)
    assert curations(dataset) == []


def test_the_curator_is_a_setting_and_the_folder_too(dataset: Dataset, tmp_path: Path) -> None:
    folder = str(tmp_path / "mine")
    parley(dataset, "curate", "reject", VISIT, "--why", "x", PARLEY_CURATOR="Ivo Novak", PARLEY_CURATION=folder)
    assert "\tIvo Novak\t" in parley(dataset, "curate", "list", PARLEY_CURATION=folder).stdout
    assert curations(dataset) == []


def test_files_are_never_overwritten(dataset: Dataset) -> None:
    for _ in range(3):
        parley(dataset, "curate", "reject", VISIT, *WHY)
    names = {path.stem.partition("rejection-")[2] for path in curations(dataset)}
    assert names == {"lutz-visit", "lutz-visit-2", "lutz-visit-3"}
    assert len({path.read_text() for path in curations(dataset)}) == 3


def test_what_went_in_a_merge_is_not_curated_again(dataset: Dataset) -> None:
    parley(dataset, "curate", "merge", SUMMIT, COURIER, *WHY)
    parley(dataset, "publish")
    with pytest.raises(InputError, match=f"{COURIER} is no more: it has become {SUMMIT}; give {SUMMIT} instead"):
        parley(dataset, "curate", "correct", COURIER, "time", "2021", *WHY)


def test_a_vanished_target_is_named_by_every_command(tmp_path: Path) -> None:
    dataset = make(tmp_path, "courier")
    parley(dataset, "curate", "reject", VISIT, *WHY)
    parley(dataset, "publish")
    changed = "Anna Petrova met Tom Harding in Varenna on 4 May 2021."
    make(tmp_path, "courier", courier=changed)
    (path,) = curations(dataset)
    reason = f"target {VISIT} is not in the graph"
    line = parley(dataset, "publish").stderr.splitlines()[0]
    assert line.startswith(f"curation {path.name} <https://zubrowka.example/id/curation/{path.stem}>: {reason}; ")
    assert parley(dataset, "curate", "list").stdout.rstrip().endswith(f"\tno effect: {reason}")
    assert re.search(r"curations without full effect +1\n", parley(dataset, "status").stdout)


def test_check_names_every_problem(dataset: Dataset) -> None:
    dataset.curation_path.mkdir()
    (dataset.curation_path / "a.ttl").write_text("<a> <b>")
    (dataset.curation_path / "b.ttl").write_text(HEAD + reject("a", "event/a").replace("It is so.", ""))
    runner = CliRunner().invoke(cli, ["curate", "check", "--dataset", str(dataset.path)], standalone_mode=False)
    first, second = runner.stdout.splitlines()
    assert first.startswith(f"{dataset.curation_path / 'a.ttl'}: it is no Turtle (line 1 ")
    assert second.startswith(f"{dataset.curation_path / 'b.ttl'}: curation/a: A curation says why, ")
    assert isinstance(runner.exception, ParleyError)
    assert runner.exception.exit_code == 3
