"""Whatever a document holds, extraction yields records or says why it cannot."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from filings.documents import Cell, Document, Grid, Line, Page
from filings.errors import UnusableInput
from tasks.extract import extract_document

WORDS = [
    "收入", "支出", "项目", "预算数", "合计", "总计", "科目编码", "科目名称", "类", "款", "项", "基本支出",
    "项目支出", "单位代码", "单位名称", "年度", "2025年", "2024年执行数", "201", "20101", "2010101", "301", "02",
    "12.50", "-", "", "0", "(3.00)", "1,234", "12.50%", "一、教育支出", "其中：", "（一）一般公共预算拨款",
    "本年收入合计", "上年结转", "注：本表为空表", "单位：万元", "部门支出总表", "项目名称", "年度资金总额：",
    "一级指标", "二级指标", "三级指标", "指标值", "分值", "≥95%", "任务名称", "总额", "栏次", "1", "2", "3",
    "“三公”经费", "会议费", "采购品目大类", "金额", "²", "\n",
]  # fmt: skip
LINES = [
    "部门收支总表", "部门收入总表", "部门支出总表", "财政拨款收支总表", "一般公共预算支出表",
    "一般公共预算基本支出表", "政府性基金预算支出表", "财政拨款“三公”经费支出表", "项目绩效目标表",
    "部门整体支出绩效目标表", "政府采购支出预算表", "或有负债情况表", "目录", "单位：元", "编制部门：某市某局",
    "- 3 -", "2025年部门预算", "某市某局", "注：本表为空表", "第一部分 概况", "",
]  # fmt: skip
HEADINGS = [
    "收入",
    "支出",
    "项目",
    "预算数",
    "合计",
    "科目编码",
    "科目名称",
    "基本支出",
    "单位代码",
    "金额",
    "年度",
    "公务接待费",
    "总计",
    "任务名称",
]
TEXTS = st.one_of(st.sampled_from(WORDS), st.text(max_size=6))


@st.composite
def grids(draw: st.DrawFn, headed: bool = False) -> Grid:
    rows, cols = draw(st.integers(1, 8)), draw(st.integers(1, 9))
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for row in range(rows):
        for col in range(cols):
            if (row, col) in taken or draw(st.integers(0, 9)) == 0:
                continue
            row_span = draw(st.integers(1, min(3, rows - row)))
            col_span = draw(st.integers(1, min(3, cols - col)))
            covered = {(r, c) for r in range(row, row + row_span) for c in range(col, col + col_span)}
            if covered & taken:
                row_span = col_span = 1
                covered = {(row, col)}
            taken |= covered
            texts = st.sampled_from(HEADINGS) if headed and row == 0 else TEXTS
            cells.append(Cell(row, col, draw(texts), row_span, col_span))
    edges = tuple(float(40 + 50 * at) for at in range(cols + 1)) if draw(st.booleans()) else ()
    return Grid(rows, cols, tuple(cells), col_edges_points=edges, has_spans=draw(st.booleans()))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    lines = st.builds(Line, st.one_of(st.sampled_from(LINES), st.text(max_size=20)))
    titled = st.tuples(st.builds(Line, st.sampled_from(LINES[:12])), grids(headed=True)).map(
        lambda pair: list[Line | Grid](pair)
    )
    parts: st.SearchStrategy[list[Line | Grid]] = st.one_of(
        titled, titled, st.one_of(lines, lines, grids()).map(lambda block: list[Line | Grid]([block]))
    )
    pages = [
        [block for part in page for block in part]
        for page in draw(st.lists(st.lists(parts, max_size=5), min_size=1, max_size=4))
    ]
    numbered = draw(st.booleans())
    return Document(
        "application/pdf",
        tuple(Page(n if numbered else None, tuple(blocks)) for n, blocks in enumerate(pages, 1)),
        "made",
    )


@given(documents(), st.sampled_from(["", "a.pdf", "2024年某局.pdf"]))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_extraction_raises_only_unusable_input(document: Document, file_name: str) -> None:
    try:
        records = extract_document(document, file_name)
    except UnusableInput:
        event("refused")
        return
    event("with amounts" if records.line_items else "with statements")
    numbers = [statement.statement_no for statement in records.statements]
    assert numbers == list(range(1, len(numbers) + 1))
    by_number = {statement.statement_no: statement for statement in records.statements}
    printed = {cell.text for _, block in document.blocks() if isinstance(block, Grid) for cell in block.cells}
    for item in records.line_items:
        statement = by_number[item.statement_no]
        assert item.statement_type == statement.statement_type
        assert 1 <= item.row_no <= max(statement.row_count, 1)
        assert item.value_text in printed
        assert item.value == item.value + Decimal(0)
        assert (item.amount_yuan is None) == (item.value_unit in {None, "percent"})
        assert item.code is None or item.code.isdigit()
        assert item.name is None or not any(character.isspace() for character in item.name)
    assert extract_document(document, file_name) == records
