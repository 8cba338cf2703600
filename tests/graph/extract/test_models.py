"""The models that ship: their size, and that their version is that of what lies there."""

from graph.extract.learned.folder import digest, model_version
from graph.files import data_path

#: Most that all models together may weigh, in bytes.
LIMIT = 12_000_000


def test_the_models_keep_within_their_size() -> None:
    assert sum(p.stat().st_size for p in data_path("model").rglob("*") if p.is_file()) <= LIMIT


def test_the_version_is_that_of_the_models() -> None:
    # It is recorded with all that they find: a model that `parley train` did not write would pass for another.
    assert model_version() == digest(data_path("model"))
