"""Scans made from PDFs: the same pages as images, crisp or as an office scanner delivers them."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pypdfium2 as pdfium2
from PIL import Image

DPI = 200

Wear = Callable[[Image.Image, int], Image.Image]
"""From a page image and its number to how it looks after scanning."""


def draw_scan(content: bytes, wear: Wear | None = None, quality: int = 92) -> bytes:
    """The same pages as a PDF that holds nothing but images."""
    target = pdfium2.PdfDocument.new()
    for number, image in enumerate(render_pages(content), start=1):
        stream = io.BytesIO()
        worn = wear(image, number) if wear else image
        worn.save(stream, "JPEG", quality=quality)
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


def render_pages(content: bytes) -> list[Image.Image]:
    """The pages as colour images at 200 dpi."""
    document = pdfium2.PdfDocument(content)
    images = []
    for page in document:
        images.append(page.render(scale=DPI / 72).to_pil().convert("RGB"))
        page.close()
    document.close()
    return images


def wear_page(image: Image.Image, number: int) -> Image.Image:
    """The page as an office scanner delivers it: askew by up to a degree, greyish, grainy."""
    chance = np.random.default_rng(number)
    return wear_by(image, chance.uniform(-1.0, 1.0), chance)


def wear_by(image: Image.Image, degrees: float, chance: np.random.Generator) -> Image.Image:
    """The page askew by the given angle, greyish, grainy."""
    turned = image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    pixels = np.asarray(turned, dtype=np.float32) * 0.86 + 22 + chance.normal(0, 9, (*turned.size[::-1], 1))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
