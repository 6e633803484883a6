"""Measures how an index grows: rate, disk, memory, search times.

Adds the articles of a file, and then ever more that are made of its sentences, dealt anew. At each size prints what the
growth took and what a search costs, each measured in a process of its own. Asserts nothing; run it on an idle machine.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.benchmarks.options import options_of

if TYPE_CHECKING:
    from rag.index.index import Index
    from rag.schema import Article
    from rag.storage.local.vector_snapshot import VectorSnapshot
    from rag.storage.store import Vectors

SEED = 20261124
FIRST = 10  # searches of a new process that are timed one by one
COLUMNS = (
    "chunks", "articles", "chunks/s", "settle s", "disk MB", "peak MB", "import s", "open ms", "first ms", "p50 ms",
    "p95 ms", "exact p95", "recall@10", "serving MB",
)  # fmt: skip


def main() -> None:
    """Grow an index and measure it; or be one of the processes that do."""
    options = _options()
    if options.part == "grow":
        print(json.dumps(grow(options)))
    elif options.part == "ask":
        print(json.dumps(ask(options)))
    else:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            rows = list(measure_sizes(options, Path(folder) / "index"))
        if options.plot:
            draw(rows, options.plot)
        if options.json:
            options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def measure_sizes(options: argparse.Namespace, index: Path) -> Iterator[dict[str, float]]:
    """What each size took and costs, printed as it comes."""
    print(" ".join(f"{name:>10}" for name in COLUMNS), flush=True)
    for size in options.sizes:
        row = {**part("grow", options, index, size), **part("ask", options, index, size)}
        row["disk MB"] = sum(file.stat().st_size for file in index.rglob("*") if file.is_file()) / 1e6
        print(
            " ".join(f"{row[name]:>10,.{3 if name == 'recall@10' else 1}f}" for name in COLUMNS), flush=True
        )
        yield row


def part(name: str, options: argparse.Namespace, index: Path, size: int) -> dict[str, float]:
    """One measurement, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.scale", str(options.articles), str(options.questions)]
    options_of_part = [
        "--part",
        name,
        "--index",
        str(index),
        "--sizes",
        str(size),
        "--embedder",
        options.embedder,
        "--texts",
        options.texts,
    ]
    done = subprocess.run([*command, *options_of_part], check=True, stdout=subprocess.PIPE, text=True)
    values: dict[str, float] = json.loads(done.stdout)
    return values


def grow(options: argparse.Namespace) -> dict[str, float]:
    """Add articles until there are about so many chunks, in one call."""
    from rag.index.index import Index
    from rag.models.embedders import open_embedder
    from rag.reading.articles import read_articles
    from rag.settings import Settings

    given = read_articles(options.articles).articles
    embedder = open_embedder(options.embedder)
    embedder.embed(["The first text loads the model."])
    moments: list[float] = []
    with Index.open(options.index, embedder=embedder, settings=Settings()) as index:
        index.set_collection_texts(included=options.texts == "yes")
        before, articles = index.frequencies(()).chunks, len(index.listing())
        if before:
            wanted = round((options.sizes[0] - before) * articles / before)
            added = tuple(islice(deal_articles(given, articles), wanted))
        else:
            added = given
        start = time.perf_counter()
        index.add(added, on_progress=lambda done, total: moments.append(time.perf_counter()))
        end = time.perf_counter()
        chunks, articles = index.frequencies(()).chunks, len(index.listing())
    return {
        "chunks": chunks,
        "articles": articles,
        "chunks/s": (chunks - before) / (end - start),
        "settle s": end - moments[-1],  # after the last text is embedded; it is found a moment later
        "peak MB": peak(),
    }


def ask(options: argparse.Namespace) -> dict[str, float]:
    """Open the index as a new process does, and search it."""
    start = time.perf_counter()
    from rag.evaluation.questions import read_questions
    from rag.index.index import Index
    from rag.models.embedders import open_embedder
    from rag.settings import Settings

    embedder = open_embedder(options.embedder)
    embedder.embed(["The first text loads the model."])
    imported = time.perf_counter() - start
    questions = [item.question for item in read_questions(options.questions)]
    start = time.perf_counter()
    with Index.open(options.index, embedder=embedder, settings=Settings()) as index:
        opened = time.perf_counter() - start
        index.search(questions[0], limit=10)
        first = time.perf_counter() - start
        # Until Chroma has loaded its graph, every vector is compared.
        exact = [seconds(index, question) for question in questions[1 : FIRST + 1]]
        load(index)
        rest = [seconds(index, question) for question in questions[FIRST + 1 :]][10:]
        serving = peak()
        return {
            "import s": imported,
            "open ms": opened * 1000,
            "first ms": first * 1000,
            "exact p95": float(np.quantile(exact, 0.95)) * 1000,
            "recall@10": recall(
                index, [index.prepare_question(question).vector for question in questions[:200]]
            ),
            "p50 ms": float(np.quantile(rest, 0.5)) * 1000,
            "p95 ms": float(np.quantile(rest, 0.95)) * 1000,
            "serving MB": serving,
        }


def seconds(index: "Index", question: str) -> float:
    """What one search takes."""
    start = time.perf_counter()
    index.search(question, limit=10)
    return time.perf_counter() - start


def load(index: "Index") -> None:
    """Wait until searches ask Chroma's graph."""
    snapshot(index).load()


def recall(index: "Index", vectors: "Sequence[Vectors]") -> float:
    """Of the ten chunks nearest to each vector, the share that Chroma's graph finds."""
    folder = snapshot(index)._path
    ids = np.fromfile(folder / "ids.i64", "<i8")
    rows = np.fromfile(folder / "vectors.f32", "<f4").reshape(len(ids), -1)
    exact = [set(ids[np.argsort(-(rows @ vector))[:10]].tolist()) for vector in vectors]
    approximate = [snapshot(index).nearest(vector, limit=10) for vector in vectors]
    return float(np.mean([len(best & set(near)) / 10 for best, near in zip(exact, approximate, strict=True)]))


def snapshot(index: "Index") -> "VectorSnapshot":
    """The vector snapshot that searches ask."""
    from rag.storage.local.backend import LocalBackend

    assert isinstance(index._backend, LocalBackend)
    vectors = index._backend.vectors.snapshot
    assert vectors is not None
    return vectors


def deal_articles(given: Sequence["Article"], start: int) -> Iterator["Article"]:
    """Articles like no other, of sentences of ``given``; the same ones each time, from number ``start`` on."""
    from rag.schema import Article
    from rag.text.sentences import sentences

    texts = [article.text for article in given]
    titles = [article.title for article in given]
    pool = [span.of(text) for text in texts for span in sentences(text)]
    lengths = [len(sentences(text)) for text in texts]
    for number in count(start):
        chance = random.Random(SEED + number)
        lines = chance.choices(pool, k=chance.choice(lengths))
        title = f"{chance.choice(titles)[:40]} {chance.choice(titles)[-40:]}"
        yield Article(id=f"dealt-{number}", title=title, text="\n".join(lines))


def peak() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def draw(rows: Sequence[dict[str, float]], file: Path) -> None:
    """Search times, memory and the rate of growth over the size, as a picture."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, 3, figsize=(10, 3), layout="constrained")
    shown = (
        ("a search, milliseconds", ("p50 ms", "p95 ms", "exact p95")),
        ("megabytes", ("disk MB", "peak MB", "serving MB")),
        ("chunks added a second", ("chunks/s",)),
    )
    sizes = [row["chunks"] for row in rows]
    for axes, (title, names) in zip(panels, shown, strict=True):
        for name in names:
            axes.plot(sizes, [row[name] for row in rows], marker="o", label=name.removesuffix(" ms"))
        axes.set(title=title, xlabel="chunks", xscale="log", ylim=(0, None))
        axes.set_xticks(sizes, [f"{size / 1000:,.0f}k" for size in sizes])
        axes.minorticks_off()
        axes.legend(frameon=False)
    figure.savefig(file, dpi=100)


def _options() -> argparse.Namespace:
    parser = options_of("scale", __doc__)
    parser.add_argument("articles", type=Path, help="a file of articles, the first size")
    parser.add_argument("questions", type=Path, help="JSONL of questions, to search for")
    parser.add_argument("--sizes", type=int, nargs="+", default=[25_000, 100_000, 250_000], help="chunks")
    parser.add_argument("--embedder", default="fast", help="fast (the default) or minilm")
    parser.add_argument("--texts", choices=("yes", "no"), default="yes", help="as of `pincite chroma`")
    parser.add_argument("--folder", type=Path, help="where the index is made; the system's by default")
    parser.add_argument("--plot", type=Path, help="draw the curves into this PNG file")
    parser.add_argument("--json", type=Path, help="write the rows into this file")
    parser.add_argument("--part", choices=("grow", "ask"), help=argparse.SUPPRESS)
    parser.add_argument("--index", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
