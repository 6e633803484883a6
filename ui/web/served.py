"""What the browser chat stands on: articles, conversations, models, limits."""

from collections import OrderedDict

from rag.chatbot import QUOTES
from rag.evaluation.questions import Question
from rag.filters import Filter
from rag.settings import Settings
from ui.web.access.pages import Pages
from ui.web.access.rate_limits import Limits
from ui.web.access.visitors import Visitor
from ui.web.conversation.ask import Talk
from ui.web.conversation.chatbots import Desk
from ui.web.conversation.saved import Chats
from ui.web.library.inbox import Inbox
from ui.web.library.visitor_articles import Shelves
from ui.web.options import Serving
from ui.web.reports import Reports
from ui.web.suggestions import examples

_OFFERS = 100  # sets of articles whose offers are remembered


class Served:
    """Everything that listeners and routes stand on."""

    def __init__(
        self,
        *,
        shelves: Shelves,
        chats: Chats,
        desk: Desk,
        limits: Limits,
        serving: Serving,
        settings: Settings,
        known: tuple[Question, ...],
    ) -> None:
        self.shelves = shelves
        self.chats = chats
        self.desk = desk
        self.limits = limits
        self.serving = serving
        self.settings = settings
        self.known = known
        self.pages = Pages()
        self.inbox = Inbox(serving.sent_bytes)
        self.reports = Reports()
        self.talk = Talk(desk=desk, chats=chats, settings=settings)
        self._offered: OrderedDict[tuple[object, ...], tuple[str, ...]] = OrderedDict()

    def offers(self, who: Visitor, within: Filter) -> tuple[str, ...]:
        """Questions to begin with, each tried on what this visitor asks; remembered until that changes."""
        with self.desk.chatbot(who, model=QUOTES) as bot:
            key = (within, *(item.fingerprint for item in bot.index.listing()))
            if key not in self._offered:
                self._offered[key] = examples(bot, known=self.known, within=within)
            while len(self._offered) > _OFFERS:
                self._offered.popitem(last=False)
            return self._offered[key]
