"""Vector search on servers: the same answers whether or not the Chroma server can be used, or an error."""

import signal
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from rag.errors import IndexAway
from rag.filters import Filter
from rag.storage.location import ServerAddress
from rag.storage.server.limits import Limits
from tests.support.embedder import made, several
from tests.support.served_index import (
    HASTY,
    chunk_count,
    collection,
    nearest_article,
    open_index,
    word_of,
)
from tests.support.servers import SERVER_MARKS, ChromaServer, Proxy

pytestmark = SERVER_MARKS


@pytest.mark.parametrize("how", ["cut", "stall", "broken"])
def test_without_chroma_few_chunks_are_compared_and_the_answers_are_the_same(
    served: ServerAddress, proxies: Callable[[int], Proxy], how: str
) -> None:
    proxy = proxies(served.port)
    with open_index(replace(served, port=proxy.port), limits=HASTY) as index:
        index.add(several(range(6)))
        before = index.search(f"What of {word_of(2)}?", limit=9)
        proxy.become(how)
        assert index.search(f"What of {word_of(2)}?", limit=9) == before
        index.add([made(8)])  # it is stored, and the vectors follow later
        assert nearest_article(index, 8) == "a0008"
        without = index.search(f"What of {word_of(2)}?", limit=9)
        proxy.become("pass")
        assert index.search(f"What of {word_of(2)}?", limit=9) == without
        index.add([made(9)])
        assert index.check() == ()
        assert collection(served).count() == chunk_count(index)


@pytest.mark.parametrize("how", ["cut", "stall", "broken"])
def test_without_chroma_many_chunks_give_an_error_and_no_worse_answer(
    served: ServerAddress, proxies: Callable[[int], Proxy], how: str
) -> None:
    proxy = proxies(served.port)
    limits = replace(HASTY, fallback_chunks=3)
    with open_index(replace(served, port=proxy.port), limits=limits) as index:
        index.add(several(range(6)))
        proxy.become(how)
        began = time.monotonic()
        with pytest.raises(IndexAway, match=r"the Chroma server chroma://127\.0\.0\.1:\d+/t\d+ .*: start it"):
            index.search(word_of(2), limit=5)
        assert time.monotonic() - began < 20
        assert index.article("a0002") == made(2)  # the texts are elsewhere
        proxy.become("pass")
        assert nearest_article(index, 2) == "a0002"  # the same index, not opened again


def test_a_chroma_server_that_is_killed_and_comes_back_is_asked_again(
    served: ServerAddress, chroma: ChromaServer
) -> None:
    with open_index(served) as index:
        index.add(several(range(6)))
        chroma.stop(signal.SIGKILL)
        try:
            assert nearest_article(index, 2) == "a0002"
            with pytest.raises(IndexAway, match="start it"):  # which is no fault that a repair would mend
                index.check()
            index.add([made(7)])
        finally:
            chroma.start()
        assert nearest_article(index, 7) == "a0007"
        index.add([made(8)])
        assert index.check() == ()


def test_an_index_opens_while_chroma_is_away(served: ServerAddress, chroma: ChromaServer) -> None:
    with open_index(served) as index:
        index.add(several(range(4)))
    chroma.stop()
    try:
        with open_index(served) as index:
            assert len(index.listing()) == 4
            assert nearest_article(index, 2) == "a0002"
    finally:
        chroma.start()


def test_a_filter_over_many_chunks_limits_the_candidates(served: ServerAddress) -> None:
    with open_index(served, limits=Limits(scanned_chunks=3)) as index:
        index.add(several(range(12)))
        within = Filter(articles=tuple(f"a{number:04d}" for number in range(6, 12)))
        for number in range(12):
            hits = index.search(made(number).text[:300], limit=12, within=within)
            assert {hit.chunk.article_id for hit in hits} <= set(within.articles)
            assert number < 6 or hits[0].chunk.article_id == f"a{number:04d}"
