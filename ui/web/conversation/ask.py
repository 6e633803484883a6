"""One question of a conversation, from what the visitor typed to what is kept, as the states that a page shows."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from threading import Event
from typing import Literal

from rag.chatbot import QUOTES
from rag.events import AnswerSoFar, Finished, Retrieved, Waiting
from rag.filters import EVERYTHING, Filter
from rag.question.input import check_question
from rag.schema import Answer
from rag.settings import Settings
from ui.web.access.visitors import Visitor
from ui.web.conversation.chatbots import Desk
from ui.web.conversation.saved import Chats
from ui.web.suggestions import follow_ups

Stage = Literal["searching", "reading", "writing", "whole"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Underway:
    """A question being answered. ``changed`` is false where only time has passed.

    ``turn`` is the id of the turn as kept; empty until it is.
    """

    conversation: str
    answer: Answer
    stage: Stage
    changed: bool = True
    turn: str = ""
    stopped: bool = False


class Talk:
    """Asks for visitors and keeps what came of it."""

    def __init__(self, *, desk: Desk, chats: Chats, settings: Settings) -> None:
        self._desk = desk
        self._chats = chats
        self._settings = settings

    def ask(
        self,
        visitor: Visitor,
        question: str,
        *,
        conversation: str = "",
        model: str = "",
        instead: str = "",
        within: Filter = EVERYTHING,
        stop: Event,
    ) -> Generator[Underway, None, None]:
        """The states of one question. Once ``stop`` is set, or the generator closed, what came so far is kept.

        ``conversation`` is an id, or empty for a new one; ``instead`` the id of a turn that this question takes
        the place of, with all after it, or empty. Only articles that match ``within`` are asked; it is kept with the
        answer. Raises ``PinciteError`` for what a person can mend.
        """
        asked = check_question(question, limit=self._settings.question_chars)
        history = self._chats.before(visitor, conversation, instead=instead) if conversation else ()
        with self._desk.chatbot(visitor, model=model) as bot:
            if within:
                bot.index.admitted(within)  # a name that no article has begins no conversation
            conversation = conversation or self._chats.begin(visitor, title=asked)
            so_far = AnswerSoFar(asked, model=model or self._desk.default, within=within)
            stage: Stage = "searching"
            yield Underway(conversation=conversation, answer=so_far.answer, stage=stage)
            try:
                with closing(self._desk.stream(bot, asked, history=history, within=within)) as events:
                    for event in events:
                        so_far.take(event)
                        match event:
                            case Retrieved():
                                stage = "reading" if event.reading else "writing"
                            case Finished():
                                stage = "whole"
                            case Waiting():
                                pass
                            case _:
                                stage = "writing"
                        if stop.is_set() or stage == "whole":
                            break
                        yield Underway(
                            conversation=conversation,
                            answer=so_far.answer,
                            stage=stage,
                            changed=not isinstance(event, Waiting),
                        )
            finally:
                # Also where the visitor stopped it or went away: its sources and what was said are kept.
                if stage == "whole" or stop.is_set() or so_far.answer.text or so_far.answer.evidence:
                    kept = self._chats.keep(
                        visitor,
                        conversation,
                        question=asked,
                        answer=so_far.answer,
                        stopped=stage != "whole",
                        instead=instead or None,
                    )
            if not kept.stopped:
                self._desk.took(kept.answer.model, kept.answer.timings.get("total", 0.0))
            yield Underway(
                conversation=conversation,
                answer=kept.answer,
                stage="whole",
                turn=kept.id,
                stopped=kept.stopped,
            )

    def follow_ups(self, visitor: Visitor, answer: Answer) -> tuple[str, ...]:
        """Questions to ask next, each tried on what this visitor may ask."""
        with self._desk.chatbot(visitor, model=QUOTES) as bot:
            return follow_ups(bot, answer)
