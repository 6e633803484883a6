"""The table of formats: every one is read lazily, and a damaged file costs itself alone."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from rag.errors import ArticleError
from rag.reading.documents import FORMATS, read_document
from rag.reading.fields import ReadArticle
from tests.support.files import (
    FILES,
    SENTENCE,
    docx_file,
    docx_paragraph,
    epub_file,
    html_page,
    odt_file,
    odt_paragraph,
    pdf_file,
    pptx_file,
    pptx_shape,
    write,
    xlsx_file,
    zip_file,
)

HIDDEN = "The lamp\u202e went out twice. " + SENTENCE
ONE_ARTICLE: dict[str, bytes] = {
    ".txt": HIDDEN.encode(),
    ".md": HIDDEN.encode(),
    ".html": html_page(f"<p>{HIDDEN}</p><p>{SENTENCE}</p>").encode(),
    ".pdf": pdf_file(HIDDEN.replace("\u202e", "\x9d")),
    ".docx": docx_file(docx_paragraph(HIDDEN)),
    ".pptx": pptx_file(pptx_shape(HIDDEN)),
    ".xlsx": xlsx_file(f'<row><c t="inlineStr"><is><t>{HIDDEN}</t></is></c></row>'),
    ".odt": odt_file(odt_paragraph(HIDDEN)),
    ".rtf": b"{\\rtf1\\ansi " + HIDDEN.replace("\u202e", "\\u8238?").encode() + b"}",
    ".epub": epub_file(f"<p>{HIDDEN}</p>"),
    ".eml": f"Subject: Lamp\nContent-Type: text/plain; charset=utf-8\n\n{HIDDEN}".encode(),
}
ALIASES = {
    ".markdown": ".md",
    ".htm": ".html",
    ".xhtml": ".html",
    ".tsv": ".csv",
    ".docm": ".docx",
    ".dotx": ".docx",
}
SEVERAL_ARTICLES = {".csv", ".jsonl", ".zip"}


def test_every_format_is_tested_here() -> None:
    assert {*ONE_ARTICLE, *ALIASES, *SEVERAL_ARTICLES} == set(FORMATS)
    assert all(FORMATS[alias] is FORMATS[suffix] for alias, suffix in ALIASES.items())


@pytest.mark.parametrize("suffix", ONE_ARTICLE)
def test_every_reader_of_one_article_cleans_its_text(suffix: str) -> None:
    (item,) = read_document(ONE_ARTICLE[suffix], "a", Path(f"a{suffix}"))
    assert isinstance(item, ReadArticle)
    assert "The lamp went out twice." in item.article.text


def test_a_media_type_and_first_bytes_lead_to_one_format_each() -> None:
    formats = {id(entry): entry for entry in FORMATS.values()}.values()
    media_types = [name for entry in formats for name in entry.media_types]
    magic = [entry.magic for entry in formats if entry.magic]
    assert len(media_types) == len(set(media_types))
    assert all(name == name.lower() for name in media_types)
    assert not any(first != second and first.startswith(second) for first in magic for second in magic)


@pytest.mark.parametrize("kind", [".docx", ".pptx", ".xlsx", ".eml", ".odt", ".epub", ".zip", ".pdf", ".csv"])
def test_a_file_damaged_anywhere_gives_articles_or_errors_of_one_line(kind: str) -> None:
    whole = {
        ".docx": docx_file(docx_paragraph(SENTENCE)),
        ".pptx": pptx_file(pptx_shape(SENTENCE)),
        ".xlsx": xlsx_file("<row><c><v>7</v></c></row>"),
        ".eml": f"Subject: Lamp\nContent-Type: text/plain\n\n{SENTENCE}".encode(),
        ".odt": (FILES / "oil.odt").read_bytes(),
        ".epub": epub_file("<p>One.</p>"),
        ".zip": zip_file({"a.txt": SENTENCE}),
        ".pdf": pdf_file(SENTENCE, SENTENCE),
        ".csv": b'text,date\n"One, two",2024-01-01\n',
    }[kind]
    chance = Random(kind)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 3, 20))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            items = list(read_document(bytes(data), "a", Path(f"a{kind}")))
        except ArticleError as error:
            items = [error]
        assert items
        assert all("\n" not in str(item) for item in items if isinstance(item, ArticleError))


def test_reading_text_loads_none_of_the_other_kinds_libraries(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "One.")
    code = (
        "import sys; from pathlib import Path; from rag.reading.articles import read_articles;"
        f"read_articles(Path({str(tmp_path)!r}));"
        "print({'pypdfium2', 'trafilatura', 'lxml'} & set(sys.modules))"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert process.stdout.strip() == "set()"
