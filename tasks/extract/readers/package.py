"""A zip container of XML parts (Office Open XML, OpenDocument) -> its parts, within limits and without surprises.

Nothing is ever written to disk, so a member's name cannot point anywhere; sizes are held against what is really
unpacked, not against what the container declares.
"""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from filings.errors import UnusableInput

MAX_MEMBERS = 10_000
"""A filing with a picture on each of 1,000 pages has some 1,100 parts."""

MAX_PART_BYTES = 64 * 2**20
"""The text of a 1,000-page Word file is some 40 MB of XML."""

MAX_PACKAGE_BYTES = 256 * 2**20
"""All parts of one package that are read, together."""

MAX_TAGS = 2_000_000
"""Tags in one XML part, counted before it is parsed: a worksheet of 500,000 filled cells has some 2,000,000, a Word file
of 1,000 pages some 1,200,000."""

ZIP_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
)
"""What `zipfile` was seen to raise on damaged containers (struct.error and UnicodeError are ValueErrors or wrapped)."""

ENCRYPTED_FLAG = 0x1
"""General purpose bit 0 of a member (APPNOTE 4.4.4)."""

WHOLE_NUMBER = re.compile(r"\s*(-?[0-9]{1,12})\s*$")
"""As attributes give counts and positions; longer ones are nonsense."""

PLAIN_COMPRESSIONS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Those that unpack piece by piece within a bound; bzip2 and LZMA may blow up a single piece."""


class Package:
    """The parts of one container.

    Args:
        content: The file's bytes.
        file_name: Its name, for messages.

    Raises:
        UnusableInput: ``damaged_document`` or ``too_large``.
    """

    def __init__(self, content: bytes, file_name: str) -> None:
        self.file_name = file_name
        self._read_bytes = 0
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except ZIP_ERRORS as error:
            raise self.damaged("its directory of parts is broken") from error
        members = self._archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise self.too_large(f"it has {len(members)} parts, more than {MAX_MEMBERS}")
        self._members = {_fold_name(member.filename): member for member in members}

    def __contains__(self, name: str) -> bool:
        """Whether the package has a part of this name (upper or lower case)."""
        return _fold_name(name) in self._members

    @property
    def names(self) -> frozenset[str]:
        """The names of all parts, folded to lower case."""
        return frozenset(self._members)

    def read_part(self, name: str) -> bytes:
        """The unpacked bytes of a part.

        Raises:
            UnusableInput: ``damaged_document``, ``encrypted_document`` or ``too_large``.
        """
        member = self._members.get(_fold_name(name))
        if member is None:
            raise self.damaged(f"its part {name} is missing")
        if member.flag_bits & ENCRYPTED_FLAG:
            raise self.encrypted()
        if member.compress_type not in PLAIN_COMPRESSIONS:
            raise self.damaged(f"its part {name} is compressed in a way that Office does not use")
        if member.file_size > MAX_PART_BYTES:
            raise self.too_large(f"its part {name} unpacks to {member.file_size:,} bytes")
        try:
            with self._archive.open(member) as part:
                data = part.read(MAX_PART_BYTES + 1)
        except ZIP_ERRORS as error:
            raise self.damaged(f"its part {name} does not unpack") from error
        self._read_bytes += len(data)
        if len(data) > MAX_PART_BYTES or self._read_bytes > MAX_PACKAGE_BYTES:
            raise self.too_large(f"its part {name} unpacks to more than is declared or allowed")
        return data

    def parse_part(self, name: str) -> etree._Element:
        """The root element of an XML part; no entity is resolved and no other file is looked at.

        Raises:
            UnusableInput: ``damaged_document``, ``encrypted_document``, ``unsafe_xml`` or ``too_large``.
        """
        root: etree._Element | None = None
        for element in self.walk_part(name):
            root = element
        if root is None:
            raise self.damaged(f"its part {name} holds no XML")
        return root

    def walk_part(self, name: str) -> Iterator[etree._Element]:
        """The elements of an XML part as they end; the caller may clear what it has read.

        Raises:
            UnusableInput: As `parse_part`.
        """
        data = self.read_part(name)
        if data.count(b"<") > MAX_TAGS:
            raise self.too_large(f"its part {name} has more than {MAX_TAGS:,} tags")
        walker = etree.iterparse(
            io.BytesIO(data),
            events=("end",),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for count, (_, element) in enumerate(walker):
                if count == 0 and element.getroottree().docinfo.internalDTD is not None:
                    raise UnusableInput(
                        "unsafe_xml",
                        f"{self.file_name} declares entities in its part {name}, which no Office program writes and "
                        "attacks use. Do not open it; ask the publisher for the document.",
                    )
                yield element
        except etree.XMLSyntaxError as error:
            raise self.damaged(f"its part {name} is no well-formed XML") from error

    def damaged(self, what: str) -> UnusableInput:
        """The refusal of a damaged document."""
        return UnusableInput(
            "damaged_document",
            f"{self.file_name} is a damaged Office document: {what}. Download it again; if it stays so, open it in an "
            "office program, which may repair it, and save it as a PDF.",
        )

    def too_large(self, what: str) -> UnusableInput:
        """The refusal of a document beyond all measure."""
        return UnusableInput(
            "too_large",
            f"{self.file_name} is refused for its size: {what}. If it is a real filing, save it as a PDF and ingest "
            "that.",
        )

    def encrypted(self) -> UnusableInput:
        """The refusal of a document that asks for a password."""
        return encrypted_document(self.file_name)

    def empty(self) -> UnusableInput:
        """The refusal of a document without any text."""
        return UnusableInput(
            "empty_document",
            f"{self.file_name} was read but holds no text and no table. Check that it is the filing itself.",
        )


def encrypted_document(file_name: str) -> UnusableInput:
    """The refusal of a document that asks for a password."""
    return UnusableInput(
        "encrypted_document",
        f"{file_name} asks for a password. Open it with its password, save it without one and ingest that.",
    )


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace; strict and transitional files differ in the namespace only."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """The value of an attribute, whatever its namespace."""
    value = element.get(name)
    if value is not None:
        return str(value)
    return next((str(v) for key, v in element.items() if str(key).rpartition("}")[2] == name), None)


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of that local name."""
    return next(element.iterchildren(f"{{*}}{name}"), None)


def number_attribute(element: etree._Element | None, name: str, default: int, most: int) -> int:
    """A whole number from an attribute, at most `most`; the default where it is missing or no number."""
    text = attribute(element, name) if element is not None else None
    match = WHOLE_NUMBER.match(text) if text is not None else None
    return default if match is None else min(int(match[1]), most)


def _fold_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
