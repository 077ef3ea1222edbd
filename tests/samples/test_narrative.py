"""The faultless narrative agrees with the tables and with itself, recomputed from the printed text alone."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest

from samples.build import build_filing
from samples.expected import list_cells
from samples.facts import list_samples
from samples.layout import Contents, Filing, Paragraph
from samples.mistakes import read_mistakes

ITEM = re.compile(
    r"^（\d+）(?P<name>.+?)（项）\d{4}年预算(?P<amount>[\d,.]+)万元，"
    r"(?:(?P<same>与\d{4}年执行数持平)|比\d{4}年执行数(?P<word>增加|减少)(?P<change>[\d,.]+)万元"
    r"(?:，(?:增长|下降)(?P<percent>[\d.]+)%)?)"
)
CENTRAL = ("central_customs_2024", "central_customs_2025", "central_research_2025")


def _texts(filing: Filing) -> list[str]:
    return [block.text for block in filing.blocks if isinstance(block, Paragraph)]


def _number(text: str | None) -> Decimal:
    return Decimal((text or "0").replace(",", ""))


@pytest.mark.parametrize("name", CENTRAL)
def test_that_item_sentences_restate_the_table(name: str) -> None:
    filing = build_filing(name, faultless=True)
    rows: dict[tuple[str, int], dict[str, Decimal]] = {}
    for cell in list_cells(filing, {}):
        if cell["statement_type"] == "general_budget_expenditure" and len(cell["code"]) == 7:
            rows.setdefault((cell["name"], cell["row_no"]), {})[cell["column_label"]] = cell["value"]
    items = [match for text in _texts(filing) if (match := ITEM.match(text))]
    assert len(items) == len(rows)
    for match, ((label, _), values) in zip(items, sorted(rows.items(), key=lambda item: item[0][1]), strict=True):
        assert match["name"] == label
        planned = next((value for column, value in values.items() if column.endswith("年初预算数/小计")), Decimal(0))
        assert _number(match["amount"]) == planned
        change = next((v for c, v in values.items() if c.endswith("执行数/增减额")), Decimal(0))
        sign = -1 if match["word"] == "减少" else 1
        assert sign * _number(match["change"]) == change
        percent = next((v for c, v in values.items() if c.endswith("执行数/增减（%）")), Decimal(0))
        assert sign * _number(match["percent"]) == percent


@pytest.mark.parametrize("name", list_samples())
def test_that_shares_add_up(name: str) -> None:
    for text in _texts(build_filing(name, faultless=True)):
        parts = [(_number(a), _number(p)) for a, p in re.findall(r"([\d,.]+)万元，占([\d.]+)%", text)]
        if len(parts) < 2:
            continue
        whole = sum((amount for amount, _ in parts), Decimal(0))
        for amount, percent in parts:
            assert percent == (amount * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP), text


@pytest.mark.parametrize("name", list_samples())
def test_that_procurement_parts_add_up(name: str) -> None:
    pattern = re.compile(
        r"政府采购.*?([\d,.]+)万元，其中.*?货物.*?([\d,.]+)万元、.*?工程.*?([\d,.]+)万元、.*?服务.*?([\d,.]+)万元"
    )
    found = [match for text in _texts(build_filing(name, faultless=True)) if (match := pattern.search(text))]
    assert len(found) == 1
    whole, *parts = (_number(group) for group in found[0].groups())
    assert whole == sum(parts, Decimal(0))


@pytest.mark.parametrize("name", list_samples())
def test_that_the_contents_list_every_statement(name: str) -> None:
    filing = build_filing(name)
    entries = [text for block in filing.blocks if isinstance(block, Contents) for _, text in block.entries]
    titles = [table.title for table in filing.tables() if table.statement_type != "performance_target"]
    assert len(titles) in (9, 12)
    for title in titles:
        assert any(entry.endswith(title.removeprefix("2019年")) for entry in entries), title


@pytest.mark.parametrize("name", [name for name in list_samples() if read_mistakes(name)])
def test_that_prose_mistakes_are_printed_and_the_right_words_are_not(name: str) -> None:
    prose = [edit for mistake in read_mistakes(name) for edit in mistake.edits if edit.kind == "prose"]
    assert prose
    printed, right = ("\n".join(_texts(build_filing(name, faultless=faultless))) for faultless in (False, True))
    for edit in prose:
        assert edit.printed in printed
        assert edit.right not in printed
        assert edit.right in right
        assert edit.printed not in right
