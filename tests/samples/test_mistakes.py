"""Edits change exactly the place they name, and refuse to change anything else."""

from __future__ import annotations

import pytest

from samples.build import build_filing
from samples.expected import list_cells
from samples.layout import Contents, Filing
from samples.mistakes import Edit, EditMisfitError, apply_edits, read_mistakes

NAME = "central_customs_2025"
WHERE = {"code": "2010909", "column_label": "合计"}


@pytest.fixture(scope="module", name="filing")
def _filing() -> Filing:
    return build_filing(NAME, faultless=True)


def test_that_a_figure_changes_in_print_and_in_the_expected_cells(filing: Filing) -> None:
    edit = Edit("figure", "1,313.87", "1,313.86", "expenditure", WHERE)
    before, after = list_cells(filing, {}), list_cells(apply_edits(filing, [edit]), {})
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [(str(old["value"]), str(new["value"])) for old, new in changed] == [("1313.86", "1313.87")]


def test_that_a_code_changes_for_its_whole_row(filing: Filing) -> None:
    after = apply_edits(filing, [Edit("code", "2010990", "2010909", "expenditure", {"code": "2010909"})])
    rows = [cell for cell in list_cells(after, {}) if cell["statement_type"] == "expenditure"]
    assert [cell["code"] for cell in rows if cell["name"] == "海关关务"] == ["2010990", "2010990"]


def test_that_a_label_changes_for_its_whole_row(filing: Filing) -> None:
    after = apply_edits(filing, [Edit("label", "海关业务", "海关关务", "expenditure", {"code": "2010909"})])
    names = {cell["name"] for cell in list_cells(after, {}) if cell["code"] == "2010909"}
    assert names == {"海关业务", "海关关务"}


def test_that_a_dropped_row_moves_the_rows_below_up(filing: Filing) -> None:
    after = apply_edits(filing, [Edit("drop_row", "", "", "expenditure", {"code": "2010910"})])
    before_rows = {c["code"]: c["row_no"] for c in list_cells(filing, {}) if c["statement_type"] == "expenditure"}
    after_rows = {c["code"]: c["row_no"] for c in list_cells(after, {}) if c["statement_type"] == "expenditure"}
    assert set(before_rows) - set(after_rows) == {"2010910"}
    assert after_rows["2210203"] == before_rows["2210203"] - 1
    assert after_rows["2010909"] == before_rows["2010909"]


def test_that_a_contents_entry_can_go(filing: Filing) -> None:
    after = apply_edits(filing, [Edit("contents", "", "五、一般公共预算支出表")])
    entries = [text for block in after.blocks if isinstance(block, Contents) for _, text in block.entries]
    assert "五、一般公共预算支出表" not in entries
    assert "四、财政拨款收支总表" in entries


def test_that_a_title_and_a_note_change(filing: Filing) -> None:
    after = apply_edits(
        filing,
        [Edit("title", "部门支出表", "部门支出总表", "expenditure"), Edit("note", "注：空表。", "", "expenditure")],
    )
    table = next(table for table in after.tables() if table.statement_type == "expenditure")
    assert (table.title, table.notes) == ("部门支出表", ("注：空表。",))


@pytest.mark.parametrize(
    "edit",
    [
        Edit("figure", "1.00", "9.99", "expenditure", WHERE),
        Edit("figure", "1.00", "1,313.86", "expenditure", {"code": "2010909", "side": "revenue"}),
        Edit("prose", "某", "这句话没有写"),
        Edit("prose", "元", "万元"),
        Edit("contents", "", "没有这一项"),
        Edit("title", "某表", "没有这张表", "expenditure"),
        Edit("drop_row", "", "", "expenditure", {"code": "9999999"}),
    ],
)
def test_that_an_edit_that_fits_no_single_place_is_refused(filing: Filing, edit: Edit) -> None:
    with pytest.raises(EditMisfitError):
        apply_edits(filing, [edit])


def test_that_a_value_must_be_written_as_it_is_printed(filing: Filing) -> None:
    with pytest.raises(EditMisfitError):
        apply_edits(filing, [Edit("figure", "1313.87", "1,313.86", "expenditure", WHERE)])


def test_that_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        Edit("colour", "", "")


def test_that_a_sample_without_mistakes_has_none() -> None:
    assert read_mistakes("shenzhen_2023") == ()
