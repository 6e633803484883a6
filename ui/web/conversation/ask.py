"""One question of a conversation, from what the visitor typed to what is kept, as events for the page.

Events are JSON objects with a ``kind``: ``start`` (the conversation's id), ``evidence``, ``pieces``, ``cited``,
``done`` (the turn as kept), ``follow`` (questions to ask next), ``error``. While a model reads, ``waiting`` comes
several times a second, so that it can be stopped.
"""

from collections.abc import Generator, Iterator
from contextlib import closing

from rag.errors import PinciteError
from rag.events import AnswerSoFar, Cited, Delta, Finished, Retrieved, Waiting
from rag.events import Event as ChatEvent
from rag.filters import EVERYTHING, Filter
from rag.question.input import check_question
from rag.schema import Answer
from rag.serialization import Json, to_json
from rag.settings import Settings
from ui.web.access.visitors import Visitor
from ui.web.conversation.chatbots import Desk
from ui.web.conversation.saved import Chats, Kept
from ui.web.display.answer_json import answer_view, citation_view, evidence_view, piece_view, standing
from ui.web.display.pieces import Piece, Pieces
from ui.web.library.visitor_articles import Shelves
from ui.web.suggestions import follow_ups
from ui.wording import one_line

Event = dict[str, Json]


class Talk:
    """Asks for visitors and keeps what came of it."""

    def __init__(self, *, desk: Desk, chats: Chats, shelves: Shelves, settings: Settings) -> None:
        self._desk = desk
        self._chats = chats
        self._shelves = shelves
        self._settings = settings

    def ask(
        self,
        visitor: Visitor,
        question: str,
        *,
        conversation: str,
        model: str,
        instead: str,
        within: Filter = EVERYTHING,
    ) -> Generator[Event, None, None]:
        """The events of one question; closing the generator stops the model and keeps what came so far.

        ``conversation`` is an id, or empty for a new one; ``instead`` the id of a turn that this question takes
        the place of, with all after it, or empty. Only articles that match ``within`` are asked; it is kept with the
        answer. A fault a person can mend becomes an ``error`` event.
        """
        try:
            yield from self._asked(
                visitor, question, conversation=conversation, model=model, instead=instead, within=within
            )
        except PinciteError as error:
            yield {"kind": "error", "message": str(error)}

    def turn(self, visitor: Visitor, kept: Kept) -> Event:
        """A kept turn for the page, with what has become of its sources since."""
        found = {
            item.article_id: standing(item, self._shelves.fingerprint(visitor, item.article_id))
            for item in kept.answer.evidence
        }
        return {
            "id": kept.id,
            "question": kept.question,
            "answer": answer_view(kept.answer, standing=found),
            "within": to_json(kept.answer.within),
            "stopped": kept.stopped,
            "asked": kept.asked.isoformat(),
            "liked": kept.liked,
            "note": kept.note,
        }

    def _asked(
        self,
        visitor: Visitor,
        question: str,
        *,
        conversation: str,
        model: str,
        instead: str,
        within: Filter,
    ) -> Iterator[Event]:
        asked = check_question(question, limit=self._settings.question_chars)
        history = self._chats.before(visitor, conversation, instead=instead) if conversation else ()
        with self._desk.chatbot(visitor, model=model) as bot:
            if within:
                bot.index.admitted(within)  # a name that no article has begins no conversation
            conversation = conversation or self._chats.begin(visitor, title=asked)
            yield {"kind": "start", "conversation": conversation}
            writing = _Writing(AnswerSoFar(asked, model=model or self._desk.default, within=within))
            whole = False
            try:
                with closing(bot.stream(asked, history=history, within=within)) as events:
                    for event in events:
                        whole = isinstance(event, Finished)
                        yield from writing.take(event)
            finally:
                # Also where the visitor stopped it or went away: its sources and what was said are kept.
                if whole or writing.answer.text or writing.answer.evidence:
                    kept = self._chats.keep(
                        visitor,
                        conversation,
                        question=asked,
                        answer=writing.answer,
                        stopped=not whole,
                        instead=instead or None,
                    )
            self._desk.took(kept.answer.model, kept.answer.timings.get("total", 0.0))
            yield {"kind": "done", "turn": self.turn(visitor, kept)}
            yield {"kind": "follow", "questions": list(follow_ups(bot, kept.answer))}


class _Writing:
    """An answer under way: its events for the page, and what of it there is should it be stopped."""

    def __init__(self, so_far: AnswerSoFar) -> None:
        self._so_far = so_far
        self._pieces = Pieces()

    @property
    def answer(self) -> Answer:
        """The answer as far as it came."""
        return self._so_far.answer

    def take(self, event: ChatEvent) -> Iterator[Event]:
        """The page's events for one of the chatbot's."""
        self._so_far.take(event)
        match event:
            case Retrieved():
                searched = event.standalone_question
                yield {
                    "kind": "evidence",
                    "searched": "" if searched == " ".join(self.answer.question.split()) else searched,
                    "limited": "" if event.abstained else one_line(event.limited),
                    "abstained": event.abstained,
                    "reading": event.reading,
                    "quotes": list(event.quotes),
                    "sources": evidence_view(event.evidence),
                }
            case Delta():
                yield from self._show(self._pieces.feed(event.text))
            case Cited():
                claim = event.citation.claim.of(self.answer.text)
                yield {"kind": "cited", "citation": citation_view(event.citation, claim)}
                self._pieces.settle()
            case Waiting():
                yield {"kind": "waiting"}
            case Finished():
                yield from self._show(self._pieces.finish())

    def _show(self, pieces: tuple[Piece, ...]) -> Iterator[Event]:
        if pieces:
            yield {"kind": "pieces", "pieces": [piece_view(piece) for piece in pieces]}
