"""A stored number and its format code -> what a person sees in the cell: ``1234.5`` with ``#,##0.00`` is ``1,234.50``.

Source: ECMA-376 part 1, 18.8.30 and 18.8.31 (number formats). One deviation: ``General`` shows all of the 15 digits
that a spreadsheet keeps, because what a program shows there depends on how wide the column is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import cache

SIGNIFICANT = Context(prec=15, rounding=ROUND_HALF_UP)
"""Spreadsheets keep and show 15 digits; a binary fraction has more (0.1 is stored as 0.10000000000000001)."""

LARGEST_EXPONENT = 308
"""That of a double."""

LONGEST_CODE = 255
"""Excel allows no longer format."""

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 31: 'yyyy"年"m"月"d"日"', 37: "#,##0 ;(#,##0)",
    38: "#,##0 ;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)", 57: 'yyyy"年"m"月"',
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', 43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    42: '_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* "-"_ ;_ @_ ', 44: '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 58: 'm"月"d"日"',
}  # fmt: skip
"""The formats that a file names by number only (ECMA-376 part 1, 18.8.30, with the meanings for zh-cn)."""

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<blank>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]|'
    r"(?P<general>General)|(?P<ampm>AM/PM|A/P|上午/下午)|(?P<exponent>[Ee][+-])|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|[aA]{3,})|"
    r"(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<slash>/)|(?P<text>@)|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)

CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)$")
ELAPSED = re.compile(r"^(h+|m+|s+)$", re.IGNORECASE)
CURRENCY = re.compile(r"^\$([^-]*)")

Token = tuple[str, str]
"""Kind and text."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Section:
    """One of the up to four parts of a format code.

    Args:
        tokens: What it prints, in order.
        condition: An operator and a number that the value must satisfy, if stated.
    """

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None

    @property
    def is_date(self) -> bool:
        """Whether it prints a date or time."""
        return any(kind in {"date", "elapsed", "ampm"} for kind, _ in self.tokens)


def format_number(value: Decimal, code: str, is_1904: bool = False) -> str:
    """The text that a cell shows.

    Args:
        value: The stored number.
        code: The cell's format code.
        is_1904: Whether day 0 is 1904-01-01 (files from old Macintoshes) and not 1899-12-30.
    """
    if not value.is_finite() or abs(value.adjusted()) > LARGEST_EXPONENT:
        return str(value)
    value = SIGNIFICANT.plus(value)
    sections = _read_sections(code[:LONGEST_CODE])
    section, value = _choose_section(sections, value)
    if section is None:
        return _format_general(value)
    if section.is_date:
        return _format_date(section.tokens, value, is_1904).strip()
    return _format_by(section.tokens, value).strip()


def format_text(text: str, code: str) -> str:
    """The text that a cell with stored text shows: only a fourth section or ``@`` changes it."""
    if code in {"General", "@", ""}:
        return text
    sections = _read_sections(code[:LONGEST_CODE])
    chosen = sections[3] if len(sections) > 3 else None
    if chosen is None:
        return text
    return "".join(text if kind == "text" else shown for kind, shown in chosen.tokens if kind in {"text", "literal"})


@cache
def _read_sections(code: str) -> tuple[Section, ...]:
    sections: list[Section] = []
    tokens: list[Token] = []
    condition: tuple[str, Decimal] | None = None
    for match in TOKEN.finditer(code):
        kind, text = match.lastgroup or "other", match[match.lastgroup or 0]
        if kind == "other" and text == ";":
            sections.append(Section(tuple(tokens), condition))
            tokens, condition = [], None
        elif kind == "bracket":
            if stated := CONDITION.match(text):
                condition = (stated[1], Decimal(stated[2]))
            elif ELAPSED.match(text):
                tokens.append(("elapsed", text.lower()))
            elif currency := CURRENCY.match(text):
                tokens.append(("literal", currency[1]))
        elif kind in {"quoted", "escaped", "other"}:
            tokens.append(("literal", text))
        elif kind == "blank":
            tokens.append(("literal", " "))
        elif kind == "date":
            tokens.append(("date", text.lower()))
        elif kind != "fill":
            tokens.append((kind, text))
    sections.append(Section(tuple(tokens), condition))
    return tuple(sections)


def _choose_section(sections: Sequence[Section], value: Decimal) -> tuple[Section | None, Decimal]:
    """The section for a value; a section for negative numbers prints its own sign."""
    numeric = sections[:3]
    if any(section.condition for section in numeric):
        for section in numeric:
            if section.condition is None or _satisfies(value, *section.condition):
                is_signed = section.condition is not None and section.condition[0] in {"<", "<="}
                return section, abs(value) if is_signed and section.condition and section.condition[1] <= 0 else value
        return None, value
    if len(numeric) > 1 and value < 0:
        return numeric[1], abs(value)
    if len(numeric) > 2 and value == 0:
        return numeric[2], value
    return numeric[0], value


def _satisfies(value: Decimal, operator: str, bound: Decimal) -> bool:
    return {
        "<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound,
        "=": value == bound, "<>": value != bound,
    }[operator]  # fmt: skip


def _format_general(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _format_by(tokens: Sequence[Token], value: Decimal) -> str:
    """A number by placeholders; literals among them stay where they are."""
    kinds = [kind for kind, _ in tokens]
    if "general" in kinds or "text" in kinds:
        return "".join(
            _format_general(value) if kind in {"general", "text"} else text
            for kind, text in tokens
            if kind in {"general", "text", "literal", "percent"}
        )
    if "digit" not in kinds:
        shown = "".join(text for kind, text in tokens if kind in {"literal", "percent", "slash"})
        return ("-" + shown if value < 0 else shown) if shown.strip() else shown
    if "slash" in kinds:
        return _format_general(value)
    with localcontext() as context:
        context.prec = 2 * LARGEST_EXPONENT + 20
        if "exponent" in kinds:
            return _format_exponent(tokens, value)
        return _place_digits(tokens, value)


def _place_digits(tokens: Sequence[Token], value: Decimal) -> str:
    kinds = [kind for kind, _ in tokens]
    point = kinds.index("point") if "point" in kinds else len(tokens)
    last_digit = max(at for at, kind in enumerate(kinds) if kind == "digit")
    whole_digits = [at for at in range(point) if kinds[at] == "digit"]
    decimals = [at for at in range(point, len(tokens)) if kinds[at] == "digit"]
    end_of_whole = whole_digits[-1] if whole_digits else -1
    trailing = [at for at in range(end_of_whole + 1, point) if kinds[at] == "comma"] if whole_digits else []
    trailing += [at for at in range(last_digit + 1, len(tokens)) if kinds[at] == "comma" and at > point]
    has_thousands = any(kinds[at] == "comma" for at in range(whole_digits[0], end_of_whole)) if whole_digits else False
    value = value.scaleb(2 * kinds.count("percent") - 3 * len(trailing))
    rounded = abs(value).quantize(Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    whole = whole.lstrip("0")
    shown_decimals = _show_decimals(fraction, [tokens[at][1] for at in decimals])
    out = ["-"] if value < 0 and rounded else []
    waiting = len(whole_digits)
    printed = 0
    for at, (kind, text) in enumerate(tokens):
        if kind == "digit" and at < point:
            # the first placeholder takes all digits that have none of their own
            take = len(whole) - (waiting - 1) - printed if printed == 0 else 1
            left = waiting - 1
            if take > 0 and printed < len(whole) and len(whole) - printed > left:
                for digit in whole[printed : len(whole) - left]:
                    out.append(digit)
                    printed += 1
                    if has_thousands and (len(whole) - printed) % 3 == 0 and printed < len(whole):
                        out.append(",")
            elif text == "0":
                out.append("0")
                if has_thousands and left % 3 == 0 and left:
                    out.append(",")
            elif text == "?":
                out.append(" ")
            waiting = left
        elif kind == "digit":
            out.append(shown_decimals.pop(0))
        elif kind == "point":
            out.append(".")
        elif kind in {"literal", "percent"}:
            out.append(text)
    return "".join(out)


def _show_decimals(fraction: str, placeholders: Sequence[str]) -> list[str]:
    """Digits after the point; zeros at the end are shown by ``0`` only."""
    shown = list(fraction)
    for at in range(len(shown) - 1, -1, -1):
        if shown[at] != "0" or placeholders[at] == "0":
            break
        shown[at] = "" if placeholders[at] == "#" else " "
    return shown


def _format_exponent(tokens: Sequence[Token], value: Decimal) -> str:
    at = next(i for i, (kind, _) in enumerate(tokens) if kind == "exponent")
    decimals = 0
    for i, (kind, _) in enumerate(tokens[:at]):
        if kind == "digit" and any(k == "point" for k, _ in tokens[:i]):
            decimals += 1
    places = sum(kind == "digit" for kind, _ in tokens[at:])
    exponent = value.adjusted() if value else 0
    mantissa = value.scaleb(-exponent).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    if abs(mantissa) >= 10:
        exponent += 1
        mantissa = mantissa.scaleb(-1).quantize(Decimal(1).scaleb(-decimals))
    sign = "-" if exponent < 0 else ("+" if tokens[at][1].endswith("+") else "")
    return f"{mantissa:f}E{sign}{abs(exponent):0{places}d}"


def _format_date(tokens: Sequence[Token], value: Decimal, is_1904: bool) -> str:
    try:
        moment = _moment(value, is_1904)
    except OverflowError:
        return _format_general(value)
    has_half = any(kind == "ampm" for kind, _ in tokens)
    out: list[str] = []
    before = ""
    for at, (kind, text) in enumerate(tokens):
        if kind == "date":
            after = next((t for k, t in tokens[at + 1 :] if k == "date"), "")
            is_minute = text[0] == "m" and len(text) <= 2 and (before.startswith("h") or after.startswith("s"))
            out.append(_date_part("n" * len(text) if is_minute else text, moment, has_half))
            before = text
        elif kind == "elapsed":
            seconds = int((value * 86_400).to_integral_value(ROUND_HALF_UP))
            out.append(str(seconds // {"h": 3600, "m": 60, "s": 1}[text[0]]))
            before = text
        elif kind == "ampm":
            names = ("上午", "下午") if text == "上午/下午" else ("AM", "PM")
            out.append(names[moment.hour >= 12])
        elif kind in {"literal", "slash", "point", "comma", "percent"}:
            out.append(text)
    return "".join(out)


def _moment(value: Decimal, is_1904: bool) -> datetime:
    # day 60 is 29 February 1900, which never was: days before it count from one day later
    start = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30 if value >= 60 else 31)  # noqa: DTZ001
    seconds = int((value * 86_400).to_integral_value(ROUND_HALF_UP))
    return start + timedelta(seconds=seconds)


def _date_part(text: str, moment: datetime, has_half: bool) -> str:
    size = len(text)
    hour = (moment.hour % 12 or 12) if has_half else moment.hour
    match text[0]:
        case "y":
            return f"{moment.year:04d}" if size > 2 else f"{moment.year % 100:02d}"
        case "m":
            return str(moment.month) if size == 1 else f"{moment.month:02d}" if size == 2 else MONTHS[moment.month - 1]
        case "d" | "a":
            if size > 2:
                return ("星期" if size > 3 else "周" if text[0] == "d" else "") + WEEKDAYS[moment.weekday()]
            return str(moment.day) if size == 1 else f"{moment.day:02d}"
        case "h":
            return str(hour) if size == 1 else f"{hour:02d}"
        case "n":
            return str(moment.minute) if size == 1 else f"{moment.minute:02d}"
        case _:
            return str(moment.second) if size == 1 else f"{moment.second:02d}"
