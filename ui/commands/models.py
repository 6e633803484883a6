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
    """List the models of the catalogue and the files beside them in the models folder."""
    from rag.models.catalogue import DEFAULT_MODEL
    from rag.models.writers import local_models

    models_here = local_models()
    if as_json:
        write_json({"default": DEFAULT_MODEL, "models": [_described(model) for model in models_here]})
        return
    on = screen(sys.stdout)
    heads = ("name", "model", "parameters", "size", "licence", "sha256", "where")
    on.write(table(heads, [_row(model) for model in models_here], style=on.style, right=(2, 3)))
    on.write(
        f"\nThe default is {DEFAULT_MODEL}. `pincite models pull NAME` installs one, --model NAME uses it.\n"
    )


def pull(name: str | None) -> None:
    """Install a model of the catalogue, or a file, and say where it lies."""
    from rag.models.catalogue import DEFAULT_MODEL, find_model
    from rag.models.download import install_model, is_installed

    model_name = name or DEFAULT_MODEL
    entry = find_model(model_name)
    was_installed = entry is not None and is_installed(entry)
    with progress(f"fetching {model_name}", unit="B") as tell:
        path = install_model(model_name, on_progress=tell)
    screen(sys.stdout).write(
        f"{model_name} {'is already' if was_installed else 'is now'} in {one_line(str(path))}\n"
    )


def _row(model: "LocalModel") -> tuple[str, ...]:
    entry = model.catalogue_entry
    facts = (
        (entry.title, _amount(entry.parameters), entry.licence, entry.sha256[:12])
        if entry
        else ("", "", "", "")
    )
    title, parameters, licence, sha256 = facts
    where = str(model.path) if model.is_installed else "not installed"
    return model.name, title, parameters, f"{model.bytes / 1e6:,.0f} MB", licence, sha256, where


def _described(model: "LocalModel") -> Json:
    entry = model.catalogue_entry
    return {
        "name": model.name,
        "title": entry.title if entry else None,
        "parameters": entry.parameters if entry else None,
        "bytes": model.bytes,
        "licence": entry.licence if entry else None,
        "sha256": entry.sha256 if entry else None,
        "small": entry.is_small if entry else None,
        "sources": [str(source) for source in entry.sources] if entry else [],
        "installed": model.is_installed,
        "path": str(model.path) if model.is_installed else None,
    }


def _amount(parameters: int) -> str:
    """``135M``, ``1.5B``."""
    return f"{parameters / 1e9:.1f}B" if parameters >= 1e9 else f"{parameters / 1e6:.0f}M"


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
        help="a name of the list, or a .gguf file; the default model if left out",
    )


def _run_list(options: argparse.Namespace) -> int:
    models(as_json=options.json)
    return DONE


def _run_pull(options: argparse.Namespace) -> int:
    pull(options.name)
    return DONE
