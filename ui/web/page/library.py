"""What the page's components call of the articles: list, search, choose, add, read, remove."""

import secrets
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event
from typing import Any

import gradio as gr

from rag.citing.links import safe_url
from rag.errors import PinciteError
from rag.system.progress import Progress
from ui.elements import Html, el
from ui.web.access.busy import Busy
from ui.web.display.chat_messages import block
from ui.web.display.source_panel import article_panel
from ui.web.library.visitor_articles import Added, Shelved
from ui.web.page.listening import Updates, chosen_filter, inert, told, visitor
from ui.web.refusal import Refusal
from ui.web.served import Served
from ui.wording import one_line

_LISTED = 200  # articles in the list; a search finds the others
_PROGRESS = gr.Progress()  # Gradio finds it by the default of a parameter
_LOOK_S = 0.3  # seconds between two looks at whether the page is still there
_NAMED = 3  # articles named on the empty page


class Library:
    """The listeners of the list of articles."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._busy = Busy("a file of yours is being added: wait until it is in")

    # --- the empty page: → chat ------------------------------------------------------------------------------

    def welcome(self, request: gr.Request, *chosen: Any) -> Any:  # noqa: ANN401
        """Say what is asked, and offer questions that it answers."""
        who = visitor(request)
        try:
            within = chosen_filter(*chosen)
            with self._served.shelves.reading(who) as index:
                matching = index.admitted(within).articles
        except PinciteError:
            return gr.skip()  # ``narrowed`` says why
        items = [item for item in self._served.shelves.listing(who) if item.id in matching]
        items.sort(key=lambda item: not item.own)
        count = "1 article" if len(items) == 1 else f"{len(items):,} articles"
        rows = [
            el("p", Html(" · ".join((*(el("span", part, dir="auto") for part in _about(item)), _size(item)))))
            for item in items[:_NAMED]
        ]
        more = [el("p", f"and {len(items) - _NAMED:,} more")] if len(items) > _NAMED else []
        head = el("h2", "Ask the articles" if items or within else "Add an article to begin")
        lead = el("p", f"Every answer is pinned to exact words. {count} to ask:" if items else "")
        placeholder = block(head, lead, *rows, *more, class_="welcome")
        offers = self._served.offers(who, within)
        return gr.Chatbot(placeholder=placeholder, examples=[{"text": one} for one in offers])

    # --- the list: → articles, publishers, the row above the question, and a line in each tab ---

    def listing(
        self,
        request: gr.Request,
        words: str,
        publishers: list[str],
        after: str,
        before: str,
        chosen: list[str],
    ) -> Updates:
        """The articles that have these words in title or publisher, and those chosen."""
        items = self._served.shelves.listing(visitor(request))
        there = {item.id for item in items}
        kept = [one for one in chosen if one in there]
        if len(kept) < len(chosen):
            gr.Info("An article that was chosen is gone.")
        wanted = words.casefold().split()
        found = [item for item in items if all(word in _described(item).casefold() for word in wanted)]
        shown = [item for item in items if item.id in kept] + [item for item in found if item.id not in kept]
        label = f"Ask only these ({len(found):,} of {len(items):,})" if words else "Ask only these"
        counts = Counter(item.publisher for item in items if item.publisher)
        names = [(f"{one_line(name)} ({count})", name) for name, count in sorted(counts.items())]
        return (
            gr.CheckboxGroup(
                [(_described(item), item.id) for item in shown[:_LISTED]], value=kept, label=label
            ),
            gr.CheckboxGroup(
                names, value=[one for one in publishers if one in counts], visible=len(names) > 1
            ),
            *self.narrowed(request, publishers, after, before, kept),
        )

    def narrowed(
        self, request: gr.Request, publishers: list[str], after: str, before: str, chosen: list[str]
    ) -> Updates:
        """The row above the question, hidden where all are asked, and the line that says which articles are."""
        try:
            within = chosen_filter(publishers, after, before, chosen)
            if not within:
                return gr.Row(visible=False), "", "", ""
            with self._served.shelves.reading(visitor(request)) as index:
                match, total = index.admitted(within), len(index.listing())
            asked = f"Asking {len(match.articles):,} of {total:,} articles: {match.asked}."
            said = asked if match.articles else "No article matches all of this."
        except PinciteError as error:
            said = str(error)
        line = block(el("p", one_line(said), dir="auto"))
        return gr.Row(visible=True), line, line, line

    # --- adding: → what became of each file, a mark that articles changed, fields to empty ---

    def add(
        self, request: gr.Request, files: Sequence[str] | None, progress: gr.Progress = _PROGRESS
    ) -> Iterator[Updates]:
        """Add files; each has a line that says what became of it. Where the page is left, no more is read."""
        lines = yield from self._files(request, files or (), progress)
        yield *_told(lines), None

    def attach(self, request: gr.Request, files: Sequence[str]) -> Iterator[Updates]:
        """Add the files of a question, whose lines are in another tab: a toast has the first."""
        lines = yield from self._files(request, files, _PROGRESS)
        bad = [line for kind, line in lines if kind != "good"]
        first, *more = bad or [line for _, line in lines] or ["There was nothing to add."]
        rest = f" – and {len(more)} more, see the tab Articles" if more else ""
        (gr.Warning if bad else gr.Info)(inert(first + rest))
        yield _told(lines)

    def _files(
        self, request: gr.Request, files: Sequence[str], progress: gr.Progress
    ) -> Generator[Updates, None, list[tuple[str, str]]]:
        lines: list[tuple[str, str]] = []
        for path in dict.fromkeys(files):

            def work(unwanted: Event, embedded: Progress, path: str = path) -> Added:
                who = visitor(request)
                with self._served.inbox.taken(who.id, path) as sent, sent.open("rb") as file:
                    # Enough to see that it is too large.
                    data = file.read(self._served.serving.upload_bytes + 1)
                    return self._served.shelves.add(
                        who, sent.name, data, on_progress=embedded, unwanted=unwanted
                    )

            lines += yield from self._added(request, one_line(Path(path).name), work, progress)
        return lines

    def fetch(
        self, request: gr.Request, address: str, progress: gr.Progress = _PROGRESS
    ) -> Iterator[Updates]:
        """Add what is at a web address; the address stays in its field where that fails."""

        def work(unwanted: Event, embedded: Progress) -> Added:
            if not self._served.serving.fetching:
                raise Refusal("this server fetches no addresses: save the page and add the file", status=403)
            return self._served.shelves.fetch(
                visitor(request), address, on_progress=embedded, unwanted=unwanted
            )

        lines = yield from self._added(request, one_line(address), work, progress)
        yield *_told(lines), "" if _good(lines) else gr.skip()

    def paste(
        self,
        request: gr.Request,
        title: str,
        text: str,
        url: str,
        progress: gr.Progress = _PROGRESS,
    ) -> Iterator[Updates]:
        """Add a pasted text: → what became of it, and the three fields."""

        def work(_: Event, embedded: Progress) -> Added:
            return self._served.shelves.paste(visitor(request), title, text, url=url, on_progress=embedded)

        lines = yield from self._added(request, title or "The text", work, progress, width=5)
        if url and not safe_url(url):
            lines.append(("note", f"{one_line(url)!r:.80} is no web address: the source has no link."))
        yield *_told(lines), *(("", "", "") if _good(lines) else (gr.skip(),) * 3)

    def _added(
        self,
        request: gr.Request,
        name: str,
        work: Callable[[Event, Progress], Added],
        progress: gr.Progress,
        *,
        width: int = 3,
    ) -> Generator[Updates, None, list[tuple[str, str]]]:
        """What became of ``name``, a line for each thing; says meanwhile how far it is. Ends where the page is left."""
        # ``unwanted`` is of one file alone: its reader sets it when it has ended.
        unwanted, left, chunks = Event(), Event(), (0, 0)

        def embedded(done: int, total: int) -> None:
            nonlocal chunks
            chunks = (done, total)
            if left.is_set():
                raise Refusal("the page was left: nothing was added", status=408)

        def allowed() -> Added:
            self._served.limits.upload(visitor(request).id, request.state.address)
            with self._busy.one_of(visitor(request).id):
                return work(unwanted, embedded)

        with ThreadPoolExecutor(1) as pool:
            adding = pool.submit(allowed)
            try:
                while not wait([adding], _LOOK_S).done:
                    if self._served.pages.left(request.session_hash):
                        break
                    told = f"Embedding {name}" if chunks[1] else f"Reading {name}…"
                    progress(chunks if chunks[1] else 0, desc=told, unit="chunks")
                    yield (gr.skip(),) * width
            finally:
                left.set()
                unwanted.set()
        return _became(adding, name)

    # --- reading and removing --------------------------------------------------------------------------------

    def read(self, request: gr.Request, chosen: list[str]) -> str:
        """The chosen article to be read: → its text; the first where several are."""
        with told():
            if not chosen:
                raise Refusal("tick an article to read it", status=400)
            return article_panel(self._served.shelves.article(visitor(request), chosen[0]))

    def remove(self, request: gr.Request, chosen: list[str]) -> Updates:
        """Remove the chosen articles that this visitor added; those that are not stay chosen."""
        lines: list[tuple[str, str]] = []
        left: list[str] = []
        for one in chosen:
            try:
                title = self._served.shelves.article(visitor(request), one).title
                self._served.shelves.remove(visitor(request), one)
                lines.append(("good", f"Removed “{one_line(title)}”."))
            except PinciteError as error:
                left.append(one)
                lines.append(("note", str(error)))
        return *_told(lines or [("note", "Tick the articles to remove first.")]), left


def _about(item: Shelved) -> Iterator[str]:
    day = item.date.isoformat() if item.date else ""
    return filter(None, (one_line(item.title), one_line(item.publisher), day))


def _size(item: Shelved) -> str:
    return f"{item.characters:,} characters" + (" · added here" if item.own else "")


def _described(item: Shelved) -> str:
    """An article on a line; each part in the direction of its own script, whatever stands beside it."""
    return " · ".join((*(f"\u2068{part}\u2069" for part in _about(item)), _size(item)))


def _became(adding: Future[Added], name: str) -> list[tuple[str, str]]:
    """A kind and a line for each thing."""
    try:
        added = adding.result()
    except PinciteError as error:
        said = one_line(str(error))
        return [("bad", said if name in said else f"{name}: {said}")]
    good = [("good", f"Added “{one_line(item.title)}”.") for item in added.articles]
    return [*good, *(("note", problem) for problem in added.problems)]


def _good(lines: Iterable[tuple[str, str]]) -> bool:
    return any(kind == "good" for kind, _ in lines)


def _told(lines: Iterable[tuple[str, str]]) -> tuple[str, str]:
    said = block(*(el("p", line, class_=kind, dir="auto") for kind, line in lines), class_="became")
    return said, secrets.token_hex(4)
