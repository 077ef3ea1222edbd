"""Boxes in the space of a PDF page, and the matrices that put what is inside a form there."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from typing import NamedTuple

import pypdfium2.raw as pdfium

from tasks.extract.readers import pdf_calls as calls
from tasks.extract.readers.pdf_calls import Handle

Point = tuple[float, float]

_BOUNDS = (ctypes.c_float * 4)()
_BOUNDS_AT = tuple(ctypes.addressof(_BOUNDS) + 4 * place for place in range(4))
"""Where pdfium writes its answers. One for all calls: pdfium serves one thread at a time anyway."""


class Extent(NamedTuple):
    """A box in PDF page space: y grows upwards."""

    left: float
    bottom: float
    right: float
    top: float

    def intersect(self, other: Extent) -> Extent:
        """The common part (may be empty: left beyond right)."""
        if self == other:
            return self
        return Extent(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )

    def has(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        left, bottom, right, top = self
        return left <= x <= right and bottom <= y <= top

    def includes(self, other: Extent, slop: float) -> bool:
        """Whether another box lies inside, with some slop around."""
        left, bottom, right, top = self
        return (
            left - slop <= other[0]
            and bottom - slop <= other[1]
            and other[2] <= right + slop
            and other[3] <= top + slop
        )

    def overlaps(self, other: Extent) -> bool:
        """Whether the two share an area."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )


EVERYWHERE = Extent(-1e9, -1e9, 1e9, 1e9)
"""What nothing clips."""


ASKEW_FROM = 0.1
"""Text whose rise is this part of its run, or the reverse, is askew: six degrees."""


def is_askew(along: float, across: float) -> bool:
    """Whether text whose matrix begins with these two numbers runs neither along nor across the page."""
    along, across = abs(along), abs(across)
    return min(along, across) > ASKEW_FROM * max(along, across)


def bound(points: Iterable[Point]) -> Extent:
    """The box around some points."""
    xs, ys = zip(*points, strict=True)
    return Extent(min(xs), min(ys), max(xs), max(ys))


def read_extent(item: Handle, form: pdfium.FS_MATRIX | None) -> Extent | None:
    """The box around what an object paints, in page space, or None where pdfium knows none."""
    if not calls.get_bounds(item, *_BOUNDS_AT):
        return None
    extent = Extent(*_BOUNDS)
    return extent if form is None else map_extent(form, extent)


def read_matrix(item: Handle) -> pdfium.FS_MATRIX | None:
    """What an object does to its own space, or None where that is nothing."""
    matrix = pdfium.FS_MATRIX()
    if not calls.get_matrix(item, ctypes.addressof(matrix)):
        return None
    is_identity = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f) == (1, 0, 0, 1, 0, 0)
    return None if is_identity else matrix


def multiply(first: pdfium.FS_MATRIX | None, then: pdfium.FS_MATRIX | None) -> pdfium.FS_MATRIX | None:
    """One matrix that does what the two do one after the other."""
    if first is None or then is None:
        return first or then
    return pdfium.FS_MATRIX(
        first.a * then.a + first.b * then.c,
        first.a * then.b + first.b * then.d,
        first.c * then.a + first.d * then.c,
        first.c * then.b + first.d * then.d,
        first.e * then.a + first.f * then.c + then.e,
        first.e * then.b + first.f * then.d + then.f,
    )


def map_point(matrix: pdfium.FS_MATRIX | None, point: Point) -> Point:
    """Where a matrix puts a point."""
    if matrix is None:
        return point
    x, y = point
    return matrix.a * x + matrix.c * y + matrix.e, matrix.b * x + matrix.d * y + matrix.f


def map_extent(matrix: pdfium.FS_MATRIX, extent: Extent) -> Extent:
    """The upright box around where a matrix puts a box."""
    return bound(map_point(matrix, (x, y)) for x in (extent.left, extent.right) for y in (extent.bottom, extent.top))
