"""Markdown: what a reader sees of it, and what is left as it is written."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.reading.articles import read_articles
from rag.reading.formats.markdown import plain_markdown
from tests.support.files import only, write


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("every *three* years", "every three years"),
        ("***All* of it**", "All of it"),
        ("**Lids *stay* shut.**", "Lids stay shut."),
        ("* **Where can I sleep?**", "* Where can I sleep?"),
        ("**Note:**The lid stays shut", "Note:The lid stays shut"),
        ("See [[Ferry Timetable|the timetable]], [[Fees]] ![[map.png]]", "See the timetable, Fees "),
        ("[the log][] and ![a map][m]\n\n[m]: data:image/png\n", "[the log][] and a map\n\n"),
        ("It is ==very== late %%a comment%%now", "It is very late now"),
        ("## Fees {#fees .wide}", "## Fees"),
        ("It costs ~~30~~ 40, <del>31</del> or <s class='x'>32</s> 41", "It costs  40,  or  41"),
        ("about ~~5 and ~~6, a~~b~~c, \\~~7~~", "about ~~5 and ~~6, a~~b~~c, ~~7~~"),
        ("<section>Three</section>", "Three"),
        ("if a == b == c: 50%% of 20%%", "if a == b == c: 50%% of 20%%"),
        ("for 5<sup>1</sup>/<sub>2</sub> inches", "for 5 1/2 inches"),
        ("\\*Remember the lid", "*Remember the lid"),
        ("a fee of \\$5, no\\. 7", "a fee of $5, no. 7"),
        ("_Lids stay shut._ Always.", "Lids stay shut. Always."),
        ("[the log](https://orrin.example/a_(b)?q=1 'Log') says", "the log says"),
        ("[![Lamp](a.png)](https://orrin.example)", "Lamp"),
        ("[read the\nlog](https://orrin.example).", "read the\nlog."),
        ("<img src='a.png' alt='Lamp'> <img src=b.png>", "Lamp "),
        ("see <https://orrin.example/log>", "see https://orrin.example/log"),
        ("[the log][1] and [2]\n\n[1]: https://orrin.example\n", "the log and [2]\n\n"),
        ("Oil &amp; wicks&nbsp;here", "Oil & wicks here"),
        (
            "<div style='x'>\n<ul>\n  <li>Oil</li>\n  <li><a href='x'>Wicks</a></li>\n</ul>\n</div>",
            "- Oil\n- Wicks",
        ),
        ("Monday: 9<br>Friday: 10<br />\nclosed", "Monday: 9\nFriday: 10\nclosed"),
        ("| 9<br>10 | <b>oil</b> |", "| 9 10 | oil |"),
        (
            "<table>\n<tr><th>Day</th><th>Fee</th></tr>\n<tr><td>Monday</td><td>5</td></tr>\n</table>",
            "| Day | Fee |\n| Monday | 5 |",
        ),
        ("5 &lt; 6 and <b>&lt;b&gt;</b>", "5 < 6 and <b>"),
        ("3 × 10<sup>6</sup> cells", "3 × 10⁶ cells"),
        ("before <!-- not\nshown --> after", "before  after"),
    ],
)
def test_markdown_is_read_as_it_is_shown(written: str, read: str) -> None:
    assert plain_markdown(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4, a*b*c, *.py and *.txt",
        "snake_case_name, __init__ and _private_",
        "a < b and List<T>, <your name>",
        "C:\\Users\\ann",
        "1\\. is no item\n\\- nor is this\n\\# nor a heading",
        "| a \\| b | c |",
        "[1] and [a, b] (see there), section 12[A](1)",
        "Run `rm *a* <b>x</b>` now",
        "```\n*a* <br> [x](y)\n```",
        "~~~\n*a*",
        "Text:\n\n    *a* <br> &amp;\n    [x](y)",
        "- one\n- two\n\n# Heading\n\n* three",
        "5 &vert; 3 &nosuch; 4",
        "a note[^1]\n\n[^1]: Of the keeper.",
    ],
)
def test_what_is_no_markup_and_code_stay_as_written(text: str) -> None:
    assert plain_markdown(text) == text


@given(st.text(alphabet=st.sampled_from("ab *_`[](){}<>!\\\n-#|&;:/.1"), max_size=200))
def test_no_letter_outside_of_markup_is_lost(text: str) -> None:
    kept = plain_markdown(text.replace("<", "").replace("]", ""))
    assert [c for c in kept if c in "ab1"] == [
        c for c in text.replace("<", "").replace("]", "") if c in "ab1"
    ]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    [
        "*a",
        "**a ",
        "[a",
        "[a](",
        "<a ",
        "`a",
        "_a ",
        "_" + "a b " * 300,
        "<!--",
        "\\",
        "![",
        "<sup>",
        " \n",
        "a: |",
    ],
)
def test_endless_markup_is_read_in_one_pass(piece: str) -> None:
    assert plain_markdown(piece * (100_000 // len(piece)))


def test_a_file_is_quoted_without_its_markup(tmp_path: Path) -> None:
    text = "# The *lamp*\n\nIt went out **twice** in [the log](https://orrin.example).\n"
    article = only(read_articles(write(tmp_path / "a.md", text)))
    assert (article.title, article.text) == ("The lamp", "# The lamp\n\nIt went out twice in the log.")
