"""The reference names every rule with its severity, and the eleven rules that the accessibility reports measure."""

import re
from pathlib import Path

from backmail.rendering.lint import FAMILIES, Emc

REFERENCE = (Path(__file__).parents[3] / "docs/reference/checks.md").read_text(encoding="utf-8")


def test_rules_and_reference_are_the_same() -> None:
    listed = re.findall(r"^\| `([\w-]+)` \| (error|warning|info) \|", REFERENCE, re.MULTILINE)
    assert listed == [(rule.id, str(rule.severity)) for family in FAMILIES for rule in family.rules]


def test_each_of_the_eleven_is_checked() -> None:
    assert len(Emc) == 11
    rules = [rule for family in FAMILIES for rule in family.rules]
    for each in Emc:
        held = [rule for rule in rules if each in rule.emc]
        assert held
        assert all(rule.check for rule in held)
        assert f"| {each.value} | {', '.join(f'`{rule.id}`' for rule in held)} |" in REFERENCE
