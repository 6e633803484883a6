"""Files and folders become articles: which are read, their ids, and every way a file can be bad."""

import codecs
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import ArticleError
from rag.reading.articles import article_from_text, read_articles
from rag.reading.documents import FileLimits
from rag.schema import Article
from tests.support.files import only, reason, write

UNTIMED = settings(deadline=None)  # the machine may be busy


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder its reader may not open. Root may open all, so the test runs as somebody else."""
    write(tmp_path / "locked" / "one.txt", "One.")
    (tmp_path / "locked").chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield tmp_path / "locked"
    finally:
        if root:
            os.seteuid(0)
        (tmp_path / "locked").chmod(0o700)


# --- folders -----------------------------------------------------------------------------------------------


def test_a_folder_is_read_to_the_bottom_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/B c.markdown", "c.jsonl", "ignored.png", ".hidden.txt", ".git/x.txt"):
        write(tmp_path / name, '{"id": "record", "text": "One."}' if name.endswith("jsonl") else "One.")
    assert [a.id for a in read_articles(tmp_path).articles] == ["a/b-c", "a/z", "b", "record"]


def test_a_readme_and_a_question_set_are_not_articles(tmp_path: Path) -> None:
    for name in ("README.md", "sub/readme.MD", "questions.jsonl", "one.txt"):
        write(tmp_path / name, "One.")
    assert only(read_articles(tmp_path)).id == "one"


def test_a_readme_named_on_purpose_is_read(tmp_path: Path) -> None:
    assert only(read_articles(write(tmp_path / "README.md", "One."))).id == "readme"


def test_a_folder_named_articles_is_read_in_place_of_the_one_around_it(tmp_path: Path) -> None:
    write(tmp_path / "articles" / "one.txt", "One.")
    write(tmp_path / "README.md", "About.")
    assert only(read_articles(tmp_path)).id == "one"
    assert read_articles(tmp_path).warnings == ()


def test_what_lies_beside_a_folder_named_articles_is_reported(tmp_path: Path) -> None:
    write(tmp_path / "articles" / "one.txt", "One.")
    write(tmp_path / "beside.txt", "Two.")
    result = read_articles(tmp_path)
    assert only(result).id == "one"
    (warning,) = result.warnings
    assert "'beside.txt'" in warning


def test_a_folder_with_no_articles_says_what_to_put_there(tmp_path: Path) -> None:
    write(tmp_path / "notes.doc", "x")
    assert ".md" in reason(read_articles(tmp_path))


def test_a_missing_path_a_broken_link_and_an_impossible_path_are_errors(tmp_path: Path) -> None:
    assert "no such file" in reason(read_articles(tmp_path / "none.txt"))
    assert "begins with https://" not in reason(read_articles(tmp_path / "none.txt"))
    for address in ("news.example/feed.xml", "www.news.example"):
        assert reason(read_articles(address)).endswith("an address on the web begins with https://")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    assert "no such file" in reason(read_articles(tmp_path))
    assert "cannot be read" in reason(read_articles(Path("a\0b.txt")))
    assert "cannot be read" in reason(read_articles(Path("x" * 5000 + ".txt")))


def test_a_folder_and_a_file_without_permission_are_errors(locked: Path) -> None:
    assert "permission denied" in reason(read_articles(locked))
    assert "permission denied" in reason(read_articles(locked / "one.txt"))


def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "regular file" in reason(read_articles(tmp_path))


def test_a_file_of_another_kind_is_refused_by_name(tmp_path: Path) -> None:
    assert "'.doc'" in reason(read_articles(write(tmp_path / "page.doc", "One.")))


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    bad: dict[str, str | bytes] = {
        "binary.txt": b"\x7fELF\0\x01\x02\0\xff\xfe\0\0\x90\x81",
        "broken.md": '---\nid: "a\\tb"\n---\nOne.',
        "empty.txt": "",
        "noise.txt": b"\xff\xfe\xfd\x80\x81",
        "record.jsonl": "{",
    }
    for name, content in bad.items():
        write(tmp_path / name, content)
    write(tmp_path / "a.txt", "One.")
    write(tmp_path / "z.txt", "Two.")
    result = read_articles(tmp_path)
    assert [a.id for a in result.articles] == ["a", "z"]
    assert [Path(e.source).name.partition(":")[0] for e in result.errors] == sorted(bad)


# --- bytes to text -----------------------------------------------------------------------------------------


def test_what_was_guessed_or_removed_is_a_warning_that_names_the_file(tmp_path: Path) -> None:
    result = read_articles(write(tmp_path / "a.txt", "Page one.\x0cThe café’s last page.".encode("cp1252")))
    assert only(result).text == "Page one.\nThe café’s last page."
    guessed, turned = result.warnings
    assert guessed.startswith(f"{str(tmp_path / 'a.txt')!r}: not UTF-8, read as")
    assert turned.startswith(f"{str(tmp_path / 'a.txt')!r}: 1 control character(s) turned into white space")


def test_text_is_cleaned_before_and_trimmed_after_its_front_matter_is_read(tmp_path: Path) -> None:
    data = codecs.BOM_UTF8 + b"---\r\ntitle: T\r\n---\r\n\r\n    code\r\nmore \r\n"
    article = only(read_articles(write(tmp_path / "a.md", data)))
    assert (article.title, article.text) == ("T", "    code\nmore")


@pytest.mark.parametrize("content", ["", " \n\t\r\n", "\u00a0\n", "\ufeff", "---\ntitle: One\n---\n\n"])
def test_a_file_without_words_is_an_error(tmp_path: Path, content: str) -> None:
    assert "no words" in reason(read_articles(write(tmp_path / "a.md", content)))


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "fits.txt", "x" * 1000)
    write(tmp_path / "over.txt", "x" * 1001)
    write(tmp_path / "r.jsonl", json.dumps({"id": "a", "text": "x" * 1500}) + '\n{"id": "b", "text": "One."}')
    result = read_articles(tmp_path, FileLimits(file_bytes=1000))
    assert [a.id for a in result.articles] == ["fits", "b"]
    assert [Path(e.source).name for e in result.errors] == ["over.txt", "r.jsonl:1"]
    assert all("split it" in e.reason for e in result.errors)


@UNTIMED
@given(st.binary(max_size=200))
def test_any_bytes_give_an_article_or_an_error_and_never_raise(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = write(tmp_path_factory.getbasetemp() / "any" / "any.md", data)
    result = read_articles(path)
    assert len(result.articles) + len(result.errors) == 1
    for article in result.articles:
        assert article.text.strip()
        assert article.title
        assert "\r" not in article.text
        article.text.encode()


@UNTIMED
@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Cf", "Co", "Cn")), min_size=1))
def test_text_without_controls_is_kept_code_point_for_code_point(text: str) -> None:
    text = f"a{text}b"
    assert article_from_text(text, title="T").text == text


# --- ids ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Hello World!.txt", "hello-world"),
        ("2023/12 Déc/Été.md", "2023/12-déc/été"),
        ("हिन्दी.txt", "हिन्दी"),
        ("東京 の 天気.txt", "東京-の-天気"),
        ("cafe\u0301.txt", "café"),
        ("a.b.c.txt", "a-b-c"),
        ("--x--.txt", "x"),
    ],
)
def test_an_id_is_the_path_below_the_folder(tmp_path: Path, name: str, id: str) -> None:
    write(tmp_path / name, "One.")
    assert only(read_articles(tmp_path)).id == id


def test_a_name_without_letters_and_a_very_long_one_still_make_ids(tmp_path: Path) -> None:
    write(tmp_path / "!!!.txt", "One.")
    write(tmp_path / "???.txt", "Two.")
    for end in "xy":
        write(tmp_path / ("d" * 150) / ("e" * 100 + end + ".txt"), end)
    ids = [a.id for a in read_articles(tmp_path).articles]
    assert len(set(ids)) == 4
    assert all(0 < len(id) <= 200 for id in ids)


def test_a_file_name_that_is_not_unicode_is_read(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("A full sentence.", "utf-8")
    except OSError:
        pytest.skip("this file system takes Unicode names alone")
    article = only(read_articles(tmp_path))
    assert (article.id, article.title) == ("caf", "caf?")


def test_the_second_of_two_articles_with_one_id_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "One.")
    write(tmp_path / "a.txt", "Two.")
    result = read_articles(tmp_path)
    assert [a.text for a in result.articles] == ["One."]
    (error,) = result.errors
    assert error.source.endswith("a.txt")
    assert "'a'" in error.reason
    assert "a.md" in error.reason


# --- pasted text -------------------------------------------------------------------------------------------


def test_pasted_text_becomes_an_article() -> None:
    article = article_from_text("One.\r\n\nTwo.\n", title="My  notes", id="mine")
    assert article == Article(id="mine", title="My notes", text="One.\n\nTwo.")


def test_pasting_twice_is_one_article_and_two_texts_under_one_title_are_two() -> None:
    first = article_from_text("One.", title="Notes").id
    assert first == article_from_text("One.\n", title="Notes").id
    assert first != article_from_text("Two.", title="Notes").id
    assert first.startswith("notes-")


def test_pasted_text_without_a_title_finds_one() -> None:
    assert article_from_text("# Heading\n\nOne.", title="").title == "Heading"
    assert article_from_text("A full sentence.", title=" ").title == "Pasted text"


@pytest.mark.parametrize("text", ["", " \n", "a\0b", "half \ud83d a character", "\x01\x02"])
def test_pasted_text_is_checked_as_a_file_is(text: str) -> None:
    with pytest.raises(ArticleError, match="pasted text"):
        article_from_text(text, title="T")


def test_pasted_text_over_the_limit_and_bad_ids_are_refused() -> None:
    with pytest.raises(ArticleError, match="split it"):
        article_from_text("é" * 6, title="T", limits=FileLimits(file_bytes=10))
    with pytest.raises(ArticleError, match="control character"):
        article_from_text("One.", title="T", id="a\nb")


@UNTIMED
@given(title=st.text(), text=st.text(alphabet="ab. é\n", min_size=1).filter(lambda text: text.strip() != ""))
def test_any_title_makes_a_usable_id(title: str, text: str) -> None:
    article = article_from_text(text, title=title)
    assert 0 < len(article.id) <= 200
    assert article.title.strip()
    assert "\n" not in article.title


def test_a_path_may_be_given_as_text(tmp_path: Path) -> None:
    (tmp_path / "lamp.txt").write_text("The lamp was lit in 1871.", encoding="utf-8")
    assert read_articles(str(tmp_path)) == read_articles(tmp_path)
    assert [article.id for article in read_articles(str(tmp_path)).articles] == ["lamp"]
