"""What is inside a zip or OLE2 container, and Word files of older formats."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from filings.errors import UnusableInput
from tasks.extract.readers import legacy_word, read_document
from tests.tasks.extract.readers.compound import write_compound
from tests.tasks.extract.readers.packed import lines_of, pack, pack_docx

WORD_HEAD = b"\xec\xa5\xc1\x00" + bytes(6)
PLAIN, ENCRYPTED = WORD_HEAD + b"\x00\x00" + bytes(600), WORD_HEAD + b"\x00\x01" + bytes(600)
DOC = write_compound({"WordDocument": PLAIN, "1Table": b"t"})
RTF = rb"{\rtf1\ansi \'ca\'d5}"
ODT = pack({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"})


def reason_code(content: bytes) -> str:
    with pytest.raises(UnusableInput) as refused:
        read_document(content, "filing.doc")
    assert "filing.doc" in refused.value.reason
    return refused.value.reason_code


def test_documents_with_a_password() -> None:
    assert reason_code(write_compound({"EncryptedPackage": b"x" * 600, "EncryptionInfo": b"y"})) == "encrypted_document"
    assert reason_code(write_compound({"WordDocument": ENCRYPTED})) == "encrypted_document"


def test_containers_without_a_reader() -> None:
    assert reason_code(write_compound({"PowerPoint Document": b"x"})) == "unsupported_format"
    assert reason_code(pack({"OFD.xml": "<x/>", "Doc_0/Document.xml": "<x/>"})) == "unsupported_format"
    assert (
        reason_code(pack({"[Content_Types].xml": "<x/>", "xl/workbook.bin": "x", "xl/worksheets/a.bin": "x"}))
        == "unsupported_format"
    )
    assert reason_code(pack({"[Content_Types].xml": "<x/>", "ppt/presentation.xml": "<x/>"})) == "unsupported_format"


def test_damaged_compound_file() -> None:
    assert reason_code(DOC[:600]) == "damaged_document"
    assert reason_code(write_compound({"Workbook": b"no records" * 100})) == "damaged_document"


@pytest.mark.parametrize("content", [DOC, RTF, ODT], ids=["doc", "rtf", "odt"])
def test_without_libreoffice_the_reason_says_so(
    content: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert reason_code(content) == "needs_libreoffice"


@pytest.fixture
def soffice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A program in LibreOffice's place that the test may rewrite."""
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return program


@pytest.mark.parametrize(
    ("content", "suffix", "media_type"),
    [
        (DOC, ".doc", "application/msword"),
        (RTF, ".rtf", "application/rtf"),
        (ODT, ".odt", "application/vnd.oasis.opendocument.text"),
    ],
)
def test_old_word_files_are_read_as_libreoffice_converts_them(
    content: bytes, suffix: str, media_type: str, soffice: Path, tmp_path: Path
) -> None:
    made = tmp_path / "made.docx"
    made.write_bytes(pack_docx("<w:p><w:r><w:t>收支总表</w:t></w:r></w:p>"))
    soffice.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/said\ncp {made} made.docx\nmkdir made && mv made.docx made/document.docx\n'
    )
    document = read_document(content, "filing.doc")
    assert lines_of(document) == ["收支总表"]
    assert (document.reader, document.media_type) == ("legacy_word", media_type)
    said = (tmp_path / "said").read_text().split()
    assert "--headless" in said
    assert said[-1].endswith(f"document{suffix}")
    assert not Path(said[-1]).exists(), "nothing is left behind"


def test_conversion_that_fails_or_hangs(soffice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reason_code(DOC) == "conversion_failed"
    soffice.write_text("#!/bin/sh\nexit 0\n")
    assert reason_code(DOC) == "conversion_failed"
    monkeypatch.setattr(legacy_word, "TIMEOUT_SECONDS", 0.3)
    soffice.write_text("#!/bin/sh\nsleep 60 &\nsleep 60\n")
    assert reason_code(DOC) == "conversion_failed"
