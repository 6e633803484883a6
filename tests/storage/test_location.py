"""What is given with ``--index`` for servers: read, or refused with nothing secret in the message."""

from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.storage.location import address, index_location, shared

HERE = {"PINCITE_DATABASE": "postgresql://u:hidden@db/pincite"}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("chroma://localhost", "chroma://localhost:8000/pincite"),
        ("chroma://localhost:9000/", "chroma://localhost:9000/pincite"),
        ("chroma://localhost/my-news_2", "chroma://localhost:8000/my-news_2"),
        ("chromas://chroma.example.org/news", "chromas://chroma.example.org:443/news"),
        ("chroma://[::1]:8000/news", "chroma://[::1]:8000/news"),
    ],
)
def test_an_address_names_a_server_and_an_index(given: str, read: str) -> None:
    assert str(address(given, environment=HERE)) == read


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("chroma://", "names no host"),
        ("chroma://host:99999", "no address"),
        ("chroma://host/A", "lower-case"),
        ("chroma://host/x", "2 to 40"),
        ("chroma://host/pg_news", "letter first"),
        ("chroma://host/public", "the name 'public'"),
        ("chroma://host/news-", "no - or _ last"),
        ("chroma://host/a/b", "the name 'a/b'"),
        ("chroma://user:hidden@host/news", "more than an address"),
        ("chroma://host/news?token=hidden", "PINCITE_CHROMA_TOKEN"),
    ],
)
def test_what_is_no_address_is_refused(given: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as caught:
        address(given, environment=HERE)
    assert "hidden" not in str(caught.value)


def test_without_a_database_one_is_asked_for() -> None:
    with pytest.raises(SettingsError, match="PINCITE_DATABASE, as postgresql://"):
        address("chroma://localhost", environment={})


def test_a_token_goes_over_tls_alone_unless_it_stays_on_this_machine() -> None:
    secret = {**HERE, "PINCITE_CHROMA_TOKEN": "hidden"}
    for good in ("chroma://localhost", "chroma://127.0.0.1", "chroma://[::1]", "chromas://example.org"):
        assert address(good, environment=secret).token == "hidden"  # noqa: S105
    with pytest.raises(SettingsError, match="give chromas://") as caught:
        address("chroma://example.org", environment=secret)
    assert "hidden" not in str(caught.value)
    with pytest.raises(SettingsError, match="no line end"):
        address("chromas://example.org", environment={**HERE, "PINCITE_CHROMA_TOKEN": "hidden\n"})


def test_nothing_secret_is_shown_with_an_address() -> None:
    found = address("chroma://localhost", environment={**HERE, "PINCITE_CHROMA_TOKEN": "hidden"})
    assert "hidden" not in f"{found} {found!r}"


def test_a_folder_stays_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    assert index_location("chroma") == Path("chroma")
    assert not shared(Path("chroma://x"))
    monkeypatch.setenv("PINCITE_DATABASE", "postgresql://u@db/pincite")
    assert str(index_location("chroma://db/news")) == "chroma://db:8000/news"
