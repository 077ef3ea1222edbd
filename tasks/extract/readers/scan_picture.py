"""Image file (PNG, JPEG, TIFF, BMP) -> Document: every image in it is a scanned page."""

from __future__ import annotations

import io
from collections.abc import Iterator

from filings.documents import Document, Page
from filings.errors import UnusableInput
from tasks.extract.readers.scan_pages import is_recogniser_installed, refuse_unread

MEDIA_TYPES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
)
"""First bytes of the image formats that scanners and cameras deliver, and their names."""

FORMATS = ("PNG", "JPEG", "TIFF", "BMP")

MOST_PICTURE_PIXELS = 100_000_000
"""More pixels than this are no page: A3 at 600 dpi has 70 million."""

MOST_PICTURES = 5_000
"""As many images in one file are read as pages of a PDF."""


def find_picture_type(content: bytes) -> str | None:
    """The media type of an image file, or None where the bytes are none."""
    return next((name for start, name in MEDIA_TYPES if content.startswith(start)), None)


def read_picture(content: bytes, file_name: str) -> Document:
    """The images of a file as scanned pages.

    Args:
        content: The bytes of an image file.
        file_name: For messages.

    Raises:
        UnusableInput: ``needs_ocr``, ``damaged_image``, ``too_large`` or ``no_text_layer``.
    """
    if not is_recogniser_installed():
        raise refuse_unread(1, file_name)
    pages = tuple(_read_pages(content, file_name))
    if not any(page.blocks for page in pages):
        raise UnusableInput(
            "no_text_layer",
            f"{file_name} is an image in which no text was recognised. Ask the publisher for the original and ingest "
            "that.",
        )
    return Document(find_picture_type(content) or "image", pages, "scan")


def _read_pages(content: bytes, file_name: str) -> Iterator[Page]:
    from PIL import Image, ImageSequence, UnidentifiedImageError

    from tasks.extract.readers import scan, scan_image, scan_seals  # slow to import, and there only with the extra

    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            for number, frame in enumerate(ImageSequence.Iterator(picture), start=1):
                width, height = frame.size
                if width * height > MOST_PICTURE_PIXELS or number > MOST_PICTURES:
                    raise _too_large(file_name, width, height, number)
                grey = scan_seals.turn_grey(scan_image.read_picture_pixels(frame))
                height_points, width_points = (pixels * scan_image.POINTS_PER_PIXEL for pixels in grey.shape)
                yield scan.read_scanned_page(number, grey, width_points, height_points)
    except Image.DecompressionBombError as error:
        raise _too_large(file_name, 0, 0, 0) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise UnusableInput(
            "damaged_image",
            f"{file_name} is a damaged image. Download it again; if it stays so, ask the publisher for the file.",
        ) from error


def _too_large(file_name: str, width: int, height: int, number: int) -> UnusableInput:
    found = f"image {number} of it has {width:,} x {height:,} pixels" if number else "an image in it is"
    return UnusableInput(
        "too_large",
        f"{file_name} is too large: {found}; at most {MOST_PICTURE_PIXELS:,} pixels and {MOST_PICTURES:,} images are "
        "read. Scan it at 300 dpi and ingest that.",
    )
