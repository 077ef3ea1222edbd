"""Marks of a page -> its blocks: the grids that ruling lines draw and the lines of text around them."""

from __future__ import annotations

from collections.abc import Sequence

from filings.documents import Block, Box, Page
from tasks.extract.readers.pdf_beside import Band, find_bands, part_rows
from tasks.extract.readers.pdf_grids import Frame, fill_frame, find_frames
from tasks.extract.readers.pdf_loose_rows import take_loose_rows
from tasks.extract.readers.pdf_marks import Character, PageMarks
from tasks.extract.readers.pdf_open import close_sides, draw_open_tables
from tasks.extract.readers.pdf_text import find_text_lines, find_visual_lines


def build_page(number: int, marks: PageMarks) -> Page:
    """One page of marks as grids and lines in reading order."""
    frames = find_frames(marks.rules)
    outside = _share_out(marks.characters, frames)
    if sides := close_sides(marks.rules, frames):
        frames = find_frames([*marks.rules, *sides])
        outside = _share_out(marks.characters, frames)
    rows = find_visual_lines(outside)
    loose = len(outside)
    if lines := draw_open_tables(rows, marks.rules):
        open_frames = find_frames(lines)
        outside = _share_out(outside, open_frames)
        frames += open_frames
    frames = [frame for frame in frames if any(not c.text.isspace() for c in frame.characters)]
    for frame in frames:
        outside = take_loose_rows(frame, outside)
    if len(outside) < loose:
        rows = find_visual_lines(outside)
    bands = find_bands(frames)
    blocks: list[Block] = [fill_frame(frame) for frame in frames]
    blocks.extend(find_text_lines(part_rows(rows, bands, frames) if bands else rows))
    blocks.sort(key=lambda block: _find_place(block.box, bands))
    has_text = bool(blocks) or not marks.has_pictures
    return Page(number, tuple(blocks), marks.width_points, marks.height_points, has_text)


def _find_place(box: Box | None, bands: Sequence[Band]) -> tuple[float, int, float, float]:
    """Where something comes in reading order: from top to bottom, beside each other column by column."""
    if box is None:
        return 0.0, 0, 0.0, 0.0
    for band in bands:
        if band.top <= (box.top + box.bottom) / 2 <= band.bottom:
            return band.top, band.place(box), box.top, box.left
    return box.top, 0, box.top, box.left


def _share_out(characters: Sequence[Character], frames: Sequence[Frame]) -> list[Character]:
    """Give each character to the first frame in whose outline its centre lies; returns those outside of all."""
    if not frames:
        return list(characters)
    outside: list[Character] = []
    outlines = [(*frame.outline, frame.characters) for frame in frames]
    for character in characters:
        _, left, top, right, bottom, _, _ = character
        x, y = (left + right) / 2, (top + bottom) / 2
        for frame_left, frame_top, frame_right, frame_bottom, inside in outlines:
            if frame_left <= x < frame_right and frame_top <= y < frame_bottom:
                inside.append(character)
                break
        else:
            outside.append(character)
    return outside
