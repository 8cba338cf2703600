"""One question and its answer over HTTP: retries, deadlines, limits, and an error in words for all that goes wrong."""

import json
import logging
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
import urllib3

from graph import __version__
from graph.errors import InputError, ServiceError, UnavailableError
from graph.extract.backends.llm.answer import WrongAnswerError, answer_schema, read_answer
from graph.extract.backends.llm.budget import Budget
from graph.settings import Settings
from graph.sources.deadline import Deadline, DeadlineAdapter
from graph.sources.exchange import LATER, Retry, explain, retry_after
from graph.sources.reading import is_web_iri

__all__ = ["Exchange", "TooLongError"]

_log = logging.getLogger(__name__)
#: Bytes that an answer may have.
_LARGEST = 8_000_000
#: Statuses that may be better next time.
_BUSY = frozenset({408, 409, 425, 429})
#: Characters of a token, at the least: what a question may cost is known only when it has been asked.
_TOKEN = 3
#: Seconds to wait for a connection, and before the second attempt; the wait doubles with each.
_CONNECT, _BACKOFF = 10.0, 1.0
_SEED = 7
_FORMS = ("json_schema", "json_object", None)
#: Longest part of a server's own words that an error repeats.
_WORDS = 200


class TooLongError(Exception):
    """A question that is too long for the model, or whose answer is; half of it may do."""

    def __init__(self, error: ServiceError) -> None:
        self.error = error
        super().__init__(str(error))


@dataclass(slots=True)
class _Form:
    """What the service takes of a question; learnt from what it refuses."""

    format: int = 0
    limit: str = "max_tokens"
    temperature: bool = True
    seed: bool = True


class Exchange:
    """The service at work.

    :param settings: those whose names begin with ``llm_``.
    :raises InputError: if URL or model are missing or wrong.
    """

    def __init__(self, settings: Settings) -> None:
        url = settings.llm_url.strip()
        if not url:
            raise InputError("the llm back-end has no service to ask", "set PARLEY_LLM_URL to its base URL")
        if not settings.llm_model.strip():
            raise InputError("the llm back-end has no model to ask for", "set PARLEY_LLM_MODEL to its name")
        try:
            parts = urlsplit(url)
        except ValueError:
            raise InputError("PARLEY_LLM_URL is no web address", "give the http or https URL of the service") from None
        host = parts.netloc.rpartition("@")[2]
        path = parts.path.rstrip("/").removesuffix("/chat/completions")
        #: The base URL without user name, password and query.
        self.url = urlunsplit((parts.scheme, host, path, "", ""))
        self.model = " ".join(settings.llm_model.split())
        if not is_web_iri(self.url):
            raise InputError("PARLEY_LLM_URL is no web address", "give the http or https URL of the service")
        self._address = urlunsplit((parts.scheme, host, f"{path}/chat/completions", parts.query, ""))
        self._login = (parts.username or "", parts.password or "") if parts.username else None
        self._key = settings.llm_key.strip()
        if not self._key.isascii() or not self._key.isprintable():
            raise InputError("PARLEY_LLM_KEY has characters that no key has", "copy the key again")
        self._secrets = [s for s in (self._key, parts.password, parts.username, parts.query) if s]
        self._settings = settings
        self._form = _Form()

    def ask(self, instructions: str, question: str, budget: Budget) -> dict[str, Any]:
        """Put a question; return the answer, which has the form of the schema.

        :raises TooLongError: if question or answer are too long.
        :raises ServiceError: if there is no answer, or none of the form, after all attempts.
        :raises UnavailableError: if the service will answer nothing more, or the run's cap is reached.
        """
        attempts = max(1, self._settings.llm_attempts)
        for attempt in range(attempts):
            try:
                return self._once(instructions, question, budget, attempt)
            except Retry as retry:
                if attempt + 1 == attempts:
                    raise retry.error from None
                wait = _BACKOFF * 2**attempt if retry.wait is None else retry.wait
                if wait > max(self._settings.llm_timeout, _BACKOFF):
                    raise ServiceError(retry.error.cause, f"try again in {wait:.0f} seconds") from None
                _log.info("%s; asking again in %.0f seconds", retry.error.cause, wait)
                time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _once(self, instructions: str, question: str, budget: Budget, attempt: int) -> dict[str, Any]:
        while True:
            payload = self._payload(instructions, question, attempt)
            body = json.dumps(payload, ensure_ascii=False).encode()
            asked = len(body) // _TOKEN + 1
            reserved = budget.reserve(asked, self._settings.llm_answer_tokens)
            used = asked  # unless the service says otherwise: what timed out may have been paid for
            try:
                try:
                    status, headers, raw = self._post(body)
                except Retry as retry:
                    used = 0 if isinstance(retry.error, UnavailableError) else asked  # it never got there
                    raise
                if status != 200:
                    used = 0
                    if self._concede(status, raw):
                        continue
                    raise self._refusal(status, headers, raw)
                used += len(raw) // _TOKEN
                answer = self._json(raw)
                used = _usage(answer, used)
                return self._read(answer)
            finally:
                budget.settle(reserved, used)

    def _payload(self, instructions: str, question: str, attempt: int) -> dict[str, Any]:
        form, schema = self._form, answer_schema()
        wanted = _FORMS[form.format]
        if wanted != "json_schema":
            instructions += f"\nThe JSON object has the form of this JSON Schema:\n{json.dumps(schema)}\n"
        payload: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": "system", "content": instructions}, {"role": "user", "content": question}],
            form.limit: self._settings.llm_answer_tokens,
        }
        if wanted == "json_schema":
            described = {"name": "article", "strict": True, "schema": schema}
            payload["response_format"] = {"type": wanted, "json_schema": described}
        elif wanted:
            payload["response_format"] = {"type": wanted}
        if form.temperature:
            payload["temperature"] = 0
        if form.seed:
            payload["seed"] = _SEED + attempt  # the same question would get the same wrong answer
        return payload

    def _post(self, body: bytes) -> tuple[int, Any, bytes]:
        headers = {
            "User-Agent": self._settings.user_agent or f"Parley/{__version__} (+https://parley.example/)",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        seconds = self._settings.llm_timeout
        with Deadline(seconds) as deadline, requests.Session() as session:
            adapter = DeadlineAdapter(deadline)
            session.mount("http://", adapter)
            session.mount("https://", adapter)
            login = requests.auth.HTTPBasicAuth(*self._login) if self._login and not self._key else None
            session.auth = login or (lambda request: request)  # or requests would send what ~/.netrc holds
            try:
                with session.post(
                    self._address, data=body, headers=headers, stream=True, allow_redirects=False,
                    timeout=(min(_CONNECT, seconds + 0.1), seconds + 0.1),
                ) as response:  # fmt: skip
                    raw = bytearray()
                    for chunk in response.raw.stream(65_536, decode_content=False):
                        raw += chunk
                        if len(raw) > _LARGEST:
                            raise Retry(self._error(f"its answer is larger than {_LARGEST:,} bytes", "ask another"))
                    if not deadline.expired:  # a body without a length looks complete when its socket is shut down
                        return response.status_code, response.headers, bytes(raw)
            except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError, OSError) as error:
                if not deadline.expired and deadline.remaining:
                    raise self._unreachable(error) from None
        late = f"it took longer than {seconds:g} seconds"
        raise Retry(self._error(late, "try again, or raise PARLEY_LLM_TIMEOUT"))

    def _unreachable(self, error: Exception) -> Retry:
        told = explain(self.url, error, _CONNECT)
        words = self._safe(told.cause.removeprefix(f"{self.url}: "))
        down = "refuses the connection" in words or "there is no host" in words
        kind = UnavailableError if down else ServiceError
        return Retry(kind(f"{self.url}: {words}", told.remedy.replace("the URL", "PARLEY_LLM_URL")))

    def _concede(self, status: int, raw: bytes) -> bool:
        """Leave out of further questions what the service does not take; tell whether there was such a thing."""
        if status not in (400, 422):
            return False
        words, form = raw[:20_000].decode("utf-8", "replace").lower(), self._form
        if _is_too_long(words):
            return False
        if form.limit in words and "max_completion_tokens" in words and form.limit == "max_tokens":
            form.limit = "max_completion_tokens"
        elif "temperature" in words and form.temperature:
            form.temperature = False
        elif "seed" in words and form.seed:
            form.seed = False
        elif form.format == 0 or (form.format == 1 and "response_format" in words):
            form.format += 1
            _log.info("%s does not take a JSON Schema; asking for %s", self.url, _FORMS[form.format] or "plain text")
        else:
            return False
        return True

    def _refusal(self, status: int, headers: Any, raw: bytes) -> Exception:
        words = _message(raw)
        said = f": {self._safe(words)}" if words else ""
        code = f"(HTTP {status}){said}"
        if status in (401, 403):
            return UnavailableError(f"{self.url}: it refuses the key {code}", "set PARLEY_LLM_KEY to a valid one")
        if status == 402 or (status == 429 and b"insufficient_quota" in raw):
            return UnavailableError(f"{self.url}: it asks for payment {code}", "see to the account of the key")
        if 300 <= status < 400 or status in (404, 405):
            cause = f"{self.url}: it has no such address or no model {self.model!r} {code}"
            return UnavailableError(cause, "check PARLEY_LLM_URL and PARLEY_LLM_MODEL")
        if status == 413 or (status in (400, 422) and _is_too_long(words.lower())):
            return TooLongError(self._error(f"the question is too long {code}", "lower PARLEY_LLM_CHUNK"))
        if status in _BUSY or status >= 500:
            what = "it is busy" if status in _BUSY or status == 503 else "it failed"
            return Retry(self._error(f"{what} {code}", LATER), retry_after(headers.get("Retry-After")))
        return self._error(f"it does not take the question {code}", "check the model and the service")

    def _json(self, raw: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(raw)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise self._wrong("its answer is no JSON")
        return answer

    def _read(self, answer: dict[str, Any]) -> dict[str, Any]:
        choices = answer.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        message = choice.get("message") if isinstance(choice, dict) else None
        if not isinstance(choice, dict) or not isinstance(message, dict):
            raise self._wrong("its answer has no choices")
        if choice.get("finish_reason") == "length":
            remedy = "raise PARLEY_LLM_ANSWER_TOKENS or lower PARLEY_LLM_CHUNK"
            raise TooLongError(self._error("its answer was cut off", remedy))
        if message.get("refusal") or choice.get("finish_reason") == "content_filter":
            raise self._wrong("it refuses to answer")
        content = message.get("content")
        if isinstance(content, list):  # some services part it
            texts = [part.get("text") for part in content if isinstance(part, dict)]
            content = "".join(text for text in texts if isinstance(text, str))
        if not isinstance(content, str) or not content.strip():
            raise self._wrong("its answer is empty")
        try:
            return read_answer(content)
        except WrongAnswerError as error:
            raise self._wrong(f"its answer {error}") from None

    def _wrong(self, what: str) -> Retry:
        return Retry(self._error(what, "ask another model, or extract with another back-end"))

    def _error(self, cause: str, remedy: str) -> ServiceError:
        return ServiceError(f"{self.url}: {cause}", remedy)

    def _safe(self, words: str) -> str:
        """Return words of others, as far as they can be shown: short, printable, without what is secret."""
        for secret in self._secrets:
            words = words.replace(secret, "…")
        return "".join(c if c.isprintable() else " " for c in words)[:_WORDS]


def _is_too_long(words: str) -> bool:
    return "context length" in words or "context_length" in words or "context window" in words


def _message(raw: bytes) -> str:
    """Return the words of an error answer of the API; empty if it is none (a page, a proxy's)."""
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        return ""
    found = answer.get("error", answer) if isinstance(answer, dict) else None
    if isinstance(found, dict):
        found = found.get("message") or found.get("detail")
    return found if isinstance(found, str) else ""


def _usage(answer: dict[str, Any], estimate: int) -> int:
    usage = answer.get("usage")
    if not isinstance(usage, dict):
        return estimate
    parts = [usage.get("prompt_tokens"), usage.get("completion_tokens")]
    counts = [n for n in parts if isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= 10**9]
    return sum(counts) if len(counts) == len(parts) else estimate
