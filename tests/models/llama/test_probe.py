"""A model file is tried in a child process, and recorded if it is good."""

from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.models.file_integrity import is_recorded
from rag.models.llama.probe import check_model
from rag.models.llama.unix_socket import PrivateSocket


@pytest.mark.slow
@pytest.mark.usefixtures("private_home")
def test_a_good_file_is_recorded_and_tried_again_when_it_has_changed(
    test_model: Path, tmp_path: Path
) -> None:
    file = tmp_path / "mine.gguf"
    file.write_bytes(test_model.read_bytes())
    private = PrivateSocket()
    assert check_model(file, private_folder=private.folder).parameters == 134_515_008
    assert is_recorded(file)
    data = bytearray(file.read_bytes())
    data[data.index(b"<issue_closed>") + 1] = 0
    file.write_bytes(data)
    with pytest.raises(ModelError, match="crashes"):
        check_model(file, private_folder=private.folder)
    assert not is_recorded(file)
