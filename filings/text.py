"""How printed text is folded so that what looks the same compares equal (全角半角、部首、空白).

Two strengths: `squeeze` keeps what is printed but for white space and look-alike radicals (names and labels in the
warehouse); `match_key` folds everything that carries no meaning (titles and headers against the forms).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_RADICALS = (
    "⺀丶⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺖忄⺗㣺⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王"
    "⺫罒⺬示⺭礻⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺶羊⺹耂⺺肀⺻聿⺼月⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门"
    "⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⺇几⺑尢⺕彐⺪疋⺮竹⺵罒⺷羊⺸羊⻇角"
)
"""Radicals of U+2E80-2EF3 that NFKC leaves alone, each followed by the ideograph it stands for.

Source: the Unicode property Equivalent_Unified_Ideograph; where that is an ideograph outside the basic plane, the
everyday ideograph of the same radical."""

_RADICAL_MAP = {ord(_RADICALS[i]): _RADICALS[i + 1] for i in range(0, len(_RADICALS), 2)}
_LOOK_ALIKE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_WHITE = re.compile(r"\s+")
_QUOTES = re.compile("[\"'“”‘’「」『』〝〞＂＇″′]")

REMEMBERED = 8_192
"""How many foldings are kept: a filing asks for each of its few thousand labels several times, and some MB hold them."""


def fold_radicals(text: str) -> str:
    """Replace radicals and compatibility ideographs by the ideographs they stand for (部首还原), nothing else.

    Full-width punctuation stays as printed.
    """
    return _LOOK_ALIKE.sub(_fold_character, text)


def _fold_character(match: re.Match[str]) -> str:
    folded = match[0].translate(_RADICAL_MAP)
    return unicodedata.normalize("NFKC", folded) if _LOOK_ALIKE.match(folded) else folded


def _replace_radical(match: re.Match[str]) -> str:
    return match[0].translate(_RADICAL_MAP)


def squeeze(text: str) -> str:
    """Return a label as printed with all white space removed and radicals folded (去空白)."""
    return _WHITE.sub("", _INVISIBLE.sub("", fold_radicals(text)))


@lru_cache(REMEMBERED)
def fold(text: str) -> str:
    """Fold widths and radicals (NFKC) and drop invisible characters; spaces stay."""
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", _LOOK_ALIKE.sub(_replace_radical, text)))


@lru_cache(REMEMBERED)
def match_key(text: str) -> str:
    """Return what remains of a label when width, white space and quotation marks carry no meaning."""
    kept = _QUOTES.sub("", _WHITE.sub("", fold(text)))
    return unicodedata.normalize("NFKC", kept)  # a mark may now follow a letter that it composes with
