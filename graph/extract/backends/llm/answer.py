"""The form of answers: the JSON Schema that the service is asked to keep to, and the check that it did."""

import json
import re
from functools import cache
from typing import Any

from graph.files import data_path

__all__ = ["WrongAnswerError", "answer_schema", "read_answer"]

#: A list of more entries is no honest answer about a few thousand characters.
_MOST = 1000
_FENCE = re.compile(r"\A```(?:json)?\s*\n(.*)\n```\s*\Z", re.DOTALL)
_TYPES: dict[str, type] = {"object": dict, "array": list, "string": str, "integer": int}


class WrongAnswerError(Exception):
    """An answer that is not of the wanted form; the message says in which way."""


@cache
def answer_schema() -> dict[str, Any]:
    """Return the JSON Schema of answers (``data/llm/answer.schema.json``)."""
    schema: dict[str, Any] = json.loads(data_path("llm", "answer.schema.json").read_text("utf-8"))
    return schema


def read_answer(content: str) -> dict[str, Any]:
    """Return an answer as JSON values of the form of the schema. Properties that the schema does not name are left in.

    A fence of Markdown around it, and what a model thinks aloud before it, are taken off.

    :raises WrongAnswerError: if it is no JSON or of another form.
    """
    content = content.rpartition("</think>")[2].strip()
    if fenced := _FENCE.match(content):
        content = fenced[1]
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        raise WrongAnswerError("is no JSON") from None
    _check(answer, answer_schema(), "the answer")
    return dict(answer)


def _check(value: object, schema: dict[str, Any], where: str) -> None:
    if "$ref" in schema:
        schema = answer_schema()["$defs"][schema["$ref"].rpartition("/")[2]]
    if not isinstance(value, _TYPES[schema["type"]]) or isinstance(value, bool):
        raise WrongAnswerError(f"has not the form that was asked for: {where} is no {schema['type']}")
    if "enum" in schema and value not in schema["enum"]:
        raise WrongAnswerError(f"has not the form that was asked for: {where} is none of the known ones")
    if isinstance(value, list):
        if len(value) > _MOST:
            raise WrongAnswerError(f"has not the form that was asked for: {where} has more than {_MOST} entries")
        for item in value:
            _check(item, schema["items"], f"an entry of {where}")
    elif isinstance(value, dict):
        for name in schema["required"]:
            if name not in value:
                raise WrongAnswerError(f"has not the form that was asked for: {where} has no {name!r}")
            _check(value[name], schema["properties"][name], f"{name!r}")
