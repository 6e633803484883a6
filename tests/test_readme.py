import doctest
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_examples_of_verification_in_the_documents_are_true() -> None:
    for name in ("README.md", "docs/verification.md"):
        found = doctest.testfile(
            str(ROOT / name), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
        )
        assert found.attempted > 0
        assert found.failed == 0


def test_every_link_to_a_file_of_ours_leads_somewhere() -> None:
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "corpus/README.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
