"""From the value of ``--index`` to a folder, or to the address of an index on servers: ``chroma://HOST:PORT/NAME``.

The rest of such an address comes from the environment. Secrets come from there alone, so that no command line, message
or log shows them.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from rag.errors import SettingsError
from rag.system.paths import index_folder

DATABASE = "PINCITE_DATABASE"
TOKEN = "PINCITE_CHROMA_TOKEN"  # noqa: S105  # the name of a setting
_TENANT, _CHROMA_DATABASE = "PINCITE_CHROMA_TENANT", "PINCITE_CHROMA_DATABASE"
_SCHEMES = {"chroma": 8000, "chromas": 443}


# Valid as the name of a schema of PostgreSQL and, with a suffix, of a collection of Chroma.
_NAME = re.compile(r"(?!pg_|information_schema$|public$)[a-z][a-z0-9_-]{0,38}[a-z0-9]")
_WANTED = "give chroma://HOST:PORT/NAME, or chromas:// where the server speaks TLS"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAddress:
    """A Chroma server and a PostgreSQL database, and the ``name`` of the index in both."""

    host: str
    port: int
    tls: bool
    name: str
    database: str = field(repr=False)  # postgresql://…, with its password
    token: str = field(default="", repr=False)
    tenant: str = "default_tenant"
    chroma_database: str = "default_database"

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"chroma{'s' * self.tls}://{host}:{self.port}/{self.name}"


def is_server_address(index: object) -> bool:
    """Whether this names an index on servers, not a folder."""
    return isinstance(index, str) and index.partition("://")[0] in _SCHEMES and "://" in index


def parse_address(index: str, *, environment: Mapping[str, str] = os.environ) -> ServerAddress:
    """Parse ``index``, for which ``is_server_address`` is true. Raises ``SettingsError``, which shows no secret."""
    try:
        parts = urlsplit(index)
        port = parts.port or _SCHEMES[parts.scheme]
    except ValueError as error:
        raise SettingsError(f"--index {index!r} is no address ({error}): {_WANTED}") from error
    host, name = _host(parts, index), _index_name(parts, index)
    return ServerAddress(
        host=host,
        port=port,
        tls=parts.scheme == "chromas",
        name=name,
        database=_database(environment, index),
        token=_token(environment, host=host, tls=parts.scheme == "chromas"),
        tenant=environment.get(_TENANT) or "default_tenant",
        chroma_database=environment.get(_CHROMA_DATABASE) or "default_database",
    )


def _host(parts: SplitResult, index: str) -> str:
    """The host; raises ``SettingsError`` where there is none, or a part that the address may not have."""
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise SettingsError(
            f"the --index at {parts.hostname!r} has more than an address: {_WANTED}, and what is secret in {TOKEN}"
        )
    if not parts.hostname:
        raise SettingsError(f"--index {index!r} names no host: {_WANTED}")
    return parts.hostname


def _index_name(parts: SplitResult, index: str) -> str:
    name = parts.path.strip("/") or "pincite"
    if not _NAME.fullmatch(name):
        raise SettingsError(
            f"the name {name!r} in --index {index!r}: give 2 to 40 lower-case letters, digits, - and _, "
            "a letter first and no - or _ last"
        )
    return name


def _database(environment: Mapping[str, str], index: str) -> str:
    database = environment.get(DATABASE, "")
    if not database:
        raise SettingsError(
            f"--index {index!r} keeps its articles in PostgreSQL: name the database in the environment variable "
            f"{DATABASE}, as postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
        )
    return database


def _token(environment: Mapping[str, str], *, host: str, tls: bool) -> str:
    """The token of the Chroma server, empty for none. It must not leave this machine unencrypted."""
    token = environment.get(TOKEN, "")
    if token and not tls and not _is_this_machine(host):
        raise SettingsError(
            f"{TOKEN} would go to {host!r} for all to read: give chromas:// in --index, for TLS"
        )
    if not token.isprintable() or not token.isascii():
        raise SettingsError(
            f"{TOKEN} holds what no HTTP header may: give it as plain characters, with no line end"
        )
    return token


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def index_location(index: str | Path | None) -> Path | ServerAddress:
    """The folder or the servers that ``--index`` names; ``None`` for the default folder.

    Raises ``SettingsError`` for an address that is malformed, or whose settings in the environment are missing.
    """
    if isinstance(index, str) and is_server_address(index):
        return parse_address(index)
    if isinstance(index, str) and "://" in index:
        raise SettingsError(f"no index lies at {index!r}: give a folder, or chroma://HOST:PORT/NAME")
    return Path(index).expanduser() if index is not None else index_folder(None)
