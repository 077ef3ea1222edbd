"""Bold by overprinting is dropped, as a comparison of every character with every other would."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from tasks.extract.readers.pdf_marks import FARTHEST_SHIFT_POINTS, OVERPRINT_EM, Character, drop_overprints

PLACES = st.integers(0, 400).map(lambda tenths: tenths / 8)
SIZES = st.sampled_from([0.0, 4.0, 10.0, 80.0])


def compare_all(characters: list[Character]) -> list[Character]:
    kept: list[Character] = []
    for one in characters:
        shift = min(OVERPRINT_EM * one.size_points, FARTHEST_SHIFT_POINTS)
        if not any(
            one.text == other.text and abs(one.left - other.left) < shift and abs(one.top - other.top) < shift
            for other in kept
        ):
            kept.append(one)
    return kept


@given(st.lists(st.tuples(st.sampled_from("01"), PLACES, PLACES, SIZES), max_size=40))
@example([("0", 0.0, 0.0, 10.0), ("0", 0.0, 1.5, 10.0), ("0", 1.5, 0.0, 10.0)])  # just as far as none is shifted
def test_same_characters_are_kept_as_by_comparing_all(drawn: list[tuple[str, float, float, float]]) -> None:
    characters = [Character(text, left, top, left + size, top + size, size) for text, left, top, size in drawn]
    assert list(drop_overprints(characters)) == compare_all(characters)
