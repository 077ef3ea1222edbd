"""Archives other than zip (.rar, .7z) -> the same files as a zip archive, through bsdtar where it is installed.

libarchive reads both and is free and maintained; the Python libraries for RAR run the non-free unrar. It is asked as a
program, as LibreOffice is, so that nothing more has to be installed where no such archive comes.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

from filings.errors import UnusableInput

PROGRAM = "bsdtar"
"""libarchive's own program; package libarchive-tools of Debian and Ubuntu, bsdtar of Fedora and Alpine."""

FOREIGN_STARTS = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
"""First bytes of RAR and 7-Zip archives."""

TIMEOUT_SECONDS = 120
"""Half a gigabyte unpacks in some 30 seconds."""

MAX_BYTES = 512 * 2**20
"""What an archive may become as a zip: as much as `archive` lets one unpack to."""


def is_foreign_archive(content: bytes) -> bool:
    """Whether the bytes are a RAR or 7-Zip archive."""
    return content.startswith(FOREIGN_STARTS)


def repack_archive(content: bytes, file_name: str) -> bytes:
    """The files of a RAR or 7-Zip archive as a zip archive.

    Args:
        content: The archive's bytes.
        file_name: Its name, for messages.

    Raises:
        UnusableInput: ``needs_bsdtar`` where that is not installed, ``encrypted_archive`` or ``damaged_archive``.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise UnusableInput(
            "needs_bsdtar",
            f"{file_name} is a RAR or 7-Zip archive, which is read through {PROGRAM} (libarchive), and that is not installed "
            "here. Install it (package libarchive-tools or bsdtar) and ingest it again, or unpack it and ingest its files.",
        )
    with tempfile.TemporaryDirectory(prefix="yusuan-archive-", ignore_cleanup_errors=True) as folder:
        source, made = Path(folder) / "archive", Path(folder) / "made.zip"
        source.write_bytes(content)
        try:
            done = subprocess.run(
                [program, "--format", "zip", "-cf", str(made), f"@{source}"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=TIMEOUT_SECONDS,
                check=False,
                env={**os.environ, "LC_ALL": "C.UTF-8"},  # names of files are in UTF-8 then
                preexec_fn=_limit_output,
            )
        except subprocess.TimeoutExpired as error:
            raise _refused(file_name, f"it was not unpacked within {TIMEOUT_SECONDS} seconds") from error
        said = done.stderr.decode(errors="replace").strip()
        if "ncrypt" in said or "assphrase" in said:
            raise UnusableInput(
                "encrypted_archive",
                f"{file_name} asks for a password. Unpack it with its password and ingest its files.",
            )
        if done.returncode != 0:
            raise _refused(file_name, said.replace(str(folder), "")[:200] or f"status {done.returncode}")
        return made.read_bytes()


def _limit_output() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_BYTES, MAX_BYTES))


def _refused(file_name: str, why: str) -> UnusableInput:
    return UnusableInput(
        "damaged_archive",
        f"{file_name} could not be unpacked ({why}). Download it again, or unpack it by another program and ingest its files.",
    )
