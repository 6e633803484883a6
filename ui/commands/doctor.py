"""The command that checks the installation, the index and the models."""

import argparse
import sys
from typing import TYPE_CHECKING

from rag.serialization import to_json
from ui.commands.options import add_embedder, add_index
from ui.commands.parsing import DONE, ERROR, Commands
from ui.json_text import write_json
from ui.terminal.answer_text import Colour, wrapped
from ui.terminal.screen import progress, say, screen
from ui.wording import one_line

if TYPE_CHECKING:
    from rag.doctor import Finding


_INDENT = "  "


def doctor(*, index: str | None, embedder: str, repair: bool, as_json: bool) -> bool:
    """Check everything and say how to mend what is wrong. Whether nothing is."""
    from rag import doctor

    if repair:
        with progress("indexing", unit="chunk", then="making it fast to search") as tell:
            reason = doctor.repair(index, embedder=embedder, on_progress=tell)
        if reason:
            say(reason)
    findings = doctor.examine(index, embedder=embedder)
    healthy = all(finding.ok for finding in findings)
    if as_json:
        write_json({"ok": healthy, "findings": to_json(findings)})
        return healthy
    on = screen(sys.stdout)
    for finding in findings:
        sign, colour = _sign(finding)
        body = wrapped(f"{finding.name}: {one_line(finding.detail)}", width=on.style.width, indent=_INDENT)
        on.write(f"{on.style.paint(sign, colour)} {body}\n")
        if finding.fix:
            on.write(
                _INDENT + wrapped(f"→ {one_line(finding.fix)}", width=on.style.width, indent=_INDENT) + "\n"
            )
    return healthy


def _sign(finding: "Finding") -> tuple[str, Colour]:
    if not finding.ok:
        return "✗", "red"
    return ("!", "yellow") if finding.fix else ("✓", "green")


def define(commands: Commands) -> None:
    """Add ``doctor``."""
    command = commands.add("doctor", _run, "check the installation, the index and the models")
    add_index(command)
    add_embedder(command)
    command.add_argument(
        "--repair",
        action="store_true",
        help="first rebuild the index from its stored text; with --embedder, by that one. Questions are answered "
        "meanwhile",
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: argparse.Namespace) -> int:
    healthy = doctor(
        index=options.index, embedder=options.embedder, repair=options.repair, as_json=options.json
    )
    return DONE if healthy else ERROR
