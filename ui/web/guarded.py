"""The gate before an application, with the files of those who may pass it."""

from collections.abc import Callable

from starlette.types import ASGIApp

from rag.errors import SettingsError
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
            f"nobody may sign in yet: `pincite users add NAME` adds a user to {str(serving.users)!r}"
        )
    if keys and not keys.names() and not users:
        raise SettingsError(f"there is no key yet: `pincite keys add NAME` adds one to {str(serving.keys)!r}")
    sessions = Sessions(users, limits=limits) if users else None
    return lambda app: Gate(app, serving=serving, sessions=sessions, keys=keys)
