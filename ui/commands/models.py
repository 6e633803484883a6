"""The commands that list and install language models."""

import argparse
import sys
from typing import TYPE_CHECKING

from rag.serialization import Json
from ui.commands.parsing import DONE, Commands
from ui.json_text import write_json
from ui.terminal.screen import progress, screen, table
from ui.wording import one_line

if TYPE_CHECKING:
    from rag.models.writers import LocalModel


def models(*, as_json: bool) -> None:
    """List the models of the catalogue and the files beside them in the models folder; say which is the default."""
    from rag.models.default_model import default_model
    from rag.models.writers import local_models

    models_here, default = local_models(), default_model()
    name = default.model.name if default.model else None
    if as_json:
        described = [_described(model) for model in models_here]
        write_json({"default": name, "reason": default.reason, "models": described})
        return
    on = screen(sys.stdout)
    heads = ("name", "model", "parameters", "size", "licence", "sha256", "notes", "where")
    rows = [_row(model, default=model.name == name) for model in models_here]
    on.write(table(heads, rows, style=on.style, right=(2, 3)))
    on.write(
        f"\nThe default here is {name or 'quotes'}: {default.reason}.\n"
        "`pincite models pull NAME` installs a model, --model NAME uses it.\n"
    )


def pull(name: str | None) -> None:
    """Install a model of the catalogue, or a file, and say where it lies; without a name, the default one if any."""
    from rag.models.catalogue import find_model
    from rag.models.default_model import default_model
    from rag.models.download import install_model, is_installed

    default = None if name else default_model()
    if default is not None and default.model is None:
        screen(sys.stdout).write(f"No language model is installed: {default.reason}.\n")
        return
    model_name = name or (default.model.name if default and default.model else "")
    entry = find_model(model_name)
    was_installed = entry is not None and is_installed(entry)
    with progress(f"fetching {model_name}", unit="B") as tell:
        path = install_model(model_name, on_progress=tell)
    screen(sys.stdout).write(
        f"{model_name} {'is already' if was_installed else 'is now'} in {one_line(str(path))}\n"
    )


def _row(model: "LocalModel", *, default: bool) -> tuple[str, ...]:
    entry = model.catalogue_entry
    facts = (
        (entry.title, entry.short_parameters, entry.licence, entry.sha256[:12]) if entry else ("", "", "", "")
    )
    title, parameters, licence, sha256 = facts
    where = str(model.path) if model.is_installed else "not installed"
    size, notes = f"{model.bytes / 1e6:,.0f} MB", _notes(model, default=default)
    return model.name, title, parameters, size, licence, sha256, notes, where


def _notes(model: "LocalModel", *, default: bool) -> str:
    """What somebody who chooses a model should know of this one."""
    entry = model.catalogue_entry
    if default:
        return "default"
    if entry and not entry.answers:
        return "for tests: cannot read"
    return "" if entry and entry.tried else "not tried"


def _described(model: "LocalModel") -> Json:
    entry = model.catalogue_entry
    return {
        "name": model.name,
        "title": entry.title if entry else None,
        "parameters": entry.parameters if entry else None,
        "bytes": model.bytes,
        "licence": entry.licence if entry else None,
        "sha256": entry.sha256 if entry else None,
        "answers": entry.answers if entry else None,
        "tried": entry.tried if entry else None,
        "memory_bytes": entry.memory_bytes if entry else None,
        "sources": [str(source) for source in entry.sources] if entry else [],
        "installed": model.is_installed,
        "path": str(model.path) if model.is_installed else None,
    }


def define(commands: Commands) -> None:
    """Add ``models`` and ``models pull``."""
    listing = commands.add(
        "models", _run_list, "list the language models that can run here, and those installed"
    )
    listing.add_argument("--json", action="store_true", help="print one JSON object")
    install = Commands(listing, required=False).add("pull", _run_pull, "install a language model")
    install.add_argument(
        "name",
        metavar="NAME",
        nargs="?",
        help="a name of the list, or a .gguf file; if left out, the best tried model that fits the free memory",
    )


def _run_list(options: argparse.Namespace) -> int:
    models(as_json=options.json)
    return DONE


def _run_pull(options: argparse.Namespace) -> int:
    pull(options.name)
    return DONE
