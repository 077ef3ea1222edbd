"""One document for each way in which a document can be unusable, made on the spot."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "filings"
GOOD = SAMPLES / "central_customs_2024.md"


def write_bad_inputs(folder: Path) -> dict[str, str]:
    """Write them; returns file name -> the reason code that each must get."""
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "junk.pdf").write_bytes(b"\x93\x07not a document")
    (folder / "encrypted.pdf").write_bytes(_pdf("secret", StandardEncryption("user", "owner")))
    (folder / "no_statement.pdf").write_bytes(_pdf("A letter about the weather."))
    whole = (SAMPLES / "central_customs_2025.pdf").read_bytes()
    (folder / "truncated.pdf").write_bytes(whole[: len(whole) // 3])
    return {
        "empty.pdf": "empty_file",
        "junk.pdf": "not_a_pdf",
        "encrypted.pdf": "encrypted_pdf",
        "no_statement.pdf": "no_statement",
        "truncated.pdf": "damaged_pdf",
    }


def _pdf(text: str, encryption: StandardEncryption | None = None) -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, encrypt=encryption)
    canvas.drawString(100, 700, text)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()
