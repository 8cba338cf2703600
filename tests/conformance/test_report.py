"""docs/conformance.md says what is tried here; ``PARLEY_WRITE_CONFORMANCE=1`` writes it anew."""

import os
from pathlib import Path

from tests.conformance import test_graph_store, test_protocol, test_service_description, test_specification
from tests.conformance.cases import MANIFESTS, SKIPPED, function_of, own_cases, report

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"
MODULES = {
    "protocol": test_protocol,
    "service-description": test_service_description,
    "http-rdf-update": test_graph_store,
}


def test_each_case_of_the_manifests_is_tried_or_has_a_reason() -> None:
    for folder, names in MANIFESTS.items():
        tried = {name for name, _ in own_cases(MODULES[folder])}
        skipped = {name for place, name in SKIPPED if place == folder}
        assert {name for name in names if function_of(name) not in tried} == skipped, folder
        assert skipped <= set(names)


def test_the_page_is_up_to_date() -> None:
    written = report(MODULES, test_specification)
    if os.environ.get("PARLEY_WRITE_CONFORMANCE"):
        PAGE.write_text(written, "utf-8")
    assert PAGE.read_text("utf-8") == written
