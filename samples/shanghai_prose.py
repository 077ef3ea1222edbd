"""Writes the narrative of a Shanghai filing: amounts in 万元, from the tables' sums in 元."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from samples.amounts import compute_percent, print_amount, to_wan_yuan
from samples.chart import ZERO, number_chinese
from samples.layout import Block, PageBreak
from samples.prose import number_paragraphs, say_money, write_contents, write_cover, write_section
from samples.shanghai_budget import ShanghaiBudget


def _say(amount_yuan: Decimal) -> str:
    return say_money(to_wan_yuan(amount_yuan))


def _compare(amount: Decimal, base: Decimal, base_name: str) -> str:
    """The difference of two 万元 amounts, as filings say it without a percentage."""
    if amount == base:
        return f"与{base_name}持平"
    word = "增加" if amount > base else "减少"
    return f"比{base_name}{word}{print_amount(abs(amount - base))}万元"


def write_before_tables(budget: ShanghaiBudget) -> list[Block]:
    """Cover, contents, 职能, 机构设置, 名词解释, 预算编制说明."""
    facts, body, year = budget.facts, budget.body, budget.facts.year
    sections = [f"{body}主要职能", f"{body}机构设置", "名词解释", f"{body}预算编制说明", f"{body}预算表"]
    entries = [(0, f"{number_chinese(number)}、{text}") for number, text in enumerate(sections, start=1)]
    entries += [(1, f"{number}. {title}") for number, title in enumerate(budget.titles(), start=1)]
    entries.append((0, "六、其他相关情况说明"))
    if not budget.is_unit:
        entries.append((0, "七、项目经费情况说明"))
    blocks = write_cover([facts.text("cover")], [f"预算{'单位' if budget.is_unit else '主管部门'}：{facts.issuer}"])
    blocks += write_contents(entries)
    blocks += write_section(
        f"{facts.issuer}{'' if budget.is_unit else '（部门）'}主要职能",
        [facts.text("duty"), *number_paragraphs(facts.texts("duties"))],
        1,
    )
    blocks += [PageBreak(), *write_section(f"{facts.issuer}机构设置", facts.texts("organisation"), 1)]
    blocks += [PageBreak(), *write_section("名词解释", number_paragraphs(facts.texts("terms")), 1)]
    blocks += [PageBreak(), *write_section(f"{year}年{body}预算编制说明", _write_explanation(budget), 1), PageBreak()]
    return blocks


def _write_explanation(budget: ShanghaiBudget) -> list[str]:
    facts, year = budget.facts, budget.facts.year
    last = f"{year - 1}年预算"
    fiscal, fiscal_last = to_wan_yuan(budget.fiscal), facts.amount("prior", "fiscal")
    fund_changes = []
    for name, measures, key in (
        ("一般公共预算", ("basic", "project"), "general"),
        ("政府性基金", ("fund_project",), "fund"),
        ("国有资本经营预算", ("capital_project",), "capital"),
    ):
        amount = to_wan_yuan(budget.sum(*measures))
        change = _compare(amount, facts.amount("prior", key), last)
        fund_changes.append(f"{name}拨款支出预算{say_money(amount)}，{change}")
    fiscal_text = f"财政拨款收入{say_money(fiscal)}，{_compare(fiscal, fiscal_last, last)}"
    paragraphs = [
        f"{year}年，{facts.issuer}收入预算{_say(budget.total)}，其中：{fiscal_text}；"
        f"事业收入{_say(budget.sum('own_basic', 'own_project'))}；事业单位经营收入0.00万元；"
        f"其他收入{_say(budget.sum('other_basic', 'other_project'))}。",
        f"支出预算{_say(budget.total)}，其中：财政拨款支出预算{say_money(fiscal)}，"
        f"{_compare(fiscal, fiscal_last, last)}。财政拨款支出预算中，{'；'.join(fund_changes)}。",
        f"财政拨款收入支出变化的主要原因是{facts.text('change_reason')}。",
        "财政拨款支出主要内容如下：",
    ]
    return [*paragraphs, *_write_items(budget)]


def _write_items(budget: ShanghaiBudget) -> list[str]:
    facts, year, names = budget.facts, budget.facts.year, budget.facts.names
    lines: list[str] = []
    for code in sorted(budget.items):
        leaf = budget.items[code]
        amount = sum((leaf.get(key, ZERO) for key in ("basic", "project", "fund_project", "capital_project")), ZERO)
        if not amount:
            continue
        planned, executed = to_wan_yuan(amount), leaf.get("prior_wan", Decimal("0.00"))
        if planned == executed:
            change = f"与{year - 1}年预算执行数持平"
        elif executed:
            word = "增加" if planned > executed else "减少"
            change = f"比{year - 1}年预算执行数{word}{compute_percent(abs(planned - executed), executed)}%"
        else:
            change = f"{year - 1}年没有这项支出"
        path = f"{names[code[:3]]}（类）{names[code[:5]]}（款）{names[code]}（项）"
        reason = facts.data["reasons"].get(code)
        lines.append(
            f"{len(lines) + 1}. “{path}”{say_money(planned)}，主要用于{facts.data['purposes'][code]}。"
            f"{year - 1}年当年预算执行数为{say_money(executed)}，{year}年预算安排{say_money(planned)}，{change}。"
            + (f"主要原因是：{reason}。" if reason else "")
        )
    return lines


def write_after_tables(budget: ShanghaiBudget) -> list[Block]:
    """其他相关情况说明, and a department's 项目经费情况说明."""
    facts, body = budget.facts, budget.body
    blocks = write_section("其他相关情况说明", _write_others(budget), 1)
    if not budget.is_unit:
        project = facts.data["project"]
        paragraphs: list[str] = []
        for number, (heading, text) in enumerate(project["sections"].items(), start=1):
            paragraphs += [f"{number_chinese(number)}、{heading}", str(text)]
        quarters = [Decimal(value) for value in project["quarters"]]
        plan = "，".join(
            f"第{number_chinese(number)}季度用款计划{say_money(amount)}"
            for number, amount in enumerate(quarters, start=1)
        )
        number = len(project["sections"]) + 1
        paragraphs += [
            f"{number_chinese(number)}、年度预算安排",
            f"本{body}{facts.year}年安排该项目预算{say_money(sum(quarters, ZERO))}，其中：{plan}。",
        ]
        blocks += [PageBreak(), *write_section("项目经费情况说明", paragraphs, 1)]
    return blocks


def _write_others(budget: ShanghaiBudget) -> list[str]:
    facts, body, year = budget.facts, budget.body, budget.facts.year
    last = f"{year - 1}年预算"
    keys = ("travel", "purchase", "operation", "reception")
    this = {key: facts.amount("three_public", key) for key in keys}
    before = {key: facts.amount("three_public_prior", key) for key in keys}

    def say(amounts: Sequence[str]) -> str:
        amount, base = (sum((of[key] for key in amounts), ZERO) for of in (this, before))
        return f"{say_money(amount)}，{_compare(amount, base, last)}"

    goods, works, services = (facts.amount("procurement", key) for key in ("goods", "works", "services"))
    operating = budget.operating_expense
    operating_text = (
        f"{year}年{facts.issuer}（部门）所属{facts.text('administrative_units')}财政拨款的机关运行经费预算为{say_money(operating)}。"
        if operating
        else f"{facts.issuer}为事业单位，{year}年没有机关运行经费预算。"
    )
    vehicles = {str(kind): int(count) for kind, count in facts.data["vehicles"].items()}
    targets = facts.data["performance"]
    return [
        f"一、{year}年“三公”经费预算情况说明",
        f"{year}年“三公”经费预算数为{say(keys)}。其中：",
        f"（一）因公出国（境）费{say(['travel'])}。",
        f"（二）公务用车购置及运行费{say(['purchase', 'operation'])}。其中：公务用车购置费{say(['purchase'])}；"
        f"公务用车运行费{say(['operation'])}。",
        f"（三）公务接待费{say(['reception'])}。",
        "二、机关运行经费预算",
        operating_text,
        "三、政府采购预算情况",
        f"{year}年本{body}政府采购预算{say_money(goods + works + services)}，其中：政府采购货物预算{say_money(goods)}、"
        f"政府采购工程预算{say_money(works)}、政府采购服务预算{say_money(services)}。",
        "四、绩效目标设置情况",
        f"{year}年本{body}编报绩效目标的项目共{targets['projects']}个，涉及项目预算资金{say_money(Decimal(targets['amount']))}。",
        "五、国有资产占有使用情况",
        f"截至{year - 1}年8月31日，{facts.issuer}共有车辆{sum(vehicles.values())}辆，其中："
        + "、".join(f"{kind}{count}辆" for kind, count in vehicles.items())
        + "。",
    ]
