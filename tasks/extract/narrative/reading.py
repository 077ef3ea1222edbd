"""What does each number of the narrative claim (逐句读取数字)? Reads sentences in order, remembering what they are about."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from filings.narrative import Topic, topics, words
from tasks.extract.narrative.changes import (
    direction_of,
    finish_sentence,
    give_reason,
    give_reason_within,
    is_comparison,
    take_over,
    tell_change,
    tell_unchanged,
)
from tasks.extract.narrative.codes import find_marked, has_marks
from tasks.extract.narrative.draft import DraftClaim
from tasks.extract.narrative.headings import UNNUMBERED, read_numbering
from tasks.extract.narrative.leads import find_base, find_role, find_subject, subject_words
from tasks.extract.narrative.memory import REACH, About, Memory
from tasks.extract.narrative.numbers import find_mentions
from tasks.extract.narrative.paragraphs import Paragraph
from tasks.extract.narrative.scopes import Reach
from tasks.extract.narrative.sentences import (
    Sentence,
    begins_with_reason,
    find_listed,
    print_sentence,
    split_sentences,
    stands_in_reason,
)
from tasks.extract.narrative.subjects import read_coded, tell_count, tell_level

LEAD_MAX = 160
"""Longest stretch before a number that is looked at: three full names of 类, 款 and 项 with their marks have 90 characters."""


@dataclass(slots=True)
class NarrativeReader:
    """Reads paragraphs in order into draft claims.

    Args:
        memory: What is known of the filing, and what has been read.
    """

    memory: Memory
    _section: tuple[str, ...] = ()
    _sentence_no: int = 0
    _ordinals: dict[int, str] = field(default_factory=dict)

    def read(self, paragraph: Paragraph) -> None:
        """Read the next paragraph."""
        self._enter(paragraph)
        for sentence in split_sentences(paragraph.folded):
            self._sentence_no += 1
            self._read_sentence(paragraph, sentence)
            self.memory.scopes.end_sentence()

    def _enter(self, paragraph: Paragraph) -> None:
        if paragraph.section != self._section:
            topic = find_topic(paragraph.section)
            if topic is not self.memory.topic:
                self.memory.forget(topic)
                self._ordinals.clear()
            self._section = paragraph.section
        depth = paragraph.numbering.depth
        self.memory.scopes.begin_paragraph(depth)
        if depth < UNNUMBERED:
            for deeper in [known for known in self._ordinals if known >= depth]:
                del self._ordinals[deeper]
            if not paragraph.is_heading:
                self._ordinals[depth] = paragraph.numbering.text
            self.memory.about = None

    def _read_sentence(self, paragraph: Paragraph, sentence: Sentence) -> None:
        text = paragraph.folded[sentence.start : sentence.end]
        body = text[len(read_numbering(text).text) :] if sentence.start == 0 else text
        offset = len(text) - len(body)
        mentions = [mention.moved(offset) for mention in find_mentions(body)]
        if not mentions:
            self._read_wordy(text, paragraph)
            return
        listed = find_listed(text, mentions)
        if whole := self._whole_named(text, paragraph):
            self.memory.scopes.open(whole, "sentence", paragraph.numbering.depth)
        if begins_with_reason(text):
            give_reason(self.memory, text, paragraph)
        first = len(self.memory.claims)
        previous_end = offset
        for number, mention in enumerate(mentions, start=1):
            following = mentions[number].start if number < len(mentions) else len(text)
            lead = text[max(previous_end, mention.start - LEAD_MAX) : mention.start]
            tail = text[mention.end : following]
            previous_end = mention.end
            placed = mention.moved(sentence.start)
            quote = print_sentence(paragraph, sentence, placed.start)
            draft = DraftClaim(0, paragraph, placed, quote, self._sentence_no, number)
            draft.fiscal_year = self.memory.fiscal_year
            draft.ordinal = "".join(self._ordinals[depth] for depth in sorted(self._ordinals)) or None
            if not self._tell(draft, lead, tail, stands_in_reason(text, mention.start)):
                continue
            draft.claim_no = len(self.memory.claims) + 1
            self.memory.claims.append(draft)
            if draft.is_level and mention.kind in ("money", "count"):
                self.memory.last_level = draft
            self._open_parts(tail, following == len(text), paragraph, sentence)
        finish_sentence(self.memory, self.memory.claims[first:], paragraph, sentence, listed)

    def _read_wordy(self, text: str, paragraph: Paragraph) -> None:
        """A sentence without numbers: it may explain those before, or say what the next are about."""
        if begins_with_reason(text):
            give_reason(self.memory, text, paragraph)
            return
        if self.memory.last_level is not None and self.memory.last_level.paragraph is paragraph:
            tell_unchanged(self.memory, self.memory.last_level, re.split(r"[，。;]", text)[0])
            give_reason_within(self.memory.last_level, text)
        if has_marks(text) and self.memory.topic and self.memory.topic.own:
            self.memory.hierarchy.read(find_marked(text))
        if len(text) <= 60:
            rest = text.rstrip("。:")
            subject = find_subject(rest, rest, self.memory.topic_name, "money")
            if subject is not None:
                self.memory.about = About(subject.subject, subject_words(rest), None, subject.targets)
            elif has_marks(rest) and self.memory.topic and self.memory.topic.own:
                self.memory.about = read_coded(self.memory, rest)

    def _tell(self, draft: DraftClaim, lead: str, tail: str, in_reason: bool) -> bool:
        """Tell what a number is; False if it is no claim."""
        mention = draft.mention
        if self.memory.topic is not None and not self.memory.topic.own:
            if mention.kind != "money":
                return False
            draft.role, draft.subject = "definition", subject_words(lead)
            return True
        found = find_role(lead, tail, mention)
        draft.role = found.role
        if mention.kind == "count":
            return tell_count(self.memory, draft, lead, tail)
        if in_reason and found.role != "threshold":
            draft.role = "reason"
            draft.subject = subject_words(lead)
            draft.direction = direction_of(found.way)
            return True
        if found.role.startswith("change") and not is_comparison(self.memory, draft, lead, found):
            draft.role = "level"
            tell_level(self.memory, draft, lead)
        elif found.role.startswith("change"):
            tell_change(self.memory, draft, lead, found)
        elif found.role == "share":
            self._tell_share(draft, lead, found.whole)
        elif found.role == "completion":
            draft.of_claim = self.memory.last_level
            draft.percent_of = "预算"
            draft.base_claim = self.memory.earlier(draft.of_claim, stage="initial_budget") if draft.of_claim else None
            take_over(draft)
        elif found.role == "level" and mention.kind == "money":
            tell_level(self.memory, draft, lead)
        elif found.role in ("level", "base"):
            draft.role = "base" if found.role == "base" else "other"
            draft.of_claim = self.memory.last_level
            base = find_base(lead, self.memory.fiscal_year)
            draft.fiscal_year = base[0].year if base else draft.fiscal_year
            draft.stage = base[0].kind if base else None
            if told := re.match("(?:" + "|".join(words().period.kinds) + ")", tail):
                draft.stage = words().period.kinds[told[0]]
            draft.subject = self.memory.last_level.subject if self.memory.last_level else subject_words(lead)
        else:
            draft.subject = subject_words(lead)
        return True

    def _tell_share(self, draft: DraftClaim, lead: str, whole: str | None) -> None:
        """Tell what a share is a share of: the number right before it (占……12.00万元的), what it names, or the whole of its list."""
        last, before = self.memory.last_level, self.memory.claims[-1] if self.memory.claims else None
        draft.of_claim = last
        draft.percent_of = whole or None
        if lead.startswith("的"):
            stated = before is not None and before.role == "base" and before.sentence_no == draft.sentence_no
            draft.whole_claim = before if stated else None
            draft.of_claim = last if stated else None
            draft.role = "share" if stated else "other"
        elif whole:
            draft.whole_claim = self.memory.named_whole(whole)
        elif last is not None:
            head = self._head_of(draft.paragraph)
            draft.whole_claim = last.whole_claim or (head if head is not last else None)
        take_over(draft)

    def _open_parts(self, tail: str, is_last: bool, paragraph: Paragraph, sentence: Sentence) -> None:
        """Begin the parts of the last level where the words after a number say so (其中)."""
        if self.memory.last_level is None:
            return
        depth = paragraph.numbering.depth
        ends_paragraph = is_last and sentence.end == len(paragraph.folded)
        if re.search(words().parts.opens, tail.rstrip(":，,;。")):
            self.memory.scopes.open(self.memory.last_level, "section" if ends_paragraph else "sentence", depth)
        elif is_last and not ends_paragraph:
            rest = paragraph.folded[sentence.end :]
            if re.match(words().parts.begins, rest):
                reach: Reach = "section" if re.fullmatch(words().parts.begins, rest) else "paragraph"
                self.memory.scopes.open(self.memory.last_level, reach, depth)

    def _head_of(self, paragraph: Paragraph) -> DraftClaim | None:
        """The first level that a paragraph states."""
        return next((c for c in self.memory.claims[-REACH:] if c.paragraph is paragraph and c.is_level), None)

    def _whole_named(self, text: str, paragraph: Paragraph) -> DraftClaim | None:
        """The whole that a sentence names before its parts: 财政拨款支出预算中，…"""
        if re.match(words().parts.heads, text):
            return self._head_of(paragraph)
        match = re.match(words().parts.within, text)
        if match is None or len(re.findall("中[，,]", text)) > 1:
            return None
        subject = find_subject(match["whole"], match["whole"], self.memory.topic_name, "money")
        if subject is None:
            return None
        return next(
            (c for c in reversed(self.memory.claims[-30:]) if c.is_level and c.subject_key == subject.subject), None
        )


def find_topic(section: tuple[str, ...]) -> Topic | None:
    """Find what a section is about: the deepest heading that says so decides."""
    for heading in reversed(section):
        words_only = heading[len(read_numbering(heading).text) :]
        for topic in topics():
            if topic.fits(words_only):
                return topic
    return None
