"""A statement while it is being put together from the tables of a document (一张表的草稿)."""

from __future__ import annotations

from dataclasses import dataclass, field

from filings.documents import Grid, Page, Printed
from filings.forms import Form
from tasks.extract.columns import Header
from tasks.extract.matrix import Matrix
from tasks.extract.titles import Title

SHEET_KINDS = frozenset({"targets", "tasks"})
"""Kinds of forms that are sheets of goals and indicators, not tables of amounts."""


@dataclass(frozen=True, slots=True)
class Part:
    """One grid of a statement with the number of its leading rows that are not data."""

    matrix: Matrix
    grid: Grid
    page: int | None
    skip_rows: int


@dataclass(slots=True)
class Draft:
    """A statement being put together from its parts (一张表的各页).

    Args:
        form: Its form.
        title: As printed.
        header: Its columns.
        place: Where its title is printed.
        parts: Its grids in order, all on the columns of the first.
        unit: Unit of money stated at the table, if any.
        unit_text: The text that states it.
        bodies: Names of the body printed at the table, each with its label (编制部门).
        notes: Notes under it.
        readings: Choices made.
        corrections: What recognised numbers are read as instead, by part, grid row and grid column.
    """

    form: Form
    title: Title
    header: Header
    parts: list[Part]
    place: Printed
    unit: str | None = None
    unit_text: str | None = None
    bodies: list[tuple[str, str]] = field(default_factory=list)
    notes: list[Printed] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)
    corrections: dict[tuple[int, int, int], str] = field(default_factory=dict)

    @property
    def base(self) -> Grid:
        """The first grid, whose columns all parts share."""
        return self.parts[0].grid


@dataclass(slots=True)
class Found:
    """What walking the document found.

    Args:
        drafts: Statements in order.
        listed: Titles that stand without a table, with their places (the contents page).
        others: Grids that belong to no statement.
        headless: Statements under a title whose header is not printed, each with how many statements stand before it.
    """

    drafts: list[Draft] = field(default_factory=list)
    listed: list[tuple[Title, Printed]] = field(default_factory=list)
    others: list[tuple[Page, Grid]] = field(default_factory=list)
    headless: list[tuple[int, Draft]] = field(default_factory=list)
