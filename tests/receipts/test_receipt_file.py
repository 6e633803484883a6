"""A receipt in a file: it is read back as it was written, and what is no receipt is one clear line."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ReceiptError
from rag.receipts import read_receipt, write_receipt
from rag.schema import Span
from tests.support.quoted_passage import ANSWER, CITED

MOMENT = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "receipt.json"


def test_a_receipt_is_read_back_as_it_was_written(file: Path) -> None:
    written = write_receipt(file, ANSWER, written=MOMENT)
    assert read_receipt(file) == written
    data = json.loads(file.read_text("utf-8"))
    assert list(data) == ["format", "version", "written", "answer"]
    assert (data["format"], data["version"], data["written"]) == (
        "pincite-receipt",
        1,
        "2026-05-01T12:00:00+00:00",
    )


def test_half_a_character_survives(file: Path) -> None:
    answer = replace(ANSWER, question="\ud800?")
    write_receipt(file, answer, written=MOMENT)
    assert read_receipt(file).answer.question == "\ud800?"


def _changed(**fields: object) -> str:
    return json.dumps(
        {"format": "pincite-receipt", "version": 1, "written": MOMENT.isoformat(), "answer": {}} | fields
    )


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", "is no receipt"),
        ("{", "is no receipt"),
        ("[]", "give an object"),
        ("null", "give an object"),
        ("[" * 100_000, "nested too deep"),
        ('{"format": NaN}', "NaN is no JSON"),
        ('{"format": "pincite-receipt"}', "receipt.version is missing"),
        (_changed(format="other"), "not 'pincite-receipt'"),
        (_changed(version=2), "reads version 1"),
        (_changed(version="1"), "receipt.version"),
        (_changed(extra=1), "receipt.extra is unknown"),
        (_changed(answer={"text": 1}), "receipt.answer"),
    ],
)
def test_what_is_no_receipt_is_one_clear_line(file: Path, content: str, line: str) -> None:
    file.write_text(content, "utf-8")
    with pytest.raises(ReceiptError, match=line) as failed:
        read_receipt(file)
    assert "\n" not in str(failed.value)
    assert str(file) in str(failed.value)
    assert "pincite ask --receipt" in str(failed.value)


@pytest.mark.parametrize("moment", ["yesterday", "2026-05-01", "2026-05-01T12:00:00", 7, None])
def test_a_moment_without_its_zone_is_refused(file: Path, moment: object) -> None:
    write_receipt(file, ANSWER, written=MOMENT)
    data = json.loads(file.read_text("utf-8")) | {"written": moment}
    file.write_text(json.dumps(data), "utf-8")
    with pytest.raises(ReceiptError, match="written"):
        read_receipt(file)


def test_a_claim_past_the_end_of_the_answer_is_refused(file: Path) -> None:
    wide = replace(CITED, claim=Span(0, len(ANSWER.text) + 1))
    write_receipt(file, replace(ANSWER, citations=(wide,)), written=MOMENT)
    with pytest.raises(ReceiptError, match="reaches past the end"):
        read_receipt(file)


def test_bytes_that_are_no_text_a_folder_and_no_file_are_refused(file: Path, tmp_path: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    for path in (file, tmp_path, tmp_path / "none.json", "a\0b"):
        with pytest.raises(ReceiptError):
            read_receipt(path)
    with pytest.raises(ReceiptError, match="cannot write"):
        write_receipt(tmp_path / "none" / "receipt.json", ANSWER)


@given(st.data())
def test_a_damaged_receipt_is_read_or_refused_and_never_anything_else(data: st.DataObject) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "receipt.json"
        write_receipt(file, ANSWER, written=MOMENT)
        raw = bytearray(file.read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
        file.write_bytes(raw)
        try:
            receipt = read_receipt(file)
        except ReceiptError:
            return
        assert all(c.claim.end <= len(receipt.answer.text) for c in receipt.answer.citations)
