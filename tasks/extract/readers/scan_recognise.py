"""Pieces of a page image -> the characters in them, each with its place and how sure the recogniser is.

The model is PP-OCRv6, as the package rapidocr ships it; it is run here directly, because what it thinks of every
character is needed, not only its favourite text. It knows neither tables nor budgets.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from tasks.extract.readers.scan_image import Pixels
from tasks.extract.readers.scan_numbers import ALIKE, is_dash, is_number_shaped, may_be_number, mend_commas
from tasks.extract.readers.scan_widths import FULL_WIDTH, Sign, settle_widths

MODEL_FILE = "PP-OCRv6_rec_small.onnx"

INPUT_HEIGHT = 48
"""Height in pixels that the model was trained on."""

STEP_PIXELS = 8
"""The model gives one opinion per this many columns of its input."""

MARGIN = 0.14
"""Blank left around a line of text, in parts of its height; the model was trained on loosely cut lines."""

LONGEST_BATCH_PIXELS = 4800
"""Width of all lines recognised at once: what the model says of them takes 75 kB per step."""

WIDEST_PIXELS = 2400
"""A line wider than this at input height is cut there: 50 characters of text fill it."""

BLANK = 0
"""The model's word for: no character here."""

Opinions = npt.NDArray[np.float32]
"""One row per step, one column per character of the model's alphabet; rows sum to 1."""


@dataclass(frozen=True)
class Piece:
    """A line of text to recognise.

    Args:
        image: Its grey values, cut close.
        character_pixels: The usual height of a character around it; a lone dash is lower.
    """

    image: Pixels
    character_pixels: float


class Input(NamedTuple):
    """A piece as the model wants it, and where in it the piece itself lies: between which columns, how high; and how wide it is printed."""

    image: Pixels
    start: float
    end: float
    height: float
    width_in_characters: float


class Recogniser:
    """The recognition model, loaded once per process; one thread, because filings are read in parallel."""

    def __init__(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # an arena keeps the memory of the widest line for good
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(find_model_folder() / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )
        self._input_name: str = self._session.get_inputs()[0].name
        letters = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._alphabet = ["", *letters, " "]
        place = {letter: index for index, letter in enumerate(self._alphabet)}
        self._half = [place[half] for half in FULL_WIDTH]
        self._full = [place[full] for full in FULL_WIDTH.values()]
        self._number_signs = [""]
        self._number_places = [[BLANK]]
        for sign, alike in ALIKE.items():
            self._number_signs.append(sign)
            self._number_places.append([place[letter] for letter in alike if letter in place])

    def recognise(self, pieces: Sequence[Piece]) -> list[tuple[Sign, ...]]:
        """The characters of each piece, from left to right."""
        inputs = [_prepare(piece) for piece in pieces]
        order = sorted(range(len(inputs)), key=lambda index: inputs[index].image.shape[1])
        found: list[tuple[Sign, ...]] = [()] * len(pieces)
        for batch in _batches(order, inputs):
            for index, opinions in zip(batch, self._ask([inputs[index].image for index in batch]), strict=True):
                found[index] = self._decide(opinions, inputs[index])
        return found

    def _ask(self, inputs: Sequence[Pixels]) -> list[Opinions]:
        width = max(image.shape[1] for image in inputs)
        stacked = np.zeros((len(inputs), 3, INPUT_HEIGHT, width), dtype=np.float32)
        for target, image in zip(stacked, inputs, strict=True):
            target[:, :, : image.shape[1]] = image.astype(np.float32) / 127.5 - 1.0
        answer: Any = self._session.run(None, {self._input_name: stacked})[0]
        return list(answer)

    def _decide(self, opinions: Opinions, given: Input) -> tuple[Sign, ...]:
        """The characters that the opinions favour; a number is read with the signs of numbers only."""
        opinions = opinions.copy()
        opinions[:, self._half] += opinions[:, self._full]
        opinions[:, self._full] = 0.0
        favourites = opinions.argmax(axis=1)
        signs = _collapse(favourites, opinions.max(axis=1), self._alphabet, given)
        if len(signs) == 1 and is_dash(signs[0].text, given.width_in_characters):
            return (signs[0]._replace(text="-"),)
        if not may_be_number(sign.text for sign in signs):
            return settle_widths(signs, (given.end - given.start) / given.height)
        grouped = np.stack([opinions[:, places].sum(axis=1) for places in self._number_places], axis=1)
        number = _collapse(grouped.argmax(axis=1), grouped.max(axis=1), self._number_signs, given)
        text = mend_commas("".join(sign.text for sign in number))
        if not is_number_shaped(text):
            return signs
        return tuple(sign._replace(text=letter) for sign, letter in zip(number, text, strict=True))


def find_model_folder() -> Path:
    """The folder of models in the installed package; the package itself is not imported, which would take seconds."""
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("rapidocr", name="rapidocr")
    return Path(spec.origin).parent / "models"


@cache
def load_recogniser() -> Recogniser:
    """The recogniser of this process."""
    return Recogniser()


def _prepare(piece: Piece) -> Input:
    """The piece at the model's height, with a margin of paper; a low piece keeps its place in a line of its size."""
    height, width = piece.image.shape
    line = max(height, 0.8 * piece.character_pixels)
    margin = round(MARGIN * line)
    above = round((line - height) / 2) + margin
    framed = cv2.copyMakeBorder(
        piece.image, above, above, margin * 2, margin * 2, cv2.BORDER_CONSTANT, value=_find_paper(piece.image)
    )
    scale = INPUT_HEIGHT / framed.shape[0]
    wanted = min(max(round(framed.shape[1] * scale), STEP_PIXELS), WIDEST_PIXELS)
    method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    resized = np.asarray(cv2.resize(framed, (wanted, INPUT_HEIGHT), interpolation=method), dtype=np.uint8)
    scale = wanted / framed.shape[1]
    return Input(
        resized, margin * 2 * scale, (margin * 2 + width) * scale, height * scale, width / piece.character_pixels
    )


def _find_paper(image: Pixels) -> int:
    return int(np.percentile(image, 90)) if image.size else 255


def _batches(order: Iterable[int], inputs: Sequence[Input]) -> Iterable[list[int]]:
    """Pieces of like width together, so that little of the input is padding."""
    batch: list[int] = []
    for index in order:
        width = inputs[index].image.shape[1]
        narrowest = inputs[batch[0]].image.shape[1] if batch else width
        if batch and ((len(batch) + 1) * width > LONGEST_BATCH_PIXELS or width > 1.25 * narrowest + 16):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _collapse(
    favourites: npt.NDArray[np.intp], confidences: npt.NDArray[np.float32], alphabet: Sequence[str], given: Input
) -> tuple[Sign, ...]:
    """One sign for every run of the same favourite; the model's blanks part equal signs that follow each other."""
    signs: list[Sign] = []
    start = 0
    for step in range(1, len(favourites) + 1):
        if step < len(favourites) and favourites[step] == favourites[start]:
            continue
        if favourites[start] != BLANK:
            middle = ((start + step) / 2 * STEP_PIXELS - given.start) / (given.end - given.start)
            sign = alphabet[int(favourites[start])]
            signs.append(Sign(sign, round(confidences[start:step].max().item(), 4), min(max(middle, 0.0), 1.0)))
        start = step
    return tuple(signs)
