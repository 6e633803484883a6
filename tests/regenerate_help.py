"""Writes the help of each command into ``docs/cli.md``: ``python -m tests.regenerate_help``."""

import argparse
import re
from pathlib import Path

import ui.cli

PAGE = Path(__file__).parent.parent / "docs" / "cli.md"
COLUMNS = 88
_BLOCK = re.compile(r"(<!-- (?P<command>pincite[a-z ]*) --help -->\n```text\n).*?(\n```\n)", re.DOTALL)


def helps() -> dict[str, str]:
    """The help text of each command, by the words that call it; lines are at most ``COLUMNS`` wide.

    ``COLUMNS`` must be in the environment as well: argparse reads it there.
    """
    return dict(_helps("pincite", ui.cli.parser()))


def _helps(command: str, parser: argparse.ArgumentParser) -> list[tuple[str, str]]:
    found = [(command, parser.format_help().rstrip())]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                found += _helps(f"{command} {name}", inner)
    return found


def regenerated(page: str) -> str:
    """The page with each block of help made anew. Raises ``KeyError`` for a command that does not exist."""
    texts = helps()
    return _BLOCK.sub(lambda block: f"{block[1]}{texts[block['command']]}{block[3]}", page)


def shown(page: str) -> list[str]:
    """The commands whose help stands in the page."""
    return [block["command"] for block in _BLOCK.finditer(page)]


if __name__ == "__main__":
    import os

    os.environ["COLUMNS"] = str(COLUMNS)
    PAGE.write_text(regenerated(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
