"""Whose filing is this, for which year, and of which kind? (发布单位、年度、预算或决算、部门或单位、地区、层级)

Every answer says how it was told. What the document does not say stays None: nothing is guessed.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources

from filings.codes import Division, divisions, divisions_by_name
from filings.documents import Document, Grid, Line
from filings.records import Identity
from filings.text import match_key, squeeze
from tasks.extract.drafts import Found
from tasks.extract.furniture import is_page_furniture
from tasks.extract.preamble import find_body
from tasks.extract.titles import find_title

COVER_LINES = 12
"""Lines read as the cover: the longest cover seen has seven before the contents page."""

_CONTENTS = re.compile(r"^目(录|次)$")
_YEAR = re.compile(r"((?:19|20)\d{2})(?:年|年度)(?!\d{1,2}月)")
_BARE_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d|年\d{1,2}月)")
_WORD = re.compile(r"[\u4e00-\u9fff〇○]{2}|(?:19|20)\d{2}|年")
_DATE = re.compile(r"20\d{2}年\d{1,2}月(?:\d{1,2}日)?")
_CHINESE_YEAR = re.compile(r"二[〇○零ＯO0][〇○零ＯO0一二三四五六七八九]{2}(?=年(?!.{1,2}月))")
_CHINESE_DIGITS = str.maketrans("〇○零ＯO一二三四五六七八九", "00000123456789")
_COVER_WORDS = re.compile(
    r"(?:19|20)\d{2}年?度?|年度?(?=部门|单位)|(?:省|市|区|县)(?:本)?级(?=部门|单位|预算|决算)|(?:部门|单位)?(?:预算|决算)(?:信息)?(?:公开)?(?:报告|说明|文本|目录|表)?"
    r"|及?“?三公”?经费.*|的(?:说明|公告|通知|报告)?$|公开$|^关于|^附件\d*[:：]?|[(（]?草案[)）]?|(?:情况|编制)?说明"
)
_COVER_TITLE = re.compile(r"(?:预算|决算)")
_PART_TITLE = re.compile(r"^第一(?:部分|章)(?P<body>.{4,40}?)(?:部门|单位)?(?:概况|基本情况)$")
_TABLES_TITLE = re.compile(
    r"^(?:第二(?:部分|章))?(?P<body>.{4,40}?)(?P<year>20\d{2})年度?(?:部门|单位)?(?:预算|决算)(?:公开)?(?:表|情况说明)$"
)
_HEADING = re.compile(
    r"^[^，。；：《》\d]{0,30}(20\d{2})年度?[^，。；：《》\d]{0,50}(?:预算|决算)(?!执行|编制(?!说明)|管理)[^，。；：]*$"
)
"""A heading, a title of a statement or an entry of the contents with the year of the report."""
_HEADING_MAX = 60
_MORE_THAN_COVER = 3
"""So many headings of one year, and none of the cover's, are right where the cover is not."""
_MAIN_BODY = re.compile(r"^预算主管部门[:：](?P<body>.{4,40})$")


@dataclass(frozen=True, slots=True)
class _Told:
    """An answer with how it was told."""

    value: str
    how: str


def read_identity(document: Document, found: Found, file_name: str) -> Identity:
    """Tell who published what for which year (识别发布单位与年度).

    Args:
        document: The document.
        found: Its statements, whose titles, headings and 编制部门 lines help.
        file_name: Looked at last, and only for the year.
    """
    cover = _cover_lines(document)
    joined = _CHINESE_YEAR.sub(
        lambda match: match[0].translate(_CHINESE_DIGITS), "".join(squeeze(line) for line in cover)
    )
    issuer = _issuer(document, found, cover, joined)
    year = _fiscal_year(document, found, joined, file_name)
    report = _report_type(found, joined)
    scope = _scope(found, joined, issuer)
    region = _region(issuer.value if issuer else None, joined)
    return Identity(
        title=joined[:120] or None,
        issuer=issuer.value if issuer else None,
        issuer_told_by=issuer.how if issuer else None,
        region=region.code if region else None,
        region_name=region.name if region else None,
        region_told_by=region.how if region else None,
        administrative_level=region.level if region else None,
        fiscal_year=int(year.value) if year else None,
        fiscal_year_told_by=year.how if year else None,
        report_type=report.value if report else None,
        report_type_told_by=report.how if report else None,
        scope=scope.value if scope else None,
        scope_told_by=scope.how if scope else None,
    )


def _all_lines(document: Document) -> list[str]:
    lines: list[str] = []
    for _, block in document.blocks():
        if isinstance(block, Line):
            lines.append(block.text.strip())
        elif block.col_count == 1:
            lines.extend(text for cell in block.cells for text in cell.text.split("\n"))
    return [line for line in lines if line]


def _cover_lines(document: Document) -> list[str]:
    """The printed lines before the contents page, at most those of the first page; none if it begins with a table."""
    lines: list[str] = []
    for page, block in document.blocks():
        if isinstance(block, Grid) or (page.number or 1) > 1:
            break
        text = block.text.strip()
        if _CONTENTS.match(squeeze(text)) or re.match(r"^第一部分", squeeze(text)):
            break
        if find_title(text):
            break
        # a word or a year: on a recognised cover the marks of a stamp stand as stray characters
        if _WORD.search(squeeze(text)) and (not is_page_furniture(text) or re.fullmatch(r"20\d{2}", text)):
            lines.append(text)
        if len(lines) >= COVER_LINES:
            break
    return lines if any(_COVER_TITLE.search(line) for line in lines) else []


def _issuer(document: Document, found: Found, cover: list[str], joined: str) -> _Told | None:
    for line in cover:
        if match := _MAIN_BODY.match(squeeze(line)):
            return _Told(match["body"], f"cover: {squeeze(line)}")
    for line in cover:
        if found_body := find_body(line):
            return _Told(found_body[1], f"cover: {squeeze(line)}")
    titled = _body_of_cover(joined)
    if titled is not None:
        return _Told(titled, f"cover: {joined[:80]}")
    bodies = Counter(body for draft in found.drafts for _, body in draft.bodies)
    if bodies:
        body, count = bodies.most_common(1)[0]
        return _Told(body, f"编制部门 of {count} statements: {body}")
    lines = [squeeze(line) for line in _all_lines(document)]
    for at in range(len(lines)):
        for width in (1, 2, 3):
            text = "".join(lines[at : at + width])
            match = _PART_TITLE.match(text) or _TABLES_TITLE.match(text)
            if match and not find_title(match["body"]) and _is_body(match["body"]):
                return _Told(match["body"], f"heading: {text}")
    return None


def _body_of_cover(joined: str) -> str | None:
    joined = _DATE.sub("", joined)
    rest = _COVER_WORDS.sub("", re.split(r"预算主管部门|编制(?:日期|时间)|二[〇○Oo0]", joined)[0])
    rest = re.sub(r"[-—_*#《》\d.]+|[A-Za-z]+$", "", rest)
    rest = re.sub(r"^(.{2,12}[省市区县旗州])(?=\1)", "", rest)  # the place of the title, then the body's own name
    return rest if _is_body(rest) else None


def _is_body(text: str) -> bool:
    """Whether a text can name a body: some length, and not only the name of a place."""
    return 4 <= len(text) <= 40 and re.search(r"(省|市|区|县|自治州|旗)$", text) is None and "预算" not in text


def _fiscal_year(document: Document, found: Found, joined: str, file_name: str) -> _Told | None:
    if match := _YEAR.search(joined) or _BARE_YEAR.search(joined):
        named = _named_years(document, match[1])
        year, count = named.most_common(1)[0] if named else (match[1], 0)
        if count >= _MORE_THAN_COVER and match[1] not in named:
            return _Told(year, f"headings naming the year: {count}; the cover says {match[1]}")
        return _Told(match[1], f"cover: {joined[:80]}")
    titles = Counter(year for draft in found.drafts for year in _YEAR.findall(squeeze(draft.title.text)))
    if titles:
        year, count = titles.most_common(1)[0]
        return _Told(year, f"titles of {count} statements")
    headings = Counter(
        match["year"]
        for lines in [[squeeze(line) for line in _all_lines(document)]]
        for at in range(len(lines))
        for width in (1, 2, 3)
        if (match := _TABLES_TITLE.match("".join(lines[at : at + width])))
    )
    if headings:
        year, count = headings.most_common(1)[0]
        return _Told(year, f"headings naming the year: {count}")
    columns = [c.year for draft in found.drafts for c in draft.header.columns if c.year is not None]
    if columns:
        return _Told(str(max(columns)), "latest year in the tables' headers")
    if match := _BARE_YEAR.search(file_name):
        return _Told(match[1], f"file name: {file_name}")
    return None


def _named_years(document: Document, of_cover: str) -> Counter[str]:
    """The years of budgets and accounts that headings name; without those of the cover, the first line of its year."""
    headings = [line for line in map(squeeze, _all_lines(document)) if len(line) <= _HEADING_MAX]
    cover = next((at for at, line in enumerate(headings) if of_cover in line), -1)
    return Counter(match[1] for at, line in enumerate(headings) if at != cover and (match := _HEADING.search(line)))


def _report_type(found: Found, joined: str) -> _Told | None:
    for text, how in (
        (joined, "cover"),
        ("".join(draft.title.key for draft in found.drafts), "titles of the statements"),
    ):
        budget, final = text.count("预算"), text.count("决算")
        if how == "cover" and bool(budget) != bool(final):
            return _Told("final_accounts" if final else "budget", f"{how}: {text[:80]}")
        if how != "cover" and (budget or final):
            finals = sum("决算" in draft.title.key for draft in found.drafts)
            return _Told("final_accounts" if finals * 2 > len(found.drafts) else "budget", how)
    if any(column.measure == "final" for draft in found.drafts for column in draft.header.columns):
        return _Told("final_accounts", "决算数 in the tables' headers")
    return _Told("budget", "statement forms of the budget") if found.drafts else None


def _scope(found: Found, joined: str, issuer: _Told | None) -> _Told | None:
    if issuer and re.search(r"(本级|本部|机关)[)）]?$", issuer.value):
        return _Told("unit", f"name of the body: {issuer.value}")
    for text, how in ((joined, "cover"), *((squeeze(d.title.text), "title of a statement") for d in found.drafts)):
        if re.search(r"预算单位|单位(预算|决算)", text):
            return _Told("unit", f"{how}: {text[:80]}")
        if re.search(r"部门(预算|决算|财务|收入|支出|收支)", text):
            return _Told("department", f"{how}: {text[:80]}")
    labels = Counter(label for draft in found.drafts for label, _ in draft.bodies)
    if labels:
        label, count = labels.most_common(1)[0]
        if label.endswith("部门"):
            return _Told("department", f"{label} over {count} statements")
        if label in {"编制单位", "预算单位"}:
            return _Told("unit", f"{label} over {count} statements")
    return None


@dataclass(frozen=True, slots=True)
class _Region:
    code: str | None
    name: str | None
    level: str | None
    how: str


@cache
def _levels() -> dict[str, object]:
    return tomllib.loads(resources.files("filings").joinpath("levels.toml").read_text(encoding="utf-8"))


def _patterns(table: str) -> list[tuple[str, str]]:
    entries = _levels()[table]
    assert isinstance(entries, dict)
    return [(level, pattern) for level, patterns in entries.items() for pattern in patterns]


def _region(issuer: str | None, joined: str) -> _Region | None:
    if issuer is None:
        return None
    name = re.sub(r"^(中国共产党|中共)", "", match_key(issuer))
    division, printed = _find_division(name)
    central = _levels()["central_bodies"]
    assert isinstance(central, list)
    code, label = (division.code, division.name) if division else (None, None)
    if any(re.search(pattern, name) for pattern in central):
        return _Region(code, label, "central", f"name of a body of the central government: {issuer}")
    title = next((level for level, pattern in _patterns("title_levels") if re.search(pattern, joined)), None)
    body = next((level for level, pattern in _patterns("body_levels") if re.search(pattern, name)), None)
    by_division = {1: "province", 2: "city", 3: "district"}[division.level] if division else None
    if division and division.level == 1 and division.code[:2] in {"11", "12", "31", "50"}:
        by_division = "province"
    level = body or title or by_division
    if level is None:
        return None
    how = f"name begins with {printed}" if division else f"title: {joined[:60]}"
    return _Region(code, label, level, how)


def _find_division(name: str) -> tuple[Division | None, str]:
    """Find the lowest division whose full name, with those above it or not, begins a body's name."""
    best, printed = _find_short_province(name)
    rest = name.removeprefix(printed)
    for level in (2, 3) if best else (1, 2, 3):
        matches = [d for d in _divisions_at(rest) if d.level == level and (best is None or _is_within(d, best))]
        if len(matches) == 1:
            best = matches[0]
            printed += best.name
            rest = rest[len(best.name) :]
    if best is None:
        stems = [
            d for end in range(1, len(name) + 1) for d in divisions_by_name().get(name[:end] + "市", ()) if d.level == 2
        ]
        if len(stems) == 1:
            return stems[0], stems[0].name.removesuffix("市")
    return best, printed


def _divisions_at(text: str) -> list[Division]:
    """The divisions whose full names begin a text."""
    return [d for end in range(1, len(text) + 1) for d in divisions_by_name().get(text[:end], ())]


def _find_short_province(name: str) -> tuple[Division | None, str]:
    """Find a province printed short before the name of a division in it (``广西崇左市…``)."""
    for province in divisions():
        if province.level != 1:
            continue
        short = re.sub(r"(省|市|(壮族|回族|维吾尔)?自治区|特别行政区)$", "", province.name)
        if short == province.name or not name.startswith(short):
            continue
        if any(d.level > 1 and _is_within(d, province) for d in _divisions_at(name.removeprefix(short))):
            return province, short
    return None, ""


def _is_within(division: Division, above: Division) -> bool:
    prefix = above.code[:2] if above.level == 1 else above.code[:4]
    return division.code.startswith(prefix)
