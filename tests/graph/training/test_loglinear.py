"""Log-linear choices: what fits, and that the same examples give the same weights."""

from pathlib import Path

import pytest

from graph.extract.learned.loglinear import LogLinear, read_models, write_models
from graph.training.loglinear import Choice, fit

CHOICES = [Choice([["near", "date"], ["far", "date"], []], [0])] * 20 + [Choice([["far", "date"], []], [1])] * 20


def test_the_right_candidate_becomes_the_likeliest() -> None:
    model = fit(CHOICES)
    shares = model.shares([["far"], ["near"], []])
    assert max(range(3), key=lambda n: shares[n]) == 1
    assert sum(shares) == pytest.approx(1)


def test_the_probability_of_an_answer_follows_its_share_in_the_examples() -> None:
    model = fit([Choice([["known"], []], [0])] * 75 + [Choice([["known"], []], [1])] * 25, prior=0.01, rounds=400)
    assert model.probability(["known"]) == pytest.approx(0.75, abs=0.02)


def test_a_feature_that_is_seldom_seen_gets_no_weight() -> None:
    model = fit([*CHOICES, Choice([["rare", "near"], []], [0])])
    assert "rare" not in model.weights
    assert "near" in model.weights


def test_several_right_candidates_share_the_credit() -> None:
    model = fit([Choice([["a"], ["b"], ["c"]], [0, 1])] * 10)
    shares = model.shares([["a"], ["b"], ["c"]])
    assert shares[0] == pytest.approx(shares[1])
    assert shares[0] > shares[2]


def test_the_same_examples_give_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_models({"when": fit(CHOICES)}, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_models_are_read_from_the_models_in_use() -> None:
    models = read_models("links.json.gz")
    assert set(models) == {"told", "when", "where", "who"}
    assert all(isinstance(model, LogLinear) and model.weights for model in models.values())
