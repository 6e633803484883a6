"""A page of nothing but the tab that checks a text: ``python -m tests.support.check_page PORT CORPUS INDEX``."""

import os
import sys
from collections.abc import Iterator

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
import gradio as gr

from rag.chatbot import Chatbot
from rag.checking import CheckedStatement
from ui.web.access.visitors import browser
from ui.web.check_text import check_tab
from ui.web.refusal import Refusal
from ui.web.reports import Reports


def main(port: str, corpus: str, index: str) -> None:
    """Serve until the process is ended."""
    reports = Reports()
    with Chatbot.open(corpus=corpus, index=index, model="quotes") as bot:

        def check(_: gr.Request, text: str) -> Iterator[CheckedStatement]:
            if text.startswith("Too often"):
                raise Refusal("you ask too often: wait 3 seconds", status=429)
            return bot.check_each(text)

        with gr.Blocks(analytics_enabled=False) as page, gr.Tabs(), gr.Tab("Check my text"):
            check_tab(
                check,
                lambda _, report: reports.keep(browser("one"), report),
                concurrency_id="checks",
                concurrency_limit=2,
            )
        page.queue().launch(server_name="127.0.0.1", server_port=int(port), quiet=True, ssr_mode=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
