"""What can be reached from outside: a list. Everything else does not exist."""

import re
from dataclasses import dataclass

_READ = frozenset({"GET", "HEAD"})
_EVENT = r"[A-Za-z0-9_-]{1,128}"

# Gradio serves some eighty routes: files by path, a proxy, code editing, monitoring. These are the ones that its page,
# its queue and its client need. By name only ``ask`` can be called; the page calls by number, see ``engine``.
_LIST: tuple[tuple[frozenset[str], str], ...] = (
    (_READ, r"/|/theme\.css|/favicon\.ico"),
    (_READ, r"/assets/[A-Za-z0-9_.-]{1,200}"),
    (_READ, r"/static/(?:fonts|img)/[A-Za-z0-9_./-]{1,200}"),
    (_READ, r"/static/[a-z-]{1,40}\.(?:js|css|svg)"),
    (_READ, rf"/api/me|/api/chats/{_EVENT}/download|/api/turns/{_EVENT}/copy"),
    # A report, for the visitor for whom it was made: see ``calls``.
    (_READ, r"/gradio_api/file=[A-Za-z0-9_./-]{1,400}/[0-9a-f]{64}/checked-text\.md"),
    (frozenset({"POST"}), r"/log(?:in|out)"),
    (frozenset({"GET"}), r"/config"),
    (frozenset({"GET"}), r"/gradio_api/(?:info|app_id|startup-events|queue/data|upload_progress)"),
    (frozenset({"GET"}), rf"/gradio_api/heartbeat/{_EVENT}"),
    (frozenset({"POST"}), r"/gradio_api/(?:queue/join|cancel|reset|upload)"),
    (frozenset({"POST"}), r"/gradio_api/call/ask"),
    (frozenset({"GET"}), rf"/gradio_api/call/ask/{_EVENT}"),
)
# Programs that speak OpenAI's protocol; they alone are served where there is no page.
_V1: tuple[tuple[frozenset[str], str], ...] = (
    (_READ, r"/api/me"),
    (frozenset({"GET"}), r"/v1/models(?:/[^/]{1,200})?|/v1/openapi\.json"),
    (frozenset({"POST"}), r"/v1/chat/completions|/v1/check"),
)
_PROTOCOL = (frozenset({"GET", "POST", "DELETE"}), r"/mcp")
# Before signing in: the page that asks for name and password, and whether the server is there.
_BEFORE = re.compile(r"/|/static/[a-z]+\.(?:css|svg)|/login|/api/me")


@dataclass(frozen=True, slots=True)
class Reachable:
    """``mcp``: whether ``/mcp`` is on the list; ``page``: whether the page and all it needs are."""

    mcp: bool
    page: bool = True

    def methods(self, path: str) -> frozenset[str]:
        """The methods that a path answers; none where it does not exist."""
        entries = (*_V1, *(_LIST if self.page else ()), *((_PROTOCOL,) if self.mcp else ()))
        if "//" in path or "/." in path:
            return frozenset()
        return frozenset().union(*(methods for methods, form in entries if re.fullmatch(form, path)))


def before_sign_in(path: str) -> bool:
    """Whether a path is there for those who have not signed in."""
    return _BEFORE.fullmatch(path) is not None
