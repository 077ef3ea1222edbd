"""Broken and hostile files of every format: a document or a refusal with a reason, never another exception."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from filings.errors import UnusableInput
from samples.build import build_filing
from tasks.extract.readers import legacy_word, package, read_document
from tests.tasks.extract.readers.compound import write_compound
from tests.tasks.extract.readers.draw_docx import draw_docx
from tests.tasks.extract.readers.draw_html import draw_html
from tests.tasks.extract.readers.draw_xlsx import draw_xlsx
from tests.tasks.extract.readers.packed import assert_well_formed, pack, pack_docx, pack_ods, pack_xlsx
from tests.tasks.extract.readers.test_workbooks import write_ods, write_xls

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
"""Changed bytes may make an image of a file; what Pillow warns of there is no failure of a reader."""

CODE = re.compile(r"[a-z][a-z_]+")


@pytest.fixture(autouse=True)
def _without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """What LibreOffice makes of broken files is not the question, and asking takes seconds."""
    monkeypatch.setattr(legacy_word, "find_libreoffice", lambda: None)


FUZZED = settings(max_examples=60, deadline=None)
STARTS = (
    b"", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf", b"<html><table><tr><td>", b"<?xml ",
)  # fmt: skip
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">]>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


def read_or_refuse(content: bytes) -> str:
    """The reason code, or ``read`` where the document was read and is in order."""
    try:
        document = read_document(content, "filing.bin")
    except UnusableInput as refused:
        code, reason = refused.reason_code, refused.reason
    else:
        assert_well_formed(document)
        return "read"
    assert CODE.fullmatch(code)
    assert "filing.bin" in reason
    return code


@cache
def seeds() -> dict[str, bytes]:
    """A valid file of every format; those in zip containers are stored, so that changed bytes reach their XML."""
    filing = build_filing("shanghai_unit_2024")
    docx, xlsx = draw_docx(filing), draw_xlsx(filing)
    return {
        "docx": docx,
        "docx stored": store(unpack(docx)),
        "xlsx stored": store(unpack(xlsx)),
        "ods": write_ods(),
        "xls": write_xls(),
        "html": draw_html(filing, "gb2312"),
        "zip": pack({"a.xlsx": xlsx, "b.txt": "x"}),
        "doc": write_compound({"WordDocument": bytes(600), "1Table": b"t"}),
    }


def unpack(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def store(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_the_seeds_themselves_are_read() -> None:
    assert {kind: read_or_refuse(content) for kind, content in seeds().items() if kind != "doc"} == {
        kind: "read" for kind in seeds() if kind != "doc"
    }


@FUZZED
@given(st.sampled_from(STARTS), st.binary(max_size=2000))
def test_random_bytes(start: bytes, rest: bytes) -> None:
    read_or_refuse(start + rest)


Edit = tuple[float, int, bytes]
EDITS = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 100), st.binary(max_size=8)), min_size=1, max_size=20
)


def edit(content: bytes, edits: list[Edit]) -> bytes:
    """Bytes at some places cut out and others put in."""
    for where, cut, put in edits:
        at = int(where * len(content))
        content = content[:at] + put + content[at + cut :]
    return content


@pytest.mark.parametrize("kind", sorted(seeds()))
def test_files_with_changed_bytes(kind: str) -> None:
    @FUZZED
    @given(EDITS)
    @example([(0.5, 10**9, b"")])
    @example([(0.0, 8, b"")])
    def check(edits: list[Edit]) -> None:
        read_or_refuse(edit(seeds()[kind], edits))

    check()


ATTRIBUTE = re.compile(rb'="[^"<>]*"')
TEXT = re.compile(rb"(?<=>)[^<>]*(?=<)")
VALUES = st.sampled_from(
    [b"0", b"-1", b"--5", b"4294967296", b"9" * 40, b"1e999", b"NaN", b"x", b"", "²".encode(), "一".encode(), b"A1:XFD1048576",
     b"restart", b"continue", b"s", b"str", b"inlineStr", b"hidden", b"/", b"../../x"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("docx stored", "word/document.xml"),
        ("docx stored", "word/styles.xml"),
        ("xlsx stored", "xl/worksheets/sheet2.xml"),
        ("xlsx stored", "xl/workbook.xml"),
        ("xlsx stored", "xl/styles.xml"),
        ("xlsx stored", "xl/sharedStrings.xml"),
        ("xlsx stored", "xl/_rels/workbook.xml.rels"),
        ("ods", "content.xml"),
    ],
)
def test_well_packed_files_with_changed_xml(kind: str, part: str) -> None:
    """The checksums fit, so that what was changed is really read."""

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.tuples(st.booleans(), st.floats(0, 1, exclude_max=True), VALUES), min_size=1, max_size=12))
    @example([(True, 0.5625, b"")])  # a sheet without a name
    def check(edits: list[tuple[bool, float, bytes]]) -> None:
        parts = unpack(seeds()[kind])
        content = parts[part]
        for is_attribute, where, value in edits:
            places = list((ATTRIBUTE if is_attribute else TEXT).finditer(content))
            if not places:
                continue
            place = places[int(where * len(places))]
            put = b'="' + value + b'"' if is_attribute else value
            content = content[: place.start()] + put + content[place.end() :]
        read_or_refuse(store({**parts, part: content}))

    check()


@pytest.mark.parametrize("doctype", [BOMB, OUTSIDE], ids=["bomb", "outside"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(doctype: str, encoding: str) -> None:
    for content, part in (
        (pack_docx("<w:p><w:r><w:t>PLACE</w:t></w:r></w:p>"), "word/document.xml"),
        (pack_xlsx({"s": '<sheetData><row><c t="str"><v>PLACE</v></c></row></sheetData>'}), "xl/worksheets/sheet1.xml"),
        (pack_ods("<table:table><table:table-row/></table:table>PLACE"), "content.xml"),
    ):
        parts = unpack(content)
        text = parts[part].decode().replace("PLACE", "&e;")
        parts[part] = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}{text}'.encode(encoding)
        assert read_or_refuse(store(parts)) == "unsafe_xml"


def test_parts_beyond_all_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_PART_BYTES", 100_000)
    long = "<w:p><w:r><w:t>" + "0" * 100_000 + "</w:t></w:r></w:p>"
    assert read_or_refuse(pack_docx(long)) == "too_large"
    monkeypatch.setattr(package, "MAX_PART_BYTES", 10**9)
    monkeypatch.setattr(package, "MAX_PACKAGE_BYTES", 100_000)
    assert read_or_refuse(pack_docx(long)) == "too_large"
    monkeypatch.setattr(package, "MAX_TAGS", 100)
    assert read_or_refuse(pack_docx("<w:p/>" * 200)) == "too_large"
    monkeypatch.setattr(package, "MAX_MEMBERS", 3)
    assert read_or_refuse(pack(unpack(pack_docx("<w:p/>")) | {"a": "", "b": ""})) == "too_large"


def test_part_that_unpacks_to_more_than_it_declares() -> None:
    content = bytearray(pack({"[Content_Types].xml": "<x/>", "word/document.xml": bytes(30_000_000)}))
    for start, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.rindex(start) + offset
        content[at : at + 4] = struct.pack("<I", 100)
    assert read_or_refuse(bytes(content)) == "damaged_document"


def test_parts_compressed_in_a_way_that_blows_up_are_not_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("word/document.xml", bytes(10_000_000))
    assert read_or_refuse(stream.getvalue()) == "damaged_document"


def test_many_merged_ranges_over_each_other() -> None:
    merges = '<mergeCell ref="A1:Z2000"/>' + "".join(f'<mergeCell ref="A{n}:Z2000"/>' for n in range(2, 2001))
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="Z{n}"><v>2</v></c></row>' for n in range(1, 2001))
    inner = f"<sheetData>{rows}</sheetData><mergeCells>{merges}</mergeCells>"
    assert read_or_refuse(pack_xlsx({"s": inner})) == "too_large"


def test_deep_nesting() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 5000 + "</w:tc></w:tr></w:tbl>" * 5000
    assert read_or_refuse(pack_docx(deep)) == "damaged_document"
    spans = "<text:span>" * 5000 + "</text:span>" * 5000
    cell = f"<table:table-row><table:table-cell><text:p>{spans}</text:p></table:table-cell></table:table-row>"
    assert read_or_refuse(pack_ods(f"<table:table>{cell}</table:table>")) == "damaged_document"
    nested = "<w:tbl><w:tr><w:tc>" * 80 + "<w:p><w:r><w:t>x</w:t></w:r></w:p>" + "</w:tc></w:tr></w:tbl>" * 80
    assert read_or_refuse(pack_docx(nested)) == "read"


def test_unknown_code_page_in_xls() -> None:
    content = seeds()["xls"]
    record = struct.pack("<HHH", 0x42, 2, 1200)
    assert content.count(record) == 1
    changed = content.replace(record, struct.pack("<HHH", 0x42, 2, 1129))
    assert read_or_refuse(changed) == "damaged_document"
