"""A page of the browser chat without a browser: calls over HTTP what its components call."""

import html
import json
import re
import time
from collections.abc import Sequence
from typing import Any

import httpx


class Opened:
    """A page that was opened: calls what its components call, by number, as Gradio's script does."""

    def __init__(self, visitor: httpx.Client) -> None:
        self.visitor = visitor
        self.session = f"s{time.monotonic_ns()}"
        found = visitor.get("/config").json()["dependencies"]
        self.numbers = {one["api_name"]: one["id"] for one in found}

    def __call__(self, name: str, *data: object, event: object = None) -> list[Any]:
        """What the components get in the end; raises ``RuntimeError`` for what the visitor would be told."""
        body = {
            "fn_index": self.numbers[name],
            "data": data,
            "event_data": event,
            "session_hash": self.session,
        }
        joined = self.visitor.post("/gradio_api/queue/join", json=body, headers=self.origin)
        if joined.status_code != 200:
            raise RuntimeError(joined.text)
        out: list[Any] = []
        stream = self.visitor.stream("GET", "/gradio_api/queue/data", params={"session_hash": self.session})
        with stream as reply:
            for line in reply.iter_lines():
                said = json.loads(line[6:]) if line.startswith("data: ") else {}
                if said.get("msg") == "process_generating" and not out:
                    out = said["output"]["data"]
                if said.get("msg") == "process_completed":
                    if not said["success"]:
                        raise RuntimeError(said["output"]["error"])
                    return said["output"].get("data") or out
        raise AssertionError("the stream ended early")

    @property
    def origin(self) -> dict[str, str]:
        return {"origin": str(self.visitor.base_url).rstrip("/")}

    def ask(self, question: str, *, here: str = "", within: Sequence[object] = ([], "", "", [])) -> str:
        """Ask; the id of the conversation, the last one of the list."""
        said = self("ask_typed", {"text": question, "files": []}, here, "quotes", *within)
        if refused := re.search(r'class="refused"[^>]*>([^<]+)', str(said[5])):
            raise RuntimeError(html.unescape(refused[1]))
        return str(re.findall(r"\?c=([\w-]+)", self("search", "", "")[0])[0])

    def send(self, name: str, data: bytes) -> dict[str, Any]:
        """Send a file to where Gradio keeps it until a component takes it."""
        sent = self.visitor.post("/gradio_api/upload", files={"files": (name, data)}, headers=self.origin)
        if sent.status_code != 200:
            raise RuntimeError(sent.text)
        return {"path": sent.json()[0], "orig_name": name, "meta": {"_type": "gradio.FileData"}}

    def add(self, name: str, data: bytes) -> str:
        """Add a file; what became of it."""
        return str(self("add", [self.send(name, data)])[0])
