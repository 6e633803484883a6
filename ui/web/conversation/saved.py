"""Conversations as they are kept: questions, answers with their citations, and what visitors said of them.

One SQLite file for all visitors. Every statement is bound to the visitor's id: what belongs to another does not
exist. Deleting a conversation deletes its answers and what was said of them.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from rag.errors import PinciteError
from rag.schema import Answer
from rag.serialization import answer_from_json, to_json
from rag.system.sqlite_file import SqliteFile
from rag.system.sqlite_format import ErrorTypes, FileFormat
from ui.web.access.visitors import Visitor
from ui.web.refusal import Refusal


class ChatsError(PinciteError):
    """The file of conversations cannot be used: it is damaged, in use elsewhere, or cannot be written."""


_TABLES = (
    """CREATE TABLE chats (
        id TEXT PRIMARY KEY, visitor TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, changed TEXT NOT NULL)""",
    "CREATE INDEX chats_visitor ON chats (visitor, changed)",
    """CREATE TABLE turns (
        at INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
        chat TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
        question TEXT NOT NULL, answer TEXT NOT NULL, stopped INTEGER NOT NULL, asked TEXT NOT NULL,
        liked INTEGER, note TEXT NOT NULL DEFAULT '', rated TEXT)""",
    "CREATE INDEX turns_chat ON turns (chat, at)",
)
_EACH_TIME = ("PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL")
_FORMAT = FileFormat(
    application=0x50696E43,
    version=1,
    statements=_TABLES,
    each_time=_EACH_TIME,
    errors=ErrorTypes(fault=ChatsError, busy=ChatsError, broken=ChatsError),
    noun="the file of conversations",
    elsewhere="give another home with PINCITE_HOME",
    anew="move it away to begin with none",
)
_MOST_CHATS = 500  # conversations of a visitor; beyond it the oldest go
_MOST_TURNS = 200  # questions in a conversation
_TITLE = 80  # characters of a first question that make a title
_LONGEST_TITLE = 200  # characters in a title that a visitor gives
_LONGEST_NOTE = 2000  # characters in a note
_READ = "SELECT id, question, answer, stopped, asked, liked, note FROM turns WHERE chat = ? ORDER BY at"
_ONE = (
    "SELECT turns.id, question, answer, stopped, asked, liked, note FROM turns JOIN chats ON chats.id = chat "
    "WHERE turns.id = ? AND visitor = ?"
)
_DROP = "DELETE FROM turns WHERE chat = ?1 AND at >= (SELECT at FROM turns WHERE id = ?2 AND chat = ?1)"
# The last first by the order in which answers came, not by their times: the clock may have been set back since.
_LISTED = (
    "SELECT chats.id, title, changed, count(turns.id) FROM chats JOIN turns ON turns.chat = chats.id "
    "WHERE visitor = ? GROUP BY chats.id ORDER BY max(at) DESC"
)
_RATED = (
    "SELECT chat, at, turns.id, rated, name, liked, note, question, answer FROM turns JOIN chats ON chats.id = chat "
    "WHERE chat IN (SELECT chat FROM turns WHERE liked IS NOT NULL) ORDER BY chat, at"
)
_FOUND = (
    "SELECT title, question, CASE WHEN json_valid(answer) THEN json_extract(answer, '$.text') END FROM chats "
    "JOIN turns ON turns.chat = chats.id WHERE chats.id = ?"
)
# In the newest without an answer one may be under way; they stay.
_LEAVE = (
    "DELETE FROM chats WHERE visitor = ?1 AND id <> ?2 AND id NOT IN (SELECT id FROM chats WHERE visitor = ?1 AND "
    "id <> ?2 ORDER BY coalesce((SELECT max(at) FROM turns WHERE chat = chats.id), rowid IN (SELECT rowid FROM chats "
    "WHERE visitor = ?1 ORDER BY rowid DESC LIMIT 8) << 62) DESC, rowid DESC LIMIT ?3)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One line of a list of conversations. ``changed`` is in UTC."""

    id: str
    title: str
    changed: datetime
    turns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A question and its answer. ``stopped``: the visitor stopped it, and the answer is what came until then."""

    id: str
    question: str
    answer: Answer
    stopped: bool
    asked: datetime
    liked: bool | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What a visitor said of an answer. ``name`` is empty where nobody signed in.

    ``id`` is the turn's; ``before`` has the answers of the conversation that came before it, oldest first.
    """

    id: str
    at: datetime
    name: str
    liked: bool
    note: str
    question: str
    answer: Answer
    before: tuple[Answer, ...] = ()


class Chats:
    """The conversations in one file; its methods may be called from any thread and process.

    Raises ``Refusal`` with status 404 for what the visitor does not have, 400 and 409 for what breaks a limit;
    ``ChatsError`` where the file cannot be used.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime] | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._now = now or (lambda: datetime.now(UTC))
        self._database = SqliteFile(path, form=_FORMAT)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def begin(self, visitor: Visitor, *, title: str) -> str:
        """A new conversation, named after its first question; its id cannot be guessed."""
        made = secrets.token_urlsafe(12)
        with self._database.writing():
            row = (made, visitor.id, _clean(visitor.name), _shortened(title), self._moment())
            self._database.run("INSERT INTO chats VALUES (?, ?, ?, ?, ?)", *row)
            self._database.run(_LEAVE, visitor.id, made, _MOST_CHATS - 1)
        return made

    def listing(self, visitor: Visitor, words: str = "") -> tuple[Conversation, ...]:
        """The conversations of a visitor that hold a question, the last changed first.

        With ``words``, those that have all of them in the title, a question or the text of an answer.
        """
        wanted = words.casefold().split()
        with self._database.reading():
            rows = self._database.run(_LISTED, visitor.id)
            rows = [row for row in rows if not wanted or self._has(row[0], wanted)]
        return tuple(
            Conversation(id=chat, title=title, changed=datetime.fromisoformat(changed), turns=turns)
            for chat, title, changed, turns in rows
        )

    def _has(self, conversation: str, wanted: list[str]) -> bool:
        rows = self._database.run(_FOUND, conversation)
        said = "\n".join(part or "" for row in rows for part in row).casefold()
        return all(word in said for word in wanted)

    def title(self, visitor: Visitor, conversation: str) -> str:
        """The title of a conversation."""
        rows = self._database.run(
            "SELECT title FROM chats WHERE id = ? AND visitor = ?", conversation, visitor.id
        )
        if not rows:
            raise Refusal("there is no such conversation, or it was deleted: start a new one", status=404)
        return str(rows[0][0])

    def read(self, visitor: Visitor, conversation: str) -> tuple[Kept, ...]:
        """The questions and answers of a conversation, oldest first."""
        with self._database.reading():
            self.own(visitor, conversation)
            rows = self._database.run(_READ, conversation)
        return tuple(_kept(*row) for row in rows)

    def before(self, visitor: Visitor, conversation: str, *, instead: str = "") -> tuple[Answer, ...]:
        """The answers that a new question follows, or one ``instead`` of a turn; refuses where there is no room."""
        kept = self.read(visitor, conversation)
        ids = [turn.id for turn in kept]
        kept = kept[: ids.index(instead)] if instead in ids else kept
        _refuse_full(len(kept))
        return tuple(turn.answer for turn in kept)

    def keep(
        self,
        visitor: Visitor,
        conversation: str,
        *,
        question: str,
        answer: Answer,
        stopped: bool,
        instead: str | None = None,
    ) -> Kept:
        """Add a question and its answer; ``instead`` of a turn, which goes with all that came after it."""
        made, moment = secrets.token_urlsafe(12), self._moment()
        with self._database.writing():
            self.own(visitor, conversation)
            if instead is not None:
                self._database.run(_DROP, conversation, instead)
            [[count]] = self._database.run("SELECT count(*) FROM turns WHERE chat = ?", conversation)
            _refuse_full(count)
            row = (made, conversation, _clean(question), json.dumps(to_json(answer)), int(stopped), moment)
            self._database.run(
                "INSERT INTO turns (id, chat, question, answer, stopped, asked) VALUES (?, ?, ?, ?, ?, ?)",
                *row,
            )
            self._database.run("UPDATE chats SET changed = ? WHERE id = ?", moment, conversation)
        return self.turn(visitor, made)

    def turn(self, visitor: Visitor, turn: str) -> Kept:
        """One question and its answer."""
        rows = self._database.run(_ONE, turn, visitor.id)
        if not rows:
            raise Refusal("there is no such answer, or it was deleted: reload the page", status=404)
        return _kept(*rows[0])

    def rename(self, visitor: Visitor, conversation: str, title: str) -> None:
        """Give a conversation another title."""
        wanted = " ".join(_clean(title).split())
        if not 1 <= len(wanted) <= _LONGEST_TITLE:
            raise Refusal(
                f"a title of {len(wanted)} characters: give 1 to {_LONGEST_TITLE} characters", status=400
            )
        with self._database.writing():
            self.own(visitor, conversation)
            self._database.run("UPDATE chats SET title = ? WHERE id = ?", wanted, conversation)

    def delete(self, visitor: Visitor, conversation: str) -> None:
        """Delete a conversation, its answers, and what was said of them."""
        with self._database.writing():
            self.own(visitor, conversation)
            self._database.run("DELETE FROM chats WHERE id = ?", conversation)

    def drop(self, visitor: Visitor, conversation: str, turn: str) -> None:
        """Delete a turn and all that came after it."""
        with self._database.writing():
            self.own(visitor, conversation)
            self._database.run(_DROP, conversation, turn)

    def rate(self, visitor: Visitor, turn: str, *, liked: bool | None, note: str) -> None:
        """Say whether an answer is good, and why; ``None`` takes both back."""
        if len(note) > _LONGEST_NOTE:
            raise Refusal(f"a note of {len(note)} characters: give {_LONGEST_NOTE} at most", status=400)
        with self._database.writing():
            self.turn(visitor, turn)
            self._database.run(
                "UPDATE turns SET liked = ?, note = ?, rated = ? WHERE id = ?",
                None if liked is None else int(liked),
                "" if liked is None else _clean(note),
                None if liked is None else self._moment(),
                turn,
            )

    def feedback(self) -> Iterator[Feedback]:
        """What all visitors said, oldest first."""
        said: list[tuple[str, int, Feedback]] = []
        for _, turns in groupby(self._database.run(_RATED), key=itemgetter(0)):
            before: tuple[Answer, ...] = ()
            for _, at, id, rated, name, liked, note, question, stored in turns:
                answer = _answer(question, stored)
                if liked is not None:
                    item = Feedback(
                        id=id,
                        at=datetime.fromisoformat(rated),
                        name=name,
                        liked=bool(liked),
                        note=note,
                        question=question,
                        answer=answer,
                        before=before,
                    )
                    said.append((rated, at, item))
                before = (*before, answer)
        yield from (item for *_, item in sorted(said, key=itemgetter(0, 1)))

    def own(self, visitor: Visitor, conversation: str) -> None:
        """Refuse a conversation that is not this visitor's."""
        self.title(visitor, conversation)

    def _moment(self) -> str:
        return self._now().astimezone(UTC).isoformat()


def _refuse_full(turns: int) -> None:
    if turns >= _MOST_TURNS:
        raise Refusal(
            f"this conversation has {turns} questions and the limit is {_MOST_TURNS}: start a new one",
            status=409,
        )


def _kept(
    id: str, question: str, answer: str, stopped: int, asked: str, liked: int | None, note: str
) -> Kept:
    return Kept(
        id=id,
        question=question,
        answer=_answer(question, answer),
        stopped=bool(stopped),
        asked=datetime.fromisoformat(asked),
        liked=None if liked is None else bool(liked),
        note=note,
    )


def _answer(question: str, stored: str) -> Answer:
    """An answer as it was stored; one of another version that cannot be read loses its text and nothing else."""
    try:
        return answer_from_json(json.loads(stored))
    except ValueError as error:
        return Answer(
            question=question,
            standalone_question=question,
            text=f"This answer was kept by another version of Pincite and cannot be shown ({error}).",
            model="unknown",
        )


def _clean(text: str) -> str:
    """Half characters have no UTF-8, which is what SQLite stores."""
    return text.encode("utf-8", "replace").decode()


def _shortened(title: str) -> str:
    flat = " ".join(_clean(title).split())
    if len(flat) <= _TITLE:
        return flat
    cut = flat[:_TITLE]
    return f"{cut.rpartition(' ')[0] or cut}…"
