"""Uses damaged indexes. Run as ``python -m tests.support.damaged_index``, it reads folders, a line each, and
writes what came of it.

It is a process of its own because damage that crashed native code would take a test with it; a crash ends the answers.
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


def right(folder: Path) -> str:
    """Ask all there is to ask; the first wrong answer, empty where there is none."""
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


def checked(folder: Path) -> str:
    with opened(folder) as index:
        return "; ".join(index.check())


def written(folder: Path) -> str:
    with opened(folder) as index:
        index.add([made(99, sentences=SENTENCES)])
        index.remove([made(99).id])
    return ""


def repaired(folder: Path) -> str:
    """What ``pincite doctor --repair`` does, with an embedder that costs nothing."""
    with opened(folder, stale=True) as index:
        rebuild_and_check(index)
    return ""


def came_of(work: Callable[[Path], str], folder: Path) -> dict[str, Any]:
    try:
        return {"found": work(folder)}
    except IndexFault as fault:
        return {"refused": str(fault)}
    except Exception:  # noqa: BLE001  # whatever comes is what the test is to see
        return {"raised": traceback.format_exc()}


def main() -> None:
    for line in sys.stdin:
        folder = Path(line.rstrip("\n"))
        steps = {"asked": right, "checked": checked, "written": written, "repaired": repaired}
        steps |= {"asked again": right, "checked again": checked}
        answer = {name: came_of(work, folder) for name, work in steps.items()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
