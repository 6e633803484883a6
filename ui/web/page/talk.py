"""What the page's components call of a conversation: ask, stop, ask again, edit, undo, rate, open a source.

Who calls is in ``request.state.visitor``; nothing else that a page sends is trusted. An ``Updates`` is what the
components named beside it get, in their order.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from threading import Event
from typing import Any

import gradio as gr

from rag.errors import PinciteError
from rag.filters import Filter
from rag.schema import Answer, Article
from ui.elements import el
from ui.web.access.visitors import Visitor
from ui.web.conversation.ask import Underway
from ui.web.conversation.saved import Kept
from ui.web.display.chat_messages import Shown, block, chat_messages, feedback, standing, turn_at
from ui.web.display.source_panel import source_panel
from ui.web.page.library import Library
from ui.web.page.listening import Updates, chosen_filter, inert, told, visitor
from ui.web.page.sidebar import Sidebar
from ui.web.refusal import Refusal
from ui.web.served import Served
from ui.wording import one_line

_PAGES = 1000  # open pages whose answers under way, and turns last shown, are remembered
_PLACE = re.compile(
    r"(?:\?c=(?P<chat>[\w-]+))?(?:#(?P<turn>[\w-]*)\.(?P<label>\d{0,3})\.(?P<index>\d{0,4}))?"
)
_SAID = {True: "Like", False: "Dislike", None: None}


class _Asking(Event):
    """Set to stop the answer under way on a page. ``left``: the page shows something else by now."""

    left = False


class Talking:
    """The listeners of the chat and the source panel."""

    def __init__(self, served: Served, library: Library, sidebar: Sidebar) -> None:
        self._served = served
        self._library = library
        self._sidebar = sidebar
        self._asking: dict[tuple[str, str], _Asking] = {}
        self._live: OrderedDict[str, Answer] = OrderedDict()
        self._shown: OrderedDict[tuple[str, str], tuple[str, ...]] = OrderedDict()

    # --- asking: → chat, question box, id of the conversation, list of conversations, panel, what was refused ---

    def ask_typed(
        self, request: gr.Request, box: dict[str, Any], here: str, model: str, *within: object
    ) -> Iterator[Updates]:
        """Add the files in the question box, and answer what is in it: also → what became of the files, a mark."""
        text = str(box.get("text") or "")
        if files := box.get("files"):
            for updates in self._library.attach(request, files):
                yield *(gr.skip(),) * 6, *updates[:2]
            yield gr.skip(), {"text": text, "files": []}, *(gr.skip(),) * 6
        if text or not files:
            for updates in self._answer(request, text, here, model, within):
                yield *updates, gr.skip(), gr.skip()

    def ask_offered(
        self, request: gr.Request, picked: gr.SelectData, here: str, model: str, *within: object
    ) -> Iterator[Updates]:
        """Answer a question that was offered."""
        offered = picked.value["text"] if isinstance(picked.value, dict) else picked.value
        yield from self._answer(request, str(offered), here, model, within)

    def ask_again(
        self, request: gr.Request, picked: gr.RetryData, here: str, model: str, *within: object
    ) -> Iterator[Updates]:
        """Answer a question anew; what came after it goes."""
        turn = self._picked(request, here, picked.index)
        yield from self._answer(request, turn.question, here, model, within, instead=turn.id)

    def ask_edited(
        self, request: gr.Request, picked: gr.EditData, here: str, model: str, *within: object
    ) -> Iterator[Updates]:
        """Answer a question in its new words; what came after it goes."""
        turn = self._picked(request, here, picked.index)
        yield from self._answer(request, str(picked.value), here, model, within, instead=turn.id)

    def undo(self, request: gr.Request, picked: gr.UndoData, here: str) -> Updates:
        """Put the last question back into the box. It goes when another is asked in its place."""
        turn = self._picked(request, here, picked.index)
        with told():
            self._served.chats.drop(visitor(request), here, turn.id)
        turns = self._turns(visitor(request), here)
        self._remember(request, [one.id for one in turns])
        return (
            chat_messages(turns),
            {"text": turn.question, "files": []},
            here,
            self._sidebar.listed(visitor(request), here),
            gr.Column(visible=False),
            "",
        )

    def follow_up(self, request: gr.Request, here: str) -> Any:  # noqa: ANN401
        """Offer questions to ask next: → chat. Not where one is being asked already."""
        who = visitor(request)
        turns = self._turns(who, here)
        if not turns or turns[-1].stopped:
            return gr.skip()
        offered = self._served.talk.follow_ups(who, turns[-1].answer)
        now = self._shown.get(_page(request))
        if not offered or _page(request) in self._asking or now != tuple(turn.id for turn in turns):
            return gr.skip()  # another was asked meanwhile
        return chat_messages([*turns[:-1], replace(turns[-1], fresh=True, follow_ups=offered)])

    def stop(self, request: gr.Request) -> None:
        """Stop the answer under way on this page; what came so far is kept."""
        if found := self._asking.get(_page(request)):
            found.set()

    def _answer(
        self,
        request: gr.Request,
        question: str,
        here: str,
        model: str,
        within: Sequence[Any],
        *,
        instead: str = "",
    ) -> Iterator[Updates]:
        who, stop = visitor(request), _Asking()
        try:
            self._served.limits.ask(who.id, request.state.address)
            chosen = chosen_filter(*within)
            before = self._turns(who, here)
            ids = [turn.id for turn in before]
            ids = ids[: ids.index(instead)] if instead in ids else ids
            before = before[: len(ids)]
            kept = chat_messages(before)
            self._asking[_page(request)] = stop
            states = self._served.talk.ask(
                who, question, conversation=here, model=model, instead=instead, within=chosen, stop=stop
            )
            try:
                with closing(states):
                    for at, state in enumerate(states):
                        if stop.left or self._served.pages.left(request.session_hash):
                            break  # its closing keeps what came
                        yield self._update(request, state, kept, ids=ids, first=not at)
            finally:
                self._asking.pop(_page(request), None)
        except PinciteError as error:
            gr.Warning(inert(str(error)))
            said = one_line(str(error))
            refused = block(el("p", f"{said[:1].upper()}{said[1:]}", class_="refused", dir="auto"))
            box = gr.MultimodalTextbox(submit_btn=True, stop_btn=False)
            yield gr.skip(), box, *(gr.skip(),) * 3, refused

    def _update(
        self,
        request: gr.Request,
        state: Underway,
        kept: list[dict[str, Any]],
        *,
        ids: Sequence[str],
        first: bool,
    ) -> Updates:
        if not state.changed:
            return (gr.skip(),) * 6
        who = visitor(request)
        done = bool(state.turn)
        shown = Shown(
            id=state.turn,
            question=state.answer.question,
            answer=state.answer,
            stopped=state.stopped,
            fresh=True,
            doing="" if done else self._doing(state),
        )
        self._live[state.conversation] = state.answer
        while len(self._live) > _PAGES:
            self._live.popitem(last=False)
        if done:
            self._remember(request, (*ids, state.turn))
        box: Any = gr.skip()
        if first:
            box = gr.MultimodalTextbox(value={"text": "", "files": []}, submit_btn=False, stop_btn=True)
        elif done:
            box = gr.MultimodalTextbox(submit_btn=True, stop_btn=False)
        listing = self._sidebar.listed(who, state.conversation) if done else gr.skip()
        closed = (gr.Column(visible=False), "") if first else (gr.skip(), gr.skip())
        chat = [*kept, *chat_messages([shown])]
        return chat, box, state.conversation if first else gr.skip(), listing, *closed

    def _doing(self, state: Underway) -> str:
        count = len(state.answer.quotes) or len(state.answer.evidence)
        if state.stage == "searching":
            return "Searching the articles…"
        if state.stage == "writing":
            return "Checking each statement…"
        if self._served.desk.loading(state.answer.model):
            return "Loading the model (once)…"
        return f"Reading {count} passage{'s' if count != 1 else ''}…"

    def rate(self, request: gr.Request, picked: gr.LikeData, here: str) -> None:
        """Keep a thumb, or take it back. Words other than the two thumbs are a note of what is wrong."""
        turn = self._picked(request, here, picked.index)
        note = picked.liked if isinstance(picked.liked, str) and picked.liked else ""
        liked = None if picked.liked in (None, "") else picked.liked is True
        with told():
            self._served.chats.rate(visitor(request), turn.id, liked=liked, note=note)
        gr.Info("Thank you: kept with the answer." if liked is not None else "Taken back.")

    # --- places: → id of the conversation, chat, panel, its text, list, the articles chosen, box --------------

    def go(self, request: gr.Request, route: str, here: str) -> Updates:
        """Show what an address of the page names: a conversation, and a passage or an article beside it."""
        place = _PLACE.fullmatch(route.rpartition(" ")[0])
        with told():
            if place is None:
                raise Refusal("this address names nothing here: start a new conversation", status=404)
            who, chat = visitor(request), place["chat"] or ""
            panel = self._panel(who, chat or here, place)
            opened = (gr.Column(visible=bool(panel)), panel)
            if chat == here and not self._is_stale(request, chat):
                return (gr.skip(), gr.skip(), *opened, gr.skip(), *(gr.skip(),) * 5)
            if asking := self._asking.get(_page(request)):
                asking.left = True
                asking.set()
            kept = self._served.chats.read(who, chat) if chat else ()
            turns = [self._kept(who, one) for one in kept]
            self._remember(request, [turn.id for turn in turns])
            said = {one.id: one.note or _SAID[one.liked] or "" for one in kept if one.liked is not None}
            shown: Any = chat_messages(turns)
            chatbot = gr.Chatbot(value=shown, feedback_value=feedback(turns, said))
            box = gr.MultimodalTextbox(submit_btn=True, stop_btn=False)
            return (
                chat,
                chatbot,
                *opened,
                self._sidebar.listed(who, chat),
                *_choice(kept[-1].answer.within if kept else Filter()),
                box,
            )

    def _panel(self, who: Visitor, chat: str, place: re.Match[str]) -> str:
        if place["label"] is None:
            return ""
        turn = place["turn"]
        answer = self._served.chats.turn(who, turn).answer if turn else self._under_way(who, chat)
        label, index = int(place["label"] or 0), int(place["index"]) if place["index"] else None
        passage = next((item for item in answer.evidence if item.label == label), None)
        article: Article | None = None
        if passage and self._served.shelves.fingerprint(who, passage.article_id) is not None:
            article = self._served.shelves.article(who, passage.article_id)
        now = standing(passage, article.fingerprint if article else None) if passage and turn else ""
        return source_panel(answer, label, index, article, now, turn=turn)

    def _under_way(self, who: Visitor, chat: str) -> Answer:
        """The answer that is being written; only its visitor knows the conversation."""
        self._served.chats.own(who, chat)
        if chat not in self._live:
            raise Refusal("this answer is not being written any more: open it again", status=404)
        return self._live[chat]

    # --- turns -----------------------------------------------------------------------------------------------

    def _turns(self, who: Visitor, chat: str) -> list[Shown]:
        return [self._kept(who, kept) for kept in self._served.chats.read(who, chat)] if chat else []

    def _kept(self, who: Visitor, kept: Kept) -> Shown:
        shelves = self._served.shelves
        since = {
            item.article_id: standing(item, shelves.fingerprint(who, item.article_id))
            for item in kept.answer.evidence
        }
        return Shown(
            id=kept.id, question=kept.question, answer=kept.answer, stopped=kept.stopped, standing=since
        )

    def _picked(self, request: gr.Request, here: str, index: int | tuple[int, int]) -> Shown:
        with told():
            turns = self._turns(visitor(request), here)
            turn = turn_at(turns, index if isinstance(index, int) else index[0])
            if turn is None:
                raise Refusal("there is no such answer, or it was deleted: reload the page", status=404)
            return turn

    def _remember(self, request: gr.Request, ids: Sequence[str]) -> None:
        self._shown[_page(request)] = tuple(ids)
        while len(self._shown) > _PAGES:
            self._shown.popitem(last=False)

    def _is_stale(self, request: gr.Request, chat: str) -> bool:
        """Whether another page of this visitor has changed the conversation since this one showed it."""
        if _page(request) in self._asking:
            return False
        now = tuple(kept.id for kept in self._served.chats.read(visitor(request), chat)) if chat else ()
        return now != self._shown.get(_page(request), ())


def _choice(within: Filter) -> Updates:
    days = (day.isoformat() if day else "" for day in (within.after, within.before))
    return list(within.publishers), *days, list(within.articles)


def _page(request: gr.Request) -> tuple[str, str]:
    return visitor(request).id, str(request.session_hash)
