"""The examples of docs/http.md, run as they stand there against a real server."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.servers import missing
from ui.web.v1.asked import _ONLY
from ui.web.v1.wire import ChatRequest

PAGE = (Path(__file__).parents[4] / "docs/http.md").read_text("utf-8")


def examples(kind: str, v1: str) -> list[str]:
    """The examples in a language, for this server."""
    found = re.findall(rf"```{kind}\n(.*?)```", PAGE, flags=re.DOTALL)
    return [one.replace("http://127.0.0.1:8765/v1", v1) for one in found if "127.0.0.1:8765" in one]


def said(*words: str) -> str:
    ran = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_examples_of_curl_answer(v1: str) -> None:
    (both,) = examples("sh", v1)
    answers = said("sh", "-ec", both)
    assert "122 days" in answers
    assert '"verdict":"supported"' in answers


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1])
def test_the_examples_of_python_answer(v1: str, number: int) -> None:
    found = examples("python", v1)
    assert len(found) == 2
    assert "122 days" in said(sys.executable, "-c", found[number])


def test_the_example_of_javascript_streams(v1: str) -> None:
    node = shutil.which("node")
    if node is None:
        missing("no node: `apt-get install nodejs`", setting="PINCITE_BROWSER")
    (example,) = examples("js", v1)
    assert "Colossus" in said(node, "--input-type=module", "-e", example)


def test_every_field_and_every_status_is_on_the_page() -> None:
    for name in (*ChatRequest.model_fields, *_ONLY):
        assert f"`{name}`" in PAGE or f"`{name}." in PAGE, name
    for status in (400, 401, 403, 404, 413, 421, 429, 500, 503):
        assert re.search(rf"^\| .*{status}", PAGE, flags=re.MULTILINE), status
