"""What the page's components call of the list of conversations: find, rename, delete."""

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
        """The list of conversations whose titles have these words."""
        return self.listed(visitor(request), here, words)

    def rename(self, request: gr.Request, title: str, here: str) -> Updates:
        """Give the open conversation another title: → list, field."""
        with told():
            self._served.chats.rename(visitor(request), here, title)
        return self.listed(visitor(request), here), ""

    def delete(self, request: gr.Request, here: str) -> Updates:
        """Delete the open conversation: → id of the conversation, chat, list."""
        with told():
            self._served.chats.delete(visitor(request), here)
        gr.Info("The conversation is deleted.")
        return "", [], self.listed(visitor(request), "")

    def listed(self, who: Visitor, here: str, words: str = "") -> str:
        """Links to the visitor's conversations, the last first, the open one with what can be done to it."""
        wanted = words.casefold().split()
        found = [
            one
            for one in self._served.chats.listing(who)
            if all(word in one.title.casefold() for word in wanted)
        ]
        rows = [
            Html(
                el(
                    "a",
                    one_line(one.title),
                    href=f"?c={one.id}",
                    dir="auto",
                    aria_current="page" if one.id == here else "",
                )
                + (_downloads(one.id) if one.id == here else "")
            )
            for one in found[:_LISTED]
        ]
        none = el("p", "None found." if words else "None yet.", class_="aside")
        return block(listed(rows) if rows else none, class_="conversations")


def _downloads(chat: str) -> Html:
    forms = (("Markdown", "markdown"), ("JSON", "json"))
    links = [el("a", name, href=f"/api/chats/{chat}/download?form={form}") for name, form in forms]
    return el("span", "Download: ", *links, class_="aside")
