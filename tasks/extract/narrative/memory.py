"""What is remembered from sentence to sentence while a narrative is read (上下文)."""

from __future__ import annotations

from dataclasses import dataclass, field

from filings.narrative import Target, Topic, topics
from tasks.extract.narrative.codes import FilingCodes, Hierarchy
from tasks.extract.narrative.draft import DraftClaim
from tasks.extract.narrative.leads import find_subject
from tasks.extract.narrative.links import Tables
from tasks.extract.narrative.numbers import Mention
from tasks.extract.narrative.scopes import Scopes

REACH = 60
"""How many claims back the level that a comparison is about is looked for: the longest list of items seen has 33."""


NEAR = 6
"""How many claims back an amount is looked for whose own words a share repeats: the list of a sentence."""

NAME_MIN = 4
"""From how many characters on words name one thing only: 项目 and 采购 name many."""


@dataclass(frozen=True, slots=True)
class About:
    """What a number is about, as told by its lead or taken over from the number before.

    Args:
        key: Canonical subject, or None.
        words: The subject as printed.
        code: Function code, where the words name one.
        targets: Cells that print the same.
        name: Label by which a row is found.
    """

    key: str | None
    words: str | None
    code: str | None
    targets: tuple[Target, ...]
    name: str | None = None


@dataclass(slots=True)
class Memory:
    """What has been read so far and what the next number inherits.

    Args:
        tables: The filing's line items by meaning.
        codes: Its function codes by name.
        fiscal_year: Its year.
        claims: The claims so far.
        topic: What the section is about.
        about: What the last number was about.
        last_level: The last amount or count itself.
        scopes: The wholes whose parts are being read.
    """

    tables: Tables
    codes: FilingCodes
    fiscal_year: int | None
    claims: list[DraftClaim] = field(default_factory=list)
    topic: Topic | None = None
    about: About | None = None
    last_level: DraftClaim | None = None
    scopes: Scopes = field(default_factory=Scopes)
    hierarchy: Hierarchy = field(init=False)

    def __post_init__(self) -> None:
        """Begin without any 类 or 款."""
        self.hierarchy = Hierarchy(self.codes)

    @property
    def topic_name(self) -> str | None:
        """Name of the topic."""
        return self.topic.topic if self.topic else None

    def forget(self, topic: Topic | None) -> None:
        """Begin a section about something else."""
        self.topic = topic
        self.hierarchy.clear()
        self.scopes.begin_section()
        self.about = self.last_level = None

    def whole_of(self, mention: Mention) -> DraftClaim | None:
        """The whole whose parts are being read, if it is counted alike: vehicles are no part of money or of sets."""
        whole = self.scopes.whole
        return whole if whole is not None and whole.mention.counts_like(mention) else None

    def earlier(self, claim: DraftClaim, *, year: int | None = None, stage: str | None = None) -> DraftClaim | None:
        """The latest level about the same thing, of a year or of a stage."""
        for before in reversed(self.claims[-REACH:]):
            if before is claim or not before.is_level or not before.same_subject(claim):
                continue
            if (year is not None and before.fiscal_year == year) or (stage is not None and before.stage == stage):
                return before
        return None

    def named_whole(self, words: str) -> DraftClaim | None:
        """The latest level that the words of a share name as its whole: 占本年支出合计的比重."""
        keys = {
            subject.subject
            for topic in topics()
            if (subject := find_subject(words, words, topic.topic, "money")) is not None
        }
        told = next((c for c in reversed(self.claims[-REACH:]) if c.is_level and c.subject_key in keys), None)
        return told or next((c for c in reversed(self.claims[-NEAR:]) if c.is_level and _is_named(c, words)), None)


def _is_named(claim: DraftClaim, words: str) -> bool:
    """Whether words name what a level is about, in its own words (占授予中小企业合同金额的)."""
    return claim.subject is not None and len(claim.subject) >= NAME_MIN and words.startswith(claim.subject)
