"""The catalogue: every entry has a unique name, a SHA-256, a licence and at least one pinned source."""

import re

from rag.models.catalogue import CATALOGUE, HubSource, WheelPartsSource, find_model


def test_every_catalogue_entry_is_complete() -> None:
    names = [model.name for model in CATALOGUE]
    assert len(set(names)) == len(names)
    for model in CATALOGUE:
        assert re.fullmatch(r"[0-9a-f]{64}", model.sha256)
        assert model.licence
        assert model.file.endswith(".gguf")
        assert model.sources
        for source in model.sources:
            if isinstance(source, HubSource):
                assert re.fullmatch(r"[0-9a-f]{40}", source.revision)
            if isinstance(source, WheelPartsSource):
                assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in source.sha256)
                assert -(-model.bytes // source.part_bytes) == len(source.sha256)


def test_a_model_is_found_by_its_name_whatever_its_case() -> None:
    assert find_model(" SmolLM2-135M ") is CATALOGUE[-1]
    assert find_model("smollm") is None


def test_what_was_tried_can_answer() -> None:
    assert [model.name for model in CATALOGUE if model.tried] == ["qwen2.5-coder-1.5b"]
    assert [model.name for model in CATALOGUE if not model.answers] == ["smollm2-135m"]
    assert all(model.answers for model in CATALOGUE if model.tried)
