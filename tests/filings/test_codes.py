"""The official code lists: well-formed, nested, and unambiguous in every year."""

from __future__ import annotations

from collections import Counter

import pytest

from filings.codes import Code, divisions, economic_codes, function_codes, function_codes_by_name

DIGITS = {1: 3, 2: 5, 3: 7}


@pytest.mark.parametrize("codes", [function_codes(), economic_codes()], ids=["function", "economic"])
def test_codes_are_digits_of_their_level_with_name_and_source(codes: tuple[Code, ...]) -> None:
    assert len(codes) > 100
    for code in codes:
        assert code.code.isdigit()
        assert len(code.code) == DIGITS[code.level], code
        assert code.name.strip() == code.name != ""
        assert code.source.startswith(("attested", "recall")), code
        assert code.valid_from is None or code.valid_to is None or code.valid_from <= code.valid_to, code


@pytest.mark.parametrize("year", range(2015, 2028))
@pytest.mark.parametrize("codes", [function_codes(), economic_codes()], ids=["function", "economic"])
def test_a_code_has_one_name_in_a_year(codes: tuple[Code, ...], year: int) -> None:
    counts = Counter(code.code for code in codes if code.is_valid_in(year))
    assert {code: count for code, count in counts.items() if count > 1} == {}


def test_every_code_stands_under_its_class() -> None:
    for codes in (function_codes(), economic_codes()):
        known = {code.code for code in codes}
        orphans = {code.code for code in codes if code.level > 1 and code.code[:-2] not in known}
        assert orphans == set()


def test_the_economic_chart_changed_in_2018() -> None:
    def names(year: int) -> dict[str, str]:
        return {code.code: code.name for code in economic_codes() if code.is_valid_in(year)}

    assert names(2017)["310"] != names(2018)["310"] or set(names(2017)) != set(names(2018))


def test_validity() -> None:
    code = Code("201", "一般公共服务支出", 1, 2015, 2018, "attested")
    assert [code.is_valid_in(year) for year in (2014, 2015, 2018, 2019, None)] == [False, True, True, False, True]
    assert Code("201", "x", 1, None, None, "recall").is_valid_in(1990)


def test_codes_by_name_hold_every_code() -> None:
    by_name = function_codes_by_name()
    assert sum(len(codes) for codes in by_name.values()) == len(function_codes())
    assert {code.code for code in by_name["行政运行"]} > {"2010101", "2010201"}


def test_divisions_are_nested() -> None:
    by_code = {division.code: division for division in divisions()}
    assert len(by_code) == len(divisions())
    for division in divisions():
        assert len(division.code) == 6
        if division.level > 1:
            parent = by_code[division.parent_code]
            assert parent.level < division.level
            assert division.code.startswith(parent.code[:2])
    assert by_code["310107"].name == "普陀区"
    assert {level: sum(d.level == level for d in divisions()) for level in (1,)} == {1: 34}
