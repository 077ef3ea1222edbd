"""From a place on the image as it was read, upright and straight, back to the place on the page as it is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from filings.documents import Block, Box, Cell, Line, Page


@dataclass(frozen=True)
class Turning:
    """What was done to a page image before it was read.

    Args:
        quarter_turns: By how many right angles it was turned, anticlockwise.
        degrees: By how much it was turned after that, anticlockwise, about its middle.
        width_points: Width of the image as read.
        height_points: Height of the image as read.
    """

    quarter_turns: int
    degrees: float
    width_points: float
    height_points: float


def put_in_place(page: Page, turning: Turning, width_points: float, height_points: float) -> Page:
    """The page with its size as shown, and its boxes where they are on it; column borders stay as read.

    Args:
        page: As read from the image.
        turning: What was done to the image.
        width_points: Width of the page as shown.
        height_points: Height of the page as shown.
    """
    blocks = tuple(_put_block_in_place(block, turning, width_points, height_points) for block in page.blocks)
    return replace(page, blocks=blocks, width_points=round(width_points, 2), height_points=round(height_points, 2))


def place_on_page(box: Box, turning: Turning, width_points: float, height_points: float) -> Box:
    """A box of the image as read, as the box on the page as shown; of a slope only the box's middle is turned."""
    middle_x, middle_y = turning.width_points / 2, turning.height_points / 2
    cosine, sine = math.cos(math.radians(turning.degrees)), math.sin(math.radians(turning.degrees))
    x, y = (box.left + box.right) / 2 - middle_x, (box.top + box.bottom) / 2 - middle_y
    x, y = x * cosine - y * sine, x * sine + y * cosine
    half_width, half_height = (box.right - box.left) / 2, (box.bottom - box.top) / 2
    for _ in range(turning.quarter_turns % 4):
        x, y, half_width, half_height = -y, x, half_height, half_width
    is_on_side = turning.quarter_turns % 2 == 1
    scale_x = width_points / (turning.height_points if is_on_side else turning.width_points)
    scale_y = height_points / (turning.width_points if is_on_side else turning.height_points)
    return Box(
        round((x - half_width) * scale_x + width_points / 2, 2),
        round((y - half_height) * scale_y + height_points / 2, 2),
        round((x + half_width) * scale_x + width_points / 2, 2),
        round((y + half_height) * scale_y + height_points / 2, 2),
    )


def _put_block_in_place(block: Block, turning: Turning, width: float, height: float) -> Block:
    box = place_on_page(block.box, turning, width, height) if block.box else None
    if isinstance(block, Line):
        return replace(block, box=box)
    cells: tuple[Cell, ...] = tuple(
        replace(cell, box=place_on_page(cell.box, turning, width, height) if cell.box else None) for cell in block.cells
    )
    return replace(block, box=box, cells=cells)
