"""Makes a scan of a filing: its pages as grey images in a PDF, a little askew and grainy, as an office scanner's.

The same filing gives the same images; needs the extra ``ocr``.
"""

from __future__ import annotations

import io

import numpy as np
import pypdfium2 as pdfium2
from PIL import Image

from samples.layout import Filing
from samples.pdf import draw_pdf

DPI = 200
"""The resolution at which offices scan."""

MAX_DEGREES = 0.6
"""How far a sheet in a feeder turns at most."""

GRAIN = 7.0
"""The spread of the grain, in grey levels of 255."""

PAPER, INK = 248, 24
"""Grey levels of white paper and black ink as scanned."""


def draw_scan(filing: Filing) -> bytes:
    """The filing as a PDF that holds nothing but an image of each page."""
    source = pdfium2.PdfDocument(draw_pdf(filing).content)
    target = pdfium2.PdfDocument.new()
    chance = np.random.default_rng(len(filing.blocks))
    for page in source:
        image = _wear(page.render(scale=DPI / 72, grayscale=True).to_pil(), chance)
        page.close()
        stream = io.BytesIO()
        image.save(stream, "JPEG", quality=85, dpi=(DPI, DPI))
        picture = pdfium2.PdfImage.new(target)
        picture.load_jpeg(stream, inline=True)
        width, height = (pixels * 72 / DPI for pixels in image.size)
        picture.set_matrix(pdfium2.PdfMatrix().scale(width, height))
        sheet = target.new_page(width, height)
        sheet.insert_obj(picture)
        sheet.gen_content()
    stream = io.BytesIO()
    target.save(stream)
    target.close()
    source.close()
    return stream.getvalue()


def _wear(image: Image.Image, chance: np.random.Generator) -> Image.Image:
    degrees = chance.uniform(-MAX_DEGREES, MAX_DEGREES)
    turned = image.convert("L").rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
    pixels = INK + np.asarray(turned, dtype=np.float32) * ((PAPER - INK) / 255)
    pixels += chance.normal(0, GRAIN, pixels.shape)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "L")
