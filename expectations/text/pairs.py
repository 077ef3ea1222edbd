"""Are brackets, quotation marks and 书名号 closed in the paragraph in which they are opened (成对标点)?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from expectations.instances import Instance, Query
from expectations.text.paragraphs import Paragraph, read_texts

_OPEN = {"（": "）", "《": "》", "“": "”", "【": "】", "〔": "〕", "(": ")", "[": "]"}
_CLOSE = {"）": "（", "》": "《", "”": "“", "】": "【", "〕": "〔", ")": "(", "]": "["}
_SAME = str.maketrans({"(": "（", ")": "）", "〈": "《", "〉": "》"})
_NUMBERING = re.compile(r"(?:^|(?<=[。；：，、]))[(（]?[一二三四五六七八九十\d]{1,3}[)）]")
"""1） and （1） before an item are numbering, wherever they stand."""


def find_unpaired(text: str) -> list[int]:
    """Positions of marks that have no partner in the paragraph."""
    skipped = {at for match in _NUMBERING.finditer(text) for at in range(match.start(), match.end())}
    text = text.translate(_SAME)
    stack: list[int] = []
    alone: list[int] = []
    for at, mark in enumerate(text):
        if at in skipped:
            continue
        if mark in _OPEN:
            if mark == "“" and any(text[one] == "“" for one in stack):
                alone.append(stack.pop())  # opened twice: the first is the one that was never closed
            stack.append(at)
        elif mark in _CLOSE:
            partner = next((one for one in reversed(stack) if text[one] == _CLOSE[mark]), None)
            if partner is None:
                alone.append(at)
                continue
            while stack and stack[-1] != partner:
                alone.append(stack.pop())
            stack.pop()
    return sorted(alone + stack)


def _is_completed(paragraph: Paragraph, at: int, before: Paragraph | None, after: Paragraph | None) -> bool:
    """Whether the partner stands alone in the neighbouring paragraph: the two are one that was torn by the layout."""
    mark = paragraph.text[at].translate(_SAME)
    neighbour = after if mark in _OPEN else before
    partner = _OPEN.get(mark) or _CLOSE.get(mark, "")
    return neighbour is not None and any(
        neighbour.text[other].translate(_SAME) == partner for other in find_unpaired(neighbour.text)
    )


def check_pairs(query: Query) -> Iterator[Instance]:
    """Every paragraph with brackets, quotation marks or 书名号 closes what it opens."""
    for filing in read_texts(query):
        body = filing.body
        for number, paragraph in enumerate(body):
            if not any(mark in _OPEN or mark in _CLOSE for mark in paragraph.text):
                continue
            before = body[number - 1] if number else None
            after = body[number + 1] if number + 1 < len(body) else None
            alone = [at for at in find_unpaired(paragraph.text) if not _is_completed(paragraph, at, before, after)]
            for at in alone:
                mark = paragraph.text[at]
                yield filing.at(
                    paragraph,
                    at,
                    at + 1,
                    "violated",
                    f"“{mark}”没有与之配对的标点",
                    detail_en=f"“{mark}” has no partner",
                )
            if not alone:
                yield filing.at(paragraph, 0, 1, "exact")
