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


POLISH = "Rada gminy Żółkiew uchwaliła w środę, że nowa łączka nad rzeką będzie otwarta od świtu."
CZECH = (
    "Zastupitelstvo města Žďár rozhodlo ve středu, že nová knihovna se otevře v dubnu. Šest tříd tě uvítá."
)
TURKISH = "Vapur her sabah yedide kalkar. Bilet kırk liradır, küçük çocuklar ücretsizdir. Gişe kapalıdır."
HUNGARIAN = "A komp reggel hét órakor indul. A jegy ára negyven forint, a gyerekek ingyen utaznak. Őszi fű."
LITHUANIAN = "Keltas išplaukia kas rytą septintą valandą. Šeštadienį kasa uždaryta, žąsys ir ūkis."
GERMAN = "Die Fähre legt um sieben ab – die „Größe“ der Länge nach."
ICELANDIC = "Ferjan fer klukkan sjö á morgnana. Miðinn kostar fjörutíu krónur, það er ódýrt."
UKRAINIAN = "Пором відходить о сьомій годині ранку. Квиток коштує сорок гривень, діти їдуть безкоштовно."
CHINESE = "渡輪每天早上七點從碼頭出發。船票四十元，七歲以下兒童免費。"
JAPANESE = "東京の天気は晴れです。明日は雨が降るでしょう。"


@pytest.mark.parametrize(
    "text", [POLISH, CZECH, "Die Mühle öffnet täglich – für 40 €.", JAPANESE, "Маяк стоит у моря."]
)
@pytest.mark.parametrize("bad", [b"\x96", b"\xff", b"\xc3", b"\xa0"])
def test_a_bad_byte_in_utf8_costs_itself_alone(text: str, bad: bytes) -> None:
    data = text.encode()
    middle = data.index(b" ") if b" " in data else len("東京".encode())
    decoded, note = decode(data[:middle] + bad + data[middle:], "a.txt")
    assert decoded.replace("\ufffd", "") == text
    assert note.startswith("1 byte(s) are not UTF-8")


def test_text_that_was_cut_off_within_a_letter_is_read() -> None:
    decoded, note = decode((POLISH + "ż").encode()[:-1], "a.txt")
    assert decoded == POLISH + "\ufffd"
    assert "1 byte(s)" in note


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("iso8859_2", POLISH),
        ("iso8859_2", CZECH),
        ("cp1250", POLISH),
        ("cp1250", CZECH),
        ("cp852", POLISH),
        ("cp1254", TURKISH),
        ("cp1250", HUNGARIAN),
        ("iso8859_2", HUNGARIAN),
        ("cp1257", LITHUANIAN),
        ("cp1252", GERMAN),
        ("mac_roman", GERMAN),
        ("cp1252", ICELANDIC),
        ("mac_roman", "Müller. " + "The ferry leaves at seven. " * 20),
        ("cp850", "Müller"),
        ("cp1252", "£40"),
        ("cp1252", "“ok”"),
        ("cp1252", "It was 20°C. " + "The ferry leaves at seven. " * 200),
        ("cp1251", UKRAINIAN),
        ("big5", CHINESE),
        ("utf-16-le", UKRAINIAN),
        ("utf-16-be", UKRAINIAN),
        ("utf-16-le", CHINESE),
        ("utf-16-be", "שלום עולם. הכל טוב.\n"),
        ("iso2022_jp", JAPANESE),
        ("iso2022_kr", "등대는 바다 옆에 있습니다. 기름은 칠 리터입니다."),
        ("hz", "灯塔在海边。"),
        ("euc_jp", JAPANESE * 3),
        ("koi8_r", "Москва — столица России. Сегодня хорошая погода.".replace("—", "-")),
    ],
)
def test_an_encoding_that_looks_like_another_is_told_apart(encoding: str, text: str) -> None:
    decoded, note = decode(text.encode(encoding), "a.txt")
    assert decoded == text
    assert "read as" in note


def test_a_nul_in_a_text_is_removed_and_counted() -> None:
    decoded, note = decode(POLISH.encode() * 3 + b"\0" + POLISH.encode(), "a.txt")
    assert decoded == POLISH * 4
    assert note == "1 NUL character(s) removed"


def test_a_bad_byte_behind_a_mark_costs_itself_alone() -> None:
    decoded, note = decode(codecs.BOM_UTF8 + POLISH.encode() + b"\xff", "a.txt")
    assert decoded == POLISH + "\ufffd"
    assert note.startswith("1 byte(s)")
