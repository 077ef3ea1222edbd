"""The forms as data: consistent with the vocabulary, complete for their own layouts, and open to forms of one's own."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from filings.forms import (
    FORMS_FOLDER_VARIABLE,
    ColumnPattern,
    Form,
    all_families,
    all_forms,
    all_items,
    find_forms_folder,
    form_of,
    known_words,
    load_forms,
)
from filings.text import match_key
from tasks.extract.header import classify
from tasks.extract.titles import find_title, title_key

HERE = Path(__file__).parent
TITLES: dict[str, list[str]] = tomllib.loads((HERE / "titles.toml").read_text(encoding="utf-8"))
NOT_TITLES: list[str] = tomllib.loads((HERE / "not_titles.toml").read_text(encoding="utf-8"))["lines"]
LAYOUTS = [(form, number) for form in all_forms() for number in range(len(form.layouts))]

INVENTED = """
[contingent_liability]
zh = "或有负债情况表"
kind = "coded"
titles = ['或有负债情况表']
use = ["codes", "spending"]
first = [{ role = "value", measure = "total", labels = ['担保额$'] }]
"""


@pytest.mark.parametrize(
    ("statement_type", "title"), [(kind, title) for kind, titles in TITLES.items() for title in titles]
)
def test_published_title_is_recognised(statement_type: str, title: str) -> None:
    found = find_title(title)
    assert found is not None
    assert found.form.statement_type == statement_type


def test_every_form_has_a_published_title_here() -> None:
    assert {form.statement_type for form in all_forms()} == set(TITLES)


@pytest.mark.parametrize("title", sorted({title for titles in TITLES.values() for title in titles}))
@pytest.mark.parametrize("printed", ["{}", "　{} ", "2026年度{}", "三、{}", "某某市农业农村局{}", "{}（续）"])
def test_year_numbering_and_body_do_not_hide_a_title(title: str, printed: str) -> None:
    if printed.startswith("某") and title_key(title) != match_key(title):
        title = title_key(title)  # a body's name stands before the title, not before its number
    found, plain = find_title(printed.format(title)), find_title(title)
    assert found is not None
    assert plain is not None
    assert found.form is plain.form


@pytest.mark.parametrize("line", NOT_TITLES)
def test_prose_and_other_tables_are_no_titles(line: str) -> None:
    assert find_title(line) is None


def _columns(forms: tuple[Form, ...]) -> list[ColumnPattern]:
    return [column for form in forms for column in form.columns]


def test_measures_and_items_are_words_of_the_vocabulary() -> None:
    measures = {column.measure for column in _columns(all_forms()) if column.measure}
    assert len(measures) > 40
    assert measures <= known_words("measures")
    assert {pattern.item for pattern in all_items()} <= known_words("items")


def test_families_name_columns_that_forms_have() -> None:
    for family in all_families():
        for statement_type, measure in family.columns:
            assert measure in {column.measure for column in form_of(statement_type).columns}, family.family
        for title in family.titles:
            re.compile(title)


@pytest.mark.parametrize(("form", "number"), LAYOUTS, ids=lambda value: getattr(value, "statement_type", str(value)))
def test_layouts_map_to_measures_completely(form: Form, number: int) -> None:
    paths = [path.replace("Y年", "2025年").replace("Z年", "2024年") for path in form.layouts[number].columns]
    columns = [classify(form, index, path) for index, path in enumerate(paths)]
    assert [column.label for column in columns if column.role == "unknown"] == []
    values = [(column.side, column.measure, column.year) for column in columns if column.role == "value"]
    assert values
    assert len(values) == len(set(values)), "two columns of a layout would be the same thing"


@pytest.mark.parametrize(
    "entry",
    [
        {"role": "value", "labels": ["合计"]},
        {"role": "value", "measure": "nonsense", "labels": ["合计"]},
        {"role": "name", "measure": "total", "labels": ["名称"]},
        {"role": "value", "measure": "total", "labels": ["("]},
        {"role": "value", "measure": "total", "labels": [""]},
        {"role": "value", "measure": "total", "labels": ["(合计)?"]},
        {"role": "value", "measure": "total", "labels": []},
        {"role": "column", "labels": ["合计"]},
        {"role": "name", "labels": ["名称"], "colour": "red"},
    ],
)
def test_nonsense_columns_are_refused(entry: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ColumnPattern.model_validate(entry)


@pytest.mark.parametrize(
    "entry",
    [
        "[x]\nzh = 'x'\nkind = 'coded'\nuse = []",
        "[x]\nzh = 'x'\nkind = 'coded'\ntitles = []\nuse = []",
        "[x]\nzh = 'x'\nkind = 'pie chart'\ntitles = ['甲表']\nuse = []",
        "[x]\nzh = 'x'\nkind = 'coded'\ntitles = ['(']\nuse = []",
        "[x]\nzh = 'x'\nkind = 'coded'\ntitles = ['甲表']\nuse = []\ncolour = 'red'",
    ],
)
def test_nonsense_forms_are_refused(entry: str, tmp_path: Path) -> None:
    (tmp_path / "forms.toml").write_text(entry, encoding="utf-8")
    with pytest.raises(ValidationError):
        load_forms(tmp_path)


def test_a_column_group_must_exist(tmp_path: Path) -> None:
    (tmp_path / "forms.toml").write_text(INVENTED.replace('"codes"', '"no_such_group"'), encoding="utf-8")
    with pytest.raises(KeyError):
        load_forms(tmp_path)


def test_a_folder_adds_a_form_and_changes_no_other(tmp_path: Path) -> None:
    (tmp_path / "forms.toml").write_text(INVENTED, encoding="utf-8")
    forms = load_forms(tmp_path)
    assert forms[0].statement_type == "contingent_liability"
    assert forms[1:] == load_forms()


def test_a_folder_adds_a_title_to_a_packaged_form(tmp_path: Path) -> None:
    entry = "[revenue]\nzh = '收入总表'\nkind = 'coded'\ntitles = ['来钱一览']\nuse = []"
    (tmp_path / "forms.toml").write_text(entry, encoding="utf-8")
    forms = {form.statement_type: form for form in load_forms(tmp_path)}
    packaged = form_of("revenue")
    assert [title.pattern for title in forms["revenue"].titles] == [
        "来钱一览",
        *(title.pattern for title in packaged.titles),
    ]
    assert forms["revenue"].columns == packaged.columns
    assert len(forms) == len(all_forms())


def test_a_folder_may_not_contradict_the_package(tmp_path: Path) -> None:
    (tmp_path / "forms.toml").write_text("[revenue]\nzh = 'x'\nkind = 'lists'\ntitles = ['甲表']\nuse = []")
    with pytest.raises(ValueError, match="kind lists here"):
        load_forms(tmp_path)
    (tmp_path / "forms.toml").write_text("[unrecognised]\nzh = 'x'\nkind = 'lists'\ntitles = ['甲表']\nuse = []")
    with pytest.raises(ValueError, match="another name"):
        load_forms(tmp_path)
    (tmp_path / "forms.toml").unlink()
    (tmp_path / "_columns.toml").write_text("[codes]\ncolumns = []")
    with pytest.raises(ValueError, match="codes"):
        load_forms(tmp_path)


def test_a_folder_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(FORMS_FOLDER_VARIABLE, raising=False)
    assert find_forms_folder() is None
    monkeypatch.setenv(FORMS_FOLDER_VARIABLE, str(tmp_path))
    assert find_forms_folder() == tmp_path
    monkeypatch.setenv(FORMS_FOLDER_VARIABLE, str(tmp_path / "absent"))
    with pytest.raises(NotADirectoryError, match="absent"):
        find_forms_folder()
