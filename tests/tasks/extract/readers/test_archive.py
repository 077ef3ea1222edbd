"""Archives: their documents, held against limits."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from filings.errors import UnusableInput
from tasks.extract.readers import archive, read_document
from tasks.extract.readers.archive import list_members
from tests.tasks.extract.readers.drawn import draw_small_pdf
from tests.tasks.extract.readers.packed import grids_of, pack, pack_docx, texts_of

PDF = draw_small_pdf()
TEXT = "科目编码\t科目名称\t合计\n201\t一般公共服务支出\t1,234.50\n"


def reason_code(content: bytes) -> str:
    with pytest.raises(UnusableInput) as refused:
        read_document(content, "filings.zip")
    assert "filings.zip" in refused.value.reason
    return refused.value.reason_code


def test_one_document_among_litter_is_read() -> None:
    content = pack(
        {
            "2024/": "",
            "2024/预算.pdf": PDF,
            "__MACOSX/2024/._预算.pdf": "x",
            "2024/Thumbs.db": "y",
            "说明.txt": "见附件",
        }
    )
    assert read_document(content, "filings.zip") == read_document(PDF, "预算.pdf")


def test_one_document_of_any_format_is_read() -> None:
    for name, inner in {
        "a.txt": TEXT.encode("gb18030"),
        "a.htm": b"<html><table><tr><td>a<td>b<tr><td>c<td>d</table>",
    }.items():
        assert grids_of(read_document(pack({name: inner}), "filings.zip"))


def test_documents_stored_as_they_are_are_not_taken_for_the_archive() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as stored:
        stored.writestr("a.pdf", PDF)
        stored.writestr("b.pdf", PDF)
    assert b"%PDF-" in stream.getvalue()[:100]
    assert reason_code(stream.getvalue()) == "archive_of_several"


def test_several_documents_are_named() -> None:
    word = pack_docx("<w:p><w:r><w:t>x</w:t></w:r></w:p>")
    with pytest.raises(UnusableInput, match=r"3 documents: 预算.pdf、文字.docx、表.txt") as refused:
        read_document(
            pack({"预算.pdf": PDF, "文字.docx": word, "表.txt": TEXT, "封面.png": b"\x89PNG\r\n\x1a\n"}), "filings.zip"
        )
    assert refused.value.reason_code == "archive_of_several"


def test_archive_in_an_archive_one_level_deep() -> None:
    inner = pack({"预算.pdf": PDF})
    assert list_members(pack({"部门.zip": inner, "a.txt": "b"})) == (("部门.zip/预算.pdf", PDF), ("a.txt", b"b"))
    assert read_document(pack({"部门.zip": inner}), "filings.zip").reader == "pdf"
    twice = pack({"外.zip": pack({"内.zip": inner})})
    assert reason_code(twice) == "empty_archive"


def test_names_in_gbk_and_utf_8_without_their_flag() -> None:
    for encoding in ("gbk", "utf-8"):
        marker = b"NAMENAMENAMENAMENAME"
        stored = "预算公开.pdf".encode(encoding)
        content = pack({marker[: len(stored)].decode(): PDF}).replace(marker[: len(stored)], stored)
        assert list_members(content) == (("预算公开.pdf", PDF),)
    assert list_members(pack({"预算公开.pdf": PDF}))[0][0] == "预算公开.pdf"


def test_nothing_in_it() -> None:
    assert reason_code(pack({})) == "empty_archive"
    assert reason_code(pack({"folder/": ""})) == "empty_archive"
    assert reason_code(pack({"a.png": b"\x89PNG\r\n\x1a\n" + bytes(20), "b.exe": bytes(range(256))})) == "empty_archive"


def test_broken_archives() -> None:
    content = pack({"预算.pdf": PDF, "b.txt": TEXT * 100})
    assert reason_code(content[:-30]) == "damaged_archive"
    assert reason_code(b"PK\x03\x04" + bytes(100)) == "damaged_archive"
    at = content.index(b"PK\x03\x04") + 60
    assert reason_code(content[:at] + bytes(40) + content[at + 40 :]) == "damaged_archive"


def test_archive_with_a_password() -> None:
    content = bytearray(pack({"a.pdf": PDF, "b.pdf": PDF}))
    flags_at = content.index(b"PK\x01\x02") + 8
    content[flags_at] |= 1
    assert reason_code(bytes(content)) == "encrypted_archive"


def test_bomb_by_declared_size_is_refused_before_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBER_BYTES", 10_000)
    assert reason_code(pack({"a.pdf": bytes(10_001), "b.pdf": PDF[:100]})) == "too_large"
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 25_000)
    assert reason_code(pack({f"{n}.pdf": bytes(9_000) for n in range(3)})) == "too_large"
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 10**9)
    monkeypatch.setattr(archive, "MAX_MEMBERS", 5)
    assert reason_code(pack({"in.zip": pack({f"{n}.txt": "x" for n in range(6)})})) == "too_large"


def test_bomb_with_a_false_size_unpacks_no_more_than_it_declares() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.pdf", bytes(50_000_000))
    content = bytearray(stream.getvalue())
    for start, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(start) + offset
        content[at : at + 4] = struct.pack("<I", 100)
    assert reason_code(bytes(content)) == "damaged_archive"


def test_text_document_of_an_archive_is_read_as_it_is() -> None:
    assert texts_of(grids_of(read_document(pack({"表.md": TEXT}), "filings.zip"))[0])[1][2] == "1,234.50"
