"""What does a filing's inspection report look like in a browser, on paper and in a mail? One file that needs no other."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from decimal import Decimal
from html import escape

from tasks.report.crops import Crops
from tasks.report.facts import Check, Evidence, Facts, Finding, StatementRow
from tasks.report.words import place_words, reason_word, statement_word, word, words

_STYLE = """
:root{--error:#b3261e;--warning:#9a5b00;--info:#35618e;--line:#d9d9d9;--soft:#f6f6f4}
*{box-sizing:border-box}
body{font:15px/1.65 system-ui,"Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei",sans-serif;max-width:66rem;
margin:2rem auto;padding:0 1.2rem;color:#1b1b1b}
h1{font-size:1.55rem;margin:0 0 .2rem}h2{font-size:1.2rem;margin:2.2rem 0 .6rem;border-bottom:2px solid #1b1b1b}
h3{font-size:1.02rem;margin:1.4rem 0 .5rem}h4{font-size:1rem;margin:0}
.en,.s{color:#5c5c5c;font-size:.87rem}p{margin:.35rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;padding:.32rem .5rem;
border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}th{background:var(--soft);white-space:nowrap}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.8rem 0}dt{color:#5c5c5c}dd{margin:0;overflow-wrap:anywhere}
.tally{display:flex;gap:.8rem;flex-wrap:wrap;margin:1rem 0}.tally div{border:1px solid var(--line);border-left:5px solid;
padding:.35rem .9rem;border-radius:3px}.tally b{font-size:1.35rem;margin-right:.4rem}
.error{border-left-color:var(--error)!important}.warning{border-left-color:var(--warning)!important}
.info{border-left-color:var(--info)!important}
.finding{border:1px solid var(--line);border-left:5px solid;border-radius:3px;padding:.7rem 1rem;margin:.8rem 0;break-inside:avoid}
.message{font-weight:600;overflow-wrap:anywhere}.fix{background:#fff6d6;padding:.25rem .6rem;border-radius:3px}
blockquote{margin:.4rem 0;padding:.15rem .8rem;border-left:3px solid var(--line);background:var(--soft)}
img{max-width:100%;border:1px solid var(--line);margin:.5rem 0;display:block}
details{margin:.4rem 0}summary{cursor:pointer;color:#35618e}.follow{margin:.4rem 0 .4rem 1rem;padding:0}
.bad td{background:#fdecea}@media print{body{margin:0;max-width:none}details:not([open])>*{display:none}}
"""
"""Small enough to stand in the page: a report is sent by mail and opened from a disk."""


MOST_SHOWN = 4
"""Places of a finding that are listed at once, with their pages: a comparison of two or three numbers; sums are opened by a click."""


def render_report(facts: Facts, crops: Crops) -> str:
    """Render the report of one filing.

    Args:
        facts: What is said.
        crops: The cuts of pages to show; embedded.

    Returns:
        HTML that refers to nothing outside itself and runs no script.
    """
    title = f"{facts.issuer or '发布单位不明'} {_years(facts)} 检查报告"
    return f"""<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{escape(title)}</title><style>{_STYLE}</style></head>
<body>
<header><h1>{escape(title)}</h1><p class=s>部门预决算公开 · 核对结果 <span lang=en>Inspection report</span></p></header>
{_identity(facts)}
{_tally(facts)}
<h2 id=findings>问题 <span class=en lang=en>Findings</span></h2>
{_findings(facts, crops)}
<h2 id=statements>报表 <span class=en lang=en>Statements</span></h2>
{_statements(facts.statements)}
<h2 id=checks>核对项目 <span class=en lang=en>Checks</span></h2>
{_checks(facts.checks)}
</body>
</html>
"""


def _years(facts: Facts) -> str:
    year = f"{facts.fiscal_year} 年" if facts.fiscal_year else "年度不明"
    return f"{year}{word('scopes', facts.scope)}{word('report_types', facts.report_type)}"


def _identity(facts: Facts) -> str:
    pairs = {
        "发布单位": facts.issuer,
        "行政区划": facts.region_name,
        "年度与种类": _years(facts),
        "文件标题": facts.title,
        "文件": "、".join(facts.file_names),
        "来源": facts.source_uri,
        "页数": f"{facts.pages} 页" if facts.pages else None,
        "版本": f"已由 {facts.superseded_by} 取代" if facts.superseded_by else "现行",
        "文件编号": facts.filing_id,
        "SHA-256": facts.sha256,
        "识读程序": f"{facts.extractor_version}（{facts.loaded_at:%Y-%m-%d %H:%M} UTC）",
    }
    return "<dl>" + "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in pairs.items() if text) + "</dl>"


def _tally(facts: Facts) -> str:
    cells = "".join(
        f"<div class={severity}><b>{facts.count_causes(severity)}</b>{name}</div>"
        for severity, name in words("severities").items()
    )
    followers = len(facts.findings) - len(facts.causes)
    counted = {
        name: sum(getattr(one, name) for one in facts.checks) for name in ("evaluated", "exact", "rounding", "violated")
    }
    unsure = sum(one.not_evaluable for one in facts.checks)
    return f"""<div class=tally>{cells}</div>
<p class=s>同一原因引起的问题只计一次，另有 {followers} 处是其连带结果，列在各问题之下。
共核对 {counted["evaluated"]:,} 处：完全相符 {counted["exact"]:,}，四舍五入差异 {counted["rounding"]:,}，不符 {counted["violated"]:,}；
无法核对 {unsure:,}。</p>"""


def _findings(facts: Facts, crops: Crops) -> str:
    if not facts.findings:
        return "<p>未发现问题。<span class=en lang=en>No findings.</span></p>"
    parts = []
    for sha256, failure in sorted(crops.failures.items()):
        parts.append(
            f"<p class=s>文件 {escape(sha256[:16])} 的页面截图未能生成（{escape(failure)}），请按页码查看原件。</p>"
        )
    number = 0
    for severity, severity_name in words("severities").items():
        for category, category_name in words("categories").items():
            causes = [one for one in facts.causes if (one.severity, one.category) == (severity, category)]
            if not causes:
                continue
            parts.append(f"<h3>{severity_name} · {category_name}（{len(causes)}）</h3>")
            for cause in causes:
                number += 1
                parts.append(_finding(number, cause, facts, crops))
    return "\n".join(parts)


def _finding(number: int, one: Finding, facts: Facts, crops: Crops) -> str:
    where = place_words(one.page, one.evidence[0].locator if one.evidence else None)
    picture = crops.pictures.get(one.finding_id)
    return f"""<section class="finding {one.severity}" id="{escape(one.finding_id)}">
<h4>{number}. {escape(one.subject)} <span class=s>{escape(where)}</span></h4>
<p class=message>{escape(one.words)}</p>
{f"<p class=en lang=en>{escape(one.words_en)}</p>" if one.words_en else ""}
{_fault(one)}
{_quote(one)}
{_picture(picture.read_bytes(), one) if picture else ""}
{_followers(facts.consequences(one))}
{_places(one)}
<p class=s>规则 {escape(one.rule_id)}：{escape(one.says)}<br>依据：{escape(one.source or "")}</p>
</section>"""


def _fault(one: Finding) -> str:
    parts = []
    if one.fault is not None and one.corrected_value is not None:
        parts.append(
            f"<p class=fix>疑误数字：{escape(one.fault)} <b>{escape(one.fault_text or '')}</b> → 应为 <b>{corrected(one)}</b>"
            f"（{word('confidences', one.confidence)}）</p>"
        )
    if one.doubt:
        parts.append(f"<p>存疑：{escape(one.doubt)}</p>")
        parts.append(f"<p class=en lang=en>{escape(one.doubt_en or '')}</p>")
    return "\n".join(parts)


def corrected(one: Finding) -> str:
    """What the number at fault should be, as it would be printed; empty where it cannot be told."""
    if one.corrected_value is None or one.fault is None:
        return ""
    return show_number(one.corrected_value) + ("%" if (one.fault_text or "").endswith(("%", "％")) else "")


def show_number(value: Decimal) -> str:
    """A number with separators, at least two places where it has any."""
    text = f"{value:,f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:,}"
    whole, point, places = text.partition(".")
    return f"{whole}.{places:0<2}" if point else whole


def _quote(one: Finding) -> str:
    return f"<blockquote>原文：{escape(one.quote)}</blockquote>" if one.quote else ""


def _picture(png: bytes, one: Finding) -> str:
    data = base64.b64encode(png).decode("ascii")
    return f'<img alt="{escape(place_words(one.page, None))}：{escape(one.quote or "")}" src="data:image/png;base64,{data}">'


def _followers(consequences: tuple[Finding, ...]) -> str:
    if not consequences:
        return ""
    items = "".join(
        f'<li id="{escape(one.finding_id)}">{escape(one.subject)}（{escape(place_words(one.page, _locator(one)))}）：{escape(one.words)}'
        f" <span class=s>{escape(one.rule_id)}</span></li>"
        for one in consequences
    )
    return f"<p>同一原因的连带结果 {len(consequences)} 处：</p><ul class=follow>{items}</ul>"


def _locator(one: Finding) -> str | None:
    return one.evidence[0].locator if one.evidence else None


def _places(one: Finding) -> str:
    if len(one.evidence) < 2:
        return ""
    is_compared = any(sign in one.message for sign in ("≠", " > ", " < "))
    rows = "".join(_place(place, word("roles", place.role) if is_compared else "") for place in one.evidence)
    rest = one.evidence_count - len(one.evidence)
    more = f"<p class=s>另有 {rest} 处，见数据库 findings 表。</p>" if rest else ""
    return (
        f"<details{' open' if one.evidence_count <= MOST_SHOWN else ''}><summary>相关各处 {one.evidence_count} 处</summary>"
        "<table><thead><tr><th>位置<th>印为<th>在等式中<th>页码</tr></thead>"
        f"<tbody>{rows}</tbody></table>{more}</details>"
    )


def _place(place: Evidence, role: str) -> str:
    return (
        f"<tr><td>{escape(place.label or '文中')}<td class=n>{escape(place.text)}<td>{escape(role)}"
        f"<td>{escape(place_words(place.page, place.locator))}</tr>"
    )


def _statements(statements: Iterable[StatementRow]) -> str:
    rows = "".join(
        f"<tr{'' if one.state in ('filled', 'declared_empty') else ' class=bad'}><td class=n>{one.statement_no}"
        f"<td>{escape(one.title or statement_word(one.statement_type))}<td>{escape(statement_word(one.statement_type))}"
        f"<td>{word('states', one.state)}<td>{_pages(one)}<td>{word('units', one.unit)}<td class=n>{one.row_count}"
        f"<td class=n>{one.amounts}<td>{escape(one.note or '')}</tr>"
        for one in statements
    )
    return (
        "<table><thead><tr><th class=n>序<th>标题<th>种类<th>状态<th>页<th>单位<th class=n>行<th class=n>数字<th>附注</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _pages(one: StatementRow) -> str:
    if one.page_first is None:
        return ""
    return f"{one.page_first}" if one.page_last in (None, one.page_first) else f"{one.page_first}–{one.page_last}"


def _checks(checks: Iterable[Check]) -> str:
    listed = list(checks)
    parts = []
    for category, name in words("categories").items():
        rows = "".join(_check(one) for one in listed if one.category == category)
        if rows:
            parts.append(f"<tr><th colspan=7>{name}</tr>{rows}")
    return (
        "<table><thead><tr><th>规则<th class=n>已核对<th class=n>相符<th class=n>舍入<th class=n>不符<th class=n>无法核对<th>原因</tr></thead>"
        f"<tbody>{''.join(parts)}</tbody></table>"
    )


def _check(one: Check) -> str:
    reasons = "；".join(dict.fromkeys(map(reason_word, one.reasons)))
    return (
        f"<tr{' class=bad' if one.violated else ''}><td>{escape(one.says)}<br><span class=s>{escape(one.rule_id)}</span>"
        f"<td class=n>{one.evaluated}<td class=n>{one.exact}<td class=n>{one.rounding}<td class=n>{one.violated}"
        f"<td class=n>{one.not_evaluable}<td>{escape(reasons)}</tr>"
    )
