"""What the styles of a Word file say about a paragraph or run: is it a heading, is it hidden, which list is it in?"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from tasks.extract.readers.package import attribute, child, number_attribute

HEADING_NAME = re.compile(r"^(?:heading\s*[1-9]|title|标题\s*[1-9]?)$", re.IGNORECASE)
"""The built-in heading styles keep their English names in every language of Word; WPS writes Chinese ones too."""

BODY_LEVEL = 9
"""Outline level of body text (ECMA-376 part 1, 17.3.1.20)."""

MAX_BASES = 32
"""A chain of styles longer than this is a ring."""

OFF = frozenset({"0", "false", "off"})


@dataclass(frozen=True, slots=True)
class Style:
    """What a style settles; None where it leaves the matter to the style that it is based on."""

    is_heading: bool | None = None
    is_hidden: bool | None = None
    list_id: str | None = None
    list_level: int | None = None


def read_styles(root: etree._Element | None) -> dict[str, Style]:
    """The styles of ``styles.xml`` by id, each with what it inherits."""
    if root is None:
        return {}
    own: dict[str, tuple[Style, str | None]] = {}
    for element in root.iterchildren("{*}style"):
        identifier = attribute(element, "styleId")
        if identifier is not None:
            base = child(element, "basedOn")
            own[identifier] = (_read_style(element), attribute(base, "val") if base is not None else None)
    return {identifier: _inherit(identifier, own) for identifier in own}


def _read_style(element: etree._Element) -> Style:
    name = child(element, "name")
    style = read_properties(child(element, "pPr"), child(element, "rPr"))
    if name is not None and HEADING_NAME.match((attribute(name, "val") or "").strip()):
        return replace(style, is_heading=True)
    return style


def _inherit(identifier: str, own: dict[str, tuple[Style, str | None]]) -> Style:
    style, base = own[identifier]
    for _ in range(MAX_BASES):
        if base is None or base not in own:
            break
        above, base = own[base]
        style = overlay(above, style)
    return style


def overlay(under: Style, over: Style) -> Style:
    """The nearer one's word where it says something, else the farther one's."""
    return Style(
        under.is_heading if over.is_heading is None else over.is_heading,
        under.is_hidden if over.is_hidden is None else over.is_hidden,
        under.list_id if over.list_id is None else over.list_id,
        under.list_level if over.list_level is None else over.list_level,
    )


def read_properties(paragraph: etree._Element | None, run: etree._Element | None) -> Style:
    """What the properties of a paragraph (``w:pPr``) and of a run (``w:rPr``) settle."""
    is_heading: bool | None = None
    list_id: str | None = None
    list_level: int | None = None
    if paragraph is not None:
        if (outline := child(paragraph, "outlineLvl")) is not None:
            is_heading = number_attribute(outline, "val", BODY_LEVEL, BODY_LEVEL) < BODY_LEVEL
        if (numbering := child(paragraph, "numPr")) is not None:
            if (identifier := child(numbering, "numId")) is not None:
                list_id = attribute(identifier, "val")
            if (level := child(numbering, "ilvl")) is not None:
                list_level = number_attribute(level, "val", 0, 8)
    return Style(is_heading, is_on(run, "vanish"), list_id, list_level)


def is_on(properties: etree._Element | None, name: str) -> bool | None:
    """Whether an on-off property is set; None where it is not mentioned."""
    element = child(properties, name) if properties is not None else None
    if element is None:
        return None
    return (attribute(element, "val") or "true").lower() not in OFF
