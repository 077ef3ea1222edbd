"""Word files of older formats (.doc, .wps, .rtf, .odt) -> Document, through LibreOffice where it is installed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from filings.documents import Document
from filings.errors import UnusableInput
from tasks.extract.readers.docx import read_docx

PROGRAMS = ("soffice", "libreoffice")
"""Names under which LibreOffice is found on the search path."""

TIMEOUT_SECONDS = 120
"""A 300-page file takes some 20 seconds on a slow machine, the first start some 10 more."""

MAX_BYTES = 128 * 2**20
"""The largest filing seen, with its scanned pages inside, is 40 MB."""


def read_legacy_word(content: bytes, file_name: str, suffix: str, media_type: str) -> Document:
    """Read a Word file of an older format.

    Args:
        content: The file's bytes.
        file_name: Its name, for messages.
        suffix: What its format is called: ``.doc``, ``.rtf``, ``.odt``.
        media_type: That of the format.

    Returns:
        The document as `read_docx` reads what LibreOffice makes of it; its locators count in that.

    Raises:
        UnusableInput: ``needs_libreoffice`` where it is not installed, ``conversion_failed``, ``too_large``, or what
            `read_docx` raises.
    """
    program = find_libreoffice()
    if program is None:
        raise UnusableInput(
            "needs_libreoffice",
            f"{file_name} is a Word file of an older format ({suffix}), which is read through LibreOffice, and that is "
            "not installed here. Install LibreOffice (the program soffice must be on the search path) and ingest it "
            "again, or save it as .docx.",
        )
    if len(content) > MAX_BYTES:
        raise UnusableInput(
            "too_large", f"{file_name} has {len(content):,} bytes. Save it as .docx or PDF and ingest that."
        )
    with tempfile.TemporaryDirectory(prefix="yusuan-word-", ignore_cleanup_errors=True) as folder:
        converted = _convert(program, content, suffix, Path(folder), file_name)
    return replace(read_docx(converted, file_name), media_type=media_type, reader="legacy_word")


def find_libreoffice() -> str | None:
    """The path of LibreOffice's program, or None."""
    return next((path for path in map(shutil.which, PROGRAMS) if path is not None), None)


def _convert(program: str, content: bytes, suffix: str, folder: Path, file_name: str) -> bytes:
    """The bytes of the .docx that LibreOffice makes, with a profile of its own so that runs do not meet."""
    source, made = folder / f"document{suffix}", folder / "made"
    source.write_bytes(content)
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nologo",
        "--convert-to",
        "docx",
        "--outdir",
        str(made),
        str(source),
    ]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**os.environ, "HOME": str(folder)},
        start_new_session=True,
    ) as process:
        try:
            process.wait(TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise _failed(file_name, f"LibreOffice did not finish within {TIMEOUT_SECONDS} seconds") from error
        finally:
            # soffice starts a process that does the work, which would outlive it
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    result = made / "document.docx"
    if process.returncode != 0 or not result.is_file():
        raise _failed(file_name, f"LibreOffice ended with status {process.returncode} and wrote no document")
    return result.read_bytes()


def _failed(file_name: str, what: str) -> UnusableInput:
    return UnusableInput(
        "conversion_failed",
        f"{file_name} could not be turned into a .docx: {what}. Open it in an office program and save it as .docx.",
    )
