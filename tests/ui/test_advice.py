"""What messages advise can be done: every command that is named in the source is one that there is."""

import argparse
import re
from pathlib import Path

import pytest

from ui.cli import parser

ROOT = Path(__file__).parents[2]
COMMANDS = re.compile(r"`pincite ([a-z][^`\n]*)`")
ADVICE = sorted(
    {
        found[1]
        for top in ("rag", "ui", "docs")
        for path in (ROOT / top).rglob("*")
        if path.suffix in (".py", ".js", ".html", ".md")
        for found in COMMANDS.finditer(path.read_text("utf-8"))
    }
)


def subcommands(command: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    groups = (action for action in command._actions if isinstance(action, argparse._SubParsersAction))
    return {name: inner for group in groups for name, inner in group.choices.items()}


def unknown(advice: str) -> str:
    """The first word of ``advice`` that the command line does not understand; empty where it understands all."""
    command = parser()
    for word in re.sub(r"\{[^}]*\}", " X ", advice).split():
        inner = subcommands(command)
        if word.startswith("--"):
            if word.split("=")[0] not in command._option_string_actions:
                return word
        elif inner and re.fullmatch("[a-z]+", word):
            if word not in inner:
                return word
            command = inner[word]
    return ""


def test_advice_is_found() -> None:
    assert len(ADVICE) > 20


@pytest.mark.parametrize("advice", ADVICE)
def test_every_command_that_a_message_names_exists(advice: str) -> None:
    assert unknown(advice) == ""


@pytest.mark.parametrize("advice", ["users list", "model pull x", "sync --force DIR", "list --all"])
def test_a_command_that_does_not_exist_is_noticed(advice: str) -> None:
    assert unknown(advice)
