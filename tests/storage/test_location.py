"""The value of ``--index`` for servers: parsed, or refused with no secret in the message."""

from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.storage.location import index_location, is_server_address, parse_address

DATABASE = {"PINCITE_DATABASE": "postgresql://u:hidden@db/pincite"}


@pytest.mark.parametrize(
    ("index", "parsed"),
    [
        ("chroma://localhost", "chroma://localhost:8000/pincite"),
        ("chroma://localhost:9000/", "chroma://localhost:9000/pincite"),
        ("chroma://localhost/my-news_2", "chroma://localhost:8000/my-news_2"),
        ("chromas://chroma.example.org/news", "chromas://chroma.example.org:443/news"),
        ("chroma://[::1]:8000/news", "chroma://[::1]:8000/news"),
    ],
)
def test_an_address_names_a_server_and_an_index(index: str, parsed: str) -> None:
    assert str(parse_address(index, environment=DATABASE)) == parsed


@pytest.mark.parametrize(
    ("index", "message"),
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
def test_a_malformed_address_is_refused(index: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        parse_address(index, environment=DATABASE)
    assert "hidden" not in str(caught.value)


def test_without_a_database_one_is_asked_for() -> None:
    with pytest.raises(SettingsError, match="PINCITE_DATABASE, as postgresql://"):
        parse_address("chroma://localhost", environment={})


def test_a_token_goes_over_tls_alone_unless_it_stays_on_this_machine() -> None:
    secret = {**DATABASE, "PINCITE_CHROMA_TOKEN": "hidden"}
    for index in ("chroma://localhost", "chroma://127.0.0.1", "chroma://[::1]", "chromas://example.org"):
        assert parse_address(index, environment=secret).token == "hidden"  # noqa: S105
    with pytest.raises(SettingsError, match="give chromas://") as caught:
        parse_address("chroma://example.org", environment=secret)
    assert "hidden" not in str(caught.value)
    with pytest.raises(SettingsError, match="no line end"):
        parse_address("chromas://example.org", environment={**DATABASE, "PINCITE_CHROMA_TOKEN": "hidden\n"})


def test_nothing_secret_is_shown_with_an_address() -> None:
    where = parse_address("chroma://localhost", environment={**DATABASE, "PINCITE_CHROMA_TOKEN": "hidden"})
    assert "hidden" not in f"{where} {where!r}"


def test_a_folder_stays_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    assert index_location("chroma") == Path("chroma")
    assert not is_server_address(Path("chroma://x"))
    monkeypatch.setenv("PINCITE_DATABASE", "postgresql://u@db/pincite")
    assert str(index_location("chroma://db/news")) == "chroma://db:8000/news"
