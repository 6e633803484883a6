"""The catalogue: every entry has a unique name, a SHA-256, a licence and at least one pinned source."""

import re

from rag.models.catalogue import CATALOGUE, DEFAULT_MODEL, HubSource, find_model


def test_every_catalogue_entry_is_complete() -> None:
    names = [model.name for model in CATALOGUE]
    assert len(set(names)) == len(names)
    assert find_model(DEFAULT_MODEL) is CATALOGUE[0]
    for model in CATALOGUE:
        assert re.fullmatch(r"[0-9a-f]{64}", model.sha256)
        assert model.licence
        assert model.file.endswith(".gguf")
        assert model.sources
        for source in model.sources:
            if isinstance(source, HubSource):
                assert re.fullmatch(r"[0-9a-f]{40}", source.revision)
