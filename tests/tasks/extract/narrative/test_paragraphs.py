"""Lines become paragraphs again, whatever the width of the page and wherever it breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.documents import Box, Document, Line, Page
from tasks.extract.narrative.lines import read_lines
from tasks.extract.narrative.paragraphs import Paragraph, fold_text, read_paragraphs
from tests.tasks.extract.narrative.made_text import make_text, wrap_pages


def paragraphs_of(document: Document) -> list[Paragraph]:
    return read_paragraphs(read_lines(document))


SENTENCES = st.lists(
    st.sampled_from(
        [
            "本局收入预算1,062.85万元，比上年预算增加12.40万元，增长1.18%。",
            "其中：基本支出900.00万元，项目支出162.85万元。",
            "主要原因是人员增加。",
            "政府采购预算总额35.60万元，全部为货物。",
        ]
    ),
    min_size=1,
    max_size=5,
)
TEXTS = st.lists(SENTENCES.map("".join), min_size=1, max_size=6)


@given(texts=TEXTS, columns=st.integers(24, 44), rows=st.integers(3, 12))
def test_wrapped_pages_give_back_every_sentence(texts: Sequence[str], columns: int, rows: int) -> None:
    joined = "".join(paragraph.printed for paragraph in paragraphs_of(wrap_pages(texts, columns, rows)))
    assert joined == "".join(texts)


@given(texts=TEXTS, columns=st.integers(24, 44), rows=st.integers(3, 12))
def test_no_paragraph_ends_inside_a_sentence(texts: Sequence[str], columns: int, rows: int) -> None:
    for paragraph in paragraphs_of(wrap_pages(texts, columns, rows)):
        assert paragraph.printed.endswith("。")


@given(text=st.text(alphabet="预算支出 12,.3（）：万元\u3000％", max_size=40))
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    folded, origin = fold_text(text)
    assert len(folded) == len(origin)
    assert origin == sorted(origin)
    assert re.sub(r"\s", "", folded) == re.sub(r"\s", "", fold_text(re.sub(r"\s", "", text))[0])


def test_page_numbers_headers_and_footers_are_no_text() -> None:
    document = wrap_pages(["甲" * 100 + "。"], columns=20, rows=2)
    (paragraph,) = paragraphs_of(document)
    assert paragraph.printed == "甲" * 100 + "。"


def test_a_number_is_traced_to_its_line() -> None:
    text = "本局二〇三一年度的收入预算总额为12,345.60万元，支出预算总额为12,345.60万元，收支平衡。"
    (paragraph,) = paragraphs_of(wrap_pages([text], columns=20, rows=40))
    positions = [match.start() for match in re.finditer("12,345.60", paragraph.folded)]
    tops = [paragraph.row_at(position).box for position in positions]
    assert all(box is not None for box in tops)
    assert len({box.top for box in tops if box is not None}) == 2


def test_a_torn_transcription_is_joined() -> None:
    lines = [
        "（一）行政运行（项）2031年预算126.40万元，比2030年执",
        "行数减少3.20万元，下降2.47%。",
        "（二）其他事项。",
    ]
    printed = [paragraph.printed for paragraph in paragraphs_of(make_text(lines))]
    assert printed == [lines[0] + lines[1], lines[2]]


def test_a_heading_is_not_joined_to_its_text() -> None:
    lines = ["二、关于某某地区某某事务管理局2031年收入预算情况的说明", "某某局2031年收入预算90.00万元。"]
    found = paragraphs_of(make_text(lines))
    assert [paragraph.is_heading for paragraph in found] == [True, False]


@pytest.mark.parametrize(
    ("lines", "section"),
    [
        (
            ["第三部分　情况说明", "一、总体情况", "（一）收入情况", "正文。"],
            ("第三部分情况说明", "一、总体情况", "(一)收入情况"),
        ),
        (["一、总体情况", "（一）收入情况", "二、其他情况", "正文。"], ("二、其他情况",)),
        (["2031年部门预算编制说明", "正文。"], ("2031年部门预算编制说明",)),
        (["一、总体情况", "1.收入预算90.00万元。", "正文。"], ("一、总体情况",)),
    ],
)
def test_every_paragraph_knows_its_headings(lines: Sequence[str], section: tuple[str, ...]) -> None:
    assert paragraphs_of(make_text(lines))[-1].section == section


def test_radicals_are_folded() -> None:
    (paragraph,) = paragraphs_of(make_text(["公⽤经费12.00万元。"]))
    assert paragraph.folded == "公用经费12.00万元。"


@pytest.mark.parametrize(
    "lines",
    [
        ["第三部分 某某地区某某厅二〇三一年度部门预算情况说明", "第四部分 名词解释"],
        [
            "十、一般公共预算机关运行经费支出预算表的情况与说明",
            "十一、一般公共预算会议费、培训费支出预算表",
            "十二、政府采购支出预算表",
        ],
    ],
)
def test_lines_of_a_contents_page_stay_apart_though_they_reach_the_margin(lines: Sequence[str]) -> None:
    blocks = [
        Line(text, Box(60, 60 + 20 * at, 60 + 12 * len(text), 72 + 20 * at), None, 12.0)
        for at, text in enumerate(lines)
    ]
    found = paragraphs_of(Document("application/pdf", (Page(1, tuple(blocks), 600, 842),), "pdf"))
    assert [paragraph.printed for paragraph in found] == lines
    assert all(paragraph.is_heading for paragraph in found)
