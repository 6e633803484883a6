"""How the browser chat is served: what may be asked of it, and how much."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rag.errors import SettingsError
from ui.web.framing import NOWHERE, Framing
from ui.web.proxy import Proxy


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """The options of ``pincite serve``. Units stand beside each."""

    host: str = "127.0.0.1"
    port: int = 8765
    users: Path | None = None  # the file of those who may sign in; ``None``: nobody has to
    proxy: Proxy | None = None  # what signs visitors in before they come here
    keys: Path | None = None  # the file of the keys, one of which /v1 asks for; ``None``: it asks for none
    page: bool = True  # whether the page is served, not /v1 alone
    shared: bool = False  # whether all visitors see what one adds
    mcp: bool = False  # whether /mcp answers
    at_once: int = 2  # answers written at the same time
    waiting: int = 200  # questions that may wait for their turn
    rate: str = "20/minute"  # questions of one visitor
    address_rate: str = "240/minute"  # questions from one address
    upload_rate: str = "60/minute"  # articles a visitor may add
    upload_bytes: int = 20 * 1024 * 1024  # bytes in one file
    hosts: tuple[str, ...] = ()  # names this server is reached by, beyond loopback; none: any
    framing: Framing = NOWHERE  # whose pages may frame the chat
    addresses: bool = False  # whether any visitor may have the page at a web address added

    def __post_init__(self) -> None:
        for name, low, high in (("port", 0, 65535), ("at_once", 1, 64), ("waiting", 1, 10_000)):
            value = getattr(self, name)
            if not low <= value <= high:
                option = name.replace("_", "-")
                raise SettingsError(f"--{option} {value!r} is out of range: give {low} to {high}")
        if self.users is not None and self.proxy is not None:
            raise SettingsError("--auth and --auth-header are two ways to sign in: give one of them")
        if self.mcp and not self.page:
            raise SettingsError("--mcp is served beside the page: leave out --no-page")

    @property
    def open(self) -> bool:
        """Whether something answers all who reach it, whoever they are."""
        return not self.named and (self.page or self.keys is None)

    @property
    def sent_bytes(self) -> int:
        """Bytes in one request that brings files: enough for ten of the full size."""
        return 10 * self.upload_bytes

    @property
    def named(self) -> bool:
        """Whether each visitor is a user with a name."""
        return self.users is not None or self.proxy is not None

    @property
    def fetching(self) -> bool:
        """Whether visitors may have web addresses fetched: where only this machine's user can be one, always."""
        return self.addresses or (
            self.local and not self.named and not self.hosts and self.framing == NOWHERE
        )

    @property
    def local(self) -> bool:
        """Whether only this machine reaches the server."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def users_named(option: str | None) -> Path | None:
    """The users file that ``--auth`` names: none where it was not given, the usual one where it names none."""
    from rag.system.paths import users_file

    return _named(option, users_file)


def keys_named(option: str | None, *, auth: str | None) -> Path | None:
    """The file of ``--keys``, as ``users_named``; the usual one where visitors must sign in."""
    from rag.system.paths import keys_file

    return _named("" if option is None and auth is not None else option, keys_file)


def _named(option: str | None, usual: Callable[[], Path]) -> Path | None:
    if option is None:
        return None
    return Path(option).expanduser() if option else usual()
