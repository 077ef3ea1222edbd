"""Every pattern of wording by its own examples and counter-examples."""

from __future__ import annotations

import pytest

from expectations.python_rules import PYTHON_RULES
from expectations.rule import load_rules
from expectations.text.paragraphs import Paragraph, PrintedLine, clean_text
from expectations.text.patterns import Pattern, load_patterns

PATTERNS = [
    pytest.param(pattern, id=f"{name}-{number}")
    for name, patterns in load_patterns().items()
    for number, pattern in enumerate(patterns)
]


def paragraph_of(text: str) -> Paragraph:
    return Paragraph(1, "d", ("说明",), clean_text(text), (PrintedLine(0, 1, 1, None, None),), in_contents=False)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_pattern_finds_its_examples_and_not_its_counter_examples(pattern: Pattern) -> None:
    missed = [text for text in pattern.examples if not list(pattern.search(paragraph_of(text)))]
    found = [text for text in pattern.counter_examples if list(pattern.search(paragraph_of(text)))]
    assert (missed, found) == ([], [])


def test_every_function_is_declared_by_a_rule() -> None:
    assert {rule.python for rule in load_rules().values() if rule.python} == set(PYTHON_RULES)
