"""The terminal: streaming, voices, conversation, tables."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ModelError
from rag.events import Cited, Delta, Event, Finished, Retrieved
from rag.schema import Answer, Citation, Evidence, Outcome, Span
from tests.support.quoted_passage import whole_text
from ui.terminal.answer_text import PLAIN, Style, cells
from ui.terminal.conversation import Voices, show
from ui.terminal.screen import Screen, progress, screen, table

COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def answer_of(words: str, *, abstained: bool = False) -> Answer:
    passage = Evidence(label=1, article_id="a", span=Span(0, 4), text="Yes.", score=0.5)
    citation = Citation(
        label=1,
        claim=Span(0, 1),
        article_id="a",
        span=Span(0, 4),
        quote="Yes.",
        located="exact",
        support="supported",
    )
    return Answer(
        question="Is it?",
        standalone_question="Is it so?",
        text=words,
        citations=() if abstained else (citation,),
        evidence=(passage,),
        outcome="not_in_articles" if abstained else "answered",
        model="quotes",
    )


def events_of(answer: Answer, pieces: list[str]) -> Iterator[Event]:
    yield Retrieved(
        standalone_question=answer.standalone_question, evidence=answer.evidence, abstained=answer.abstained
    )
    for piece in pieces:
        yield Delta(piece)
    yield from (Cited(citation) for citation in answer.citations)
    yield Finished(answer)


def shown(answer: Answer, pieces: list[str], *, on: Screen, writer: str = "") -> str:
    assert show(events_of(answer, pieces), question=answer.question, writer=writer, on=on) == answer
    assert isinstance(on.out, io.StringIO)
    return on.out.getvalue()


@given(st.lists(st.text(alphabet="ab “”[1]\n\x1b\u202e漢"), max_size=8), st.booleans())
def test_what_streams_to_a_pipe_is_the_plain_answer(pieces: list[str], abstained: bool) -> None:
    answer = answer_of("".join(pieces), abstained=abstained)
    assert shown(answer, pieces, on=screen(io.StringIO()), writer="tiny") == whole_text(answer)


def test_each_piece_is_written_and_flushed_as_it_comes() -> None:
    class Log(io.StringIO):
        def __init__(self) -> None:
            super().__init__()
            self.flushed: list[str] = []

        def flush(self) -> None:
            self.flushed.append(self.getvalue())

    log = Log()
    shown(replace(answer_of("One two"), standalone_question="Is it?"), ["One", " two"], on=screen(log))
    assert log.flushed[1:3] == ["One", "One two"]


def test_quoted_words_and_the_models_own_look_different() -> None:
    voices = Voices(Style(colour=True), "tiny")
    said = "".join(
        voices.feed(piece) for piece in ("“Built in", " 1871.” [1]", "\n\nIn short: ", "1871. [1]")
    )
    assert "\x1b[1m Built in" not in said
    assert "\x1b[1mBuilt in\x1b[0m\x1b[1m 1871.\x1b[0m" in said
    assert "\n\n\x1b[2mtiny writes: \x1b[0m\x1b[3mIn short: \x1b[0m\x1b[3m1871. [1]\x1b[0m" in said
    assert said.count("tiny writes") == 1


def test_marks_and_bullets_are_nobodys_words() -> None:
    said = Voices(Style(colour=True), "tiny").feed("- “One.” [1]\n- “Two.” [2][3, 4]")
    assert "writes" not in said
    assert "\x1b[3m" not in said


def test_a_quote_within_a_quote_does_not_end_it() -> None:
    said = Voices(Style(colour=True), "tiny").feed("“He said “go” and left.” [1]")
    assert "\x1b[1m and left.\x1b[0m" in said
    assert "writes" not in said


def test_a_quotation_left_open_ends_with_its_statement() -> None:
    voices = Voices(Style(colour=True), "tiny")
    voices.feed("“He said “go and left.” [1]")
    voices.settle()
    assert "\x1b[3mMine.\x1b[0m" in voices.feed(" Mine.")


def test_without_a_model_nobody_is_named() -> None:
    assert "writes" not in Voices(Style(colour=True), "").feed("The articles do not say.")


def test_an_abstention_is_nobodys_writing() -> None:
    declined = answer_of("The articles do not say. They do not mention “Mars”.", abstained=True)
    on = Screen(io.StringIO(), Style(colour=True, width=80))
    assert "The articles do not say. They do not mention “Mars”.\n" in shown(
        declined, [declined.text], on=on, writer="tiny"
    )


READING = "\x1b[2mreading…\x1b[0m"
ERASED = f"\r{' ' * 8}\r"


def reading(answer: Answer, piece: str) -> Iterator[Event]:
    """A model reads, and then says ``piece``, or fails where it is empty."""
    yield Retrieved(
        standalone_question=answer.question, evidence=answer.evidence, abstained=False, reading=True
    )
    if not piece:
        raise ModelError("the model is gone")
    yield Delta(piece)
    yield from (Cited(citation) for citation in answer.citations)
    yield Finished(answer)


def test_a_terminal_says_that_a_model_reads_until_its_first_words() -> None:
    answer = answer_of("122 days [1].")
    on = Screen(io.StringIO(), Style(colour=True, width=80), interactive=True)
    show(reading(answer, answer.text), question=answer.question, writer="tiny", on=on)
    assert isinstance(on.out, io.StringIO)
    assert on.out.getvalue().startswith(f"{READING}{ERASED}\x1b[2mtiny writes: \x1b[0m\x1b[3m122 days")
    assert on.out.getvalue().count("reading") == 1


def test_a_terminal_is_clean_again_where_the_model_fails() -> None:
    on = Screen(io.StringIO(), Style(colour=True, width=80), interactive=True)
    with pytest.raises(ModelError):
        show(reading(answer_of("x"), ""), question="Is it?", writer="tiny", on=on)
    assert isinstance(on.out, io.StringIO)
    assert on.out.getvalue().endswith(f"{READING}{ERASED}")


def test_a_pipe_is_not_told_that_a_model_reads() -> None:
    answer = replace(answer_of("122 days [1]."), standalone_question="Is it?")
    on = screen(io.StringIO())
    show(reading(answer, answer.text), question=answer.question, writer="tiny", on=on)
    assert isinstance(on.out, io.StringIO)
    assert on.out.getvalue() == whole_text(answer)


@pytest.mark.parametrize("outcome", ["nearest", "conversation"])
def test_what_no_model_wrote_is_not_shown_under_its_name(outcome: Outcome) -> None:
    said = replace(answer_of("The articles do not answer “Is it?”"), citations=(), outcome=outcome)
    on = Screen(io.StringIO(), Style(colour=True, width=80), interactive=True)
    show(reading(said, said.text), question=said.question, writer="tiny", on=on)
    assert isinstance(on.out, io.StringIO)
    assert f"{ERASED}{said.text}\n" in on.out.getvalue()


def test_a_terminal_has_colours_and_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    assert screen(Terminal()).style == Style(colour=True, width=40)
    monkeypatch.setenv("NO_COLOR", "1")
    assert screen(Terminal()).style == Style(colour=False, width=40)
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert screen(Terminal()).style == Style(colour=False, width=40)
    assert screen(io.StringIO()).style == PLAIN


def test_a_narrow_terminal_shows_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    long = answer_of("“Yes.” [1]")
    long = replace(long, evidence=(replace(long.evidence[0], title="Many words " * 12),))
    laid = COLOURS.sub("", shown(long, [long.text], on=screen(Terminal())))
    assert laid.split() == whole_text(long).split()
    assert max(cells(line) for line in laid.split("\n")) <= 40


def test_a_table_lines_up_wide_characters() -> None:
    laid = table(("id", "title", "n"), [("a", "漢字", "1"), ("bcd", "x", "1,000")], style=PLAIN, right=(2,))
    assert laid == "id   title      n\na    漢字       1\nbcd  x      1,000\n"


def test_a_table_shortens_its_titles_on_a_narrow_terminal_and_nothing_else() -> None:
    rows = [("an-id-to-be-copied", "A title that is far too long for this", "12")]
    laid = table(("id", "title", "n"), rows, style=Style(width=44)).split("\n")
    assert laid[1] == "an-id-to-be-copied  A title that is far…  12"
    assert (
        table(("id", "title", "n"), rows, style=Style(width=10))
        .split("\n")[1]
        .startswith("an-id-to-be-copied  A title tha…  12")
    )


def test_a_cell_cannot_drive_the_terminal_or_break_its_row() -> None:
    laid = table(("id", "title"), [("a\nb", "\x1b[2J\u202e")], style=PLAIN)
    assert laid == "id   title\na b  ·[2J·\n"


def test_no_bar_is_drawn_where_nobody_sees_it(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("indexing") as tell:
        assert tell is None
    assert capsys.readouterr().err == ""


def test_a_bar_goes_to_standard_error_and_away_again(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Terminal()
    monkeypatch.setattr("sys.stderr", seen)
    with progress("indexing", unit="chunk") as tell:
        assert tell is not None
        assert seen.getvalue() == ""
        tell(1, 4)
        tell(4, 4)
    assert "indexing" in seen.getvalue()
    assert seen.getvalue().rstrip(" ").endswith("\r")
