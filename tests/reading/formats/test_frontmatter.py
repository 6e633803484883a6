"""Front matter: what is one, what is in it, and every way it can be bad."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.reading.formats.frontmatter import front_matter


def test_values_are_read_and_the_text_starts_after_them() -> None:
    text = "---\ntitle: 'A: title'\ndate: 2023-12-07\ntags: [a, b]\n---\n\nOne.\n\n---\n\nTwo.\n"
    fields, rest, _ = front_matter(text)
    assert fields == {"title": "A: title", "date": "2023-12-07", "tags": ["a", "b"]}
    assert rest.strip() == "One.\n\n---\n\nTwo."


@pytest.mark.parametrize(
    "written", ["No", "1984", "1:30", "2023-12-07", "0x10", "1e3", "!!python/name:os.system x"]
)
def test_a_value_is_text_as_written_whatever_yaml_takes_it_for(written: str) -> None:
    fields, _, _ = front_matter(f"---\ntitle: {written}\n---\nOne.")
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
    assert front_matter(text) == ({}, text, "")


@pytest.mark.parametrize("head", ["", "# a comment\n", "title:\ndate: null\nurl: ~\nid: ''\n"])
def test_empty_front_matter_and_empty_values_are_as_none(head: str) -> None:
    fields, rest, _ = front_matter(f"---\n{head}---\nOne.")
    assert (fields, rest.strip()) == ({}, "One.")


def test_the_texts_first_indentation_stays() -> None:
    assert front_matter("---\ntitle: T\n---\n    code\n")[1].endswith("\n    code\n")


@pytest.mark.parametrize(
    ("head", "fields", "why"),
    [
        ("title: Ferry: the new one", {"title": "Ferry: the new one"}, "line 2"),
        ("title: 'Ferry's end'", {"title": "Ferry's end"}, "line 2"),
        ("title: [\nurl: x", {"url": "x"}, "line 4"),
        ("title: @home", {"title": "@home"}, "line 2"),
        ("title: One\n\turl: x", {"title": "One"}, "line"),
        ("title: 50% off: today\ntags:\n  - a\n  - b", {"title": "50% off: today"}, "line"),
        ("title: {{ page.title }}\ndate: 2024-01-01", {"date": "2024-01-01"}, "unhashable"),
        ("a: &x 1\nb: *x\ntitle: One", {"title": "One"}, "anchors or aliases"),
        ("title: One\na: " + "[" * 5000, {"title": "One"}, "16 deep"),
        ("title: One\na: " + "{a: " * 200, {"title": "One"}, "16 deep"),
    ],
)
def test_of_front_matter_that_is_no_yaml_each_line_is_read_and_a_note_says_so(
    head: str, fields: dict[str, str], why: str
) -> None:
    read, rest, note = front_matter(f"---\n{head}\n---\nOne.")
    assert (read, rest.strip()) == (fields, "One.")
    assert "not read as YAML" in note
    assert why in note or why == "unhashable"


@pytest.mark.parametrize(
    "head", ["\nThe ferry leaves at nine.\n", "- a\n- b", "One: a ferry.\nIt leaves at nine.\n"]
)
def test_text_between_two_rules_is_text(head: str) -> None:
    text = f"---\n{head}\n---\nTwo."
    assert front_matter(text) == ({}, text, "")


def test_a_billion_laughs_are_not_expanded() -> None:
    rows = ["a0: &a0 [lol, lol]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    fields, _, note = front_matter("---\n" + "\n".join(rows) + "\n---\nOne.")
    assert fields == {}
    assert "anchors" in note


@settings(deadline=None)  # the machine may be busy
@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>'\"#%?\t\n ~\x85é,0."), max_size=60))
def test_any_head_gives_values_and_loses_no_text(head: str) -> None:
    fields, rest, _ = front_matter(f"---\n{head}\n---\nOne.")
    assert rest.endswith("One.")
    assert all(isinstance(value, str | list | dict) for value in fields.values())


@pytest.mark.parametrize(
    "text",
    [
        '+++\ntitle = "A: title"\ndate = 2023-12-07T10:00:00Z\n[params]\nx = 1\n+++\n\nOne.\n',
        '{\n  "title": "A: title",\n  "date": "2023-12-07T10:00:00+00:00",\n  "params": {"x": 1}\n}\n\nOne.\n',
        "---\ntitle: 'A: title'\ndate: 2023-12-07T10:00:00+00:00\nparams:\n  x: 1\n...\n\nOne.\n",
        "\n\n---\ntitle: 'A: title'\ndate: 2023-12-07T10:00:00+00:00\nparams: x\n---\n\nOne.\n",
    ],
)
def test_fields_are_read_in_each_form_of_front_matter(text: str) -> None:
    fields, rest, note = front_matter(text)
    assert (fields["title"], fields["params"] != "", rest.strip(), note) == ("A: title", True, "One.", "")
    assert str(fields["date"]).replace(" ", "T") == "2023-12-07T10:00:00+00:00"


@pytest.mark.parametrize(
    "text",
    ["+++ a sum\nOne.", "+++\nnever closed", '{"x": 1}\nOne.', '{"title": "a"} is an object', "{ One }"],
)
def test_braces_and_pluses_that_are_no_front_matter_are_text(text: str) -> None:
    assert front_matter(text) == ({}, text, "")


def test_front_matter_that_is_no_toml_is_left_out_with_a_note() -> None:
    fields, rest, note = front_matter("+++\ntitle = A\n+++\nOne.")
    assert (fields, rest.strip()) == ({}, "One.")
    assert "no TOML" in note
