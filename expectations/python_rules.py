"""Rules that SQL cannot say: Python functions whose rows have the same shape as those of the compiled rules.

A function is declared like every other rule (`kind = "python"`, `python = "<name>"`) and reads the same tables through
the same connection; what it yields goes into `rule_instances` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from expectations.cross_filing import (
    check_budget_of_accounts,
    check_carry_over,
    check_prior_budget_in_text,
    check_prior_year,
    check_versions,
)
from expectations.cross_units import check_unit_rows, check_units
from expectations.instances import Instance, Query
from expectations.nested_rows import check_nested_rows
from expectations.text.bodies import check_body_name, check_heading_body, check_scope_words
from expectations.text.changes import check_change_sums
from expectations.text.code_names import check_code_name_forms, check_code_names, check_one_name, check_unknown_codes
from expectations.text.code_rows import check_childless, check_code_order, check_one_code
from expectations.text.code_tree import check_code_parents
from expectations.text.contents import check_contents_numbers, check_listed
from expectations.text.counts import check_listed_counts, check_sheet_counts
from expectations.text.explained import check_items_explained, check_protected
from expectations.text.goals import check_goal_breaks, check_goal_copies, check_goal_numbers, check_goal_repeats
from expectations.text.laws import check_laws
from expectations.text.list_sums import check_list_sums
from expectations.text.numbering import check_item_numbers, check_number_widths
from expectations.text.pairs import check_pairs
from expectations.text.patterns import pattern_rules
from expectations.text.phrases import check_phrases, check_usage
from expectations.text.prose_names import check_prose_classes, check_prose_names
from expectations.text.quantities import check_bracketed_parts, check_quarters
from expectations.text.structure import (
    check_contents,
    check_counts,
    check_parts,
    check_sections,
    check_title_years,
    check_unit_counts,
)
from expectations.text.targets import (
    check_copied_sheets,
    check_missing_scores,
    check_operators,
    check_quantities,
    check_scores,
    check_target_units,
    check_target_values,
)
from expectations.text.years import (
    check_as_of_years,
    check_base_years,
    check_column_years,
    check_dates,
    check_heading_years,
    check_own_years,
    check_periods,
    check_stage_years,
)

__all__ = ["PYTHON_RULES", "Instance", "Query"]

PYTHON_RULES: Mapping[str, Callable[[Query], Iterator[Instance]]] = MappingProxyType(
    {
        "check_item_numbers": check_item_numbers,
        "check_number_widths": check_number_widths,
        "check_pairs": check_pairs,
        "check_bracketed_parts": check_bracketed_parts,
        "check_quarters": check_quarters,
        "check_phrases": check_phrases,
        "check_usage": check_usage,
        "check_body_name": check_body_name,
        "check_heading_body": check_heading_body,
        "check_scope_words": check_scope_words,
        "check_code_parents": check_code_parents,
        "check_items_explained": check_items_explained,
        "check_protected": check_protected,
        "check_goal_numbers": check_goal_numbers,
        "check_goal_breaks": check_goal_breaks,
        "check_goal_repeats": check_goal_repeats,
        "check_goal_copies": check_goal_copies,
        "check_prose_classes": check_prose_classes,
        "check_prose_names": check_prose_names,
        "check_laws": check_laws,
        "check_code_names": check_code_names,
        "check_code_name_forms": check_code_name_forms,
        "check_one_name": check_one_name,
        "check_unknown_codes": check_unknown_codes,
        "check_childless": check_childless,
        "check_code_order": check_code_order,
        "check_one_code": check_one_code,
        "check_heading_years": check_heading_years,
        "check_base_years": check_base_years,
        "check_column_years": check_column_years,
        "check_stage_years": check_stage_years,
        "check_own_years": check_own_years,
        "check_as_of_years": check_as_of_years,
        "check_periods": check_periods,
        "check_dates": check_dates,
        "check_contents": check_contents,
        "check_contents_numbers": check_contents_numbers,
        "check_listed": check_listed,
        "check_parts": check_parts,
        "check_counts": check_counts,
        "check_listed_counts": check_listed_counts,
        "check_sheet_counts": check_sheet_counts,
        "check_change_sums": check_change_sums,
        "check_nested_rows": check_nested_rows,
        "check_list_sums": check_list_sums,
        "check_unit_counts": check_unit_counts,
        "check_title_years": check_title_years,
        "check_sections": check_sections,
        "check_scores": check_scores,
        "check_missing_scores": check_missing_scores,
        "check_target_values": check_target_values,
        "check_target_units": check_target_units,
        "check_quantities": check_quantities,
        "check_operators": check_operators,
        "check_copied_sheets": check_copied_sheets,
        "check_budget_of_accounts": check_budget_of_accounts,
        "check_prior_year": check_prior_year,
        "check_prior_budget_in_text": check_prior_budget_in_text,
        "check_carry_over": check_carry_over,
        "check_units": check_units,
        "check_unit_rows": check_unit_rows,
        "check_versions": check_versions,
        **pattern_rules(),
    }
)
"""The registry: what a declaration may name."""
