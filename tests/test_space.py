"""The files in ``deploy/space/`` start Pincite as a Space expects it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import yaml

import rag
from tests.support.servers import free_port, waited

ROOT = Path(__file__).parent.parent
SPACE = ROOT / "deploy" / "space"
Start = Callable[[Path], str]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Runs ``app.py`` of a copy of the folder, on a free port of loopback; gives its address."""
    running: list[subprocess.Popen[bytes]] = []

    def started(space: Path) -> str:
        shutil.copytree(SPACE, space, dirs_exist_ok=True)
        port = free_port()
        settings = {"GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_SERVER_PORT": str(port)}
        place = {"PINCITE_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
        with (tmp_path / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "app.py"],
                env={**os.environ, **settings, **place},
                cwd=space,
                stdout=log,
                stderr=log,
            )
        running.append(process)
        address = f"http://127.0.0.1:{port}"

        def up() -> bool:
            with suppress(httpx.TransportError):
                return httpx.get(f"{address}/").status_code == 200
            return False

        waited(up, process=process, within_s=120)
        return address

    yield started
    for process in running:
        process.terminate()
        process.wait(30)


def asked(address: str, question: str) -> str:
    call = f"{address}/gradio_api/call/ask"
    event = httpx.post(call, json={"data": [question, [], [], "", "", []]}).json()["event_id"]
    return httpx.get(f"{call}/{event}", timeout=60).text


@pytest.mark.slow
def test_the_articles_beside_it_are_asked_in_quotes(start: Start, tmp_path: Path) -> None:
    (tmp_path / "space" / "articles").mkdir(parents=True)
    (tmp_path / "space" / "articles" / "light.md").write_text(
        "# Orrin\n\nThe lighthouse at Orrin was built in 1871 by Maria Keller.\n"
    )
    address = start(tmp_path / "space")
    said = asked(address, "When was the lighthouse at Orrin built?")
    assert "1871" in said
    assert '"model": "quotes"' in said
    assert "frame-ancestors https://huggingface.co" in httpx.get(address).headers["content-security-policy"]
    assert "x-frame-options" not in httpx.get(address).headers


@pytest.mark.slow
def test_without_articles_the_shipped_one_is_asked(start: Start, tmp_path: Path) -> None:
    address = start(tmp_path / "space")
    assert "122 days" in asked(address, "How long did Colossus take to build?")


def test_the_head_of_its_page_and_its_image_agree_with_the_program() -> None:
    _, head, _ = (SPACE / "README.md").read_text("utf-8").split("---\n", 2)
    settings = yaml.safe_load(head)
    image = (SPACE / "Dockerfile").read_text("utf-8")
    assert settings["sdk"] == "docker"
    assert f"EXPOSE {settings['app_port']}\n" in image
    assert f"'{settings['app_port']}'" in (SPACE / "app.py").read_text("utf-8")
    assert len(settings["short_description"]) <= 60  # as the Hub asks
    assert 'CMD ["python", "app.py"]' in image


def test_it_installs_this_version_and_is_not_shared() -> None:
    wheel = re.findall(r"^\./pincite-(.+)-py3-none-any\.whl$", (SPACE / "requirements.txt").read_text(), re.M)
    assert wheel == [rag.__version__]
    assert "--share" not in (SPACE / "app.py").read_text("utf-8")
