"""Line ends, control characters and blank lines: what is changed in a text, and what is kept."""

import pytest

from rag.errors import ArticleError
from rag.reading.cleaning import clean, hidden_note, one_line, refuse_surrogates, trim

WORDS = "Zürich’s naïve façade — 東京, Москва, שלום, हिन्दी, e\u0301, ﬁn, a\u00adb, 👩\u200d🚀, نمی\u200cخواهم"


def test_every_line_end_becomes_a_line_feed() -> None:
    assert clean("One.\r\nTwo.\rThree.\n\r\nFour.", "a.txt") == ("One.\nTwo.\nThree.\n\nFour.", "")


def test_controls_never_join_two_words_and_are_noted() -> None:
    text, note = clean("Page one.\x0cPage two,\x1fde\x02cision\x85and \x1b[1mmore\x9d words.\u2028New.", "a")
    assert text == "Page one.\nPage two, decision\nand [1mmore words.\u2028New."
    assert "3 control character(s) turned into white space (U+000C, U+001F, U+0085)" in note
    assert "3 control character(s) removed (U+0002, U+001B, U+009D)" in note


def test_words_shown_in_another_order_than_held_are_put_right_and_noted() -> None:
    text, note = clean("Profit \u202enever\u202c rose.", "a")
    assert text == "Profit never\u202c rose."
    assert "removed (U+202E)" in note
    assert "kept (U+202C)" in note


def test_right_to_left_text_keeps_its_controls() -> None:
    text = "\u2067שלום \u2066API\u2069 עולם\u2069 \u200fsaid \u202bمرحبا\u202c."
    kept, note = clean(text, "a")
    assert kept == text
    assert "kept" in note


def test_an_invisible_message_is_removed_and_a_flag_is_not() -> None:
    flag = "🏴" + "".join(chr(0xE0000 + ord(c)) for c in "gbeng") + "\U000e007f"
    secret = "".join(chr(0xE0000 + ord(c)) for c in "obey")
    text, note = clean(f"England {flag} won{secret} the long match again yesterday.", "a")
    assert text == f"England {flag} won the long match again yesterday."
    assert "4 control character(s) removed" in note


def test_what_is_hidden_in_a_text_kept_as_given_is_noted() -> None:
    assert hidden_note("Profit \u202enever\u202c rose\x02.") == (
        "3 control character(s) kept (U+0002, U+202C, U+202E)"
    )
    assert hidden_note(WORDS) == ""


def test_blank_lines_around_the_text_go_and_its_first_indentation_stays() -> None:
    assert trim("\n \t\n    code\nmore  \n\n \n", "a.txt") == "    code\nmore"


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u00a0\n"])
def test_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(ArticleError, match=r"'a\.txt': holds no words"):
        trim(text, "a.txt")


def test_one_line_has_no_line_break_and_nothing_hidden() -> None:
    assert one_line(" A\r\n title,\x0c\u202e in\u2028 lines\udce9 ") == "A title, in lines?"


def test_half_a_character_is_refused_with_its_place() -> None:
    refuse_surrogates(WORDS, "the text", "a.txt")
    with pytest.raises(ArticleError, match=r"the text holds half a character \(U\+D83D at 5\)"):
        refuse_surrogates("half \ud83d one", "the text", "a.txt")
