"""Who may sign in: a file of names and hashed passwords."""

import os
import stat
from pathlib import Path

import pytest

from rag.errors import SettingsError
from ui.web.access.users import Users


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "users"


def test_a_user_who_was_added_may_sign_in_with_that_password_alone(file: Path) -> None:
    users = Users(file)
    users.add("ada", "correct horse")
    assert users.verify("ada", "correct horse")
    assert not users.verify("ada", "correct hors")
    assert not users.verify("ada", "")
    assert not users.verify("bob", "correct horse")
    assert Users(file).names() == ("ada",)


def test_the_file_holds_no_password_and_only_its_owner_reads_it(file: Path) -> None:
    Users(file).add("ada", "correct horse")
    text = file.read_text()
    assert "correct" not in text
    assert text.startswith("ada:$argon2id$")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_adding_a_name_again_changes_the_password(file: Path) -> None:
    users = Users(file)
    users.add("ada", "correct horse")
    users.add("ada", "battery staple")
    assert not users.verify("ada", "correct horse")
    assert users.verify("ada", "battery staple")


def test_a_change_of_the_file_by_another_process_counts_at_once(file: Path) -> None:
    mine, theirs = Users(file), Users(file)
    theirs.add("ada", "correct horse")
    assert mine.verify("ada", "correct horse")
    theirs.remove("ada")
    assert not mine.verify("ada", "correct horse")


def test_removing_a_name_that_is_not_there_says_so(file: Path) -> None:
    with pytest.raises(SettingsError, match=r"no user 'ada' in .*: `pincite users` lists them"):
        Users(file).remove("ada")


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a\nb", "../x", "x" * 65, "#ada"])
def test_a_name_that_would_break_the_file_is_refused(file: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="cannot be used: give 1 to 64"):
        Users(file).add(name, "correct horse")
    assert not file.exists()


@pytest.mark.parametrize("password", ["", "seven77", "x" * 1025])
def test_a_password_too_short_or_too_long_is_refused_with_the_limits(file: Path, password: str) -> None:
    with pytest.raises(SettingsError, match="give 8 to 1024 characters"):
        Users(file).add("ada", password)


def test_a_password_longer_than_any_may_be_is_wrong_though_it_begins_well(file: Path) -> None:
    users = Users(file)
    users.add("ada", "x" * 1024)
    assert users.verify("ada", "x" * 1024)
    assert not users.verify("ada", "x" * 1025)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ada\n", ":1 is no user"),
        ("# who\n\nada:plain\n", ":3 is no user"),
        ("ada:$argon2id$x\nada:$argon2id$y\n", ":2 has 'ada' a second time"),
    ],
)
def test_a_damaged_file_is_named_with_the_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "users"
    file.write_text(text)
    with pytest.raises(SettingsError, match=said):
        Users(file).names()


def test_a_hash_cut_short_lets_nobody_in(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_text("ada:$argon2id$v=19$m=65536\n")
    assert not Users(file).verify("ada", "correct horse")


def test_a_changed_password_is_seen_where_the_clock_gives_the_same_time_again(file: Path) -> None:
    users = Users(file)
    users.add("ada", "correct horse")
    before = file.stat()
    Users(file).add("ada", "battery staple")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert not users.verify("ada", "correct horse")
