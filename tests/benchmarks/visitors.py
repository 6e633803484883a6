"""Measures many visitors at once, and one at a browser. Prints, asserts nothing.

Each of 20 and then 50 visitors is a Gradio client of its own that asks one question at the same moment as the others.
One more visitor then asks at a real browser, and the page's own clock says when it showed the evidence, the first word
and the whole answer. Needs Chromium for that. Run it on an idle machine.
"""

import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from threading import Barrier

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

from gradio_client import Client
from playwright.sync_api import Page, sync_playwright

from rag.evaluation.questions import read_questions
from rag.system.paths import shipped_corpus
from tests.benchmarks.options import options_of
from tests.browser.conftest import CHROMIUM, FLAGS, ask, ready, start, stop
from tests.support.servers import free_port

CROWDS = (20, 50)
ASKED = 20
MODELS = ("quotes", "smollm2-135m")
# Set before the page's scripts run: notes when each thing was first there, in milliseconds since Enter.
_WATCH = """
window.noted = {};
addEventListener('keydown', event => { if (event.key === 'Enter') window.noted = { start: performance.now() }; }, true);
new MutationObserver(() => {
    const turn = [...document.querySelectorAll('#chat .answer')].at(-1);
    if (!turn || !window.noted.start) return;
    const since = performance.now() - window.noted.start;
    if (document.querySelector('#chat .chip')) window.noted.evidence ??= since;
    if (turn.querySelector('.text')?.textContent) window.noted.word ??= since;
    if (turn.id) window.noted.whole ??= since;
}).observe(document, { childList: true, subtree: true, characterData: true });
"""


def main() -> None:
    """Measure with each model."""
    parser = options_of("visitors", __doc__)
    parser.add_argument(
        "models", nargs="*", metavar="MODEL", default=MODELS, help=f"default: {' '.join(MODELS)}"
    )
    models: Sequence[str] = parser.parse_args().models
    questions = [
        item.question
        for item in read_questions(shipped_corpus() / "questions.jsonl")
        if item.kind == "answerable" and not item.history
    ]
    for model in models:
        with tempfile.TemporaryDirectory() as folder:
            port = free_port()
            rates = ("--rate", "10000/minute", "--address-rate", "10000/minute")
            server = start(Path(folder), "--model", model, *rates, port=port)
            try:
                address = f"http://127.0.0.1:{port}"
                for size in CROWDS:
                    crowd(address, model, list(islice(cycle(questions), size)), server.pid)
                if CHROMIUM:
                    browser(address, model, questions[:ASKED])
            finally:
                stop(server)


def crowd(address: str, model: str, questions: list[str], server: int) -> None:
    """All ask at once; how long each waited, how many failed, how far back in the queue one was, and the memory."""
    clients = [
        Client(address, verbose=False, analytics_enabled=False, download_files=False) for _ in questions
    ]
    start_line = Barrier(len(questions))

    def ask_once(client: Client, question: str) -> tuple[float, str, int]:
        start_line.wait()
        begun = time.perf_counter()
        job = client.submit(question, api_name="/ask")
        queue_rank = 0
        while not job.done():
            queue_rank = max(queue_rank, job.status().rank or 0)
            time.sleep(0.05)
        error = job.exception()
        return time.perf_counter() - begun, type(error).__name__ if error else "", queue_rank

    with ThreadPoolExecutor(len(questions)) as pool:
        results = list(pool.map(ask_once, clients, questions))
    seconds = sorted(item[0] for item in results)
    errors = Counter(item[1] for item in results if item[1])
    late = seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))]
    print(
        f"{model}, {len(questions)} visitors at once: {sum(errors.values())} failed {dict(errors) or ''} "
        f"p50 {statistics.median(seconds):.2f} s, p95 {late:.2f} s, last {seconds[-1]:.2f} s; "
        f"furthest place in the queue {max(item[2] for item in results)}; {memory_mb(server):.0f} MB at most",
        flush=True,
    )


def memory_mb(process: int) -> float:
    """The most memory that a process has held so far (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def browser(address: str, model: str, questions: list[str]) -> None:
    """One visitor, one question after another in one conversation after another."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(FLAGS))
        page = chromium.new_page()
        page.add_init_script(_WATCH)
        noted = [timed(page, address, question) for question in questions]
        chromium.close()
    for stage in ("evidence", "word", "whole"):
        times = sorted(item[stage] for item in noted)
        print(
            f"{model}, in the browser: {stage:<8} median {statistics.median(times):6.0f} ms   "
            f"{times[0]:.0f} to {times[-1]:.0f} over {len(times)}",
            flush=True,
        )


def timed(page: Page, address: str, question: str) -> dict[str, float]:
    """What the page noted of a question asked in a new conversation."""
    page.goto(f"{address}/")
    ready(page)
    ask(page, question)
    noted: dict[str, float] = page.evaluate("window.noted")
    return noted


if __name__ == "__main__":
    main()
