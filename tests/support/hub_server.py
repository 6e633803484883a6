"""A server on loopback that serves one file as the Hugging Face hub does."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.tiny_model import CONTENT

FILE_PATH = "/someone/tiny-gguf/resolve/main/tiny.gguf"


class HubServer(ThreadingHTTPServer):
    """Serves ``content``. ``cut`` ends the next answer after so many bytes.

    With ``stalls`` the cut answer stays open until ``resume`` is set, instead of being closed. ``ranges`` are the Range
    headers of the requests, empty for the whole file; ``unneeded`` are paths and headers that no download needs.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = CONTENT
        self.cut = 0
        self.stalls = False
        self.resume = threading.Event()
        self.requested = threading.Event()  # set by the first request
        self.ranges: list[str] = []
        self.unneeded: list[str] = []
        self.address = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: HubServer

    def do_GET(self) -> None:
        range_header = self.headers.get("Range", "")
        self.server.ranges.append(range_header)
        self.server.requested.set()
        if self.path != FILE_PATH:
            self.server.unneeded.append(self.path)
        self.server.unneeded.extend(name for name in ("Authorization", "Cookie") if name in self.headers)
        start = int(range_header.removeprefix("bytes=").partition("-")[0]) if range_header else 0
        body = self.server.content[start:]
        self.send_response(206 if range_header else 200)
        self.send_header("Content-Length", str(len(body)))
        if range_header:
            last = len(self.server.content) - 1
            self.send_header("Content-Range", f"bytes {start}-{last}/{last + 1}")
        self.end_headers()
        if cut := self.server.cut:
            self.server.cut = 0
            self.wfile.write(body[:cut])
            self.wfile.flush()
            if self.server.stalls:
                self.server.resume.wait(60)
            self.close_connection = True
            return
        self.wfile.write(body)

    def log_message(self, format: str, *values: object) -> None:
        """Tests print nothing."""
