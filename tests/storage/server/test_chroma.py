"""A Chroma server: the token that it is sent, and its errors in words."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from chromadb.errors import ChromaAuthError, InternalError, NotFoundError, QuotaError, RateLimitError

from rag.errors import IndexAway, IndexFault
from rag.storage.location import ServerAddress, parse_address
from rag.storage.server.chroma import CollectionBroken, translate_error
from tests.support.embedder import several
from tests.support.served_index import nearest_article, open_index, word_of
from tests.support.servers import SERVER_MARKS, Proxy, certificate

pytestmark = SERVER_MARKS


def test_the_token_is_sent_over_tls_and_whoever_has_none_is_told(
    served: ServerAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    monkeypatch.setenv("PINCITE_CHROMA_TOKEN", "a-secret")
    with closing(Proxy(served.port, tls=files)) as proxy:
        where = parse_address(f"chromas://127.0.0.1:{proxy.port}/{served.name}")
        with open_index(where) as index:
            index.add(several(range(3)))
            assert nearest_article(index, 2) == "a0002"
            assert index.check() == ()
            assert b"authorization: bearer a-secret" in proxy.seen.lower()
            assert b"x-chroma-token: a-secret" in proxy.seen.lower()
            proxy.become("strict")
            with pytest.raises(
                IndexFault, match="lets nobody in: put its token in PINCITE_CHROMA_TOKEN"
            ) as caught:
                index.search(word_of(1), limit=2)
            assert "a-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (RateLimitError("slow down"), IndexAway, "cannot be reached"),
        (QuotaError("300 at most"), IndexFault, "no more room .300 at most."),
        (ChromaAuthError(), IndexFault, "lets nobody in"),
        (InternalError("compactor failed"), CollectionBroken, "run `pincite doctor --index chroma://"),
        (NotFoundError("no such collection"), CollectionBroken, "no such collection"),
    ],
)
def test_each_error_of_chroma_has_its_kind_and_its_message(
    error: Exception, kind: type[IndexFault], message: str
) -> None:
    fault = translate_error(error, server="chroma://h:1/news")
    assert type(fault) is kind
    assert re.search(message, str(fault))
