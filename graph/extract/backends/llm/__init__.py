"""The back-end ``llm``: a language model behind any HTTP API that speaks OpenAI's chat completions.

``pieces`` parts the article, ``asking`` puts each piece to the service, ``exchange`` is one question and its answer
over HTTP within the ``budget``, ``answer`` checks that it has the wanted form, ``quotations`` finds its quoted words in
the text, and ``findings`` makes an extraction of them. Nothing that is not in the text gets through.
"""

from graph.extract.backends.llm.backend import LlmBackend

__all__ = ["LlmBackend"]
