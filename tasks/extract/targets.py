"""Performance target sheets (项目绩效目标表、整体支出绩效目标表): money lines and indicators.

These sheets are forms to fill in, not tables with a header: a label cell is followed by its value to the right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from filings.amounts import is_blank, parse_number
from filings.documents import Cell
from filings.text import match_key, squeeze
from filings.units import find_bracketed_unit
from tasks.extract.columns import Column
from tasks.extract.drafts import Draft
from tasks.extract.rows import ReadCell, RowKey

_MONEY = (
    ("target_total", re.compile(r"^(年度|项目)?资金(总额|总量)(\(.*\))?:?$|^年度资金总额:?$")),
    ("target_fiscal", re.compile(r"^(其中:?)?(本年)?财政(拨款|资金)(\(.*\))?:?$")),
    ("target_carry_over", re.compile(r"^(其中:?)?上年结转(资金|结余)?:?$")),
    ("target_other", re.compile(r"^(其中:?)?其他资金:?$")),
)
_PROJECT = re.compile(r"^项目名称:?$")
_LEVELS = re.compile(r"^([一二三])级指标$")
_TASK_NAME = re.compile(r"^(任务|工作任务)名称$")
_TASK_MONEY = (
    ("total", re.compile(r"^(预算)?(总额|金额)(\(.*\))?$")),
    ("fiscal_appropriation", re.compile(r"^(其中:?)?财政(拨款|资金)$")),
    ("other_income", re.compile(r"^(其中:?)?其他资金$")),
)
_TASK_TOTAL = re.compile(r"^(金额)?合计$")
_TARGET = re.compile(r"^(年度|绩效|目标)?(指标|目标)值(\(.*\))?$")
_SCORE = re.compile(r"^(分值|权重|分值权重)(\(?\d*%?\)?)?$")
_LEVEL_1 = re.compile(r"^(产出|效益|满意度|成本|投入|管理|决策|过程|履职效能|社会效应|可持续性)指标$")
_LEVEL_2 = re.compile(
    r"^(数量|质量|时效|成本|(经济|社会|生态环境)成本|(经济|社会|生态|环境)(环境)?效益|可持续(影响|发展)(能力)?|(服务对象|社会公众|社会)?满意度)指标$"
)
"""Names of the first two levels, by which a shifted row is read. Source: 财政部《项目支出绩效评价管理办法》（财预〔2020〕10号）."""
_PARAGRAPH = re.compile(r"</?p>")
_ALL_LEVELS = re.compile(r"^(年度)?绩效指标$")
_STATED = re.compile(r"[一-龥]{4}.*[，。；,;]|[，。；,;].*[一-龥]{4}", re.DOTALL)
"""A cell that says something in sentences, as goals and reasons do."""
_OPERATOR = re.compile(r"^\$?\s*(?:\\(?P<latex>geq?|leq?)|(?P<sign>[≥≤＞＜><=＝]))\s*")
_NUMBER_UNIT = re.compile(r"^(?P<number>-?\d[\d,]*(?:\.\d+)?)\s*\\?(?P<unit>.*?)\$?(?P<rest>.*)$")
_OPERATORS = {"ge": "≥", "geq": "≥", "le": "≤", "leq": "≤", "＞": ">", "＜": "<", "＝": "="}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator row as printed, before it becomes a record."""

    level1: str | None
    level2: str | None
    level3: str | None
    target_text: str | None
    score: Decimal | None
    page: int | None
    cell: Cell


@dataclass(frozen=True, slots=True)
class Goal:
    """What a cell of a sheet says in sentences (总体目标、立项依据), one printed line of it."""

    text: str
    page: int | None
    cell: Cell


@dataclass(slots=True)
class Sheet:
    """What one sheet says: project, money cells, indicators and the unit of its money.

    The money cells of a project's sheet stand below each other; each kind of money counts as a column of its own.
    """

    project: str | None = None
    unit: str | None = None
    row_count: int = 1
    cells: list[ReadCell] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that its money cells stand in."""
        found = {cell.column.index: cell.column for cell in self.cells}
        return tuple(found[index] for index in sorted(found))


def read_sheet(draft: Draft, row_no: int) -> Sheet:
    """Read one performance target sheet (绩效目标表).

    Args:
        draft: The statement with all its parts.
        row_no: Ordinal of the sheet in the filing: the row number of its money lines.
    """
    sheet = Sheet()
    tasks = _Tasks()
    levels: dict[int, str] = {}
    last: dict[int, str] = {}
    value_col = score_col = None
    for part in draft.parts:
        for row in range(len(part.matrix.rows)):
            cells = part.matrix.texts(row)
            sheet.goals += [
                Goal(text, part.page, cell)
                for cell in cells
                for text in _PARAGRAPH.split(cell.text)
                if _STATED.search(text)
            ]
            keys = [match_key(cell.text) for cell in cells]
            found = {cell.col: match[1] for cell, key in zip(cells, keys, strict=True) if (match := _LEVELS.match(key))}
            if found:
                levels, last = found, {}
                value_col = next((c.col for c, k in zip(cells, keys, strict=True) if _TARGET.match(k)), None)
                score_col = next((c.col for c, k in zip(cells, keys, strict=True) if _SCORE.match(k)), None)
            elif levels:
                indicator = _read_indicator(cells, levels, value_col, score_col, last, part.page)
                if indicator:
                    sheet.indicators.append(indicator)
            elif draft.form.kind == "tasks":
                sheet.cells.extend(tasks.read(cells, keys, part.page))
            else:
                _read_fields(sheet, cells, keys, row_no, part.page)
    if draft.form.kind == "tasks":
        sheet.row_count = tasks.row_no
        sheet.unit = tasks.unit
        return sheet
    if sheet.project is None:
        sheet.project = re.sub(r"(项目)?(支出)?绩效目标(申报|公开)?表$", "", draft.title.key) or None
    sheet.cells = [_named(cell, sheet.project) for cell in sheet.cells]
    return sheet


@dataclass(slots=True)
class _Tasks:
    """The list of tasks with their money on the sheet of a whole unit (任务名称、预算金额)."""

    columns: list[Column] = field(default_factory=list)
    started: bool = False
    row_no: int = 0
    unit: str | None = None

    def read(self, cells: list[Cell], keys: list[str], page: int | None) -> list[ReadCell]:
        """Money cells of the next row; none above the list or in its header."""
        heading = next((cell for cell, key in zip(cells, keys, strict=True) if _TASK_NAME.match(key)), None)
        if heading is not None:
            self.started = True
            self.unit = next((unit for cell in cells if (unit := find_bracketed_unit(cell.text))), None)
            self._heading = squeeze(cells[-1].text)
            return []
        if not self.started or not cells:
            return []
        labelled = [
            Column(index, f"{self._heading}/{squeeze(cell.text)}", "value", measure)
            for index, (cell, key) in enumerate(zip(cells, keys, strict=True))
            for measure, pattern in _TASK_MONEY
            if pattern.match(key)
        ]
        if len(labelled) == len(cells):
            self.columns = labelled
            return []
        numbers = [cell for cell in cells if parse_number(cell.text) is not None]
        if not self.columns or len(numbers) != len(self.columns):
            return []
        self.row_no += 1
        name = next((squeeze(cell.text) for cell in cells if cell not in numbers), None)
        item = "total" if name and _TASK_TOTAL.match(name) else None
        key = RowKey(self.row_no, name=name, item=item, row_level=0 if item else None)
        return [
            ReadCell(key, column, cell.text, parse_number(cell.text), page, cell.box, cell.locator)
            for column, cell in zip(self.columns, numbers, strict=True)
        ]

    _heading: str = ""


def _read_fields(sheet: Sheet, cells: list[Cell], keys: list[str], row_no: int, page: int | None) -> None:
    for at, key in enumerate(keys):
        right = cells[at + 1] if at + 1 < len(cells) else None
        if sheet.unit is None:
            sheet.unit = find_bracketed_unit(cells[at].text)
        if right is None:
            continue
        if _PROJECT.match(key) and sheet.project is None:
            sheet.project = squeeze(right.text)
        for index, (measure, pattern) in enumerate(_MONEY):
            if pattern.match(key) and not is_blank(right.text):
                label = re.sub(r"^其中[:：]?|[:：]$", "", squeeze(cells[at].text))
                column = Column(index=index, label=label, role="value", measure=measure)
                number = parse_number(re.sub(r"(万|亿|千)?元$", "", match_key(right.text)))
                sheet.cells.append(ReadCell(RowKey(row_no), column, right.text, number, page, right.box, right.locator))


def _named(cell: ReadCell, project: str | None) -> ReadCell:
    key = RowKey(row_no=cell.key.row_no, name=project)
    return ReadCell(key, cell.column, cell.text, cell.number, cell.page, cell.box, cell.locator)


def _read_indicator(
    cells: list[Cell],
    levels: dict[int, str],
    value_col: int | None,
    score_col: int | None,
    last: dict[int, str],
    page: int | None,
) -> Indicator | None:
    """One row under the indicator header; a level left blank is the one above (the cells are merged)."""
    columns = sorted(levels)
    scored = [cell for cell in cells if score_col is not None and cell.col >= score_col]
    if len(scored) > 1 or any(_is_beside(cell, levels, value_col) for cell in cells):
        return _read_shifted(cells, levels, last, page)
    values: dict[str, str] = {}
    for at, column in enumerate(columns):
        end = columns[at + 1] if at + 1 < len(columns) else (value_col if value_col is not None else column + 1)
        text = next((squeeze(cell.text) for cell in cells if column <= cell.col < end), "")
        if text:
            last[column] = text
            for later in columns[at + 1 :]:
                last.pop(later, None)
        if column in last:
            values[levels[column]] = last[column]
    target = next((cell for cell in cells if value_col is not None and _covers(cell, value_col, score_col)), None)
    score = scored[0] if scored else None
    anchor = target or next((cell for cell in cells if cell.col >= columns[-1]), None)
    if anchor is None or not any(columns[-1] <= cell.col for cell in cells):
        return None
    number = parse_number(score.text) if score is not None else None
    return Indicator(
        level1=values.get("一"),
        level2=values.get("二"),
        level3=values.get("三"),
        target_text=squeeze(target.text) if target else None,
        score=number.value if number else None,
        page=page,
        cell=anchor,
    )


def _is_beside(cell: Cell, levels: dict[int, str], value_col: int | None) -> bool:
    """Whether a cell stands in another column than the one its words belong to: the document lost a merged cell."""
    key = match_key(cell.text)
    if _OPERATOR.match(key):
        return value_col is not None and cell.col != value_col
    own = "一" if _LEVEL_1.match(key) else "二" if _LEVEL_2.match(key) else None
    return own is not None and levels.get(cell.col, own) != own


def _read_shifted(
    cells: list[Cell], levels: dict[int, str], last: dict[int, str], page: int | None
) -> Indicator | None:
    """A row that stands beside its columns, read by its words: levels, then name, target and score from left to right."""
    column_of = {level: column for column, level in levels.items()}
    rest: list[Cell] = []
    for cell in cells:
        key = match_key(cell.text)
        level = None if rest else "一" if _LEVEL_1.match(key) and not rest else "二" if _LEVEL_2.match(key) else None
        if level in column_of:
            last[column_of[level]] = squeeze(cell.text)
        elif rest or not _ALL_LEVELS.match(key):
            rest.append(cell)
    if not rest:
        return None
    number = parse_number(rest[-1].text) if len(rest) > 2 else None
    target = rest[1] if len(rest) > 1 else None
    return Indicator(
        level1=last.get(column_of.get("一", -1)),
        level2=last.get(column_of.get("二", -1)),
        level3=squeeze(rest[0].text),
        target_text=squeeze(target.text) if target else None,
        score=number.value if number else None,
        page=page,
        cell=target or rest[0],
    )


def _covers(cell: Cell, value_col: int, score_col: int | None) -> bool:
    return cell.col >= value_col and (score_col is None or cell.col < score_col)


def parse_target(text: str) -> tuple[str | None, Decimal | None, str | None]:
    """Split a printed target into operator, number and unit (``≥95%`` → ≥, 95, %)."""
    rest = text
    operator = None
    if match := _OPERATOR.match(rest):
        sign = match["sign"] or match["latex"]
        operator = _OPERATORS.get(sign, sign)
        rest = rest[match.end() :]
    number = _NUMBER_UNIT.match(rest.strip())
    if number is None:
        return operator, None, None
    value = parse_number(number["number"])
    unit = (number["unit"] + number["rest"]).strip("$ \\")
    return operator, value.value if value else None, unit or None
