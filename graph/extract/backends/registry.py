"""Back-ends by name. Each is imported only when it is asked for, since most runs need one of them."""

from collections.abc import Callable

from graph.errors import InputError
from graph.extract.backends.interface import Backend
from graph.extract.backends.meter import Meter
from graph.settings import Settings

__all__ = ["load_backend"]


def _embedded(argument: str, settings: Settings, meter: Meter) -> Backend:
    from graph.extract.backends.embedded import EmbeddedBackend

    if argument:
        raise InputError(f"the extractor embedded takes no {argument!r}", "write just embedded")
    return EmbeddedBackend()


def _spacy(argument: str, settings: Settings, meter: Meter) -> Backend:
    from graph.extract.backends.pipelines import SpacyBackend

    if not argument:
        raise InputError("the extractor spacy needs a pipeline", "write its name: spacy:en_core_web_sm")
    return SpacyBackend.load(argument)


def _llm(argument: str, settings: Settings, meter: Meter) -> Backend:
    from graph.extract.backends.llm import LlmBackend

    if argument:
        raise InputError(f"the extractor llm takes no {argument!r}", "set PARLEY_LLM_MODEL to the name of the model")
    return LlmBackend.from_settings(settings, meter)


_BACKENDS: dict[str, Callable[[str, Settings, Meter], Backend]] = {
    "embedded": _embedded,
    "spacy": _spacy,
    "llm": _llm,
}


def load_backend(settings: Settings, meter: Meter | None = None) -> Backend:
    """Return the back-end that the settings name.

    :param meter: counts what the run costs; processes that extract side by side share one.
    :raises InputError: if there is none of the name, or it cannot be loaded, or its settings are wrong.

    >>> load_backend(Settings()).name
    'embedded'
    """
    kind, _, argument = settings.extractor.partition(":")
    if kind not in _BACKENDS:
        raise InputError(
            f"there is no extractor {settings.extractor!r}", "choose embedded, spacy:PIPELINE or llm (docs/backends.md)"
        )
    return _BACKENDS[kind](argument, settings, meter or Meter())
