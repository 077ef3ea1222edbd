"""Makes a scan of a PDF: the same pages as images, crisp or as an office scanner delivers them.

The same PDF gives the same images; needs the extra ``ocr``.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import numpy as np
import pypdfium2 as pdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter

DPI = 200
"""The resolution at which offices scan."""

MAX_DEGREES = 1.0
"""How far a sheet in a feeder turns at most."""

GRAIN = 9.0
"""The spread of the grain, in grey levels of 255."""

PAPER, INK = 241, 22
"""Grey levels of white paper and black ink as scanned."""

CRISP_QUALITY = 92
WORN_QUALITY = 60
"""How well a good and a poor scanner's JPEG keeps the image; of 100."""

BLUR_PIXELS = 1.3
"""How far a scanner out of focus spreads a point."""

SEALS = 3
SEAL_PIXELS = 330
SEAL_RED = (215, 60, 60)
"""How many official seals are stamped on a page, their width (42 mm) and ink."""

Wear = Callable[[Image.Image, int], Image.Image]
"""From a page image and its number to how it looks after scanning."""


def draw_scan(content: bytes, wear: Wear | None = None, quality: int = CRISP_QUALITY) -> bytes:
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


def blur_page(image: Image.Image, number: int) -> Image.Image:
    """The page out of focus, worn as well."""
    return wear_page(image.filter(ImageFilter.GaussianBlur(BLUR_PIXELS)), number)


def stamp_page(image: Image.Image, number: int) -> Image.Image:
    """The page with seals stamped over it, worn as well."""
    chance = np.random.default_rng(number)
    stamps = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(stamps)
    half = SEAL_PIXELS / 2
    for _ in range(SEALS):
        x, y = (int(chance.integers(side // 6, 5 * side // 6)) for side in image.size)
        draw.ellipse((x - half, y - half, x + half, y + half), outline=SEAL_RED, width=9)
        draw.regular_polygon((x, y, half / 3), 5, fill=SEAL_RED)
    return wear_page(ImageChops.multiply(image, stamps), number)


WEARS: Mapping[str, Wear] = MappingProxyType({"worn": wear_page, "blurred": blur_page, "stamped": stamp_page})
"""What may become of a page, by name."""
