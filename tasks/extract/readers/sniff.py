"""Which format is it? Told from the bytes alone; the name only words the reason where they cannot be read."""

from __future__ import annotations

import io
import re
import zipfile

from filings.documents import Document
from filings.errors import UnusableInput
from tasks.extract.readers.archive import Member, list_members, read_archive
from tasks.extract.readers.containers import CONTAINER_STARTS, find_container_reader, is_archive
from tasks.extract.readers.decode import find_text
from tasks.extract.readers.html import decode_html, looks_like_html, read_html
from tasks.extract.readers.pdf import read_pdf
from tasks.extract.readers.scan_picture import find_picture_type, read_picture
from tasks.extract.readers.text import has_tables, read_text

PDF_HEADER_WITHIN_BYTES = 1024
"""Readers of PDF accept the header anywhere in the first 1024 bytes (ISO 32000-1, annex H, note 13)."""

BINARY_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document that is neither text nor a workbook"),
    (b"GIF8", "an image (GIF)"),
    (b"RIFF", "an image or recording (RIFF)"),
    (b"\x1f\x8b", "an archive (gzip)"),
)
"""First bytes of formats that are told but not yet read, with what to call them."""

ZIP_MEMBERS: tuple[tuple[str, str], ...] = (
    ("xl/", "a binary workbook (.xlsb)"),
    ("ppt/", "a presentation (.pptx)"),
    ("content.xml", "an OpenDocument file that is neither text nor a workbook"),
    ("OFD.xml", "an OFD document"),
)

HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
HTML_TABLE = re.compile(r"<table[\s>].*?<tr[\s>].*?<tr[\s>]", re.IGNORECASE | re.DOTALL)
HTML_MARKUP = re.compile(r"<(script|style)[\s>].*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
HTML_HEAD_CHARACTERS = 2000
"""An HTML page shows one of its outer tags this early, even after a long comment."""


def read_document(content: bytes, file_name: str) -> Document:
    """Read a document of any known format.

    Args:
        content: The file's bytes.
        file_name: Its name; used in messages only, the format is told from the content.

    Returns:
        Its pages with lines and grids.

    Raises:
        UnusableInput: ``empty_file``, ``not_a_pdf``, ``damaged_pdf``, ``encrypted_pdf``, ``too_large``, ``no_text_layer``,
            ``html_error_page``, ``unsupported_format``, ``unknown_format``, or a code of `read_docx`, `read_xlsx`,
            `read_legacy_word`, `read_html` or `read_archive`; the reason says what to do.
    """
    if not content:
        raise UnusableInput("empty_file", f"{file_name} has no bytes. Download it again from its publisher.")
    if _is_pdf(content):
        return read_pdf(content, file_name)
    if (reader := find_container_reader(content)) is not None:
        return reader(content, file_name)
    if is_archive(content):
        return read_archive(content, file_name, read_document, is_document)
    if find_picture_type(content) is not None:
        return read_picture(content, file_name)
    if (kind := _find_binary_kind(content)) is not None:
        raise UnusableInput(
            "unsupported_format",
            f"{file_name} is {kind}, for which there is no reader yet. Save it as a PDF with a text layer and "
            "ingest that.",
        )
    text = decode_html(content) if looks_like_html(content) else find_text(content)
    if text is None or (file_name.lower().endswith(".pdf") and not _is_html(text) and not has_tables(text)):
        raise _unknown(file_name)
    if not text.strip():
        raise UnusableInput("empty_file", f"{file_name} holds only blanks. Download it again from its publisher.")
    if _is_html(text):
        if HTML_TABLE.search(text):
            return read_html(content, file_name)
        raise _refuse_html(text, file_name)
    return read_text(text)


def is_document(content: bytes) -> bool:
    """Whether the bytes are a document of a known format: a PDF, an Office file, or a page or text with tables."""
    if _is_pdf(content) or find_container_reader(content) is not None:
        return True
    if is_archive(content) or find_picture_type(content) or _find_binary_kind(content):
        return False  # a picture in an archive may be anything
    text = decode_html(content) if looks_like_html(content) else find_text(content)
    if text is None:
        return False
    return HTML_TABLE.search(text) is not None if _is_html(text) else has_tables(text)


def _is_pdf(content: bytes) -> bool:
    """Whether the bytes are a PDF, and not an archive that begins with one: files may be stored in it as they are."""
    return b"%PDF-" in content[:PDF_HEADER_WITHIN_BYTES] and not content.startswith(CONTAINER_STARTS)


def list_archived(content: bytes, file_name: str) -> tuple[Member, ...]:
    """The files of an archive that holds several documents; none for anything else.

    Raises:
        UnusableInput: As `list_members`.
    """
    if not is_archive(content):
        return ()
    members = list_members(content, file_name)
    return members if sum(is_document(data) for _, data in members) > 1 else ()


def _unknown(file_name: str) -> UnusableInput:
    if file_name.lower().endswith(".pdf"):
        return UnusableInput(
            "not_a_pdf",
            f"{file_name} is named .pdf but holds no PDF: the header %PDF- is missing. Download it again; if it "
            "stays so, ask the publisher for the file.",
        )
    return UnusableInput(
        "unknown_format",
        f"{file_name} is neither a PDF nor text in UTF-8, UTF-16 or GB18030. Look what made it and save it as a PDF.",
    )


def _find_binary_kind(content: bytes) -> str | None:
    if content.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            return "a damaged archive (.zip, .docx or .xlsx)"
        kinds = (kind for start, kind in ZIP_MEMBERS if any(name.startswith(start) for name in names))
        return next(kinds, "an Office document of an unknown kind")
    return next((kind for start, kind in BINARY_SIGNATURES if content.startswith(start)), None)


def _is_html(text: str) -> bool:
    return HTML.search(text[:HTML_HEAD_CHARACTERS]) is not None


def _refuse_html(text: str, file_name: str) -> UnusableInput:
    shown = " ".join(HTML_MARKUP.sub(" ", text).split())[:80]
    return UnusableInput(
        "html_error_page",
        f"{file_name} is a web page without tables (it begins: {shown!r}), most likely an error or login page sent "
        "in place of the document. Open the address in a browser and download the document itself.",
    )
