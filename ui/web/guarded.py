"""The gate before an application, with the files of those who may pass it."""

import shlex
from collections.abc import Callable
from pathlib import Path

from starlette.types import ASGIApp

from rag.errors import SettingsError
from rag.system.paths import keys_file, users_file
from ui.web.access.gate import Gate
from ui.web.access.keys import Keys
from ui.web.access.rate_limits import Limits
from ui.web.access.sessions import Sessions
from ui.web.access.users import Users
from ui.web.options import Serving


def guarded(serving: Serving, limits: Limits) -> Callable[[ASGIApp], Gate]:
    """Puts the gate before an application. Raises ``SettingsError`` where nobody could pass it."""
    users = Users(serving.users) if serving.users else None
    keys = Keys(serving.keys) if serving.keys else None
    if users and not users.names():
        raise SettingsError(
            f"nobody may sign in yet: `pincite users add NAME{_file(serving.users, users_file())}` adds a user"
        )
    if keys and not keys.names() and not users:
        raise SettingsError(
            f"there is no key yet: `pincite keys add NAME{_file(serving.keys, keys_file())}` makes one"
        )
    sessions = Sessions(users, limits=limits) if users else None
    return lambda app: Gate(app, serving=serving, sessions=sessions, keys=keys)


def _file(file: Path | None, usual: Path) -> str:
    """The option that names the file for a shell; empty for the usual one."""
    return "" if file in (None, usual) else f" --file {shlex.quote(str(file))}"
