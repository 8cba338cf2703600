"""Puts the keys of people as resolution tells them apart in the place of those that an article alone makes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from graph.extract.model import Extraction, Report

__all__ = ["rename_people", "rename_report", "renamed"]


def renamed(keys: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return keys with others in the place of some.

    :param names: key -> the one that takes its place.
    """
    return tuple(names.get(key, key) for key in keys)


def rename_report(report: Report, names: Mapping[str, str]) -> Report:
    """Return a report with other keys for the people who took part."""
    if names.keys().isdisjoint(report.participants):
        return report
    offices = tuple(replace(office, person=names.get(office.person, office.person)) for office in report.offices)
    return replace(report, participants=renamed(report.participants, names), offices=offices)


def rename_people(extraction: Extraction, names: Mapping[str, str]) -> Extraction:
    """Return an extraction with other keys for some people."""
    if not names:
        return extraction
    return replace(
        extraction,
        people=tuple(replace(person, key=names.get(person.key, person.key)) for person in extraction.people),
        reports=tuple(rename_report(report, names) for report in extraction.reports),
        claims=tuple(replace(claim, speakers=renamed(claim.speakers, names)) for claim in extraction.claims),
    )
