"""The cases that the W3C's manifests name, and which of them cannot hold here, with the reason."""

from types import ModuleType

__all__ = ["MANIFESTS", "SKIPPED", "SOURCE", "function_of", "own_cases", "report"]

SOURCE = "https://w3c.github.io/rdf-tests/sparql/sparql11/"
#: Folder of a manifest -> names of its entries, as published.
MANIFESTS: dict[str, tuple[str, ...]] = {
    "protocol": (
        "query_post_form", "query_dataset_default_graphs_get", "query_dataset_default_graphs_post",
        "query_dataset_named_graphs_post", "query_dataset_named_graphs_get", "query_dataset_full",
        "query_multiple_dataset", "query_get", "query_content_type_select", "query_content_type_ask",
        "query_content_type_describe", "query_content_type_construct", "update_dataset_default_graph",
        "update_dataset_default_graphs", "update_dataset_named_graphs", "update_dataset_full", "update_post_form",
        "update_post_direct", "update_base_uri", "query_post_direct", "bad_query_method", "bad_multiple_queries",
        "bad_query_wrong_media_type", "bad_query_missing_form_type", "bad_query_missing_direct_type",
        "bad_query_non_utf8", "bad_query_syntax", "bad_update_get", "bad_multiple_updates",
        "bad_update_wrong_media_type", "bad_update_missing_form_type", "bad_update_non_utf8", "bad_update_syntax",
        "bad_update_dataset_conflict",
    ),
    "service-description": ("has-endpoint-triple", "returns-rdf", "conforms-to-schema"),
    "http-rdf-update": (
        "put__initial_state", "get_of_put__initial_state", "put__graph_already_in_store",
        "get_of_put__graph_already_in_store", "put__default_graph", "get_of_put__default_graph",
        "put__mismatched_payload", "delete__existing_graph", "get_of_delete__existing_graph",
        "delete__nonexistent_graph", "post__existing_graph", "get_of_post__existing_graph", "post__multipart_formdata",
        "get_of_post__multipart_formdata", "post__create__new_graph", "get_of_post__create__new_graph",
        "get_of_post__after_noop", "head_on_an_existing_graph", "head_on_a_nonexisting_graph",
    ),
}  # fmt: skip
_NO_UPDATE = "there is no update over HTTP: the web tier cannot change the graph; that it is refused with 403 is tested"
_NO_WRITE = "graphs are read-only over HTTP; that it is refused with 403 is tested"
#: Folder and name of a case -> why it cannot hold.
SKIPPED: dict[tuple[str, str], str] = {
    **{("protocol", name): _NO_UPDATE for name in MANIFESTS["protocol"] if name.startswith("update_")},
    **{
        ("http-rdf-update", name): _NO_WRITE
        for name in MANIFESTS["http-rdf-update"]
        if name.startswith(("put__", "delete__", "post__"))
    },
    ("http-rdf-update", "get_of_post__multipart_formdata"): (
        "it reads what a form with files has written, and no form writes here"
    ),
}


def function_of(name: str) -> str:
    """Return the name of the test of a case, without ``test_``."""
    return name.replace("-", "_")


def own_cases(module: ModuleType) -> list[tuple[str, str]]:
    """Return name and description of each test of a module: the first line of its docstring, or its name in words."""
    return [
        (name.removeprefix("test_"), (test.__doc__ or name.removeprefix("test_").replace("_", " ")).split("\n")[0])
        for name, test in vars(module).items()
        if name.startswith("test_") and callable(test)
    ]


def report(modules: dict[str, ModuleType], ours: ModuleType) -> str:
    """Write docs/conformance.md: what is tried, and what is left out.

    :param modules: folder of a manifest -> the module with its cases.
    :param ours: the module with cases from the specifications that no manifest has.
    """
    lines = [
        "# Conformance", "",
        "Tried on a running `parley serve` by `pytest tests/conformance`, which also keeps this page up to date (see",
        f"`tests/conformance/test_report.py`). The names are those of the [W3C's manifests]({SOURCE}); the tests are",
        "our own, written from the specifications.",
    ]  # fmt: skip
    for folder, names in MANIFESTS.items():
        described = dict(own_cases(modules[folder]))
        lines += ["", f"## {folder}", "", "| case | how it is tried, or why not |", "|---|---|"]
        for name in names:
            reason = SKIPPED.get((folder, name))
            lines.append(f"| `{name}` | {f'skipped: {reason}' if reason else described[function_of(name)]} |")
        more = [words for name, words in described.items() if name not in map(function_of, names)]
        if more:
            lines += ["", "Besides:", "", *(f"- {words}" for words in more)]
    lines += ["", "## From the specifications", "", *(f"- {words}" for _, words in own_cases(ours)), ""]
    return "\n".join(lines)
