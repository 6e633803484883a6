"""A Unix socket that only this process can use, and HTTP requests over it."""

import http.client
import json
import secrets
import shutil
import socket
import tempfile
import time
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rag.errors import ModelError

_PATH_BYTES = 100  # the system's limit for the path of a socket is 104 to 108
_LISTENING_S = 10.0
_ANSWER_S = 60.0
_POLL_S = 0.002


class PrivateSocket:
    """The path of a Unix socket in a new folder of mode 0700, and the API key that its server asks for.

    The folder is removed with this object, or with the process. ``path`` ends in ``.sock``: by that llama.cpp knows
    that it is no host name.
    """

    def __init__(self) -> None:
        self.folder = _make_private_folder()
        self.path = self.folder / "llama.sock"
        self.key = secrets.token_urlsafe(32)
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def wait_until_listening(self) -> None:
        """Return as soon as the server answers; raise ``ModelError`` if it does not within ten seconds."""
        deadline = time.monotonic() + _LISTENING_S
        while True:
            try:
                self._request("GET", "/health", b"")
            except OSError as error:
                if time.monotonic() > deadline:
                    raise ModelError(f"llama.cpp does not answer on {str(self.path)!r}: {error}") from error
                time.sleep(_POLL_S)
            else:
                return

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Post ``body`` as JSON and return the JSON object of the answer, which may describe an error.

        Raises ``ModelError`` if there is no answer, or none in JSON.
        """
        try:
            answer = json.loads(self._request("POST", path, json.dumps(body).encode()))
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise ModelError(f"llama.cpp does not answer on {str(self.path)!r}: {error}") from error
        return dict(answer)

    def _request(self, method: str, path: str, body: bytes) -> bytes:
        connection = _UnixConnection(self.path)
        try:
            headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
            connection.request(method, path, body=body, headers=headers)
            return connection.getresponse().read()
        finally:
            connection.close()


class _UnixConnection(http.client.HTTPConnection):
    """An HTTP connection over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_ANSWER_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def _make_private_folder() -> Path:
    """Make a folder that only this user can enter, with a path short enough for a socket in it."""
    folder = Path(tempfile.mkdtemp(prefix="pincite-"))
    if len(str(folder).encode()) + len("/llama.sock") > _PATH_BYTES:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="pincite-", dir="/tmp"))
    return folder
