"""What is one planted mistake: the block that changes, and what is printed there before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from samples.layout import Block, Filing, Table, TableCell

Target = Literal["cell", "row", "table", "text"]
"""Where a finding has to point: at that very cell, into that row, to that table, or at that piece of text."""

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "digit_swap": "two neighbouring digits of a figure change places",
        "digit_change": "one digit of a figure is another",
        "decimal_shift": "a figure is ten times as large",
        "sign": "a figure has the other sign",
        "neighbour": "a figure is the one beside or above it",
        "blanked": "a figure is not printed",
        "percent": "one digit of a percentage in a table is another",
        "row_dropped": "a row is missing",
        "code_digit": "one digit of a code is another",
        "name_old": "a code has the name that it had in another year",
        "name_other": "a code has the name of its neighbour in the chart",
        "header_year": "a header says the year before",
        "unit_head": "元 and 万元 change places above a table",
        "note_added": "a note under a filled table says that it is empty",
        "note_removed": "the note under an empty table is missing",
        "score": "one digit of an indicator's score is another",
        "table_dropped": "a statement is missing",
        "prose_digit_swap": "two neighbouring digits of an amount in a sentence change places",
        "prose_digit_change": "one digit of an amount in a sentence is another",
        "prose_decimal_shift": "an amount in a sentence is ten times as large",
        "prose_neighbour": "an amount in a sentence is the one before it",
        "prose_percent": "one digit of a percentage in a sentence is another",
        "prose_count": "one digit of a number of things is another",
        "prose_year": "a year in a sentence or a heading is the one before or after",
        "prose_direction": "增加 and 减少 change places",
        "prose_even": "a change is called 持平",
        "prose_unit": "元 and 万元 change places behind an amount",
        "prose_name": "a code's name in a sentence is that of its neighbour in the chart",
        "numbering": "the number of a heading or an item is one too high",
        "body_name": "one character of the body's name is missing",
        "contents": "an entry of the contents page is missing",
        "punctuation": "a comma is printed twice",
        "bracket": "a closing bracket is missing",
        "broken_off": "a reason breaks off behind its first words",
        "residue": "what a template offers for a choice is still there: 增加（减少）",
    }
)
"""What can be wrong, with what it means."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One planted mistake.

    Args:
        sample: The sample's name.
        kind: One of `KINDS`.
        block_no: Which block of the filing changes.
        block: What it becomes; None if it goes.
        before: What is printed there in the faultless filing.
        after: What is printed instead; empty if nothing is.
        where: The place in words.
        target: How closely a finding has to point to it.
        cell: The changed cell as it stands in `block`.
        row: The grid row of it, in `block`.
    """

    sample: str
    kind: str
    block_no: int
    block: Block | None
    before: str
    after: str
    where: str
    target: Target
    cell: TableCell | None = None
    row: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of mutation: {self.kind}")

    def apply(self, filing: Filing) -> Filing:
        """The filing with this mistake in it."""
        blocks = list(filing.blocks)
        blocks[self.block_no : self.block_no + 1] = [] if self.block is None else [self.block]
        return replace(filing, blocks=tuple(blocks))

    @property
    def table(self) -> Table | None:
        """The table that it is in, as changed."""
        return self.block if isinstance(self.block, Table) else None

    def __str__(self) -> str:
        return f"{self.sample} {self.kind} [{self.where}] {self.before!r} -> {self.after!r}"
