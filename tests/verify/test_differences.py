"""The table of rules: its order, and the page that describes it."""

import re
from pathlib import Path

from rag.verify.differences import RULES, difference
from tests.support.evidence import comparison

PAGE = Path(__file__).parents[2] / "docs/verification.md"


def test_the_documentation_lists_the_rules_by_name_in_the_order_in_which_they_are_tried() -> None:
    section = PAGE.read_text("utf-8").split("## The rules")[1].split("\n## ")[0]
    described = re.findall(r"^(\d+)\. \*\*(.+?)\.\*\*", section, re.MULTILINE)
    assert described == [(str(n), name.capitalize()) for n, (name, _) in enumerate(RULES, 1)]


def test_the_reason_is_that_of_the_first_rule_that_objects() -> None:
    faulty = comparison("Google sued Samsung 7 times.", "Apple sued Samsung 5 times.")
    reasons = [reason for _, rule in RULES if (reason := rule(faulty))]
    assert len(reasons) > 1
    assert difference(faulty) == reasons[0] == "‘7 times’ is not in the cited words"


def test_where_no_rule_objects_there_is_no_reason() -> None:
    assert difference(comparison("Apple sued Samsung.", "Apple sued Samsung.")) == ""
