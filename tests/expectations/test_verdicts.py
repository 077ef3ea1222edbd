"""The arithmetic of verdicts against an independent calculation with exact fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.rule import Example, load_rules
from tests.expectations.warehouse import judge

_SETTINGS = settings(max_examples=40, deadline=None)


def _numbers(places: int, largest: int) -> st.SearchStrategy[Decimal]:
    return st.integers(-largest, largest).map(lambda number: Decimal(number).scaleb(-places))


@st.composite
def _sums(draw: st.DrawFn) -> tuple[Decimal, Decimal, Decimal]:
    places = [draw(st.integers(0, 4)) for _ in range(3)]
    basic, project = (draw(_numbers(one, 10**12)) for one in places[:2])
    drift = draw(st.integers(-4, 4))
    step = Decimal(1).scaleb(-places[2])
    return basic, project, (basic + project).quantize(step) + drift * step


@given(_sums())
@_SETTINGS
def test_sum_is_judged_by_half_places(numbers: tuple[Decimal, Decimal, Decimal]) -> None:
    basic, project, total = numbers
    row = f"expenditure code=201 total={total:f} basic={basic:f} project={project:f}"
    apart = abs(Fraction(total) - Fraction(basic) - Fraction(project)) * 10_000
    allowance = sum(_half_place(one) for one in numbers) * 10_000
    wanted = "exact" if apart == 0 else "rounding" if apart <= allowance else "violated"
    with judge([load_rules()["EXP-ROW-TOTAL"]], Example(verdict="exact", rows=(row,))) as database:
        ((verdict, difference, allowed),) = database.execute(
            "SELECT verdict, difference, allowance FROM rule_instances"
        ).fetchall()
    assert (verdict, abs(Fraction(difference)), Fraction(allowed)) == (wanted, apart, allowance)


@given(
    _numbers(2, 10**9),
    st.integers(1, 10**9).map(lambda number: Decimal(number).scaleb(-2)),
    st.integers(0, 2),
    st.integers(-5, 5),
)
@_SETTINGS
def test_percentage_is_judged_by_intervals(amount: Decimal, base: Decimal, places: int, drift: int) -> None:
    step = Decimal(1).scaleb(-places)
    percent = (amount * 100 / base).quantize(step) + drift * step
    row = (
        f"general_budget_expenditure code=201 prior_execution@-1={base:f} change_amount={amount:f} "
        f"change_percent={percent:f}"
    )
    p, a, b = Fraction(percent), Fraction(amount), Fraction(base)
    hp, ha, hb = _half_place(percent), _half_place(amount), _half_place(base)
    apart = abs(p * b - 100 * a)
    wanted = (
        "exact" if apart <= hp * b else "rounding" if apart <= hp * b + hb * abs(p) + 100 * ha + hp * hb else "violated"
    )
    with judge([load_rules()["CHANGE-PERCENT"]], Example(verdict="exact", rows=(row,))) as database:
        ((verdict, expected),) = database.execute("SELECT verdict, expected FROM rule_instances").fetchall()
    assert verdict == wanted
    assert abs(Fraction(expected) - 100 * a / b) <= Fraction(1, 10**6)


def _half_place(number: Decimal) -> Fraction:
    return Fraction(1, 2) * Fraction(10) ** int(number.as_tuple().exponent)
