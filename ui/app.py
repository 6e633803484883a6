"""The browser chat: Gradio's components, from top to bottom as the page shows them, and what each of them calls."""

import os
from typing import Any

# Before gradio is imported: without it the server asks the internet for its version and tells of its use.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
import gradio as gr

from ui.web.check_text import check_tab
from ui.web.page.checking import Checking
from ui.web.page.library import Library
from ui.web.page.sidebar import Sidebar
from ui.web.page.talk import Talking
from ui.web.served import Served

_REASONS = ("Like", "Dislike", "Beside the question", "The source does not say this", "Something is missing")
_CHECKS = 2  # texts checked at the same time, of as many visitors
_AT_ONCE = 20  # listeners other than answers that run at the same time
_PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def page(served: Served) -> gr.Blocks:
    """The page."""
    library = Library(served)
    sidebar = Sidebar(served)
    talk = Talking(served, library, sidebar)
    models = list(served.desk.choices())

    with gr.Blocks(
        title="Pincite", fill_height=True, analytics_enabled=False, delete_cache=(3600, 3600)
    ) as blocks:
        route = gr.Textbox("", visible="hidden", elem_id="route")  # where the address bar points
        here = gr.Textbox("", visible="hidden", elem_id="here")  # the open conversation; empty for a new one
        changed = gr.Textbox("", visible="hidden")  # differs after each change of the articles

        with gr.Sidebar(label="Conversations", open=False, width=300, elem_id="sidebar"):
            leave = " · [Sign out](#signout)" if served.serving.users else ""
            gr.Markdown(f"[New conversation](?) · [Light or dark](#theme){leave}", elem_id="new")
            find_chat = gr.Textbox(
                "", label="Find a conversation", placeholder="Find a conversation", show_label=False
            )
            chats = gr.Markdown(elem_id="chats", latex_delimiters=[])
            with gr.Accordion("Rename or delete the open one", open=False):
                title = gr.Textbox("", label="New title", max_length=200)
                with gr.Row():
                    rename = gr.Button("Rename", size="sm")
                    delete = gr.Button("Delete", size="sm", variant="stop")
                sure = gr.Button(size="sm", variant="stop", visible=False, elem_id="sure")
            model = gr.Dropdown(
                models,
                value=served.desk.default,
                label="Answers by",
                visible=len(models) > 1,
                elem_id="model",
            )

        gr.Markdown("# Pincite", elem_id="brand")
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("Ask", id="ask"), gr.Row(elem_id="room"):
                with gr.Column(scale=3, elem_id="talk"):
                    chat = gr.Chatbot(
                        elem_id="chat",
                        label="Conversation",
                        show_label=False,
                        container=False,
                        layout="panel",
                        editable="user",
                        autoscroll=False,
                        buttons=["copy"],
                        latex_delimiters=[],
                        allow_tags=False,
                        feedback_options=_REASONS,
                        height="100%",
                    )
                    with gr.Row(visible=False, elem_id="narrowed") as narrow:
                        narrowed = gr.Markdown(container=False, latex_delimiters=[])
                        every = gr.Button("Ask all", size="sm", min_width=80, scale=0)
                    refused = gr.Markdown(container=False, elem_id="refused", latex_delimiters=[])
                    question = gr.MultimodalTextbox(
                        elem_id="question",
                        label="Your question",
                        show_label=False,
                        placeholder="Ask the articles…",
                        file_count="multiple",
                        lines=1,
                        max_lines=8,
                        max_plain_text_length=100_000,
                    )
                with gr.Column(scale=2, visible=False, elem_id="panel") as panel:
                    gr.Markdown("[Close](#)", elem_id="close")
                    source = gr.Markdown(elem_id="source", latex_delimiters=[])

            with gr.Tab("Articles", id="articles"), gr.Row():
                with gr.Column(scale=3):
                    find_article = gr.Textbox("", label="Find an article", placeholder="Title or publisher")
                    articles = gr.CheckboxGroup(label="Ask only these", elem_id="articles")
                    with gr.Row():
                        read = gr.Button("Read the one ticked", size="sm")
                        remove = gr.Button("Remove those ticked that you added", size="sm")
                    reading = gr.Markdown(elem_id="reading", latex_delimiters=[])
                    with gr.Accordion("By publisher and date", open=False):
                        publishers = gr.CheckboxGroup(label="Published by", visible=False)
                        with gr.Row():
                            after = gr.Textbox("", label="First day", placeholder="2026-05-01")
                            before = gr.Textbox("", label="Last day", placeholder="2026-05-31")
                    asked_here = gr.Markdown(elem_id="asked-here", latex_delimiters=[])
                with gr.Column(scale=2):
                    files = gr.File(label="Add articles", file_count="multiple", elem_id="files")
                    became = gr.Markdown(elem_id="became", latex_delimiters=[])
                    gr.Markdown(
                        "Everybody who uses this server will see what you add.",
                        visible=served.serving.shared,
                    )
                    with gr.Accordion(
                        "Or the page at an address", open=False, visible=served.serving.fetching
                    ):
                        address = gr.Textbox(
                            "", label="Web address", placeholder="https://…", max_length=2000
                        )
                        fetch = gr.Button("Add this page", size="sm")
                    with gr.Accordion("Or paste a text", open=False):
                        pasted = (
                            gr.Textbox("", label="Title"),
                            gr.Textbox("", label="Text", lines=6, max_lines=12),
                            gr.Textbox("", label="Address (optional)"),
                        )
                        paste = gr.Button("Add this text", size="sm")

            within = [publishers, after, before, articles]
            with gr.Tab("Check my text", id="check"):
                checked_with = gr.Markdown(elem_id="checked-with", latex_delimiters=[])
                checking = Checking(served)
                lane = {"concurrency_limit": _CHECKS, "concurrency_id": "checks"}
                check_tab(checking.each, checking.keep, within, **lane)

        asking = [here, model, *within]
        answered = [chat, question, here, chats, panel, refused]
        narrowing = [narrow, narrowed, asked_here, checked_with]
        shelf = [articles, publishers, *narrowing]
        place = [here, chat, panel, source, chats, *within, question]
        writes = {**_PRIVATE, "concurrency_limit": served.serving.at_once, "concurrency_id": "answers"}
        quick = {**_PRIVATE, "concurrency_limit": _AT_ONCE, "concurrency_id": "quick"}
        follows = {**quick, "trigger_mode": "always_last"}
        adds: dict[str, Any] = {
            "api_visibility": "private",
            "concurrency_limit": 4,
            "concurrency_id": "adding",
        }

        for asked in (
            question.submit(talk.ask_typed, [question, *asking], [*answered, became, changed], **writes),
            chat.example_select(talk.ask_offered, asking, answered, **writes),
            chat.option_select(talk.ask_offered, asking, answered, **writes),
            chat.retry(talk.ask_again, asking, answered, **writes),
            chat.edit(talk.ask_edited, asking, answered, **writes),
        ):
            asked.then(talk.follow_up, here, chat, **quick)
        chat.undo(talk.undo, [here], answered, **quick)
        chat.like(talk.rate, [here], None, **quick)
        question.stop(talk.stop, None, None, **quick)
        route.change(talk.go, [route, here], place, **follows)
        find_chat.change(sidebar.search, [find_chat, here], chats, **follows)
        rename.click(sidebar.rename, [title, here], [chats, title], **quick)
        delete.click(sidebar.doubt, [here], sure, **quick)
        here.change(lambda: gr.Button(visible=False), None, sure, **quick)
        sure.click(sidebar.delete, [here], [here, chat, chats, panel], **quick)

        listing = (library.listing, [find_article, *within], shelf)
        find_article.change(*listing, **follows)
        parts = [publishers.change, after.change, before.change, articles.change]
        gr.on(parts, library.narrowed, within, narrowing, **follows)
        gr.on(parts, library.welcome, within, chat, **follows)
        every.click(lambda: ([], "", "", []), None, within, **quick)
        files.upload(library.add, [files], [became, changed, files], **adds)
        gr.on([fetch.click, address.submit], library.fetch, address, [became, changed, address], **adds)
        paste.click(library.paste, [*pasted], [became, changed, *pasted], **adds)
        read.click(library.read, articles, reading, **quick)
        remove.click(library.remove, [articles], [became, changed, articles], **quick)

        gr.on([blocks.load, changed.change], *listing, **quick)
        gr.on([blocks.load, changed.change], library.welcome, within, chat, **quick)
        blocks.load(sidebar.search, [find_chat, here], chats, **quick)
    return blocks  # type: ignore[no-any-return]  # __enter__ of Blocks has no type
