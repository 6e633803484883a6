"""The keys of programs: a file of names and hashes."""

import stat
from pathlib import Path

import pytest

from rag.errors import SettingsError
from ui.web.access.keys import Keys


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "keys"


def test_a_key_is_known_by_its_name_and_no_other_text_is(file: Path) -> None:
    keys = Keys(file)
    first, second = keys.add("reader"), keys.add("robot")
    assert (keys.name(first), keys.name(second)) == ("reader", "robot")
    for wrong in ("", first[:-1], first + "x", first.upper(), "reader", "\ud800"):
        assert keys.name(wrong) == ""
    assert Keys(file).names() == ("reader", "robot")


def test_a_key_has_256_bits_and_the_file_holds_none_and_is_its_owner_s_alone(file: Path) -> None:
    key = Keys(file).add("reader")
    assert key.startswith("pincite-")
    assert len(key.removeprefix("pincite-")) == 43
    assert key not in file.read_text()
    assert file.read_text().startswith("reader:sha256$")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_that_was_removed_by_another_process_opens_nothing_at_once(file: Path) -> None:
    mine, theirs = Keys(file), Keys(file)
    key = theirs.add("reader")
    assert mine.name(key) == "reader"
    theirs.remove("reader")
    assert mine.name(key) == ""


def test_a_name_that_has_a_key_keeps_it(file: Path) -> None:
    key = Keys(file).add("reader")
    with pytest.raises(SettingsError, match="there is a key 'reader' already: give another name, or remove"):
        Keys(file).add("reader")
    assert Keys(file).name(key) == "reader"


def test_what_is_no_file_of_keys_is_said_with_its_line(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("# keys\nada:$argon2id$x\n")
    with pytest.raises(SettingsError, match=r":2 is no key: `pincite keys add NAME` writes the line"):
        Keys(file).names()
    with pytest.raises(SettingsError, match="'a b' cannot be used"):
        Keys(file).add("a b")
    file.unlink()
    with pytest.raises(SettingsError, match=r"no key 'ada' in .*: `pincite keys` lists them"):
        Keys(file).remove("ada")
