"""The user whom a proxy names in a request."""

from collections.abc import Iterable

from ui.web.access.visitors import is_name
from ui.web.proxy import Proxy
from ui.web.refusal import Refusal


def refuse_other_peers(proxy: Proxy, peer: str) -> None:
    """Raise ``Refusal`` 403 for a connection that is not the proxy's, whatever it sends."""
    if not proxy.believes(peer):
        raise Refusal("this server answers its proxy alone: open it by the proxy's address", status=403)


def proxied_user(proxy: Proxy, headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The user named by the proxy's header; empty where there is none.

    Raises ``Refusal`` 400 where it cannot be told who is named: the header came twice, or by a name with underscores
    as well, or its value is no name as ``pincite users`` takes it.
    """
    wanted = proxy.header.encode()
    alike = [(name.lower(), value) for name, value in headers if name.lower().replace(b"_", b"-") == wanted]
    if not alike:
        return ""
    [(name, value), *others] = alike
    if others or name != wanted:
        raise Refusal(f"the proxy must set {proxy.header} once, and let none through", status=400)
    try:
        user = value.decode()
    except UnicodeDecodeError:
        user = ""
    if value and not is_name(user):
        raise Refusal(
            f"the name in {proxy.header} cannot be used: it needs 1 to 64 letters, digits or . _ @ -",
            status=400,
        )
    return user
