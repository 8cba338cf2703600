"""Made-up news of known truth, for tests and benchmarks of scale."""

from tests.synthetic.news import Happening, News, Person, Story

__all__ = ["Happening", "News", "Person", "Story"]
