"""Writes the narrative of a Shenzhen filing: nine parts before the twelve tables, amounts in whole 万元."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from samples.amounts import compute_percent, print_amount
from samples.chart import ZERO, number_chinese
from samples.layout import Block, Heading, PageBreak, Paragraph
from samples.prose import number_paragraphs, say_money, write_contents, write_cover, write_section
from samples.shenzhen_budget import ShenzhenBudget


def _compare(amount: Decimal, base: Decimal, base_name: str) -> str:
    """The difference, and the growth in whole percent."""
    word, growth = ("增加", "增长") if amount >= base else ("减少", "下降")
    difference = abs(amount - base)
    share = compute_percent(difference, base, 0) if base else ZERO
    return f"比{base_name}{word}{print_amount(difference)}万元，{growth}{share}%"


def write_prose(budget: ShenzhenBudget, titles: Sequence[str]) -> list[Block]:
    """Cover, contents and the nine parts of the text."""
    facts, issuer, year = budget.facts, budget.facts.issuer, budget.facts.year
    parts = (
        "部门概况",
        "部门预算收支总体情况",
        "部门预算支出具体情况",
        "政府采购预算情况",
        "一般公共预算“三公”经费预算情况",
        "部门预算绩效管理情况",
        "其他需要说明情况",
        "名词解释",
    )
    entries = [(0, "一、文字部分")]
    entries += [(1, f"第{number_chinese(number)}部分　{part}") for number, part in enumerate(parts, start=1)]
    entries += [(0, "二、表格部分")]
    entries += [(1, f"（{number_chinese(number)}）{title}") for number, title in enumerate(titles, start=1)]
    last = f"{year - 1}年"
    last_total = facts.amount("prior", "total")
    overall = f"{year}年{issuer}部门预算"
    texts: list[list[str]] = [
        [
            f"一、部门职责：{facts.text('duty')}",
            f"二、机构设置情况：{facts.text('organisation')}",
            "三、主要工作目标：",
            *number_paragraphs(facts.texts("duties")),
        ],
        [
            f"{overall}收入{say_money(budget.total)}，{_compare(budget.total, last_total, last)}。"
            f"{year}年部门预算支出{say_money(budget.total)}，{_compare(budget.total, last_total, last)}。",
            f"预算收支变化的主要原因是{facts.text('change_reason')}。",
        ],
        _write_spending(budget),
        [_write_procurement(budget)],
        _write_three_public(budget),
        [
            f"{year}年{issuer}的全部项目支出纳入部门预算绩效管理，涉及预算资金{say_money(budget.sums['project'])}，"
            f"设置并编报{len(budget.projects)}个项目的绩效目标。"
        ],
        _write_others(budget),
        [f"{number_chinese(number)}、{term}" for number, term in enumerate(facts.texts("terms"), start=1)],
    ]
    blocks = [*write_cover([issuer, f"{year}年部门预算"]), *write_contents(entries), Heading("一、文字部分", 1)]
    for number, (part, paragraphs) in enumerate(zip(parts, texts, strict=True), start=1):
        blocks += write_section(f"第{number_chinese(number)}部分　{part}", paragraphs)
    return [*blocks, PageBreak(), Heading("二、表格部分", 1), Paragraph("本部门公开的预算报表共十二张，列在后面。")]


def _write_spending(budget: ShenzhenBudget) -> list[str]:
    issuer = budget.facts.issuer
    kinds = (
        ("人员支出", budget.economic_basic("301"), "主要包括在编人员的工资和社会保险缴费等。"),
        ("公用支出", budget.economic_basic("302"), "主要包括日常办公和设备维护等。"),
        ("对个人和家庭的补助支出", budget.economic_basic("303"), "主要包括退休人员的补助。"),
    )
    project = budget.sums["project"]
    listed = "、".join(f"{name}{say_money(amount)}" for name, amount, _ in kinds)
    lines = [f"{issuer}预算{say_money(budget.total)}，包括{listed}、项目支出{say_money(project)}。"]
    lines += number_paragraphs(f"{name}{say_money(amount)}，{text}" for name, amount, text in kinds)
    lines.append(f"（四）项目支出{say_money(project)}，具体包括：")
    for number, item in enumerate(budget.projects, start=1):
        amount, base = Decimal(item["amount"]), Decimal(item["prior"])
        change = "与上年数持平" if amount == base else _compare(amount, base, f"{budget.facts.year - 1}年预算")
        purpose = item["content"].removesuffix("。")
        lines.append(f"{number}.{item['name']}预算{say_money(amount)}，主要用于{purpose}，{change}。")
    return lines


def _write_procurement(budget: ShenzhenBudget) -> str:
    goods, works, services = (budget.facts.amount("procurement", key) for key in ("goods", "works", "services"))
    if goods + works + services != budget.sums["procured"]:
        raise ValueError(f"{budget.facts.name}: procurement by kind and by item differ")
    return (
        f"{budget.facts.issuer}政府采购项目纳入{budget.facts.year}年部门预算共计{say_money(goods + works + services)}，"
        f"其中货物采购{say_money(goods)}、工程采购{say_money(works)}、服务采购{say_money(services)}。"
    )


def _write_three_public(budget: ShenzhenBudget) -> list[str]:
    facts, year = budget.facts, budget.facts.year
    keys = ("travel", "purchase", "operation", "reception")
    this = {key: facts.amount("three_public", key) for key in keys}
    last = {key: facts.amount("three_public_prior", key) for key in keys}
    base = f"{year - 1}年预算"

    def change(key: str) -> str:
        word = "增加" if this[key] >= last[key] else "减少"
        return f"{year}年预算数{say_money(this[key])}，比{base}数{word}{print_amount(abs(this[key] - last[key]))}万元"

    total, total_last = sum(this.values(), ZERO), sum(last.values(), ZERO)
    return [
        f"{year}年“三公”经费预算{say_money(total)}，{_compare(total, total_last, base)}。",
        f"1.因公出国（境）费用。{change('travel')}。",
        f"2.公务接待费。{change('reception')}。",
        f"3.公务用车购置和运行维护费。{year}年预算数{say_money(this['purchase'] + this['operation'])}，"
        f"其中：公务用车购置费{change('purchase')}；公务用车运行维护费{change('operation')}。",
    ]


def _write_others(budget: ShenzhenBudget) -> list[str]:
    facts, year = budget.facts, budget.facts.year
    operating = budget.economic_basic("302")
    change = _compare(operating, facts.amount("prior", "operating"), f"{year - 1}年预算")
    vehicles = facts.data["vehicles"]
    return [
        f"一、机关运行经费：{year}年{facts.issuer}机关运行经费财政拨款预算{say_money(operating)}，{change}。",
        f"二、国有资产占用情况：截至{year - 1}年10月，{facts.issuer}共有车辆{vehicles['count']}辆。",
        "三、其他：本部门没有政府性基金预算支出、国有资本经营预算支出。",
    ]
