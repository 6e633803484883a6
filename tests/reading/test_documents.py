"""The table of formats: every one is read lazily, and a damaged file costs itself alone."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from rag.errors import ArticleError
from rag.reading.documents import read_document
from tests.support.files import (
    FILES,
    SENTENCE,
    docx_file,
    docx_paragraph,
    epub_file,
    pdf_file,
    write,
    zip_file,
)


@pytest.mark.parametrize("kind", [".docx", ".odt", ".epub", ".zip", ".pdf", ".csv"])
def test_a_file_damaged_anywhere_gives_articles_or_errors_of_one_line(kind: str) -> None:
    whole = {
        ".docx": docx_file(docx_paragraph(SENTENCE)),
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
        "print({'pypdf', 'docx', 'trafilatura', 'lxml'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.strip() == "set()"
