"""Builds 项目绩效目标表: one table per project, with its money, its goal and three levels of indicators."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from samples.amounts import print_amount
from samples.facts import Facts
from samples.layout import Align, Figure, Table, TableCell

MONEY_LINES = (
    ("年度资金总额：", "total"),
    ("其中：财政拨款", "fiscal"),
    ("上年结转", "carry_over"),
    ("其他资金", "other"),
)
"""The four money lines of the table, with their keys in the facts."""


def build_target_table(facts: Facts, target: Mapping[str, Any]) -> Table:
    """One project's table (项目绩效目标表); its total is the sum of its sources.

    Raises:
        ValueError: The indicators' scores do not add up to 90, as the form wants.
    """
    scores = sum((Decimal(item["score"]) for item in target["indicators"]), Decimal(0))
    if scores != 90:
        raise ValueError(f"{facts.name}: the scores of {target['project']} add up to {scores}, not 90")
    cells: list[TableCell] = []
    row_no = list(facts.data["targets"]).index(target) + 1

    def put(row: int, col: int, text: str, rows: int = 1, cols: int = 1, align: Align = "center") -> None:
        cells.append(TableCell(row, col, text, rows, cols, align))

    put(0, 0, "项目名称", cols=2)
    put(0, 2, target["project"], cols=4)
    put(1, 0, "主管部门及代码", cols=2)
    put(1, 2, target["department"], cols=2)
    put(1, 4, "实施单位")
    put(1, 5, target["unit"])
    put(2, 0, "项目资金（万元）", rows=4, cols=2)
    amounts = {key: Decimal(target.get(key, "0")) for _, key in MONEY_LINES}
    amounts["total"] = sum((amounts[key] for key in ("fiscal", "carry_over", "other")), Decimal(0))
    for offset, (label, key) in enumerate(MONEY_LINES):
        put(2 + offset, 2, label, cols=2, align="left")
        amount = amounts[key]
        figure = None
        if amount:
            column = label.removeprefix("其中：").removesuffix("：")
            figure = Figure(row_no, "", "", target["project"], "", column, amount, "wan_yuan")
        text = print_amount(amount) if amount else "-"
        cells.append(TableCell(2 + offset, 4, text, align="right", figure=figure))
    put(2, 5, "执行率分值（10）", rows=4)
    put(6, 0, "年度总体目标")
    put(6, 1, target["goal"], cols=5, align="left")
    indicators = target["indicators"]
    put(7, 0, "绩效指标", rows=len(indicators) + 1)
    for col, text in enumerate(("一级指标", "二级指标", "三级指标", "指标值", "分值（90）"), start=1):
        put(7, col, text)
    _put_indicators(put, indicators)
    return Table(
        "performance_target",
        f"{target['project']}项目绩效目标表",
        "",
        "",
        f"（{facts.year}年度）",
        0,
        8 + len(indicators),
        (10, 14, 16, 26, 16, 18),
        tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))),
        style=facts.table_style("performance_target"),
    )


def _put_indicators(put: Any, indicators: list[Mapping[str, Any]]) -> None:  # noqa: ANN401
    """Indicator rows; equal first and second levels that follow each other are one merged cell."""
    for level, col in (("level1", 1), ("level2", 2)):
        start = 0
        while start < len(indicators):
            end = start + 1
            while end < len(indicators) and all(
                indicators[end][key] == indicators[start][key] for key in ("level1", "level2")[:col]
            ):
                end += 1
            put(8 + start, col, indicators[start][level], rows=end - start)
            start = end
    for offset, item in enumerate(indicators):
        put(8 + offset, 3, item["level3"], align="left")
        put(8 + offset, 4, item["value"])
        put(8 + offset, 5, item["score"])
