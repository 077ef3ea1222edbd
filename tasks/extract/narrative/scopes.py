"""Of which amount is the next one a part (其中：的范围)?

其中 after a comma holds to the end of the sentence, after a full stop to the end of the paragraph; at the end of a paragraph
it holds for the paragraphs numbered more deeply, or, where that paragraph has no number, to the end of the section.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tasks.extract.narrative.draft import DraftClaim
from tasks.extract.narrative.headings import UNNUMBERED

Reach = Literal["sentence", "paragraph", "section"]


@dataclass(frozen=True, slots=True)
class Scope:
    """A whole whose parts follow."""

    whole: DraftClaim
    reach: Reach
    depth: int


@dataclass(slots=True)
class Scopes:
    """The wholes whose parts are being read, innermost last."""

    _open: list[Scope] = field(default_factory=list)

    @property
    def whole(self) -> DraftClaim | None:
        """The innermost whole."""
        return self._open[-1].whole if self._open else None

    def open(self, whole: DraftClaim, reach: Reach, depth: int) -> None:
        """Begin the parts of a whole."""
        self._open = [scope for scope in self._open if scope.whole is not whole]
        self._open.append(Scope(whole, reach, depth))

    def end_sentence(self) -> None:
        """Close what holds for one sentence."""
        self._open = [scope for scope in self._open if scope.reach != "sentence"]

    def begin_paragraph(self, depth: int) -> None:
        """Close what the number of a new paragraph ends."""
        self._open = [
            scope
            for scope in self._open
            if scope.reach == "section" and (depth > scope.depth or scope.depth == UNNUMBERED)
        ]

    def begin_section(self) -> None:
        """Close everything."""
        self._open.clear()
