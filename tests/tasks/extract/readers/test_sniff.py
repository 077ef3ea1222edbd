"""Which format is it, and the reason where it cannot be read."""

from __future__ import annotations

import io
import zipfile

import pytest

from filings.documents import Grid
from filings.errors import UnusableInput
from tasks.extract.readers import read_document
from tests.tasks.extract.readers.drawn import draw_pdf, draw_small_pdf, draw_statement

TRANSCRIPT = "# 支出总表\n\n科目编码\t科目名称\t合计\n201\t一般公共服务支出\t1,234.50\n合计\t\t1,234.50\n"


def reason_code(content: bytes, file_name: str = "filing.pdf") -> str:
    with pytest.raises(UnusableInput) as refused:
        read_document(content, file_name)
    assert file_name in refused.value.reason
    assert refused.value.reason.count(".") >= 2, "the reason says what was found and what to do"
    return refused.value.reason_code


def zipped(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "content")
    return target.getvalue()


def test_nothing_in_it() -> None:
    assert reason_code(b"") == "empty_file"
    assert reason_code(b" \n\t\n", "filing.txt") == "empty_file"


@pytest.mark.parametrize("junk", [b"\x8f\x00\x01\xfe\xff\x12junkjunk123", b"this is no pdf 17"], ids=["bytes", "words"])
def test_junk_named_pdf(junk: bytes) -> None:
    assert len(junk) == 17
    assert reason_code(junk) == "not_a_pdf"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.98])
def test_truncated_pdf(share: float) -> None:
    content = draw_small_pdf()
    assert reason_code(content[: int(len(content) * share)]) == "damaged_pdf"


def test_mildly_broken_pdf_is_read() -> None:
    content = draw_small_pdf()
    start = content.rindex(b"startxref")
    wrong_offset = content[:start] + b"startxref\n7\n%%EOF\n"
    assert read_document(wrong_offset, "filing.pdf") == read_document(content, "filing.pdf")
    preceded = b"\r\n\r\n" + content
    assert read_document(preceded, "filing.pdf").pages[0].blocks


def test_pdf_that_needs_a_password_and_one_that_does_not() -> None:
    assert reason_code(draw_pdf(draw_statement, password=("open sesame", "owner"))) == "encrypted_pdf"
    opened = read_document(draw_pdf(draw_statement, password=("", "owner")), "filing.pdf")
    assert opened.pages[0].blocks == read_document(draw_small_pdf(), "filing.pdf").pages[0].blocks


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><html><head><title>404</title></head><body><h1>404 Not Found</h1></body></html>",
        "<html><body><form><table><tr><td>用户名</td></tr></table></form></body></html>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_web_page_in_place_of_the_document(page: str, encoding: str) -> None:
    assert reason_code(page.encode(encoding)) == "html_error_page"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), "presentation"),
        (b"GIF89a" + b"\x00" * 40, "image"),
        (b"\x1f\x8b\x08\x00", "archive"),
    ],
)
def test_known_formats_without_a_reader(content: bytes, word: str) -> None:
    with pytest.raises(UnusableInput, match=word) as refused:
        read_document(content, "filing.pdf")
    assert refused.value.reason_code == "unsupported_format"


def test_unknown_bytes() -> None:
    assert reason_code(bytes(range(256)) * 4, "filing.dat") == "unknown_format"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_text_in_any_usual_encoding_is_simply_read(encoding: str) -> None:
    document = read_document(TRANSCRIPT.encode(encoding), "filing.txt")
    (grid,) = [block for _, block in document.blocks() if isinstance(block, Grid)]
    assert (grid.row_count, grid.col_count) == (3, 3)
    assert [cell.text for cell in grid.cells if cell.row == 1] == ["201", "一般公共服务支出", "1,234.50"]


def test_the_name_is_not_trusted() -> None:
    assert read_document(draw_small_pdf(), "filing.txt").reader == "pdf"
    assert read_document(TRANSCRIPT.encode(), "filing.pdf").reader == "text_rows"
