"""Writes the narrative of a central filing in the form of 2026, where the tables have no prior-year columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samples.chart import ZERO, spread_rows
from samples.layout import Block, Heading
from samples.prose import say_change, say_money, say_shares, write_section

if TYPE_CHECKING:
    from samples.central_2026_budget import DepartmentBudget

GPB = ("personnel", "public", "project")


def write_explanation(budget: DepartmentBudget) -> list[Block]:
    """第三部分 预算情况说明."""
    facts, short, year = budget.facts, budget.facts.text("short_name"), budget.facts.year
    total = budget.total
    appropriation = budget.add_up(GPB)
    incomes = [
        ("上年结转", budget.carry_over),
        ("一般公共预算拨款收入", appropriation),
        ("政府性基金预算拨款收入", budget.add_up(["fund_project"])),
        ("事业收入", budget.fund("institutional_income")),
        ("其他收入", budget.other_income),
    ]
    basic = budget.add_up(("personnel", "public", "carry_basic", "other_basic"))
    classes = budget.class_rows(GPB)
    blocks: list[Block] = [Heading(f"第三部分　{short}{year}年部门预算情况说明", 1)]
    blocks += write_section(
        f"一、关于{short}{year}年收支预算情况的总体说明", [f"{short}{year}年收支总预算{say_money(total)}。"]
    )
    blocks += write_section(
        f"二、关于{short}{year}年收入预算情况说明",
        [f"{short}{year}年收入预算{say_money(total)}，其中：{say_shares(incomes, total)}。"],
    )
    kinds = [("基本支出", basic), ("项目支出", total - basic)]
    blocks += write_section(
        f"三、关于{short}{year}年支出预算情况说明",
        [f"{short}{year}年支出预算{say_money(total)}，其中：{say_shares(kinds, total)}。"],
    )
    structure = say_shares(
        ((f"{name.removesuffix('支出')}（类）支出", amount) for name, amount, _ in classes), appropriation
    )
    prior = facts.amount("prior", "appropriation")
    blocks += write_section(
        f"四、关于{short}{year}年一般公共预算当年拨款情况说明",
        [
            f"{short}{year}年一般公共预算当年拨款{say_money(appropriation)}，"
            f"{say_change(appropriation, prior, f'{year - 1}年执行数')}。",
            f"按支出功能分：{structure}。",
            *_write_items(budget),
        ],
    )
    personnel, public = budget.add_up(["personnel"]), budget.add_up(["public"])
    blocks += write_section(
        f"五、关于{short}{year}年一般公共预算基本支出情况说明",
        [
            f"{short}{year}年一般公共预算基本支出{say_money(personnel + public)}，其中：人员经费{say_money(personnel)}，"
            f"公用经费{say_money(public)}。"
        ],
    )
    keys = ("travel", "purchase", "operation", "reception")
    travel, purchase, operation, reception = (facts.amount("three_public", key) for key in keys)
    blocks += write_section(
        f"六、关于{short}{year}年“三公”经费预算情况说明",
        [
            f"{short}{year}年“三公”经费预算数为{say_money(travel + purchase + operation + reception)}，其中："
            f"因公出国（境）费{say_money(travel)}；公务用车购置及运行费{say_money(purchase + operation)}，"
            f"其中公务用车购置费{say_money(purchase)}、公务用车运行费{say_money(operation)}；"
            f"公务接待费{say_money(reception)}。"
        ],
    )
    goods, works, services = (facts.amount("procurement", key) for key in ("goods", "works", "services"))
    blocks += write_section(
        "七、政府采购情况",
        [
            f"{year}年{short}政府采购预算总额{say_money(goods + works + services)}，其中：政府采购货物预算"
            f"{say_money(goods)}、政府采购工程预算{say_money(works)}、政府采购服务预算{say_money(services)}。"
        ],
    )
    return blocks


def _write_items(budget: DepartmentBudget) -> list[str]:
    names, year = budget.facts.names, budget.facts.year
    lines: list[str] = []
    for row in spread_rows(budget.items, names):
        amount = sum((row.get(measure) for measure in GPB), ZERO)
        if row.level == 3 and amount:
            path = f"{names[row.code[:3]]}（类）{names[row.code[:5]]}（款）{row.name}（项）"
            lines.append(f"{len(lines) + 1}.{path}{year}年预算{say_money(amount)}。")
    return lines
