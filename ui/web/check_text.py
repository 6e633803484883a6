"""The tab "Check my text": a draft or another assistant's answer is pasted, and each statement gets its verdict."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from threading import Event
from typing import Any

import gradio as gr

from rag.checking import CheckedStatement, check_length
from rag.citing.markdown import in_markdown
from rag.errors import PinciteError
from ui.web.display.checked_report import Marks, report_markdown, statement_markdown, summary

Keep = Callable[[gr.Request, str], str]
Check = Callable[..., Iterable[CheckedStatement]]

_RULE = "\n\n---\n\n"
_ON_PAGE = Marks("<strong><u>", "</u></strong>")  # readable in any theme, without a colour


def check_tab(
    check: Check,
    keep: Keep,
    within: Sequence[Any] = (),
    **listening: Any,  # noqa: ANN401 (what gradio takes for a listener)
) -> None:
    """Put the tab's components into the ``gr.Blocks`` that is open.

    ``check`` gets the request, the text and the values of the components ``within``; it yields each statement as soon
    as it is checked, and raises ``PinciteError`` where the visitor may not ask now or the text cannot be checked.
    ``keep`` puts a report where its visitor can fetch it, and gives the path. ``listening`` is for the listener, such
    as ``concurrency_id``.
    """
    gr.Markdown(
        "Paste a draft, or what another assistant wrote. Each statement is compared with the articles."
    )
    text = gr.Textbox(label="Your text", lines=8, max_lines=20, elem_id="check-text", autoscroll=False)
    with gr.Row():
        button = gr.Button("Check", variant="primary", elem_id="check-button")
        stop = gr.Button("Stop", elem_id="check-stop", interactive=False)
        download = gr.DownloadButton("Download as Markdown", interactive=False, elem_id="check-download")
    count = gr.Markdown(elem_id="check-count", latex_delimiters=[])
    found = gr.Markdown(elem_id="check-found", latex_delimiters=[])

    under_way: dict[str, Event] = {}  # by page; set to stop

    def checked(request: gr.Request, pasted: str, *chosen: object) -> Iterator[tuple[Any, ...]]:
        """What the page shows, each time that a statement is checked: count, statements, report, *Stop*."""
        page = request.session_hash or ""
        stopped = under_way[page] = Event()
        try:
            yield from checked_until(stopped, request, pasted, chosen)
        finally:
            under_way.pop(page, None)

    def checked_until(
        stopped: Event, request: gr.Request, pasted: str, chosen: Sequence[object]
    ) -> Iterator[tuple[Any, ...]]:
        yield "Checking…", "", gr.DownloadButton(value=None, interactive=False), gr.Button(interactive=True)
        today = datetime.now(UTC).date()
        statements: list[CheckedStatement] = []
        shown: list[str] = []
        try:
            check_length(pasted)
            for statement in check(request, pasted, *chosen):
                statements.append(statement)
                shown.append(_aligned(statement_markdown(statement, pasted, accessed=today, marks=_ON_PAGE)))
                if stopped.is_set():
                    break
                yield f"Checking… {len(statements)} so far", _RULE.join(shown), gr.skip(), gr.skip()
        except PinciteError as error:
            yield in_markdown(f"{str(error)[:1].upper()}{str(error)[1:]}."), gr.skip(), gr.skip(), _ended()
            return
        report = report_markdown(statements, pasted, accessed=today)
        ready = gr.DownloadButton(value=keep(request, report), interactive=True)
        said = "Stopped. " if stopped.is_set() else ""
        yield f"{said}**{summary(statements)}**", _RULE.join(shown), ready, _ended()

    def stop_it(request: gr.Request) -> gr.Button:
        """Stop the check under way on this page: it ends with the statement at hand, and keeps what was found."""
        if found_check := under_way.get(request.session_hash or ""):
            found_check.set()
        return _ended()

    outputs = [count, found, download, stop]
    options: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", **listening}
    button.click(checked, [text, *within], outputs, **options)
    stop.click(stop_it, None, stop, api_visibility="private", show_progress="hidden", concurrency_limit=None)


def _aligned(markdown: str) -> str:
    """Markdown in the direction of its own script."""
    return f'<div dir="auto" class="checked">\n\n{markdown}\n\n</div>'


def _ended() -> gr.Button:
    return gr.Button(interactive=False)
