"""RAR and 7-Zip archives, read by the real bsdtar where it is installed."""

from __future__ import annotations

import shutil
import stat
import struct
import subprocess
import zlib
from pathlib import Path

import pytest

from filings.errors import UnusableInput
from tasks.extract.readers import foreign_archive, list_archived, read_document
from tests.tasks.extract.readers.drawn import draw_small_pdf

needs_bsdtar = pytest.mark.skipif(shutil.which("bsdtar") is None, reason="bsdtar is not installed")
PDF = draw_small_pdf()
TEXT = "科目编码\t科目名称\t合计\n201\t一般公共服务支出\t1,234.50\n".encode()


def store_rar(files: dict[str, bytes], flags: int = 0) -> bytes:
    """A RAR archive (version 4) whose files are stored as they are."""
    content = b"Rar!\x1a\x07\x00" + _rar_block(0x73, flags, bytes(6))
    for name, data in files.items():
        head = struct.pack("<IIBIIBBHI", len(data), len(data), 0, zlib.crc32(data), 0, 20, 0x30, len(name), 0)
        content += _rar_block(0x74, 0x8000, head + name.encode()) + data
    return content + _rar_block(0x7B, 0x4000, b"")


def _rar_block(kind: int, flags: int, rest: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def reason_code(content: bytes) -> str:
    with pytest.raises(UnusableInput) as refused:
        read_document(content, "filings.rar")
    assert "filings.rar" in refused.value.reason
    return refused.value.reason_code


@needs_bsdtar
def test_the_document_of_a_rar_archive_is_read() -> None:
    assert read_document(store_rar({"a/budget.pdf": PDF, "readme.txt": b"x"}), "filings.rar") == read_document(PDF, "a")


@needs_bsdtar
def test_the_documents_of_a_7zip_archive_are_listed(tmp_path: Path) -> None:
    for name, data in {"预算.pdf": PDF, "决算.txt": TEXT}.items():
        (tmp_path / name).write_bytes(data)
    command = ["bsdtar", "--format", "7zip", "-cf", str(tmp_path / "a.7z"), "-C", str(tmp_path), "预算.pdf", "决算.txt"]
    subprocess.run(command, check=True, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin:/usr/local/bin"})
    content = (tmp_path / "a.7z").read_bytes()
    assert list_archived(content, "filings.7z") == (("预算.pdf", PDF), ("决算.txt", TEXT))
    assert reason_code(content) == "archive_of_several"


@needs_bsdtar
def test_archives_that_cannot_be_unpacked() -> None:
    whole = store_rar({"budget.pdf": PDF})
    assert reason_code(whole[:-900]) == "damaged_archive"
    assert reason_code(store_rar({"budget.pdf": PDF}, flags=0x80)) == "encrypted_archive"


def test_without_bsdtar_the_reason_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert reason_code(store_rar({"budget.pdf": PDF})) == "needs_bsdtar"


def test_unpacking_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "bsdtar"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(foreign_archive, "TIMEOUT_SECONDS", 0.2)
    assert reason_code(store_rar({"budget.pdf": PDF})) == "damaged_archive"
