"""Writes the narrative of a Jiangsu filing: each section restates one of the twelve tables."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from samples.amounts import compute_percent
from samples.chart import ZERO, number_chinese
from samples.jiangsu_budget import JiangsuBudget
from samples.layout import Block, Heading, PageBreak
from samples.prose import number_paragraphs, say_change, say_money, write_contents, write_cover, write_section

LAST = "上年"


def write_before_tables(budget: JiangsuBudget, titles: Sequence[str]) -> list[Block]:
    """Cover, contents, 部门概况."""
    facts, year = budget.facts, budget.facts.year
    tables = f"第二部分　{year}年度部门预算表"
    entries = [
        (0, "第一部分　部门概况"),
        (1, "一、主要职能"),
        (1, "二、部门机构设置及预算单位构成情况"),
        (0, tables),
        *((1, f"{number_chinese(number)}、{title}") for number, title in enumerate(titles, start=1)),
        (0, f"第三部分　{year}年度部门预算情况说明"),
        (0, "第四部分　名词解释"),
    ]
    return [
        *write_cover([facts.issuer, f"{year}年度部门预算公开"]),
        *write_contents(entries),
        Heading("第一部分　部门概况", 1),
        *write_section("一、主要职能", [facts.text("duty"), *number_paragraphs(facts.texts("duties"))]),
        *write_section("二、部门机构设置及预算单位构成情况", facts.texts("organisation")),
        Heading(tables, 1),
        PageBreak(),
    ]


def write_after_tables(budget: JiangsuBudget) -> list[Block]:
    """第三部分 预算情况说明 and 第四部分 名词解释."""
    facts, year = budget.facts, budget.facts.year
    blocks: list[Block] = [Heading(f"第三部分　{year}年度部门预算情况说明", 1)]
    for number, (heading, paragraphs) in enumerate(_write_sections(budget), start=1):
        blocks += write_section(f"{number_chinese(number)}、{heading}", paragraphs)
    blocks += [PageBreak(), Heading("第四部分　名词解释", 1)]
    terms = [f"{number_chinese(number)}、{term}" for number, term in enumerate(facts.texts("terms"), start=1)]
    return [*blocks[:-1], *write_section("第四部分　名词解释", terms, 1)]


def _write_sections(budget: JiangsuBudget) -> list[tuple[str, list[str]]]:
    facts, issuer, year = budget.facts, budget.facts.issuer, budget.facts.year
    income = budget.income + budget.carry_in
    basic, project, reserve = (
        budget.sum("basic", "other_basic"),
        budget.sum("project", "other_project"),
        budget.sum("reserve"),
    )

    def share(name: str, amount: Decimal, whole: Decimal) -> str:
        return f"{name}{say_money(amount)}，占{compute_percent(amount, whole)}%"

    def change(amount: Decimal, key: str) -> str:
        return say_change(amount, facts.amount("prior", key), LAST)

    own = budget.institutional + budget.other
    classes = [
        (row.name, sum((row.get(key) for key in ("basic", "project", "reserve", "other_basic", "other_project")), ZERO))
        for row in budget.rows("basic", "project", "reserve", "other_basic", "other_project")
        if row.level == 1
    ]
    return [
        (
            "收支预算总体情况说明",
            [
                f"{issuer}{year}年度收入、支出预算总计{say_money(income)}，{change(income, 'income')}。",
                f"（一）收入预算总计{say_money(income)}。包括：",
                f"1.财政拨款收入预算总计{say_money(budget.fiscal)}，全部为一般公共预算收入预算。",
                f"2.其他资金收入预算总计{say_money(own)}。",
                f"3.上年结转资金预算数为{say_money(budget.carry_in)}。",
                f"（二）支出预算总计{say_money(budget.spending + budget.carry_out)}。包括：",
                *(
                    f"{number}.{name}（类）支出{say_money(amount)}。"
                    for number, (name, amount) in enumerate(classes, start=1)
                ),
                f"结转下年资金预算数为{say_money(budget.carry_out)}。",
            ],
        ),
        (
            "收入预算情况说明",
            [
                f"{issuer}本年收入预算合计{say_money(budget.income)}，其中：",
                share("一般公共预算收入", budget.fiscal, budget.income) + "；",
                share("其他资金", own, budget.income) + "。",
            ],
        ),
        (
            "支出预算情况说明",
            [
                f"{issuer}本年支出预算合计{say_money(budget.spending)}，其中：",
                share("基本支出", basic, budget.spending) + "；",
                share("项目支出", project, budget.spending) + "；",
                share("单位预留机动经费", reserve, budget.spending) + "。",
            ],
        ),
        (
            "财政拨款收支预算总体情况说明",
            [f"{issuer}{year}年度财政拨款收、支总预算{say_money(budget.fiscal)}，{change(budget.fiscal, 'fiscal')}。"],
        ),
        ("财政拨款支出预算情况说明", _write_items(budget)),
        ("财政拨款基本支出预算情况说明", _write_basic(budget, "财政拨款基本支出预算")),
        (
            "一般公共预算支出预算情况说明",
            [
                f"{issuer}{year}年一般公共预算财政拨款支出预算{say_money(budget.fiscal)}，"
                f"{change(budget.fiscal, 'fiscal')}。"
            ],
        ),
        ("一般公共预算基本支出预算情况说明", _write_basic(budget, "一般公共预算财政拨款基本支出预算")),
        ("“三公”经费、会议费、培训费支出预算情况说明", _write_three_public(budget)),
        ("政府性基金预算支出预算情况说明", [f"{issuer}{year}年没有政府性基金支出预算。"]),
        (
            "一般公共预算机关运行经费支出预算情况说明",
            [
                f"{year}年本部门一般公共预算机关运行经费预算支出{say_money(budget.operating)}，"
                f"{change(budget.operating, 'operating')}。"
            ],
        ),
        ("政府采购支出预算情况说明", [_write_procurement(budget)]),
    ]


def _write_items(budget: JiangsuBudget) -> list[str]:
    facts, names = budget.facts, budget.facts.names
    lines = [f"{facts.issuer}{facts.year}年财政拨款预算支出{say_money(budget.fiscal)}。其中："]
    class_no, class_code = 0, ""
    for code in sorted(budget.items):
        leaf = budget.items[code]
        amount = sum((leaf.get(key, ZERO) for key in ("basic", "project", "reserve")), ZERO)
        if not amount:
            continue
        if code[:3] != class_code:
            class_no, class_code, item_no = class_no + 1, code[:3], 0
            lines.append(f"（{number_chinese(class_no)}）{names[class_code]}（类）")
        item_no += 1
        change = say_change(amount, leaf.get("prior", ZERO), LAST)
        lines.append(f"{item_no}.{names[code[:5]]}（款）{names[code]}（项）支出{say_money(amount)}，{change}。")
    return lines


def _write_basic(budget: JiangsuBudget, what: str) -> list[str]:
    parts = []
    for codes in (("301", "303"), ("302", "310")):
        rows = [row for row in budget.economic if row.code[:3] in codes]
        amount = sum((row.get("basic") for row in rows if row.level == 1), ZERO)
        parts.append((amount, "、".join(row.name for row in rows if row.level == 2)))
    return [
        f"{budget.facts.issuer}{budget.facts.year}年度{what}{say_money(budget.sum('basic'))}，其中：",
        f"（一）人员经费{say_money(parts[0][0])}。主要包括：{parts[0][1]}。",
        f"（二）公用经费{say_money(parts[1][0])}。主要包括：{parts[1][1]}。",
    ]


def _write_three_public(budget: JiangsuBudget) -> list[str]:
    facts = budget.facts
    keys = ("travel", "purchase", "operation", "reception", "meeting", "training")
    this = {key: facts.amount("three_public", key) for key in keys}
    last = {key: facts.amount("three_public_prior", key) for key in keys}
    vehicles = this["purchase"] + this["operation"]
    public = this["travel"] + vehicles + this["reception"]

    def say(key: str) -> str:
        return f"{say_money(this[key])}，{say_change(this[key], last[key], LAST)}"

    return [
        f"{facts.issuer}{facts.year}年度一般公共预算拨款安排的“三公”经费预算支出{say_money(public)}，其中，"
        f"因公出国（境）费支出{say_money(this['travel'])}，占“三公”经费的{compute_percent(this['travel'], public)}%；"
        f"公务用车购置及运行维护费支出{say_money(vehicles)}，占“三公”经费的{compute_percent(vehicles, public)}%；"
        f"公务接待费支出{say_money(this['reception'])}，占“三公”经费的{compute_percent(this['reception'], public)}%。",
        f"1.因公出国（境）费预算支出{say('travel')}。",
        f"2.公务用车购置及运行维护费预算支出{say_money(vehicles)}。其中：公务用车购置费预算支出{say('purchase')}；"
        f"公务用车运行维护费预算支出{say('operation')}。",
        f"3.公务接待费预算支出{say('reception')}。",
        f"会议费预算支出{say('meeting')}。",
        f"培训费预算支出{say('training')}。",
    ]


def _write_procurement(budget: JiangsuBudget) -> str:
    totals = {
        kind: sum((Decimal(thing["amount"]) for programme in programmes for thing in programme["things"]), ZERO)
        for kind, programmes in budget.facts.data["procurement"].items()
    }
    goods, works, services = (
        next((amount for kind, amount in totals.items() if word in kind), ZERO) for word in ("货物", "工程", "服务")
    )
    return (
        f"{budget.facts.year}年度政府采购支出预算总额{say_money(goods + works + services)}，"
        f"其中：拟采购货物支出{say_money(goods)}、拟采购工程支出{say_money(works)}、拟采购服务支出{say_money(services)}。"
    )
