"""How does a report get its cuts of the pages?

Each is kept under ``crops/`` by the document's hash and its place, so that a new report of the same findings renders
nothing. Documents are not trusted: pages are drawn in a worker process, under a time limit and the memory limit of
extraction; what cannot be drawn is left out with the reason.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from filings.errors import TryAgain, UnusableInput
from filings.records import Sha256
from tasks.data_dir import DataDir
from tasks.provenance.crop import CROP_FORMAT, MARGIN_POINTS, SCALE, Place
from tasks.report.facts import Facts, Finding
from tasks.workers import Workers
from tasks.workers.outcome import Limits, read_limits

MOST_CROPS = 40
"""Cuts in one report, the gravest findings first: some 15 kB each, so that a report can still be mailed."""

_MOST_SECONDS = 60.0
"""For all cuts of one document: a page takes 0.02 s to draw, a full plan some 0.5 s."""

_WORKERS = Workers("tasks.report.crop_job:draw_crops")


@dataclass(frozen=True, slots=True)
class Crop:
    """The cut that a finding needs: of which document, and where."""

    sha256: str
    place: Place

    @property
    def name(self) -> str:
        """Stable name of the picture's file: everything that decides how it looks."""
        looks = repr((CROP_FORMAT, MARGIN_POINTS, SCALE, self.place))
        return hashlib.sha256(looks.encode()).hexdigest()[:32] + ".png"


@dataclass(frozen=True, slots=True)
class Crops:
    """Pictures by finding, and why others are missing by document.

    Args:
        pictures: finding_id -> file of the PNG.
        failures: sha256 of a document -> why its pages could not be drawn.
    """

    pictures: Mapping[str, Path]
    failures: Mapping[str, str]


def crop_folder(sha256: str, data: DataDir) -> Path:
    """Where the cuts of one document are kept; safe to delete."""
    return data.crops / sha256[:2] / sha256


def find_crop(finding: Finding) -> Crop | None:
    """The place to show for a finding: the number believed wrong, else the first that has a box; None without any."""
    boxed = [one for one in finding.evidence if one.box is not None and one.page is not None and one.sha256 is not None]
    if not boxed:
        return None
    centre = next(
        (one for one in boxed if finding.fault_line_item_id and one.line_item_id == finding.fault_line_item_id),
        boxed[0],
    )
    assert centre.box is not None
    assert centre.page is not None
    assert centre.sha256 is not None
    on_page = (one.box for one in boxed if (one.page, one.sha256) == (centre.page, centre.sha256))
    related = tuple(dict.fromkeys(box for box in on_page if box is not None and box != centre.box))
    return Crop(centre.sha256, Place(centre.page, centre.box, related))


def make_crops(batch: Iterable[Facts], data: DataDir) -> Crops:
    """The cuts for the findings of some filings, rendered where they are not kept already.

    Args:
        batch: The filings; of each, causes come before consequences and the gravest first.
        data: The data folder; originals that are no PDF, or are gone, give no cut.
    """
    wanted: dict[str, Crop] = {}
    for facts in batch:
        found = ((one.finding_id, find_crop(one)) for one in facts.causes)
        some = [(finding_id, crop) for finding_id, crop in found if crop is not None and _original(crop.sha256, data)]
        wanted.update(some[:MOST_CROPS])
    missing: dict[str, dict[str, Place]] = defaultdict(dict)
    for crop in wanted.values():
        if not (crop_folder(crop.sha256, data) / crop.name).is_file():
            missing[crop.sha256][crop.name] = crop.place
    failures: dict[str, str] = {}
    if missing:
        with ThreadPoolExecutor(min(len(missing), os.cpu_count() or 1)) as pool:
            for sha256, failure in zip(
                missing, pool.map(lambda one: _draw(one, missing[one], data), missing), strict=True
            ):
                if failure:
                    failures[sha256] = failure
    pictures = {
        finding_id: path
        for finding_id, crop in wanted.items()
        if (path := crop_folder(crop.sha256, data) / crop.name).is_file()
    }
    return Crops(pictures, failures)


def _original(sha256: str, data: DataDir) -> Path | None:
    path = data.raw_path(Sha256(sha256), ".pdf")
    return path if path.is_file() else None


def _draw(sha256: str, places: Mapping[str, Place], data: DataDir) -> str | None:
    """Draw what is missing of one document; why not, if so."""
    original = _original(sha256, data)
    assert original is not None
    limits = read_limits()
    folder = crop_folder(sha256, data)
    folder.mkdir(parents=True, exist_ok=True)
    seconds = min(_MOST_SECONDS, limits.seconds or _MOST_SECONDS)
    mark = secrets.token_hex(4)
    try:
        _WORKERS.run((original, dict(places), folder, mark), Limits(seconds, limits.memory_bytes))
    except (UnusableInput, TryAgain) as error:
        return error.reason_code
    finally:
        for leftover in folder.glob(f".{mark}*"):
            leftover.unlink(missing_ok=True)
    return None
