"""Identities that every form implies, written a second time over nothing but cells, to judge the facts independently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

ZERO = Decimal(0)
Row = Mapping[str, Any]
Kind = Literal["arithmetic", "cross_statement"]


@dataclass(frozen=True)
class Broken:
    """An identity that does not hold."""

    kind: Kind
    statement: str
    subject: str
    expected: Decimal
    actual: Decimal


class Cells:
    """The cells of one filing, looked up by statement, row and last level of the column label."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = list(rows)
        self.broken: list[Broken] = []
        self.checked = 0

    def of(self, statement: str, **where: str) -> list[Row]:
        return [
            row
            for row in self.rows
            if row["statement_type"] == statement and all(row[key] == value for key, value in where.items())
        ]

    def sum(self, statement: str, column: str = "", name: str = "", **where: str) -> Decimal:
        """The sum of the cells whose column ends so and whose name, numbering removed, is that."""
        return sum(
            (
                row["value"]
                for row in self.of(statement, **where)
                if row["column_label"].endswith(column) and (not name or row["name"].endswith(name))
            ),
            ZERO,
        )

    def require(self, kind: Kind, statement: str, subject: str, expected: Decimal, actual: Decimal) -> None:
        self.checked += 1
        if expected != actual:
            self.broken.append(Broken(kind, statement, subject, expected, actual))


TOTAL_NAMES = ("合计", "收入总计")


def check_hierarchy(cells: Cells, statement: str) -> None:
    """类 = Σ款, 款 = Σ项, 合计 = Σ类, for every money column; a row per unit below an item adds up to the item."""
    coded = [row for row in cells.of(statement) if row["code"] and row["value_unit"] != "percent"]
    per_item = [row for row in coded if row["unit_code"] == ""]
    for column in dict.fromkeys(row["column_label"] for row in per_item):
        by_code = {row["code"]: row["value"] for row in per_item if row["column_label"] == column}
        for code, value in by_code.items():
            children = [below for below in by_code if len(below) == len(code) + 2 and below.startswith(code)]
            if children or any(row["code"].startswith(code) and row["code"] != code for row in per_item):
                below_sum = sum((by_code[child] for child in children), ZERO)
                cells.require("arithmetic", statement, f"{code} {column}", value, below_sum)
            units = [row for row in coded if row["code"] == code and row["unit_code"] and row["column_label"] == column]
            if units:
                unit_sum = sum((row["value"] for row in units), ZERO)
                cells.require("arithmetic", statement, f"{code} {column} by unit", value, unit_sum)
        totals = [
            row["value"]
            for row in cells.of(statement, code="", column_label=column)
            if row["name"] in TOTAL_NAMES or not any(other["name"] in TOTAL_NAMES for other in cells.of(statement))
        ]
        classes = sum((value for code, value in by_code.items() if len(code) == 3), ZERO)
        for total in totals:
            cells.require("arithmetic", statement, f"合计 {column}", total, classes)


PARTS: Mapping[str, tuple[str, ...]] = {
    "合计": ("基本支出", "项目支出", "单位预留机动经费", "结转下年资金"),
    "支出总计": ("基本支出", "项目支出"),
    "年初预算数/小计": ("年初预算数/基本支出", "年初预算数/项目支出"),
    "收入预算/合计": ("财政拨款收入", "/事业收入", "事业单位经营收入", "其他收入"),
    "财政拨款支出/合计": ("/一般公共预算", "/政府性基金预算", "/国有资本经营预算"),
    "基本支出/合计": ("人员经费", "公用经费"),
    "总额": ("其中：财政拨款", "其中：其他资金"),
    "年度资金总额": ("财政拨款", "上年结转", "其他资金"),
}
"""Ending of a total's column label → endings of its parts', within one row."""


def check_rows(cells: Cells, statement: str) -> None:
    rows: dict[tuple[Any, ...], dict[str, Decimal]] = {}
    names: dict[tuple[Any, ...], str] = {}
    for row in cells.of(statement):
        key = (row["row_no"], row["side"])
        rows.setdefault(key, {})[row["column_label"]] = row["value"]
        names[key] = f"{row['code']} {row['name']}"
    labels = {label for values in rows.values() for label in values}
    for total, parts in PARTS.items():
        if not any(label.endswith(total) for label in labels):
            continue
        if not all(any(label.endswith(part) for label in labels) for part in parts[:1]):
            continue
        for key, values in rows.items():
            whole = [value for label, value in values.items() if label == total or label.endswith("/" + total)]
            summed = [
                value
                for label, value in values.items()
                if any(label.endswith(part) for part in parts) and "/其中" not in label
            ]
            if total == "总额":
                whole = [value for label, value in values.items() if label.endswith(total)]
                summed = [value for label, value in values.items() if "其中：" in label]
            if len(whole) == 1 and summed:
                cells.require("arithmetic", statement, f"{names[key]} {total}", whole[0], sum(summed, ZERO))
    check_changes(cells, statement, rows, names)


def check_changes(
    cells: Cells,
    statement: str,
    rows: Mapping[tuple[Any, ...], Mapping[str, Decimal]],
    names: Mapping[tuple[Any, ...], str],
) -> None:
    """增减额 = 预算 - 执行, 增减% = 增减额 / 执行, half up, with and without capital construction."""
    for key, values in rows.items():
        for excl in (False, True):
            changes = {
                label: value
                for label, value in values.items()
                if "增减" in label and ("扣除中央基建" in label) == excl and "/" in label
            }
            if not changes:
                continue
            base = _pick(values, "扣除中央基建投资后执行数" if excl else "/执行数")
            plan = _pick(values, "扣除中央基建投资后预算数" if excl else "年初预算数/小计")
            amount, percent = _pick(changes, "增减额"), _pick(changes, "增减（%）")
            cells.require("arithmetic", statement, f"{names[key]} 增减额", plan - base, amount)
            if base:
                share = (amount * 100 / base).quantize(Decimal("0.01"), ROUND_HALF_UP)
                cells.require("arithmetic", statement, f"{names[key]} 增减%", share, percent)


def _pick(values: Mapping[str, Decimal], ending: str) -> Decimal:
    return next((value for label, value in values.items() if label.endswith(ending)), ZERO)


def check_three_public(cells: Cells, groups: Iterable[tuple[Any, list[Row]]]) -> None:
    """合计 = 出国 + 公车小计 + 接待 and 小计 = 购置 + 运行, for each year."""
    for key, rows in groups:
        values = {row["column_label"]: row["value"] for row in rows}

        def pick(*endings: str, values: Mapping[str, Decimal] = values) -> Decimal:
            return next((v for label, v in values.items() if any(label.endswith(ending) for ending in endings)), ZERO)

        vehicles = pick("购置及运行费/小计", "购置及运行维护费/小计")
        parts = pick("购置费") + pick("运行费", "运行维护费")
        cells.require("arithmetic", "three_public", f"{key} 公车", vehicles, parts)
        whole = next(
            (
                v
                for label, v in values.items()
                if label.endswith(("数/合计", "三公”经费合计", "“三公”经费/小计")) or label == "总计"
            ),
            ZERO,
        )
        travel = pick("因公出国（境）费", "因公出国(境)费")
        cells.require("arithmetic", "three_public", f"{key} 合计", whole, travel + vehicles + pick("公务接待费"))
