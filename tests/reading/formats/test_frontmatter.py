"""Front matter: what is one, what is in it, and every way it can be bad."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import ArticleError
from rag.reading.formats.frontmatter import front_matter


def test_values_are_read_and_the_text_starts_after_them() -> None:
    text = "---\ntitle: 'A: title'\ndate: 2023-12-07\ntags: [a, b]\n---\n\nOne.\n\n---\n\nTwo.\n"
    fields, rest = front_matter(text, "a.md")
    assert fields == {"title": "A: title", "date": "2023-12-07", "tags": ["a", "b"]}
    assert rest.strip() == "One.\n\n---\n\nTwo."


@pytest.mark.parametrize(
    "written", ["No", "1984", "1:30", "2023-12-07", "0x10", "1e3", "!!python/name:os.system x"]
)
def test_a_value_is_text_as_written_whatever_yaml_takes_it_for(written: str) -> None:
    fields, _ = front_matter(f"---\ntitle: {written}\n---\nOne.", "a.md")
    assert fields == {"title": written.removeprefix("!!python/name:os.system ")}


@pytest.mark.parametrize(
    "text",
    [
        "---\nno end of this",
        "----\n\nOne.\n\n----",
        "--- a dash\nOne.\n---\n",
        "- one\n---\n- two",
        "---",
        "",
    ],
)
def test_dashes_that_are_no_front_matter_are_text(text: str) -> None:
    assert front_matter(text, "a.md") == ({}, text)


@pytest.mark.parametrize("head", ["", "# a comment\n", "title:\ndate: null\nurl: ~\nid: ''\n"])
def test_empty_front_matter_and_empty_values_are_as_none(head: str) -> None:
    fields, rest = front_matter(f"---\n{head}---\nOne.", "a.md")
    assert (fields, rest.strip()) == ({}, "One.")


def test_the_texts_first_indentation_stays() -> None:
    assert front_matter("---\ntitle: T\n---\n    code\n", "a.md")[1].endswith("\n    code\n")


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("title: [", "line 3"),
        ("title: a: b", "line 2"),
        ("\tx: y", "not YAML"),
        ("? [a]\n: b", "not YAML"),
        ("- a\n- b", "a list"),
        ("just words", "a text"),
        ("a: &x 1\nb: *x", "anchors or aliases"),
        ("a: *x", "anchors or aliases"),
        ("a: " + "[" * 5000, "16 deep"),
        ("a: " + "{a: " * 200, "16 deep"),
        ("a: " + "x" * 70_000, "65536 characters"),
    ],
)
def test_front_matter_that_cannot_be_used_is_an_error_that_says_why(head: str, why: str) -> None:
    with pytest.raises(ArticleError) as caught:
        front_matter(f"---\n{head}\n---\nOne.", "a.md")
    assert why in caught.value.reason
    assert "\n" not in str(caught.value)


def test_a_billion_laughs_are_refused() -> None:
    rows = ["a0: &a0 [lol, lol]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    with pytest.raises(ArticleError, match="anchors"):
        front_matter("---\n" + "\n".join(rows) + "\n---\nOne.", "a.md")


@settings(deadline=None)  # the machine may be busy
@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>'\"#%?\t\n ~\x85é,0."), max_size=60))
def test_any_head_gives_values_or_an_article_error(head: str) -> None:
    try:
        fields, rest = front_matter(f"---\n{head}\n---\nOne.", "a.md")
    except ArticleError:
        return
    assert rest.endswith("One.")
    assert all(isinstance(value, str | list | dict) for value in fields.values())
