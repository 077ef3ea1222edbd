"""What is in this container? A zip or OLE2 file may be a Word file, a workbook or an archive: its parts tell."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from functools import partial

import olefile

from filings.documents import Document
from filings.errors import UnusableInput
from tasks.extract.readers.docx import read_docx
from tasks.extract.readers.foreign_archive import FOREIGN_STARTS, is_foreign_archive
from tasks.extract.readers.legacy_word import read_legacy_word
from tasks.extract.readers.ods import read_ods
from tasks.extract.readers.package import ZIP_ERRORS, encrypted_document
from tasks.extract.readers.xls import read_xls
from tasks.extract.readers.xlsx import read_xlsx

Reader = Callable[[bytes, str], Document]
"""From a file's bytes and its name for messages to the document."""

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
OLE2_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RTF_START = b"{\\rtf"
CONTAINER_STARTS = (*ZIP_STARTS, OLE2_START, *FOREIGN_STARTS)
"""First bytes of everything that holds files."""

OLE_ERRORS = (
    OSError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    AttributeError,
    OverflowError,
    RecursionError,
    struct.error,
)
"""What olefile was seen to raise on damaged files besides its own errors, which are OSErrors."""

ODF_TEXTS = ("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text-template")
WORD_FLAGS_AT = 0x0A
"""Offset of the flags in the file information block of a .doc ([MS-DOC] 2.5.2)."""
WORD_ENCRYPTED = 0x0100
"""The flag fEncrypted."""


def find_container_reader(content: bytes) -> Reader | None:
    """The reader for what a zip or OLE2 container or an RTF file holds.

    Returns:
        None where it is no such container, an archive of files, or holds what no reader is for.
    """
    if content.startswith(ZIP_STARTS):
        return _find_zip_reader(content)
    if content.startswith(OLE2_START):
        return _find_ole_reader(content)
    if content.startswith(RTF_START):
        return partial(read_legacy_word, suffix=".rtf", media_type="application/rtf")
    return None


def is_archive(content: bytes) -> bool:
    """Whether the bytes are files in an archive: RAR, 7-Zip, or a zip container that is neither an Office document nor OFD."""
    if is_foreign_archive(content):
        return True
    if not content.startswith(ZIP_STARTS):
        return False
    names = _list_names(content)
    return not names or not any(
        name in {"[content_types].xml", "mimetype", "ofd.xml"} or name.endswith("/ofd.xml") for name in names
    )


def _list_names(content: bytes) -> list[str]:
    """The folded names of a zip's members; none where its directory is broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [name.replace("\\", "/").lstrip("/").lower() for name in archive.namelist()]
    except ZIP_ERRORS:
        return []


def _find_zip_reader(content: bytes) -> Reader | None:
    names = set(_list_names(content))
    if "word/document.xml" in names or ("[content_types].xml" in names and _has_folder(names, "word/")):
        return read_docx
    if "xl/workbook.xml" in names or ("[content_types].xml" in names and _has_folder(names, "xl/worksheets/")):
        return None if "xl/workbook.bin" in names else read_xlsx
    if "mimetype" in names and "content.xml" in names:
        kind = _read_mimetype(content)
        if kind.startswith("application/vnd.oasis.opendocument.spreadsheet"):
            return read_ods
        if kind in ODF_TEXTS:
            return partial(read_legacy_word, suffix=".odt", media_type=kind)
    return None


def _has_folder(names: set[str], folder: str) -> bool:
    return any(name.startswith(folder) for name in names)


def _read_mimetype(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("mimetype") as member:
            return member.read(200).decode("ascii", errors="replace").strip()
    except ZIP_ERRORS:
        return ""


def _find_ole_reader(content: bytes) -> Reader | None:
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            if ole.exists("EncryptedPackage"):
                return _refuse_encrypted
            if ole.exists("WordDocument"):
                flags = ole.openstream("WordDocument").read(WORD_FLAGS_AT + 2)[WORD_FLAGS_AT:]
                if int.from_bytes(flags, "little") & WORD_ENCRYPTED:
                    return _refuse_encrypted
                return partial(read_legacy_word, suffix=".doc", media_type="application/msword")
            if ole.exists("Workbook") or ole.exists("Book"):
                return read_xls
    except OLE_ERRORS:
        return _refuse_damaged
    return None


def _refuse_encrypted(_content: bytes, file_name: str) -> Document:
    raise encrypted_document(file_name)


def _refuse_damaged(_content: bytes, file_name: str) -> Document:
    raise UnusableInput(
        "damaged_document",
        f"{file_name} is a damaged Office document (.doc, .xls or .wps). Download it again; if it stays so, open it in "
        "an office program, which may repair it, and save it as a PDF.",
    )
