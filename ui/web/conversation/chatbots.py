"""Who answers: a chatbot for each visitor's articles and each model that works here."""

from collections import defaultdict, deque
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import wait
from contextlib import contextmanager
from threading import Lock

from rag.answer.warm_up import start_warm_up
from rag.chatbot import QUOTES, Chatbot
from rag.errors import ModelError
from rag.events import Event, Waiting
from rag.filters import Filter
from rag.models.writers import Writer, local_models, open_writer
from rag.question.input import History
from rag.settings import Settings
from ui.web.access.visitors import Visitor
from ui.web.conversation.slots import Slots
from ui.web.library.visitor_articles import Shelves
from ui.web.refusal import Refusal

_BEAT_S = 0.25  # seconds between two events for who waits
_REMEMBERED = 50  # answers whose seconds are remembered, for each model


class Desk:
    """Opens chatbots for visitors. ``model`` is what the server was started with, ``None`` for the default one.

    Whoever has an answer written takes a place of ``slots`` first.
    """

    def __init__(self, shelves: Shelves, *, model: str | None, settings: Settings, slots: Slots) -> None:
        self.slots = slots
        self._shelves = shelves
        self._settings = settings
        self._lock = Lock()
        self._writers: dict[str, Writer | None] = {QUOTES: None}
        self._seconds: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_REMEMBERED))
        writer = open_writer(model)
        self.default = writer.name if writer else QUOTES
        self._writers.setdefault(self.default, writer)
        self._warming = start_warm_up(writer)
        self._titles = _titles(self.default)

    def loading(self, model: str) -> bool:
        """Whether this model is being loaded, which happens once."""
        first = self._warming is not None and self._warming.is_alive()
        return first if (model or self.default) == self.default else not self._seconds[model]

    def choices(self) -> tuple[tuple[str, str], ...]:
        """Title and name of the models that work here: none at all, the server's own, those installed."""
        return tuple((title, name) for name, title in self._titles.items())

    def took(self, name: str, seconds: float) -> None:
        """Remember how long an answer of this model took."""
        with self._lock:
            self._seconds[name].append(seconds)

    @contextmanager
    def chatbot(self, visitor: Visitor, *, model: str) -> Iterator[Chatbot]:
        """The chatbot over what this visitor may ask. Raises ``Refusal`` for a model that is not on offer."""
        writer = self._writer(model or self.default)
        with self._shelves.reading(visitor) as index:
            yield Chatbot(index, writer=writer, settings=self._settings)

    def stream(
        self, bot: Chatbot, question: str, *, history: History, within: Filter
    ) -> Generator[Event, None, None]:
        """The events of an answer, as soon as there is a place for it; ``Waiting`` until then."""
        with self.slots.place(bounded=False) as place:  # the page's own queue has counted those who wait
            while wait((place,), timeout=_BEAT_S).not_done:
                yield Waiting()
            yield from bot.stream(question, history=history, within=within)

    def _writer(self, name: str) -> Writer | None:
        if name not in self._titles:
            offered = ", ".join(self._titles)
            raise Refusal(f"there is no model {name!r:.60} here: choose one of {offered}", status=400)
        with self._lock:
            if name not in self._writers:
                try:
                    self._writers[name] = open_writer(name)
                except ModelError as error:
                    raise Refusal(str(error), status=503) from error
            return self._writers[name]


def _titles(default: str) -> Mapping[str, str]:
    """The title of each model on offer, by name, the default first."""
    there = {
        one.name: one.catalogue_entry.title if one.catalogue_entry else one.name
        for one in local_models()
        if one.is_installed
    }
    return {default: there.get(default, default), **there, QUOTES: "Quotes alone"}
