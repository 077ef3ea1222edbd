"""Makes a scan of a PDF: the same pages as images, crisp or as an office scanner delivers them.

The same PDF gives the same images; needs the extra ``ocr``.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import numpy as np
import pypdfium2 as pdfium2
from PIL import Image

DPI = 200
"""The resolution at which offices scan."""

MAX_DEGREES = 1.0
"""How far a sheet in a feeder turns at most."""

GRAIN = 9.0
"""The spread of the grain, in grey levels of 255."""

PAPER, INK = 241, 22
"""Grey levels of white paper and black ink as scanned."""

WORN_QUALITY = 60
"""How well an office scanner's JPEG keeps the image; of 100."""

Wear = Callable[[Image.Image, int], Image.Image]
"""From a page image and its number to how it looks after scanning."""


def draw_scan(content: bytes, wear: Wear | None = None, quality: int = 92) -> bytes:
    """The pages of a PDF as a PDF that holds nothing but an image of each.

    Args:
        content: The PDF.
        wear: What scanning does to a page's image.
        quality: Of the JPEG, up to 100.
    """
    target = pdfium2.PdfDocument.new()
    for number, image in enumerate(render_pages(content), start=1):
        stream = io.BytesIO()
        worn = wear(image, number) if wear else image
        worn.save(stream, "JPEG", quality=quality, dpi=(DPI, DPI))
        picture = pdfium2.PdfImage.new(target)
        picture.load_jpeg(stream, inline=True)
        width, height = (pixels * 72 / DPI for pixels in worn.size)
        picture.set_matrix(pdfium2.PdfMatrix().scale(width, height))
        sheet = target.new_page(width, height)
        sheet.insert_obj(picture)
        sheet.gen_content()
    stream = io.BytesIO()
    target.save(stream)
    target.close()
    return stream.getvalue()


def render_pages(content: bytes) -> Iterator[Image.Image]:
    """The pages as colour images, one after the other."""
    document = pdfium2.PdfDocument(content)
    for page in document:
        yield page.render(scale=DPI / 72).to_pil().convert("RGB")
        page.close()
    document.close()


def wear_page(image: Image.Image, number: int) -> Image.Image:
    """The page as an office scanner delivers it: askew by up to a degree, greyish, grainy."""
    chance = np.random.default_rng(number)
    return wear_by(image, chance.uniform(-MAX_DEGREES, MAX_DEGREES), chance)


def wear_by(image: Image.Image, degrees: float, chance: np.random.Generator) -> Image.Image:
    """The page askew by the given angle, greyish, grainy."""
    turned = image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    pixels = INK + np.asarray(turned, dtype=np.float32) * ((PAPER - INK) / 255)
    pixels += chance.normal(0, GRAIN, (*turned.size[::-1], 1))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
