"""Archive (.zip, and .rar and .7z by way of it) -> the documents in it, held against limits; names in GBK as Chinese Windows writes them."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterator

from filings.documents import Document
from filings.errors import UnusableInput
from tasks.extract.readers.foreign_archive import is_foreign_archive, repack_archive
from tasks.extract.readers.package import ENCRYPTED_FLAG, PLAIN_COMPRESSIONS, ZIP_ERRORS

MAX_MEMBERS = 2000
"""Files in one archive with those in archives inside it; a whole city's departments are some 100 filings."""

MAX_MEMBER_BYTES = 128 * 2**20
"""One document in an archive."""

MAX_TOTAL_BYTES = 512 * 2**20
"""All documents of one archive, unpacked: they stand in memory together."""

UTF8_FLAG = 0x800
"""General purpose bit 11 of a member: its name is in UTF-8 (APPNOTE 4.4.4)."""

NESTED = (".zip",)
ZIP_START = b"PK\x03\x04"

Member = tuple[str, bytes]
"""A document's name within its archive and its bytes."""


def list_members(content: bytes, file_name: str = "the archive") -> tuple[Member, ...]:
    """The files in an archive with those of archives (.zip) inside it, one level deep.

    Args:
        content: The archive's bytes.
        file_name: Its name, for messages.

    Returns:
        Names with their folders (``2024/预算.pdf``, ``inner.zip/预算.pdf``) and bytes in the archive's order; without
        folders, empty files and what systems leave behind (``__MACOSX/``, ``Thumbs.db``, ``~$…``). Names are for
        messages: nothing may be written under them.

    Raises:
        UnusableInput: ``damaged_archive``, ``encrypted_archive``, ``too_large`` or ``unsupported_format`` (a way of
            compression that only other programs unpack), or what `repack_archive` raises.
    """
    if is_foreign_archive(content):
        content = repack_archive(content, file_name)
    budget = _Budget(file_name)
    members: list[Member] = []
    for name, data in _read_members(content, file_name, budget):
        if name.lower().endswith(NESTED) and data.startswith(ZIP_START):
            inner = _read_members(data, f"{file_name}/{name}", budget)
            members.extend((f"{name}/{inner_name}", inner_data) for inner_name, inner_data in inner)
        else:
            members.append((name, data))
    return tuple(members)


def read_archive(
    content: bytes,
    file_name: str,
    read_document: Callable[[bytes, str], Document],
    is_document: Callable[[bytes], bool],
) -> Document:
    """The one document of an archive that holds no other.

    Args:
        content: The archive's bytes.
        file_name: Its name, for messages.
        read_document: Reads that document.
        is_document: Whether bytes are a document of a known format.

    Raises:
        UnusableInput: ``archive_of_several``, ``empty_archive``, what `list_members` raises, or what the document's
            reader raises.
    """
    members = list_members(content, file_name)
    documents = [member for member in members if is_document(member[1])]
    if len(members) == 1 and not members[0][1].startswith(ZIP_START):
        # its reader says best why it cannot be read
        documents = list(members)
    if not documents:
        held = f"none of its {len(members)} files is a document that can be read" if members else "it holds no file"
        raise UnusableInput(
            "empty_archive", f"{file_name} is an archive, but {held}. Unpack it and look at what it holds."
        )
    if len(documents) > 1:
        raise UnusableInput(
            "archive_of_several",
            f"{file_name} holds {len(documents)} documents: {'、'.join(name for name, _ in documents[:20])}"
            f"{'…' if len(documents) > 20 else ''}. Unpack it and ingest them one by one.",
        )
    name, data = documents[0]
    return read_document(data, posixpath.basename(name))


class _Budget:
    """What may still be unpacked of one archive and the archives in it."""

    def __init__(self, file_name: str) -> None:
        self._file_name = file_name
        self._bytes = MAX_TOTAL_BYTES
        self._members = MAX_MEMBERS

    def take(self, size: int) -> None:
        """Count one more file of that size."""
        self._bytes -= size
        self._members -= 1
        if self._members < 0 or self._bytes < 0:
            raise UnusableInput(
                "too_large",
                f"{self._file_name} unpacks to more than {MAX_MEMBERS} files or {MAX_TOTAL_BYTES:,} bytes. If it is "
                "real, unpack it and ingest its files in several runs.",
            )

    @property
    def bytes_left(self) -> int:
        """How many bytes may still be unpacked."""
        return self._bytes


def _read_members(content: bytes, file_name: str, budget: _Budget) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except ZIP_ERRORS as error:
        raise _damaged(file_name) from error
    with archive:
        for member in archive.infolist():
            name = _decode_name(member)
            if member.is_dir() or member.file_size == 0 or _is_litter(name):
                continue
            if member.flag_bits & ENCRYPTED_FLAG:
                raise UnusableInput(
                    "encrypted_archive",
                    f"{file_name} asks for a password. Unpack it with its password and ingest its files.",
                )
            if member.compress_type not in PLAIN_COMPRESSIONS:
                raise UnusableInput(
                    "unsupported_format",
                    f"{file_name} is compressed in a way for which there is no reader. Unpack it and ingest its files.",
                )
            if member.file_size > MAX_MEMBER_BYTES:
                raise UnusableInput(
                    "too_large", f"{name} in {file_name} unpacks to {member.file_size:,} bytes. Look at what it is."
                )
            budget.take(member.file_size)
            try:
                with archive.open(member) as stream:
                    # never more than declared, so that a false declaration cannot unpack to more
                    data = stream.read(member.file_size)
            except ZIP_ERRORS as error:
                raise _damaged(file_name) from error
            yield name, data


def _damaged(file_name: str) -> UnusableInput:
    return UnusableInput(
        "damaged_archive",
        f"{file_name} is a damaged zip archive or Office document. Download it again; if it stays so, ask the "
        "publisher for the file.",
    )


def _decode_name(member: zipfile.ZipInfo) -> str:
    """The member's name: in UTF-8 where the archive says so, else in UTF-8 or GBK, whichever fits."""
    if member.flag_bits & UTF8_FLAG:
        return member.filename
    stored = member.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return stored.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _is_litter(name: str) -> bool:
    """Whether a file is what a system leaves behind, not what a person put there."""
    base = posixpath.basename(name.replace("\\", "/"))
    return "__MACOSX" in name or base.startswith((".", "~$")) or base.lower() in {"thumbs.db", "desktop.ini"}
