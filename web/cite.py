"""How to cite a page or the dataset: in plain words, as BibTeX and as CSL-JSON.

BibTeX after "BibTeXing" (Patashnik, 1988) in UTF-8; CSL-JSON after the schema of the Citation Style Language 1.0.2.
"""

import json
import re
from datetime import date
from typing import NamedTuple

from flask import Blueprint, Response, request

from graph.negotiation import FORMATS, Choice, Format
from web.answers import answer, urls
from web.language import gettext as _
from web.linked_data.structured import TITLE
from web.published import Snapshot, snapshot
from web.views.shared import Json
from web.words import date_in_words

__all__ = ["CITATIONS", "Citation", "blueprint", "cite_dataset", "cite_thing", "write_citation"]

blueprint = Blueprint("cite", __name__)

#: Formats of bibliographies.
CITATIONS: tuple[Format, ...] = (FORMATS["bibtex"], FORMATS["csl"])
#: Signs with a meaning in TeX -> how they are written; the braces keep what follows apart.
_TEX = str.maketrans(
    {
        "\\": r"{\textbackslash}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#",
        "_": r"\_", "~": r"{\textasciitilde}", "^": r"{\textasciicircum}",
    }
)  # fmt: skip


class Citation(NamedTuple):
    """What a bibliography needs.

    :param id: names the entry: letters, digits and hyphens.
    :param kind: type of CSL: ``webpage``, ``dataset`` or ``article-newspaper``.
    :param container: the site that the page is a part of; the publisher of an article.
    :param issued: the day of publication; None where it is unknown.
    :param version: of the dataset: the number of its generation.
    :param iri: what lasts.
    """

    id: str
    kind: str
    title: str
    authors: tuple[str, ...]
    container: str | None
    issued: date | None
    version: str | None
    iri: str
    url: str

    @property
    def words(self) -> str:
        """The citation as a sentence, to copy."""
        parts = [
            ", ".join(self.authors),
            f"“{self.title}”",
            self.container,
            date_in_words(self.issued) if self.issued else None,
        ]
        version = _("Generation %(number)s", number=self.version) if self.version else None
        return ". ".join(", ".join(p for p in group if p) for group in (parts, (version,), (self.iri,)) if any(group))

    def bibtex(self) -> str:
        """Return the entry of BibTeX."""
        fields = {
            # Braces keep capitals; each author is one name and not parsed.
            "author": " and ".join(f"{{{_tex(name)}}}" for name in self.authors),
            "title": f"{{{_tex(self.title)}}}",
            "howpublished" if self.kind != "article-newspaper" else "journal": _tex(self.container or ""),
            "year": str(self.issued.year) if self.issued else "",
            "month": str(self.issued.month) if self.issued else "",
            "day": str(self.issued.day) if self.issued else "",
            "version": self.version or "",
            "url": _address(self.url),
            "note": f"IRI: {_tex(self.iri)}",
        }
        kind = "article" if self.kind == "article-newspaper" else "misc"
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
        return f"@{kind}{{{self.id},\n" + ",\n".join(lines) + "\n}\n"

    def csl(self) -> bytes:
        """Return a bibliography of one entry in CSL-JSON."""
        entry: Json = {
            "id": self.id,
            "type": self.kind,
            "title": self.title,
            "author": [{"literal": name} for name in self.authors],
            "container-title": self.container,
            "issued": {"date-parts": [[self.issued.year, self.issued.month, self.issued.day]]} if self.issued else None,
            "version": self.version,
            "URL": self.url,
            "note": f"IRI: {self.iri}",
        }
        kept = {name: value for name, value in entry.items() if value}
        return json.dumps([kept], ensure_ascii=False, indent=1).encode() + b"\n"


def cite_thing(current: Snapshot, key: str, values: Json, origin: str) -> Citation:
    """Return how to cite the page of a thing; of an article, the article itself.

    :param values: what its page shows.
    :param origin: scheme and host of the server.
    """
    name = re.sub(r"[^A-Za-z0-9]+", "-", key).strip("-")
    if key.startswith("article/"):
        publisher, published_on = values["publisher"], values["published"]
        return Citation(
            f"parley-{name}", "article-newspaper", values["name"], tuple(a["name"] for a in values["authors"]),
            publisher["name"] if publisher else None, date.fromisoformat(published_on) if published_on else None, None,
            values["iri"], values["original"] or origin + values["url"],
        )  # fmt: skip
    return Citation(
        f"parley-{name}-g{current.number}", "webpage", values["name"], (), "Parley", current.published_at.date(),
        str(current.number), values["iri"], origin + values["url"],
    )  # fmt: skip


def cite_dataset(current: Snapshot, address: str) -> Citation:
    """Return how to cite the dataset.

    :param address: of its front page.
    """
    return Citation(
        f"parley-g{current.number}", "dataset", TITLE, (), None, current.published_at.date(), str(current.number),
        current.iris.base, address,
    )  # fmt: skip


def write_citation(citation: Citation, form: Format) -> str | bytes:
    """Write a citation in one of the formats of bibliographies."""
    return citation.bibtex() if form is FORMATS["bibtex"] else citation.csl()


@blueprint.get("/citation.<any(bib, csl):form>")
def citation(form: str) -> Response:
    """Answer with how to cite the dataset."""
    chosen = next(f for f in CITATIONS if f.extension == form)

    def build() -> str | bytes:
        address = request.host_url.rstrip("/") + urls().timeline()
        return write_citation(cite_dataset(snapshot(), address), chosen)

    return answer(Choice(chosen, chosen.media_type), build)


def _tex(text: str) -> str:
    return " ".join(text.split()).translate(_TEX)


def _address(url: str) -> str:
    """Write an address, which styles print as it is: only what would end the field is encoded (RFC 3986)."""
    return url.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D").replace(" ", "%20")
