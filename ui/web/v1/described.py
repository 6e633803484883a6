"""The OpenAPI document of ``/v1``: what FastAPI says of it, with the fields of an answer and of a stream."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

import rag
from rag.checking import CheckedStatement
from rag.schema import Answer, Citation, Disagreement, Span
from ui.web.v1.wire import Chunk

_REFS = "#/components/schemas/{model}"
_SPAN = {
    "type": "array",
    "items": {"type": "integer", "minimum": 0},
    "minItems": 2,
    "maxItems": 2,
    "description": "start and end of a half-open range of code points",
}
# What ``rag.serialization`` adds to the fields of a type.
_ADDED: dict[type, dict[str, JsonSchemaValue]] = {
    Answer: {"abstained": {"type": "boolean"}},
    Citation: {"verified": {"type": "boolean"}},
    Disagreement: {"newest": {"type": "integer"}, "described": {"type": "string"}},
}


class _AsJson(GenerateJsonSchema):
    """The schema of what ``to_json`` makes of a dataclass: each field is there, and no other."""

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        if schema["cls"] is Span:
            return _SPAN
        found = super().dataclass_schema(schema)
        found["properties"] |= _ADDED.get(schema["cls"], {})
        return {**found, "required": sorted(found["properties"]), "additionalProperties": False}


def document(app: FastAPI) -> dict[str, Any]:
    """The document of the routes of ``app``."""
    found = get_openapi(title="Pincite", version=rag.__version__, routes=app.routes)
    schemas: dict[str, Any] = found["components"]["schemas"]
    nouns = ((Answer, "serialization"), (CheckedStatement, "serialization"), (Chunk, "serialization"))
    _, made = TypeAdapter.json_schemas(
        [(noun, mode, TypeAdapter(noun)) for noun, mode in nouns],  # type: ignore[misc]
        ref_template=_REFS,
        schema_generator=_AsJson,
    )
    schemas |= made["$defs"]
    answer, citation = ({"$ref": _REFS.format(model=name)} for name in ("Answer", "Citation"))
    cited = {"type": "object", "properties": {"citations": {"type": "array", "items": citation}}}
    schemas["Completion"]["properties"]["pincite"] = answer
    schemas["Chunk"]["properties"]["pincite"] = {
        "anyOf": [answer, {**cited, "required": ["citations"], "additionalProperties": False}]
    }
    schemas["CheckedReply"]["properties"]["statements"]["items"] = {
        "$ref": _REFS.format(model="CheckedStatement")
    }
    return found
