"""What the page's components call of the list of conversations: find, rename, delete."""

from typing import Any

import gradio as gr

from ui.elements import Html, el, listed
from ui.web.access.visitors import Visitor
from ui.web.display.chat_messages import block
from ui.web.page.listening import Updates, told, visitor
from ui.web.served import Served
from ui.wording import one_line

_LISTED = 200  # conversations in the list; a search finds the others


class Sidebar:
    """The listeners of the sidebar."""

    def __init__(self, served: Served) -> None:
        self._served = served

    def search(self, request: gr.Request, words: str, here: str) -> str:
        """The list of conversations that have these words in their title, a question or an answer."""
        return self.listed(visitor(request), here, words)

    def rename(self, request: gr.Request, title: str, here: str) -> Updates:
        """Give the open conversation another title: → list, field."""
        with told():
            self._served.chats.rename(visitor(request), here, title)
        return self.listed(visitor(request), here), ""

    def doubt(self, request: gr.Request, here: str) -> Any:  # noqa: ANN401
        """Ask whether the open conversation is to go: → the button that deletes it."""
        with told():
            title = self._served.chats.title(visitor(request), here)
        return gr.Button(f"Delete “{one_line(title)}”?", visible=True)

    def delete(self, request: gr.Request, here: str) -> Updates:
        """Delete the open conversation: → id of the conversation, chat, list, panel."""
        with told():
            self._served.chats.delete(visitor(request), here)
        gr.Info("The conversation is deleted.")
        return "", [], self.listed(visitor(request), ""), gr.Column(visible=False)

    def listed(self, who: Visitor, here: str, words: str = "") -> str:
        """Links to the visitor's conversations, the last first, the open one with what can be done to it."""
        rows = []
        for one in self._served.chats.listing(who, words)[:_LISTED]:
            open_ = one.id == here
            link = el(
                "a", one_line(one.title), href=f"?c={one.id}", dir="auto", class_="here" if open_ else ""
            )
            rows.append(Html(link + (_downloads(one.id) if open_ else "")))
        none = el("p", "None found." if words else "None yet.", class_="aside")
        return block(listed(rows) if rows else none, class_="conversations")


def _downloads(chat: str) -> Html:
    forms = (("Markdown", "markdown"), ("JSON", "json"))
    links = [el("a", name, href=f"/api/chats/{chat}/download?form={form}") for name, form in forms]
    return el("span", "Download: ", *links, class_="aside")
