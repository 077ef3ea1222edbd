"""Writes the narrative of a central department's filing, every number of it taken from the tables' own sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from samples.amounts import print_amount
from samples.chart import ZERO, ChartRow, number_chinese, spread_rows, sum_amounts
from samples.facts import Facts
from samples.layout import Block, Heading, Paragraph
from samples.prose import (
    number_paragraphs,
    say_change,
    say_money,
    say_shares,
    write_contents,
    write_cover,
    write_section,
)

if TYPE_CHECKING:
    from samples.central_budget import CentralBudget


def write_head(facts: Facts, statement_titles: Sequence[str]) -> list[Block]:
    """Cover, contents, 概况: all that stands before the tables."""
    short, year = facts.text("short_name"), facts.year
    parts = [
        (0, f"第一部分　{short}部门概况"),
        (1, "一、主要职能"),
        (1, "二、单位构成情况"),
        (0, f"第二部分　{short}{year}年部门预算表"),
        *((1, f"{number_chinese(number)}、{title}") for number, title in enumerate(statement_titles, start=1)),
        (0, f"第三部分　{short}{year}年部门预算情况说明"),
        (0, "第四部分　名词解释"),
    ]
    if facts.data.get("targets"):
        parts.append((0, "第五部分　附件"))
    blocks = [*write_cover([facts.issuer, f"{year}年部门预算"]), *write_contents(parts)]
    blocks += [Heading(f"第一部分　{short}部门概况", 1)]
    blocks += write_section("一、主要职能", [facts.text("duty"), *number_paragraphs(facts.texts("duties"))])
    units = facts.texts("units")
    blocks += write_section(
        "二、单位构成情况",
        [
            f"纳入{short}{year}年部门预算编制范围的单位共{len(units)}个，分别是：",
            "；".join(f"{number}.{unit}" for number, unit in enumerate(units, start=1)) + "。",
        ],
    )
    blocks += [Heading(f"第二部分　{short}{year}年部门预算表", 1)]
    return blocks


def write_explanation(budget: CentralBudget) -> list[Block]:
    """第三部分 预算情况说明: the totals, the structure, every item against last year's execution, 三公 and the rest."""
    short, year = budget.facts.text("short_name"), budget.facts.year
    total = say_money(budget.income)
    blocks: list[Block] = [Heading(f"第三部分　{short}{year}年部门预算情况说明", 1)]
    incomes = [
        ("上年结转", budget.carry_over),
        ("一般公共预算拨款收入", budget.appropriation),
        ("事业收入", budget.sources["institutional_income"]),
        ("事业单位经营收入", budget.sources["business_income"]),
        ("其他收入", budget.sources["other_income"]),
        ("使用非财政拨款结余", budget.sources["surplus_used"]),
    ]
    rows = budget.spending_rows()
    spent = sum_amounts(row.amounts for row in rows if row.level == 1)
    classes = [(row.name, row.get("basic") + row.get("project")) for row in rows if row.level == 1]
    blocks += write_section(
        f"一、关于{short}{year}年收支预算情况的总体说明",
        [
            f"{short}的全部收入和支出都编入本预算。收入来自{'、'.join(name for name, amount in incomes if amount)}；"
            f"支出用于{'、'.join(name for name, _ in classes)}。{short}{year}年收支总预算{total}。"
        ],
    )
    blocks += write_section(
        f"二、关于{short}{year}年收入预算情况说明",
        [f"{short}{year}年收入预算{total}，其中：{say_shares(incomes, budget.income)}。"],
    )
    kinds = [("基本支出", spent["basic"]), ("项目支出", spent["project"])]
    blocks += write_section(
        f"三、关于{short}{year}年支出预算情况说明",
        [f"{short}{year}年支出预算{say_money(budget.spending)}，其中：{say_shares(kinds, budget.spending)}。"],
    )
    fiscal = budget.appropriation + budget.carry_gpb + budget.carry_fund
    fiscal_spending = "、".join(f"{name}{say_money(amount)}" for name, amount in budget.fiscal_classes())
    blocks += write_section(
        f"四、关于{short}{year}年财政拨款收支预算情况的总体说明",
        [
            f"{short}{year}年财政拨款收支总预算{say_money(fiscal)}。"
            f"收入包括：一般公共预算当年拨款收入{say_money(budget.appropriation)}、"
            f"上年结转{say_money(budget.carry_gpb + budget.carry_fund)}。支出包括：{fiscal_spending}。"
        ],
    )
    blocks += _write_appropriation(budget)
    blocks += _write_basic(budget)
    blocks += _write_three_public(budget)
    blocks += _write_others(budget)
    return blocks


def _write_appropriation(budget: CentralBudget) -> list[Block]:
    facts, short, year = budget.facts, budget.facts.text("short_name"), budget.facts.year
    rows = budget.appropriation_rows()
    prior = sum((row.get("prior") for row in rows if row.level == 1), ZERO)
    base = f"{year - 1}年执行数"

    def amount(row: ChartRow) -> str:
        planned = row.get("basic") + row.get("project")
        return f"{year}年预算{say_money(planned)}，{say_change(planned, row.get('prior'), base)}"

    blocks: list[Block] = [
        Heading(f"五、关于{short}{year}年一般公共预算当年拨款情况说明"),
        Heading("（一）一般公共预算当年拨款规模变化情况。", 3),
        Paragraph(
            f"{short}{year}年一般公共预算当年拨款{say_money(budget.appropriation)}，"
            f"{say_change(budget.appropriation, prior, base)}。{facts.text('change_reason')}"
        ),
        Heading("（二）一般公共预算当年拨款结构情况。", 3),
        Paragraph(
            say_shares(
                [
                    (f"{row.name.removesuffix('支出')}（类）支出", row.get("basic") + row.get("project"))
                    for row in rows
                    if row.level == 1
                ],
                budget.appropriation,
            )
            + "。"
        ),
        Heading("（三）一般公共预算当年拨款具体使用情况。", 3),
    ]
    heading_no = item_no = 0
    class_name = ""
    for row in rows:
        if row.level == 1:
            class_name = row.name
        elif row.level == 2:
            heading_no, item_no = heading_no + 1, 0
            blocks.append(Paragraph(f"{heading_no}.{class_name}（类）{row.name}（款）{amount(row)}。其中："))
        else:
            item_no += 1
            reason = facts.data["reasons"].get(row.code, "")
            blocks.append(Paragraph(f"（{item_no}）{row.name}（项）{amount(row)}。{reason}"))
    return blocks


def _write_basic(budget: CentralBudget) -> list[Block]:
    facts, short, year = budget.facts, budget.facts.text("short_name"), budget.facts.year
    rows = spread_rows(budget.economic, facts.names)
    personnel = [row for row in rows if row.level == 2 and row.code[:3] in ("301", "303")]
    public = [row for row in rows if row.level == 2 and row.code[:3] not in ("301", "303")]
    sums = [sum((row.get("basic") for row in part), ZERO) for part in (personnel, public)]
    names = ["、".join(row.name for row in part) for part in (personnel, public)]
    return write_section(
        f"六、关于{short}{year}年一般公共预算基本支出情况说明",
        [
            f"{short}{year}年一般公共预算基本支出{say_money(sum(sums, ZERO))}，其中：",
            f"人员经费{say_money(sums[0])}，主要包括：{names[0]}；",
            f"公用经费{say_money(sums[1])}，主要包括：{names[1]}。",
        ],
    )


def _write_three_public(budget: CentralBudget) -> list[Block]:
    facts, short, year = budget.facts, budget.facts.text("short_name"), budget.facts.year
    base = f"{year - 1}年预算"
    keys = ("travel", "purchase", "operation", "reception")
    this = {key: facts.amount("three_public", key) for key in keys}
    last = {key: facts.amount("three_public_prior", key) for key in keys}
    vehicles = this["purchase"] + this["operation"]
    vehicles_last = last["purchase"] + last["operation"]
    return write_section(
        f"七、关于{short}{year}年“三公”经费预算情况说明",
        [
            f"{short}{year}年“三公”经费预算数为{say_money(sum(this.values(), ZERO))}，"
            f"{say_change(sum(this.values(), ZERO), sum(last.values(), ZERO), base)}。其中：",
            f"（一）因公出国（境）费{say_money(this['travel'])}，{say_change(this['travel'], last['travel'], base)}。",
            f"（二）公务用车购置及运行费{say_money(vehicles)}，{say_change(vehicles, vehicles_last, base)}。"
            f"其中：公务用车购置费{say_money(this['purchase'])}，"
            f"{say_change(this['purchase'], last['purchase'], base)}；"
            f"公务用车运行费{say_money(this['operation'])}，{say_change(this['operation'], last['operation'], base)}。",
            f"（三）公务接待费{say_money(this['reception'])}，"
            f"{say_change(this['reception'], last['reception'], base)}。",
        ],
    )


def _write_others(budget: CentralBudget) -> list[Block]:
    facts, short, year = budget.facts, budget.facts.text("short_name"), budget.facts.year
    goods, works, services = (facts.amount("procurement", key) for key in ("goods", "works", "services"))
    vehicles = {str(kind): int(count) for kind, count in facts.data["vehicles"].items()}
    project = sum((leaf.get("project", ZERO) for leaf in budget.items.values()), ZERO)
    blocks: list[Block] = [Heading("八、其他重要事项的情况说明")]
    if facts.amount("operating", "this"):
        this, last = facts.amount("operating", "this"), facts.amount("operating", "last")
        operating = (
            f"{year}年{short}行政单位和参照公务员法管理的事业单位机关运行经费财政拨款预算{say_money(this)}，"
            f"{say_change(this, last, f'{year - 1}年预算')}。"
        )
    else:
        operating = f"{short}为事业单位，{year}年没有机关运行经费财政拨款预算。"
    blocks += write_section("（一）机关运行经费。", [operating], 3)
    blocks += write_section(
        "（二）政府采购情况。",
        [
            f"{year}年{short}政府采购预算总额{say_money(goods + works + services)}，"
            f"其中：政府采购货物预算{say_money(goods)}、政府采购工程预算{say_money(works)}、"
            f"政府采购服务预算{say_money(services)}。"
        ],
        3,
    )
    blocks += write_section(
        "（三）国有资产占用情况。",
        [
            f"截至{year - 1}年7月31日，{short}共有车辆{sum(vehicles.values())}辆，其中："
            + "、".join(f"{kind}{count}辆" for kind, count in vehicles.items())
            + "。"
        ],
        3,
    )
    count = len(facts.data.get("targets", []))
    blocks += write_section(
        "（四）预算绩效情况。",
        [
            f"{year}年{short}的项目支出全部设定绩效目标，涉及一般公共预算当年拨款{print_amount(project)}万元。"
            + (f"其中{count}个项目的绩效目标表列在第五部分。" if count else "")
        ],
        3,
    )
    return blocks


def write_terms(facts: Facts) -> list[Block]:
    """第四部分 名词解释."""
    return [
        Heading("第四部分　名词解释", 1),
        *(Paragraph(f"{number_chinese(number)}、{term}") for number, term in enumerate(facts.texts("terms"), start=1)),
    ]
