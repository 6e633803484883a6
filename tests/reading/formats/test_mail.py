"""Messages of electronic mail."""

from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from rag.reading.articles import read_articles
from tests.support.files import only, reason, write

HEAD = b"From: Ada Merrin <ada@orrin.example>\r\nTo: Tom\r\nDate: Sat, 2 Mar 2024 09:00:00 +0100\r\n"


def test_a_message_gives_its_subject_headers_and_text(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "Ada Merrin <ada@orrin.example>", "Tom"
    message["Subject"], message["Date"] = "Öl für die Lampe", "Sat, 2 Mar 2024 09:00:00 +0100"
    message.set_content("Wir brauchen 7 Liter.\n")
    message.add_alternative("<p>Wir brauchen <b>7</b> Liter, in HTML.</p>", subtype="html")
    message.add_attachment(b"\x00\x01", maintype="image", subtype="png", filename="a.png")
    result = read_articles(write(tmp_path / "a.eml", message.as_bytes()))
    article = only(result)
    assert (article.title, article.date) == ("Öl für die Lampe", date(2024, 3, 2))
    assert article.text == (
        "# Öl für die Lampe\n\n- From: Ada Merrin <ada@orrin.example>\n- To: Tom\n"
        "- Date: Sat, 02 Mar 2024 09:00:00 +0100\n\nWir brauchen 7 Liter."
    )
    assert any("1 attachment(s) not read" in warning for warning in result.warnings)


def test_a_message_in_html_alone_is_read_as_a_page(tmp_path: Path) -> None:
    body = "<h2>Öl</h2>We need 3 × 10<sup>6</sup> litres.".encode("latin-1", "xmlcharrefreplace")
    data = HEAD + b"Content-Type: text/html; charset=iso-8859-1\r\n\r\n" + body
    assert only(read_articles(write(tmp_path / "a.eml", data))).text.endswith(
        "## Öl\n\nWe need 3 × 10⁶ litres."
    )


def test_a_message_in_an_encoding_it_does_not_name_is_read(tmp_path: Path) -> None:
    data = HEAD + b"Content-Type: text/plain; charset=x-unknown\r\n\r\n" + "Öl für drei Nächte.".encode()
    assert only(read_articles(write(tmp_path / "a.eml", data))).text.endswith("Öl für drei Nächte.")


@pytest.mark.parametrize(
    ("plain", "read"),
    [
        ("This message is in HTML.", "The ferry costs 40 crowns."),
        ("", "The ferry costs 40 crowns."),
        ("The ferry costs 40.", "The ferry costs 40."),
    ],
)
def test_of_two_forms_of_a_text_that_is_read_which_has_the_words(
    tmp_path: Path, plain: str, read: str
) -> None:
    message = EmailMessage()
    message["Subject"] = "Ferry"
    message.set_content(plain + "\n")
    message.add_alternative("<p>The ferry costs 40 crowns.</p>", subtype="html")
    assert only(read_articles(write(tmp_path / "a.eml", message.as_bytes()))).text == f"# Ferry\n\n{read}"


def test_text_behind_a_picture_is_read_and_an_attached_file_is_not(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "Pier"
    message.set_content("First.\n")
    message.add_attachment(b"\x00\x01", maintype="image", subtype="png", disposition="inline")
    message.add_attachment("It is 40 m long.\n", disposition="inline")
    message.add_attachment("Minutes of May.\n", filename="a.txt")
    result = read_articles(write(tmp_path / "a.eml", message.as_bytes()))
    assert only(result).text == "# Pier\n\nFirst.\n\nIt is 40 m long."
    assert any("2 attachment(s) not read" in warning for warning in result.warnings)


def test_a_mark_before_the_first_header_is_none_of_it(tmp_path: Path) -> None:
    article = only(read_articles(write(tmp_path / "a.eml", b"\xef\xbb\xbf" + HEAD + b"\r\nSeven.")))
    assert (article.date, article.text.endswith("Seven.")) == (date(2024, 3, 2), True)


def test_what_is_no_message_says_so(tmp_path: Path) -> None:
    assert "is no message" in reason(read_articles(write(tmp_path / "a.eml", "Only words.\n\nAnd more.")))
