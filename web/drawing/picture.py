"""Draws the picture that stands for a page where others link to it: a title, a line below it, and bars along the years.

The same values make the same bytes. Letters come from DejaVu Serif where the machine has it; else from the face in
Pillow, which has plain Latin letters only, so accents are left out.
"""

import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from web.drawing.palette import palette

__all__ = ["HEIGHT", "WIDTH", "Picture", "draw_picture"]

#: Pixels; what most sites show of a link (https://ogp.me leaves it open).
WIDTH, HEIGHT = 1200, 630
_MARGIN = 80
#: Longer texts are cut before they are measured.
_LONGEST = 300
_LINES = 3
_BARS = 100
_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture says.

    :param kind: what it is, in a word or two.
    :param title: its name; what cannot be drawn is left out of it.
    :param note: a line below.
    :param years: year -> how many events are drawn in it.
    :param marked: year whose bar stands out.
    """

    kind: str
    title: str
    note: str
    years: Mapping[int, int] = field(default_factory=dict)
    marked: int | None = None


def draw_picture(picture: Picture) -> bytes:
    """Return a picture as PNG."""
    colors = palette()
    image = Image.new("RGB", (WIDTH, HEIGHT), colors["ground"])
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 12), fill=colors["accent"])
    draw.text((_MARGIN, 58), _drawable(picture.kind).upper()[:60], font=_font(26), fill=colors["soft"])
    title = _drawable(picture.title) or _drawable(picture.kind)
    size = 68 if len(title) < 40 else 54
    y = 104
    for line in _lines(title, _font(size)):
        draw.text((_MARGIN, y), line, font=_font(size), fill=colors["ink"])
        y += int(size * 1.25)
    for line in _lines(_drawable(picture.note), _font(30))[:1]:
        draw.text((_MARGIN, y + 14), line, font=_font(30), fill=colors["soft"])
    _bars(draw, picture, colors)
    name = _font(30)
    draw.text((WIDTH - _MARGIN - name.getlength("Parley"), 54), "Parley", font=name, fill=colors["accent"])
    out = io.BytesIO()
    image.quantize(32, dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def _bars(draw: ImageDraw.ImageDraw, picture: Picture, colors: Mapping[str, str]) -> None:
    bottom, height = HEIGHT - 76, 130
    draw.line((_MARGIN, bottom, WIDTH - _MARGIN, bottom), fill=colors["soft"], width=2)
    if not picture.years:
        return
    first, last = min(picture.years), max(picture.years)
    step = -(-(last - first + 1) // _BARS)
    columns: dict[int, int] = {}
    for year, events in picture.years.items():
        columns[(year - first) // step] = columns.get((year - first) // step, 0) + events
    count, most = (last - first) // step + 1, max(columns.values())
    wide = (WIDTH - 2 * _MARGIN) / max(count, 12)
    for column, events in columns.items():
        left = _MARGIN + column * wide
        top = bottom - max(6, round(height * events / most))
        marked = picture.marked is not None and (picture.marked - first) // step == column
        draw.rectangle(
            (round(left), top, round(left + max(wide - 3, 2)), bottom - 2),
            fill=colors["warn" if marked else "bar" if picture.marked is None else "rule"],
        )
    font = _font(24)
    draw.text((_MARGIN, bottom + 12), str(first), font=font, fill=colors["soft"])
    if last != first:
        right = min(WIDTH - _MARGIN, _MARGIN + count * wide)
        draw.text((right - font.getlength(str(last)), bottom + 12), str(last), font=font, fill=colors["soft"])


@cache
def _font(size: int) -> _Font:
    try:
        return ImageFont.truetype("DejaVuSerif.ttf", size, layout_engine=ImageFont.Layout.BASIC)
    except OSError:
        return ImageFont.load_default(size)


@cache
def _missing() -> bytes:
    return bytes(_font(20).getmask("\uffff"))


@cache
def _has(character: str) -> bool:
    return character == " " or bytes(_font(20).getmask(character)) != _missing()


def _drawable(text: str) -> str:
    """Return text with what the font has: letters without accents where it must be, else nothing."""
    plain = " ".join(unicodedata.normalize("NFC", text[:_LONGEST]).split())
    return " ".join("".join(map(_nearest, plain)).split())


def _nearest(character: str) -> str:
    """Return what can be drawn of a character: itself, or the letter without its accent, or nothing."""
    parts = character if _has(character) else unicodedata.normalize("NFKD", character)
    return "".join(part for part in parts if unicodedata.category(part)[0] not in "CM" and _has(part))


def _lines(text: str, font: _Font) -> list[str]:
    """Break text into as many lines as there is room for; what is left over is an ellipsis."""
    room = WIDTH - 2 * _MARGIN
    lines: list[str] = []
    current = ""
    for word in text.split():
        longer = f"{current} {word}".strip()
        if font.getlength(longer) <= room:
            current = longer
            continue
        if current:
            lines.append(current)
        current = word
        while font.getlength(current) > room:
            kept = current
            while font.getlength(kept) > room:
                kept = kept[: len(kept) * 9 // 10]
            lines.append(kept)
            current = current[len(kept) :]
    lines = [*lines, current] if current else lines
    if len(lines) <= _LINES:
        return lines
    last = lines[_LINES - 1]
    while last and font.getlength(f"{last}…") > room:
        last = last[:-1]
    return [*lines[: _LINES - 1], f"{last}…"]
