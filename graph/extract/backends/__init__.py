"""Back-ends of extraction: what finds people, places, times, events and claims in an article.

All give the same :class:`~graph.extract.model.Extraction` through one interface. A back-end may do everything in its
own way (``llm``) or replace some steps of the embedded one (``spacy:PIPELINE``); ``docs/backends.md`` says what each
does and what leaves the machine.
"""

from graph.extract.backends.interface import Backend
from graph.extract.backends.registry import load_backend

__all__ = ["Backend", "load_backend"]
