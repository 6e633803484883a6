"""Whose pages may frame the chat, and what follows from it for headers and cookies. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address

from rag.errors import SettingsError

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# A source of the Content Security Policy without a path. Nothing in it can end the directive or begin another one.
_ORIGIN = re.compile(
    rf"(?P<scheme>https?)://(?P<host>(?:\*\.)?{_LABEL}(?:\.{_LABEL})*)(?::(?P<port>[0-9]{{1,5}}))?/?",
    re.IGNORECASE,
)
_SELF, _NOBODY = "'self'", "'none'"
_FIX = "give https://HOST, https://HOST:PORT, https://*.HOST or self"
_LONGEST = 80  # characters of a refused address that a message repeats


@dataclass(frozen=True, slots=True)
class Framing:
    """The pages that may frame the chat, as sources of the Content Security Policy; none: no page may."""

    sources: tuple[str, ...] = ()

    @property
    def directive(self) -> str:
        """The directive of the Content Security Policy that says so."""
        return f"frame-ancestors {' '.join(self.sources) or _NOBODY}"

    @property
    def frame_options(self) -> str:
        """``X-Frame-Options`` to the same effect, for old browsers; empty where it cannot say it."""
        if not self.sources:
            return "DENY"
        return "SAMEORIGIN" if self.sources == (_SELF,) else ""

    def cookie_attributes(self, *, https: bool) -> str:
        """How far a cookie goes. One that is to reach a frame in another site's page must be ``Secure``.

        ``Partitioned`` keeps it to the page that frames the chat: browsers that refuse cookies of other sites take it,
        and the same browser is another visitor where it opens the chat by itself.
        """
        if https and set(self.sources) - {_SELF}:
            return "SameSite=None; Secure; Partitioned"
        return "SameSite=Strict; Secure" if https else "SameSite=Strict"


NOWHERE = Framing()


def read_framing(origins: Sequence[str]) -> Framing:
    """The addresses of ``--frame-ancestors``. Raises ``SettingsError`` for one that is no origin."""
    return Framing(tuple(dict.fromkeys(map(_source, origins))))


def _source(origin: str) -> str:
    if origin.strip("'").casefold() == "self":
        return _SELF
    found = _ORIGIN.fullmatch(origin)
    if found is None or not _possible(found["host"]) or int(found["port"] or 1) not in range(1, 65536):
        raise SettingsError(f"--frame-ancestors {origin[:_LONGEST]!r} is no origin: {_FIX}")
    return origin.removesuffix("/").lower()


def _possible(host: str) -> bool:
    """Whether a host may be one: an IPv4 address has four numbers, and no whole domain such as ``*.com`` is let in."""
    if host.startswith("*.") and "." not in host[2:]:
        return False
    if host.rpartition(".")[2].isdigit():
        try:
            IPv4Address(host)
        except AddressValueError:
            return False
    return True
