"""Every pattern of filings/narrative is read by its own example."""

from __future__ import annotations

import pytest

from filings.narrative import RolePattern, Subject, Topic, UnitWord, roles, subjects, topics, units
from tasks.extract.narrative.numbers import find_mentions
from tasks.extract.narrative.paragraphs import fold_text
from tasks.extract.narrative.reading import find_topic
from tests.tasks.extract.narrative.made_text import read_text


def heading_of(topic: str) -> str:
    return next(entry.example for entry in topics() if entry.topic == topic)


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.topic)
def test_topic_is_told_by_its_heading(topic: Topic) -> None:
    assert find_topic((fold_text(topic.example)[0],)) is topic


@pytest.mark.parametrize("unit", units(), ids=lambda unit: f"{unit.unit}-{unit.words[0]}")
def test_unit_is_read(unit: UnitWord) -> None:
    mentions = find_mentions(fold_text(unit.example)[0])
    assert [(mention.unit, mention.kind) for mention in mentions] == [(unit.unit, unit.kind)]


@pytest.mark.parametrize("role", roles(), ids=lambda role: f"{role.role}-{role.example.text[:8]}")
def test_role_is_told(role: RolePattern) -> None:
    claims = read_text([heading_of("spending"), role.example.text])
    assert claims[role.example.number - 1].role == role.role


@pytest.mark.parametrize(
    ("subject", "topic"),
    [(subject, topic) for subject in subjects() for topic in subject.topics],
    ids=lambda value: value if isinstance(value, str) else value.subject,
)
def test_subject_is_told_in_each_of_its_topics(subject: Subject, topic: str) -> None:
    claims = read_text([heading_of(topic), subject.example.text])
    assert claims[subject.example.number - 1].subject_key == subject.subject


def test_every_subject_names_topics_that_exist() -> None:
    assert {topic for subject in subjects() for topic in subject.topics} <= {topic.topic for topic in topics()}
