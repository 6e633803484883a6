"""Bytes to text: encodings, line ends, and characters that are not words."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ArticleError
from rag.reading.cleaning import clean, hidden_in, one_line, refuse_surrogates, trimmed
from rag.reading.decoding import decode

WORDS = "Zürich’s naïve façade — 東京, Москва, שלום, हिन्दी, e\u0301, ﬁn, a\u00adb, 👩\u200d🚀, نمی\u200cخواهم"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_unicode_text_is_read_word_for_word(mark: bytes, encoding: str) -> None:
    assert decode(mark + WORDS.encode(encoding), "a.txt") == (WORDS, "")
    assert clean(WORDS, "a.txt") == (WORDS, "")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "The café’s prices rose in Zürich last year. The naïve façade didn’t help — it cost £40."),
        ("utf-16-le", "The café’s prices rose in Zürich last year."),
        ("utf-16-be", "The café’s prices rose in Zürich last year."),
        ("shift_jis", "東京の天気は晴れです。明日は雨が降るでしょう。"),
        ("cp1251", "Москва — столица России. Сегодня хорошая погода."),
        ("latin-1", "café"),
        ("latin-1", "naïve"),
        ("latin-1", "señor garcía"),
    ],
)
def test_an_older_encoding_is_guessed_and_noted(encoding: str, text: str) -> None:
    found, note = decode(text.encode(encoding), "a.txt")
    assert found == text
    assert "read as" in note


@pytest.mark.parametrize(
    ("data", "why"),
    [(codecs.BOM_UTF16_LE + b"\x00\xd8a", "utf-16"), (codecs.BOM_UTF8 + b"\xff", "utf-8")],
)
def test_bytes_that_are_not_what_their_mark_says_are_refused(data: bytes, why: str) -> None:
    with pytest.raises(ArticleError, match=f"'a.txt': not the {why}"):
        decode(data, "a.txt")


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)),
        b"PK\x03\x04\x14\0\x06\0" + bytes(range(255, 0, -1)),
        b"text with a NUL\0 in it",
        codecs.BOM_UTF8 + b"text with a NUL\0 in it",
        b"\x01\x02\x03\x04 a \x05\x06",
    ],
)
def test_a_binary_file_is_called_one(data: bytes) -> None:
    with pytest.raises(ArticleError, match="looks like a binary file"):
        clean(decode(data, "a.txt")[0], "a.txt")


@given(st.binary(max_size=200))
def test_any_bytes_give_text_or_an_article_error(data: bytes) -> None:
    try:
        text, _ = clean(decode(data, "a.txt")[0], "a.txt")
    except ArticleError:
        return
    assert "\r" not in text
    assert hidden_in(text) == "" or "U+20" in hidden_in(text)  # the directions of right-to-left text stay
    text.encode()


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
    assert hidden_in("Profit \u202enever\u202c rose\x02.") == (
        "3 control character(s) kept (U+0002, U+202C, U+202E)"
    )
    assert hidden_in(WORDS) == ""


def test_blank_lines_around_the_text_go_and_its_first_indentation_stays() -> None:
    assert trimmed("\n \t\n    code\nmore  \n\n \n", "a.txt") == "    code\nmore"


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u00a0\n"])
def test_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(ArticleError, match=r"'a\.txt': holds no words"):
        trimmed(text, "a.txt")


def test_one_line_has_no_line_break_and_nothing_hidden() -> None:
    assert one_line(" A\r\n title,\x0c\u202e in\u2028 lines\udce9 ") == "A title, in lines?"


def test_half_a_character_is_refused_with_its_place() -> None:
    refuse_surrogates(WORDS, "the text", "a.txt")
    with pytest.raises(ArticleError, match=r"the text holds half a character \(U\+D83D at 5\)"):
        refuse_surrogates("half \ud83d one", "the text", "a.txt")
