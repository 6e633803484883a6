"""Use damaged indexes: ``python -m tests.support.damaged_index`` reads folders, a line each, and writes the outcomes.

It is a process of its own because damage that crashed native code would take a test with it; a crash ends its output.
"""

import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rag.doctor import rebuild_and_check
from rag.errors import IndexFault
from rag.index.index import Index
from rag.settings import Settings
from tests.support.embedder import embedder, made

NUMBERS = range(30)
SENTENCES = 12


def opened(folder: Path, *, stale: bool = False) -> Index:
    return Index.open(folder, embedder=embedder(), settings=Settings(), stale=stale)


def first_wrong_answer(folder: Path) -> str:
    """Read and search for every article; describe the first wrong answer, empty where there is none."""
    with opened(folder) as index:
        if [item.id for item in index.listing()] != [made(number).id for number in NUMBERS]:
            return "the list is another"
        for number in NUMBERS:
            article = made(number, sentences=SENTENCES)
            if index.article(article.id) != article:
                return f"article {number} is another"
            best = index.search(f"Where was w{number}x7v0 found?", limit=1)[0].chunk
            if best.article_id != article.id or best.text != best.span.of(article.text):
                return f"the search for article {number} finds something else"
    return ""


def check(folder: Path) -> str:
    with opened(folder) as index:
        return "; ".join(index.check())


def write(folder: Path) -> str:
    with opened(folder) as index:
        index.add([made(99, sentences=SENTENCES)])
        index.remove([made(99).id])
    return ""


def repair(folder: Path) -> str:
    """As ``pincite doctor --repair``, with an embedder that costs nothing."""
    with opened(folder, stale=True) as index:
        rebuild_and_check(index)
    return ""


def outcome(work: Callable[[Path], str], folder: Path) -> dict[str, Any]:
    try:
        return {"found": work(folder)}
    except IndexFault as fault:
        return {"refused": str(fault)}
    except Exception:  # noqa: BLE001  # the test looks at any exception
        return {"raised": traceback.format_exc()}


def main() -> None:
    for line in sys.stdin:
        folder = Path(line.rstrip("\n"))
        steps = {"asked": first_wrong_answer, "checked": check, "written": write, "repaired": repair}
        steps |= {"asked again": first_wrong_answer, "checked again": check}
        answer = {name: outcome(work, folder) for name, work in steps.items()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
