"""A small map: places on a background of dots, one for each part of a grid in which people live.

No outline of land and no tile server: the dots are the towns of the gazetteer, which come from GeoNames. The projection
is equirectangular, true to scale along the parallel in the middle (Snyder, Map Projections, USGS Professional Paper
1395, 1987, section 12).
"""

import math
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from graph.files import data_path
from web.published import Snapshot
from web.queries import number, select

__all__ = ["Dots", "Drawn", "Map", "Pin", "draw_map", "positions"]

#: Degrees of longitude that a map shows at least, and the part of its span that is left free at each edge.
_LEAST, _MARGIN = 70.0, 0.14
#: Width by height of a map.
_RATIO = 1.75
#: Dots from edge to edge of a map.
_COLUMNS = 84
_LABELS = 14
#: For labels that don't overlap on a phone: width of the drawing, of a sign, height of a line, in pixels.
_WIDTH, _SIGN, _LINE = 350.0, 6.6, 15.0


class Pin(NamedTuple):
    """A place to draw: key, name, position in degrees, and how many events it stands for."""

    key: str
    name: str
    latitude: float
    longitude: float
    events: int = 1


class Drawn(NamedTuple):
    """A place as it is drawn, in percent of the drawing.

    :param label: where its name stands: ``start`` to the right of the dot, ``end`` to the left; empty for none.
    """

    pin: Pin
    x: float
    y: float
    radius: float
    label: str

    @property
    def position(self) -> str:
        """Where the place is, in words."""
        north, east = "N" if self.pin.latitude >= 0 else "S", "E" if self.pin.longitude >= 0 else "W"
        return f"{abs(self.pin.latitude):.2f}° {north}, {abs(self.pin.longitude):.2f}° {east}"

    @property
    def geo(self) -> str:
        """The address of the place for programs with maps (RFC 5870)."""
        return f"geo:{self.pin.latitude:.4f},{self.pin.longitude:.4f}"


class Dots(NamedTuple):
    """The background: rows of dots as one path, and the width and height of its grid."""

    path: str
    width: int
    height: int


class Map(NamedTuple):
    """A map.

    :param pins: in the order given.
    :param missing: names of places whose position is not known.
    """

    dots: Dots
    pins: list[Drawn]
    missing: list[str]


class _Window(NamedTuple):
    west: float
    north: float
    width: float
    height: float

    def place(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return where a position is, from 0 to 1 within the window."""
        return ((longitude - self.west) % 360) / self.width, (self.north - latitude) / self.height


def positions(snapshot: Snapshot) -> dict[str, tuple[float, float]]:
    """Return latitude and longitude of each place of a generation that has them, by key."""
    return snapshot.keep("positions", _read)


def _read(snapshot: Snapshot) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for row in sorted(select(snapshot.store, "positions"), key=str):
        key, latitude, longitude = (
            snapshot.iris.key(row["place"].value),
            number(row, "latitude"),
            number(row, "longitude"),
        )
        if key and latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180:
            found.setdefault(key, (latitude, longitude))
    return found


def draw_map(pins: Sequence[Pin], missing: Iterable[str] = ()) -> Map | None:
    """Draw a map of the part of the world that these places are in; None if there are none.

    >>> draw_map([Pin("place/geneva", "Geneva", 46.2, 6.15)]).pins[0].geo
    'geo:46.2000,6.1500'
    """
    if not pins:
        return None
    window = _window(pins)
    most = max(pin.events for pin in pins)
    placed = []
    for pin in pins:
        x, y = window.place(pin.latitude, pin.longitude)
        # The area of a dot grows with the number of events, not its width.
        placed.append(
            Drawn(pin, round(100 * x, 2), round(100 * y, 2), round(4 + 5 * math.sqrt(pin.events / most), 1), "")
        )
    return Map(_dots(window), _labelled(placed), list(missing))


def _window(pins: Sequence[Pin]) -> _Window:
    west, span = _arc(sorted(pin.longitude % 360 for pin in pins))
    south, north = min(pin.latitude for pin in pins), max(pin.latitude for pin in pins)
    middle = (south + north) / 2
    stretch = max(0.3, math.cos(math.radians(middle)))
    # Degrees of longitude that fit beside each other, where a degree of latitude is one unit.
    width = max(_LEAST, span / (1 - 2 * _MARGIN), (north - south) / (1 - 2 * _MARGIN) * _RATIO / stretch)
    width = min(360.0, width)
    height = max(width * stretch / _RATIO, (north - south) * 1.2)
    # Rounded, so that maps of the same region share their background.
    left = math.floor(west + span / 2 - width / 2)
    top = math.ceil(min(90.0, max(middle + height / 2, height - 90)))
    return _Window(left, top, round(width, 1), round(height, 1))


def _arc(longitudes: list[float]) -> tuple[float, float]:
    """Return where the shortest arc begins that has all longitudes, and how long it is: across the date line, too."""
    gaps = [
        ((longitudes[(i + 1) % len(longitudes)] - here) % 360 or (360.0 if len(set(longitudes)) == 1 else 0.0), i)
        for i, here in enumerate(longitudes)
    ]
    widest, before = max(gaps)
    return longitudes[(before + 1) % len(longitudes)], 360.0 - widest


@cache
def _towns() -> tuple[tuple[float, float], ...]:
    rows = (line.split("\t") for line in data_path("model", "geonames.tsv").read_text("utf-8").splitlines())
    return tuple((float(row[2]), float(row[3])) for row in rows if row[0] == "city")


@lru_cache(maxsize=64)
def _dots(window: _Window) -> Dots:
    step = window.width / _COLUMNS
    rows = round(_COLUMNS / _RATIO)
    tall = window.height / rows
    cells: dict[int, set[int]] = {}
    for latitude, longitude in _towns():
        column, row = math.floor(((longitude - window.west) % 360) / step), math.floor((window.north - latitude) / tall)
        if 0 <= column < _COLUMNS and 0 <= row < rows:
            cells.setdefault(row, set()).add(column)
    parts = []
    for row, columns in sorted(cells.items()):
        for column in sorted(columns):
            if column - 1 in columns:
                continue
            last = column
            while last + 1 in columns:
                last += 1
            # Dashes of no length with round ends are dots, one in each part of the grid.
            parts.append(f"M{column} {row}h{last - column}")
    return Dots("".join(parts), _COLUMNS, rows)


def _labelled(placed: list[Drawn]) -> list[Drawn]:
    """Give names to the places with most events, as long as no name covers another or a dot."""
    height = _WIDTH / _RATIO
    taken: list[tuple[float, float, float, float]] = []
    labels: dict[str, str] = {}
    for drawn in placed:
        x, y = drawn.x * _WIDTH / 100, drawn.y * height / 100
        taken.append((x - drawn.radius, y - drawn.radius, x + drawn.radius, y + drawn.radius))
    ordered = sorted(placed, key=lambda d: (-d.pin.events, d.pin.key))
    for drawn in ordered[:_LABELS]:
        x, y, long = drawn.x * _WIDTH / 100, drawn.y * height / 100, len(drawn.pin.name) * _SIGN + 4
        for side, left in (("start", x + drawn.radius + 1), ("end", x - drawn.radius - 1 - long)):
            box = (left, y - _LINE / 2, left + long, y + _LINE / 2)
            if box[0] >= 0 and box[2] <= _WIDTH and not any(_meet(box, other) for other in taken):
                labels[drawn.pin.key] = side
                taken.append(box)
                break
    return [drawn._replace(label=labels.get(drawn.pin.key, "")) for drawn in placed]


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
