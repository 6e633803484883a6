"""The address of a PostgreSQL database: parsed, with its TLS settings; and errors of the database in one line each.

With ``rag.storage.server.postgres`` the only file that imports SQLAlchemy.
"""

import getpass
import os
import socket
import ssl
from typing import TYPE_CHECKING

from rag.errors import IndexAway, IndexBroken, IndexBusy, IndexFault, SettingsError
from rag.storage.location import DATABASE

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_WANTED = f"give {DATABASE} as postgresql://USER:PASSWORD@HOST:PORT/DATABASE"


def schema_name(url: str, *, schema: str) -> str:
    """The database and the schema as messages name them, without user and password."""
    address, _ = parse_url(url)
    host = address.host or "the local socket"
    port = f":{address.port}" if address.port else ""
    return repr(f"{schema} in PostgreSQL {address.database} at {host}{port}")


def parse_url(url: str) -> "tuple[URL, dict[str, object]]":
    """The URL for SQLAlchemy, and the arguments of pg8000's ``connect``.

    Missing parts come from the environment: the user's name and ``PGPASSWORD``. Raises ``SettingsError``, which shows
    no password.
    """
    try:
        from sqlalchemy.engine import make_url
    except ImportError as error:
        raise missing_packages() from error
    try:
        address = make_url(url)
    except Exception as error:
        raise SettingsError(f"{DATABASE} is no address: {_WANTED}") from error
    if "@" in (address.host or ""):  # then a part of the password stands where the host should
        raise SettingsError(f"{DATABASE} has an @ in its user or password: write it as %40")
    if address.drivername not in ("postgres", "postgresql") or not address.database:
        raise SettingsError(f"{DATABASE} does not name a PostgreSQL database: {_WANTED}")
    full = address.set(
        drivername="postgresql+pg8000",
        query={},
        username=address.username or getpass.getuser(),
        password=address.password or os.environ.get("PGPASSWORD"),
    )
    return full, _driver_arguments(address)


def _driver_arguments(address: "URL") -> dict[str, object]:
    """What pg8000 needs besides the URL: the options after its ``?``, and a name for the server's list of clients."""
    options = {key: value if isinstance(value, str) else value[-1] for key, value in address.query.items()}
    arguments: dict[str, object] = {"application_name": f"pincite {socket.gethostname()} {os.getpid()}"}
    if (folder := options.pop("host", "")).startswith("/"):
        arguments["unix_sock"] = f"{folder}/.s.PGSQL.{address.port or options.pop('port', 5432)}"
    mode, root = options.pop("sslmode", "disable"), options.pop("sslrootcert", None)
    if options or (folder and not folder.startswith("/")):
        raise SettingsError(
            f"{DATABASE} has options that are not known, {sorted(options)!r}: give sslmode or a socket"
        )
    context = _tls_context(mode, root)
    arguments["ssl_context"] = False if context is None else context
    return arguments


def _tls_context(mode: str, root: str | None) -> ssl.SSLContext | None:
    """TLS as libpq's ``sslmode`` has it: ``require`` encrypts, ``verify-ca`` and ``verify-full`` check as well."""
    if mode == "disable":
        return None
    if mode not in ("require", "verify-ca", "verify-full"):
        raise SettingsError(
            f"sslmode={mode!r} in {DATABASE}: give disable, require, verify-ca or verify-full"
        )
    try:
        context = ssl.create_default_context(cafile=root)
    except OSError as error:
        raise SettingsError(
            f"sslrootcert={root!r} in {DATABASE} cannot be read ({error.strerror})"
        ) from error
    context.check_hostname = mode == "verify-full"
    context.verify_mode = ssl.CERT_NONE if mode == "require" else ssl.CERT_REQUIRED
    return context


def missing_packages() -> IndexFault:
    """The error where SQLAlchemy or pg8000 is not installed."""
    return IndexFault(
        "an index shared through PostgreSQL needs more packages: `pip install '.[shared]'` in Pincite's folder"
    )


def translate_error(error: Exception, *, name: str) -> Exception:
    """The ``IndexFault`` for an error of SQLAlchemy, pg8000 or the network; any other error as it is.

    ``name`` is that of the schema, as messages show it.
    """
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.exc import TimeoutError as PoolTimeout

    is_driver_error = type(error).__module__.split(".")[0] == "pg8000"
    if not isinstance(error, SQLAlchemyError | OSError) and not is_driver_error:
        return error
    if isinstance(error, PoolTimeout):
        return IndexBusy(f"all connections to {name} are in use: ask fewer questions at a time")
    cause = getattr(error, "orig", None) or error
    fields = cause.args[0] if cause.args else ""
    if not isinstance(fields, dict):  # only an error that PostgreSQL itself reported has fields
        reason = f"{cause.__cause__ or cause}"
        return IndexAway(
            f"{name} cannot be reached ({_one_line(reason)}): start PostgreSQL, or mend {DATABASE}"
        )
    return _error_of_code(str(fields.get("C", "")), _one_line(str(fields.get("M", ""))), name)


def _error_of_code(code: str, reason: str, name: str) -> IndexFault:
    """The error for PostgreSQL's ``code``, a SQLSTATE (PostgreSQL's manual, appendix A)."""
    if code.startswith("08") or code in ("57P01", "57P02", "57P03", "53300"):
        return IndexAway(
            f"{name} cannot be reached ({reason}): start PostgreSQL, or let it take more connections"
        )
    if code.startswith("28"):
        return IndexFault(f"{name} lets nobody in ({reason}): put the user and password right in {DATABASE}")
    if code == "3D000":
        return IndexFault(
            f"no database for {name} ({reason}): make it with `createdb -E UTF8`, or mend {DATABASE}"
        )
    if code in ("42501", "25006"):
        return IndexFault(f"{name} cannot be written ({reason}): name a user in {DATABASE} who may")
    if code.startswith("57014"):
        return IndexFault(f"{name} was too slow ({reason}): see what else keeps the database busy")
    if code.startswith("53"):
        return IndexFault(f"{name} could not be used ({reason}): make room and try again")
    if code in ("42P01", "3F000"):
        return IndexFault(f"no index {name} ({reason}): make one with `pincite add`")
    if code.startswith(("XX", "58")):
        return IndexBroken(f"{name} cannot be read ({reason}): put a backup of the database in its place")
    return IndexFault(f"{name} refused a statement ({reason})")


def _one_line(reason: str) -> str:
    return " ".join(reason.split())
