"""Bytes to text: by their mark, as UTF-8, by a guess, or not at all."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ArticleError
from rag.reading.cleaning import clean, hidden_note
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
    decoded, note = decode(text.encode(encoding), "a.txt")
    assert decoded == text
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
    assert hidden_note(text) == "" or "U+20" in hidden_note(text)  # the directions of right-to-left text stay
    text.encode()
