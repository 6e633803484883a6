"""What an OpenAPI document says of a reply, held against the reply."""

from typing import Any

import httpx
import jsonschema


class Document:
    """The document at an address; ``check`` fails for a value that is not what the document calls by a name."""

    def __init__(self, address: str, **headers: str) -> None:
        reply = httpx.get(f"{address}/openapi.json", headers=headers)
        assert reply.status_code == 200
        self.said: dict[str, Any] = reply.json()

    def check(self, name: str, value: object) -> None:
        schema = {"$ref": f"#/components/schemas/{name}", "components": self.said["components"]}
        jsonschema.Draft202012Validator(schema).validate(value)
