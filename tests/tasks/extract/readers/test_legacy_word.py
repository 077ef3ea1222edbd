"""Word files of older formats, written and read by the real LibreOffice where it is installed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from samples.build import build_filing
from tasks.extract.readers import read_document
from tasks.extract.readers.legacy_word import find_libreoffice
from tests.tasks.extract.readers.draw_docx import draw_docx
from tests.tasks.extract.readers.test_samples_in_formats import assert_figures

LIBREOFFICE = find_libreoffice()


@pytest.mark.skipif(LIBREOFFICE is None, reason="LibreOffice is not installed: soffice is not on the search path")
def test_a_sample_saved_as_doc_gives_its_figures(tmp_path: Path) -> None:
    filing = build_filing("shanghai_unit_2024")
    source = tmp_path / "filing.docx"
    source.write_bytes(draw_docx(filing))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(LIBREOFFICE), profile, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    content = (tmp_path / "filing.doc").read_bytes()
    assert content.startswith(b"\xd0\xcf\x11\xe0"), "an OLE2 container"

    document = read_document(content, "filing.wps")
    assert (document.reader, document.media_type) == ("legacy_word", "application/msword")
    assert_figures(document, filing)
