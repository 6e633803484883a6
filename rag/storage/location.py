"""Where an index lies that many machines share: ``chroma://HOST:PORT/NAME``, and what the environment says besides.

What is secret comes by the environment alone, so that no command line, message or log shows it.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from rag.errors import SettingsError
from rag.system.paths import index_folder

DATABASE = "PINCITE_DATABASE"


TOKEN = "PINCITE_CHROMA_TOKEN"  # noqa: S105  # the name of a setting


_TENANT, _CHROMA_DATABASE = "PINCITE_CHROMA_TENANT", "PINCITE_CHROMA_DATABASE"


_SCHEMES = {"chroma": 8000, "chromas": 443}


# A schema of PostgreSQL and, with what tells its collections apart, a collection of Chroma may both be called so.
_NAME = re.compile(r"(?!pg_|information_schema$|public$)[a-z][a-z0-9_-]{1,39}")


_ENDS = re.compile(r"[a-z0-9]")


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


def shared(index: object) -> bool:
    """Whether this names an index on servers, not a folder."""
    return isinstance(index, str) and index.partition("://")[0] in _SCHEMES and "://" in index


def address(index: str, *, environment: Mapping[str, str] = os.environ) -> ServerAddress:
    """What ``index``, for which ``shared`` holds, stands for. Raises ``SettingsError``."""
    wanted = "give chroma://HOST:PORT/NAME, or chromas:// where the server speaks TLS"
    try:
        parts = urlsplit(index)
        port = parts.port or _SCHEMES[parts.scheme]
    except ValueError as error:
        raise SettingsError(f"--index {index!r} is no address ({error}): {wanted}") from error
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise SettingsError(
            f"the --index at {parts.hostname!r} has more than an address: {wanted}, and what is secret in {TOKEN}"
        )
    if not parts.hostname:
        raise SettingsError(f"--index {index!r} names no host: {wanted}")
    name = parts.path.strip("/") or "pincite"
    if not _NAME.fullmatch(name) or not _ENDS.fullmatch(name[-1]):
        raise SettingsError(
            f"the name {name!r} in --index {index!r}: give 2 to 40 lower-case letters, digits, - and _, "
            "a letter first and no - or _ last"
        )
    database = environment.get(DATABASE, "")
    if not database:
        raise SettingsError(
            f"--index {index!r} keeps its articles in PostgreSQL: name the database in the environment variable "
            f"{DATABASE}, as postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
        )
    token = environment.get(TOKEN, "")
    if token and parts.scheme == "chroma" and not _here(parts.hostname):
        raise SettingsError(
            f"{TOKEN} would go to {parts.hostname!r} for all to read: give chromas:// in --index, for TLS"
        )
    if not token.isprintable() or not token.isascii():
        raise SettingsError(
            f"{TOKEN} holds what no HTTP header may: give it as plain characters, with no line end"
        )
    return ServerAddress(
        host=parts.hostname,
        port=port,
        tls=parts.scheme == "chromas",
        name=name,
        database=database,
        token=token,
        tenant=environment.get(_TENANT) or "default_tenant",
        chroma_database=environment.get(_CHROMA_DATABASE) or "default_database",
    )


def _here(host: str) -> bool:
    """Whether this is the machine itself, from which nothing goes out."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def index_location(index: str | Path | None) -> Path | ServerAddress:
    """The folder of the index that was named, or the servers; ``None``: the default folder.

    Raises ``SettingsError`` for an address that is none, or that lacks what the environment has to say.
    """
    if isinstance(index, str) and shared(index):
        return address(index)
    if isinstance(index, str) and "://" in index:
        raise SettingsError(f"no index lies at {index!r}: give a folder, or chroma://HOST:PORT/NAME")
    return Path(index).expanduser() if index is not None else index_folder(None)
