"""What do comparisons say: 比上年增加、下降、持平, and why (增减、持平与原因)?"""

from __future__ import annotations

import re

from filings.narrative import words
from tasks.extract.narrative.draft import DraftClaim
from tasks.extract.narrative.leads import Base, RoleFound, find_base, find_subject, split_period, subject_words
from tasks.extract.narrative.links import CellKey, Stage
from tasks.extract.narrative.memory import About, Memory
from tasks.extract.narrative.paragraphs import Paragraph
from tasks.extract.narrative.sentences import CLAUSE_MAX, Sentence


def is_comparison(memory: Memory, draft: DraftClaim, lead: str, found: RoleFound) -> bool:
    """Whether 增长 before an amount compares, and is not the end of a name (支持外贸稳增长30万元).

    It compares where a base is named, a comparison goes before in the sentence, nothing but it stands before the number,
    or what stands before it is a subject of the topic.
    """
    if draft.mention.kind != "money" or find_base(lead, memory.fiscal_year):
        return True
    before = memory.claims[-1] if memory.claims else None
    if before is not None and before.sentence_no == draft.sentence_no and before.role in ("change_amount", "base"):
        return True
    clause = re.split(r"[，。;、:]", lead)[-1]
    name = clause[: clause.rfind(found.way)] if found.way else clause
    return not name or find_subject(name, name, memory.topic_name, "money") is not None


def tell_change(memory: Memory, draft: DraftClaim, lead: str, found: RoleFound) -> None:
    """Tell what a difference or a growth rate is about, against which base, and link it (增减额、增减率)."""
    draft.direction = direction_of(found.way)
    clause = lead[lead.rfind(";") + 1 :]
    base = find_base(clause, memory.fiscal_year)
    before = memory.claims[-1] if memory.claims and memory.claims[-1].sentence_no == draft.sentence_no else None
    continues = before is not None and before.role.startswith("change") and ";" not in lead
    if base is None and continues and before is not None:
        draft.of_claim, draft.base_claim = before.of_claim, before.base_claim
        draft.base_year, draft.base_stage = before.base_year, before.base_stage
        draft.excludes_capital = before.excludes_capital
        take_over(draft, before)
    else:
        _change_subject(memory, draft, clause, base)
    if before is not None and before.role == "base":
        draft.base_claim, draft.base_year = before, before.fiscal_year
        draft.base_stage = before.stage
    elif draft.of_claim is not None:
        own = draft.base_stage == "initial_budget" and draft.base_year == draft.of_claim.fiscal_year
        earlier = memory.earlier(draft.of_claim, **({"stage": "initial_budget"} if own else {"year": draft.base_year}))
        draft.base_claim = draft.base_claim or earlier
    _link_change(memory, draft, lead)


def _change_subject(memory: Memory, draft: DraftClaim, lead: str, base: tuple[Base, int] | None) -> None:
    if base is not None:
        draft.base_year, draft.base_stage = base[0].year, base[0].kind
    words_before = re.sub(_direction_pattern() + r".*$", "", lead)
    if base is not None:
        clause = _after_base(words_before, base[1])
        words_before = clause or words_before[: base[1]]
    rest, _, _ = split_period(words_before, memory.fiscal_year)
    subject = find_subject(words_before, rest, memory.topic_name, "money")
    if subject is not None:
        told = DraftClaim(0, draft.paragraph, draft.mention, "", 0, 0, subject_key=subject.subject)
        draft.of_claim = memory.earlier(told, year=memory.fiscal_year)
        draft.subject_key, draft.subject = subject.subject, subject_words(rest)
        memory.about = About(subject.subject, draft.subject, None, subject.targets)
        before = memory.claims[-1] if memory.claims else None
        if base is None and before is not None and before.sentence_no == draft.sentence_no:
            draft.base_year, draft.base_stage = before.base_year, before.base_stage
        return
    draft.of_claim = _compared_level(memory, draft)
    take_over(draft)


def _compared_level(memory: Memory, draft: DraftClaim) -> DraftClaim | None:
    """What a change without words of its own is about: the level before it.

    At the beginning of a sentence that follows a list of parts it is the whole of them.
    """
    level = memory.last_level
    if level is None or draft.number_no > 1 or level.whole_claim is None:
        return level
    whole = level.whole_claim
    return whole if whole.sentence_no == level.sentence_no and whole.paragraph is draft.paragraph else level


def _link_change(memory: Memory, draft: DraftClaim, lead: str) -> None:
    level = draft.of_claim
    if level is None:
        return
    measure = "change_amount" if draft.role == "change_amount" else "change_percent"
    draft.excludes_capital = (
        draft.excludes_capital or "扣除" in lead or any("扣除" in heading for heading in draft.paragraph.section)
    )
    if draft.excludes_capital:
        measure += "_excl_capital"
    if draft.base_year is None or memory.fiscal_year is None or draft.base_year != memory.fiscal_year - 1:
        return
    for target in level.targets:
        if draft.base_stage == "execution" and target.statement == "general_budget_expenditure":
            stage = Stage(memory.fiscal_year, None)
            draft.link(memory.tables, memory.tables.keys(target, level.code, stage, measure), level.row_name)
        elif draft.role == "change_amount" and target.statement == "three_public":
            draft.link(memory.tables, (CellKey(target.statement, None, "item:change", target.measures[0], None),))
    if draft.item is not None:
        draft.statement_type, draft.measure = draft.item.statement_type, draft.item.measure


def take_over(draft: DraftClaim, source: DraftClaim | None = None) -> None:
    """Take the subject of a share or change from the level that it is about."""
    source = source or draft.of_claim
    if source is not None:
        draft.subject_key, draft.subject, draft.code = source.subject_key, source.subject, source.code
        draft.statement_type = source.statement_type
        draft.measure = "change_percent" if draft.role == "change_percent" else None


def finish_sentence(
    memory: Memory, claims: list[DraftClaim], paragraph: Paragraph, sentence: Sentence, listed: dict[int, str]
) -> None:
    """Take what stands after each number: lists of names, 持平, reasons."""
    for number, claim in enumerate(claims):
        claim.listed = listed.get(claim.number_no)
        end = claims[number + 1].mention.start if number + 1 < len(claims) else sentence.end
        clause = re.split(r"[。;]", paragraph.folded[claim.mention.end : end])[0]
        said = re.split(words().reason.begins, clause)[0]
        if claim.is_level and claim.mention.kind == "money":
            tell_unchanged(memory, claim, said)
        elif claim.role == "base" and claim.of_claim is not None and claim.of_claim.sentence_no == claim.sentence_no:
            _tell_unchanged_from(claim, claim.of_claim, said)
        if claim.role == "completion":
            tell_against_budget(claim, clause)
    for claim in claims:
        after = paragraph.folded[claim.mention.end : min(sentence.end, claim.mention.end + CLAUSE_MAX)]
        give_reason_within(claim, re.split(r"[。;]", after)[0])


def give_reason_within(claim: DraftClaim, text: str) -> None:
    """Give a change the reason that stands after it in the same sentence."""
    if claim.reason is None and (claim.role.startswith("change") or claim.direction == "unchanged"):
        match = re.search(words().reason.begins, text)
        claim.reason = text[match.start() :].strip("。") if match else None


def tell_unchanged(memory: Memory, claim: DraftClaim, clause: str) -> None:
    """Take 与上年持平 or 决算数同预算数持平 for the level before it."""
    if not any(word in clause for word in words().unchanged):
        return
    if re.search(words().own_budget, clause):
        claim.direction, claim.base_year, claim.base_stage = "unchanged", claim.fiscal_year, "initial_budget"
    elif base := find_base(clause, memory.fiscal_year):
        claim.direction, claim.base_year, claim.base_stage = "unchanged", base[0].year, base[0].kind


def tell_against_budget(claim: DraftClaim, text: str) -> None:
    """Take 决算数大于预算数 for the rate of completion before it."""
    said = words().against_budget
    for direction, pattern in (("increase", said.increase), ("decrease", said.decrease), ("unchanged", said.unchanged)):
        if claim.direction is None and re.search(pattern, text):
            claim.direction = direction


def _tell_unchanged_from(base: DraftClaim, level: DraftClaim, clause: str) -> None:
    """Take 与上年预算数12.00万元持平 for the level before the base."""
    if level.direction is None and re.match(rf"(?:相比)?[，,]?(?:基本)?(?:{'|'.join(words().unchanged)})", clause):
        level.direction, level.base_claim = "unchanged", base
        level.base_year, level.base_stage = base.fiscal_year, base.stage


def give_reason(memory: Memory, text: str, paragraph: Paragraph) -> None:
    """Give a sentence that begins with its reason to the changes of the sentence before it."""
    before = next((c for c in reversed(memory.claims[-20:]) if c.paragraph is paragraph), None)
    if before is None:
        return
    for claim in reversed(memory.claims[-20:]):
        if claim.sentence_no != before.sentence_no:
            return
        if claim.role == "completion":
            tell_against_budget(claim, text)
        elif claim.reason is None and (claim.role.startswith("change") or claim.direction == "unchanged"):
            claim.reason = text.strip("。")


def direction_of(way: str | None) -> str | None:
    """Direction of a word: increase or decrease."""
    if way is None:
        return None
    return "increase" if way in words().increase else "decrease" if way in words().decrease else None


def _direction_pattern() -> str:
    ways = sorted((*words().increase, *words().decrease), key=len, reverse=True)
    return f"(?:各)?(?:{'|'.join(ways)})(?!数)"


def _after_base(text: str, base_at: int) -> str | None:
    """The subject that stands after the base: 与上年相比，机关运行经费增加……"""
    match = re.search(r"相比[，,](?P<rest>.+)$", text[base_at:])
    return match["rest"] if match else None
