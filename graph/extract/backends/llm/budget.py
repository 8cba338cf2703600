"""What an article may cost, and what it has cost."""

from graph.errors import ServiceError, UnavailableError
from graph.extract.backends.meter import Meter
from graph.settings import Settings

__all__ = ["Budget"]


class Budget:
    """The budget of one article, within that of its run.

    :ivar spent: tokens of questions and answers so far.
    """

    def __init__(self, settings: Settings, meter: Meter) -> None:
        self._settings = settings
        self._meter = meter
        self.spent = 0

    def reserve(self, question: int, answer: int) -> int:
        """Reserve the tokens of a question and of its longest answer; return how many.

        :raises ServiceError: if the article would cost more than its cap.
        :raises UnavailableError: if the run would.
        """
        tokens = question + answer
        if self.spent + tokens > self._settings.llm_article_tokens:
            raise ServiceError(
                f"the article would cost more than {self._settings.llm_article_tokens:,} tokens",
                "raise PARLEY_LLM_ARTICLE_TOKENS, or split the article",
            )
        if not self._meter.reserve(tokens, self._settings.llm_run_tokens):
            raise UnavailableError(
                f"the cap of {self._settings.llm_run_tokens:,} tokens for one run is reached; what was done stays",
                "raise PARLEY_LLM_RUN_TOKENS and run the command again",
            )
        return tokens

    def settle(self, reserved: int, used: int) -> None:
        """Count what was used in the place of what was reserved."""
        self.spent += used
        self._meter.settle(reserved, used)
