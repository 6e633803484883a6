"""LlamaIndex's ``CitationQueryEngine`` behind JSON lines. Runs in an environment of its own, without Pincite.

The first line in holds the chunks, their vectors and where the model listens; each further one a question with its
vector and ``limit``, 0 for a whole answer. One line comes out for each that went in.
"""

import ipaddress
import json
import re
import socket
import sys
from typing import Any


def only_loopback() -> None:
    """Refuse every connection that leaves this machine: an answer must not depend on what it would fetch."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:  # noqa: ANN401
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(str(address[0])):
            raise OSError(f"the worker may not connect to {address!r}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[assignment, method-assign]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def main() -> None:
    """Serve until standard input ends."""
    out, sys.stdout = sys.stdout, sys.stderr  # a stray print must not break the protocol
    only_loopback()
    retriever, engine = _open(json.loads(sys.stdin.readline()))
    print(json.dumps({"ready": True}), file=out, flush=True)
    for line in sys.stdin:
        try:
            reply = _answer(retriever, engine, json.loads(line))
        except Exception as error:  # noqa: BLE001  # reported by the process that asked
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), file=out, flush=True)


def _open(setup: dict[str, Any]) -> tuple[Any, Any]:
    from llama_index.core import MockEmbedding, VectorStoreIndex, set_global_tokenizer
    from llama_index.core.query_engine import CitationQueryEngine
    from llama_index.core.schema import TextNode
    from llama_index.llms.openai_like import OpenAILike

    # Words and marks are counted instead of tiktoken's tokens; the limits are far from what is asked here.
    set_global_tokenizer(re.compile(r"\w+|[^\w\s]").findall)
    nodes = [
        TextNode(text=text, embedding=vector, metadata={"chunk": number})
        for number, (text, vector) in enumerate(zip(setup["chunks"], setup["vectors"], strict=True))
    ]
    # Nodes and questions bring their vectors, so this embedder is never asked.
    index = VectorStoreIndex(nodes=nodes, embed_model=MockEmbedding(embed_dim=len(setup["vectors"][0])))
    model = OpenAILike(
        model="local",
        api_base=setup["address"],
        api_key=setup["key"],
        is_chat_model=True,
        context_window=setup["context_tokens"],
        max_tokens=setup["tokens"],
        temperature=0.0,
        timeout=300.0,
        max_retries=0,
    )
    engine = CitationQueryEngine.from_args(index, llm=model, similarity_top_k=setup["top"])
    return index.as_retriever, engine


def _answer(retriever: Any, engine: Any, request: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    from llama_index.core.schema import QueryBundle

    bundle = QueryBundle(query_str=request["question"], embedding=request["vector"])
    if request["limit"]:
        sources, text = retriever(similarity_top_k=request["limit"]).retrieve(bundle), ""
    else:
        reply = engine.query(bundle)
        sources, text = reply.source_nodes, str(reply)
    return {
        "text": text,
        "sources": [
            {"chunk": source.node.metadata["chunk"], "score": float(source.score)} for source in sources
        ],
    }


if __name__ == "__main__":
    main()
