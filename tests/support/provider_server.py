"""A server on loopback that speaks the OpenAI protocol, and says and fails as it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Failure:
    """A reply that is no stream."""

    status: int
    body: str
    kind: str = "application/json"


def chunk(text: str | None = None, reason: str | None = None, **delta: Any) -> dict[str, Any]:  # noqa: ANN401
    """An event of a stream: a piece of text, other fields of the delta, or the reason of the end."""
    fields = delta | ({} if text is None else {"content": text})
    return {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "delta": fields, "finish_reason": reason}],
    }


@dataclass
class Provider:
    """``replies`` has what is said by the model of a name; ``asked`` the bodies of the requests, oldest first."""

    replies: dict[str, Failure | list[dict[str, Any]]]
    address: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def provider_server(replies: dict[str, Failure | list[dict[str, Any]]]) -> Iterator[Provider]:
    """A server that replies by the model's name, on a free port."""
    provider = Provider(replies)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            provider.asked.append(body)
            reply = provider.replies[body["model"]]
            self.send_response(reply.status if isinstance(reply, Failure) else 200)
            self.send_header(
                "Content-Type", reply.kind if isinstance(reply, Failure) else "text/event-stream"
            )
            self.end_headers()
            if isinstance(reply, Failure):
                self.wfile.write(reply.body.encode())
                return
            for event in reply:
                self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
            if reply[-1].get("choices", [{}])[0].get("finish_reason"):
                self.wfile.write(b"data: [DONE]\n\n")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    provider.address = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(20)
