"""What can be reached from outside: a list. Everything else does not exist."""

import re
from dataclasses import dataclass

_READ = frozenset({"GET", "HEAD"})
_EVENT = r"[A-Za-z0-9_-]{1,128}"

# Gradio serves some eighty routes: uploads to a folder of its own, files by path, a proxy, code editing, monitoring.
# These are the ones that its queue and its client need; ``ask`` and ``chat`` are the only functions there are.
_LIST: tuple[tuple[frozenset[str], str], ...] = (
    (_READ, r"/"),
    (_READ, r"/static/[a-z0-9-]{1,40}\.(?:js|css|svg)"),
    (frozenset({"GET", "POST", "PATCH", "DELETE"}), r"/api/[A-Za-z0-9_/-]{1,200}"),
    (frozenset({"POST"}), r"/log(?:in|out)"),
    (frozenset({"GET"}), r"/config"),
    (frozenset({"GET"}), r"/gradio_api/info"),
    (frozenset({"GET"}), rf"/gradio_api/heartbeat/{_EVENT}"),
    (frozenset({"GET"}), r"/gradio_api/queue/data"),
    (frozenset({"POST"}), r"/gradio_api/(?:queue/join|cancel|reset)"),
    (frozenset({"POST"}), r"/gradio_api/call/(?:ask|chat)"),
    (frozenset({"GET"}), rf"/gradio_api/call/(?:ask|chat)/{_EVENT}"),
)
_PROTOCOL = (frozenset({"GET", "POST", "DELETE"}), r"/mcp")
# Before signing in: the page, which then asks for name and password, and who one is.
_BEFORE = re.compile(r"/|/static/.*|/login|/api/me")


@dataclass(frozen=True, slots=True)
class Reachable:
    """``mcp``: whether ``/mcp`` is on the list."""

    mcp: bool

    def methods(self, path: str) -> frozenset[str]:
        """The methods that a path answers; none where it does not exist."""
        entries = (*_LIST, _PROTOCOL) if self.mcp else _LIST
        if "//" in path or "/." in path:
            return frozenset()
        return frozenset().union(*(methods for methods, form in entries if re.fullmatch(form, path)))


def before_sign_in(path: str) -> bool:
    """Whether a path is there for those who have not signed in."""
    return _BEFORE.fullmatch(path) is not None
