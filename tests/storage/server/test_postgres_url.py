"""The address of a PostgreSQL database, its TLS, and its errors: each says what is wrong, and none shows a password."""

import sys
from contextlib import closing

import pytest

from rag.errors import IndexAway, IndexFault, SettingsError
from rag.storage.server.postgres import Postgres
from rag.storage.server.postgres_store import SharedStore
from rag.storage.server.postgres_url import schema_name
from tests.support.served_index import HASTY
from tests.support.servers import PASSWORD, SERVER_MARKS, PostgresServer
from tests.support.stores import ARTICLE

pytestmark = SERVER_MARKS


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((PASSWORD, "wrong"), "lets nobody in .*put the user and password right in PINCITE_DATABASE"),
        (("/postgres", "/nowhere"), "no database .*createdb"),
        (("@127", "@127.0.0.1:1,127"), "is no address: give PINCITE_DATABASE as postgresql://"),
        (("postgresql:", "mysql:"), "does not name a PostgreSQL database"),
        (("/postgres", "/postgres?sslmode=perhaps"), "sslmode='perhaps'"),
        (("/postgres", "/postgres?secret=1"), r"not known, \['secret'\]"),
    ],
)
def test_a_wrong_address_says_what_is_wrong_and_no_password(
    postgres: PostgresServer, schema: str, change: tuple[str, str], message: str
) -> None:
    with pytest.raises((IndexFault, SettingsError), match=message) as caught:
        SharedStore(Postgres(postgres.url.replace(*change), schema=schema, limits=HASTY))
    error: BaseException | None = caught.value
    assert PASSWORD not in str(error)
    assert "\n" not in str(error)


def test_without_its_packages_one_is_told_what_to_install(
    schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sqlalchemy.engine", None)
    with pytest.raises(IndexFault, match=r"pip install '\.\[shared\]'"):
        Postgres("postgresql://u@localhost/d", schema=schema)


def test_a_user_who_may_only_read_is_told_so(
    store: SharedStore, postgres: PostgresServer, schema: str
) -> None:
    postgres.run(
        f"CREATE ROLE {schema}_reader LOGIN PASSWORD 'r'",
        f"GRANT USAGE ON SCHEMA {schema} TO {schema}_reader",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {schema}_reader",
    )
    reader = SharedStore(
        Postgres(postgres.url.replace(f"pincite:{PASSWORD}", f"{schema}_reader:r"), schema=schema)
    )
    assert reader.article("colossus") == ARTICLE
    with (
        pytest.raises(IndexFault, match=r"cannot be written .*name a user in PINCITE_DATABASE who may"),
        reader.lock(wait_s=0),
    ):
        pass
    reader.close()


def test_the_socket_of_a_server_on_this_machine_may_be_named_too(
    postgres: PostgresServer, schema: str
) -> None:
    url = f"postgresql://pincite:{PASSWORD}@/postgres?host={postgres.folder}"
    with pytest.raises(IndexAway, match="the local socket"):
        SharedStore(Postgres(url, schema=schema))
    store = SharedStore(Postgres(url.replace("@/", f"@:{postgres.port}/"), schema=schema))
    assert store.count() == 0
    store.close()


def test_postgresql_is_spoken_to_over_tls_and_its_certificate_is_checked(
    postgres: PostgresServer, schema: str
) -> None:
    for mode in (
        "require",
        f"verify-ca&sslrootcert={postgres.certificate}",
        f"verify-full&sslrootcert={postgres.certificate}",
    ):
        with closing(Postgres(f"{postgres.url}?sslmode={mode}", schema=schema)) as connected:
            assert connected.run("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") == [(True,)]
    with pytest.raises(IndexFault, match="certificate verify failed"):
        SharedStore(Postgres(f"{postgres.url}?sslmode=verify-full", schema=schema, limits=HASTY))
    with pytest.raises(SettingsError, match="sslrootcert='/nowhere'"):
        Postgres(f"{postgres.url}?sslmode=verify-full&sslrootcert=/nowhere", schema=schema)


def test_a_password_with_an_at_sign_is_refused_and_not_shown() -> None:
    with pytest.raises(SettingsError, match="has an @ in its user or password: write it as %40") as caught:
        schema_name("postgresql://u:se@kret@db:5432/x", schema="news")
    assert "kret" not in str(caught.value)
    assert (
        schema_name("postgresql://u:se%40kret@db:5432/x", schema="news")
        == "'news in PostgreSQL x at db:5432'"
    )
