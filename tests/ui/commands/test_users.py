"""The commands about visitors: who may sign in, and what they said of answers; and what `serve` refuses."""

import io
import json
from contextlib import closing
from pathlib import Path

import pytest

from rag.schema import Answer
from rag.serialization import answer_from_json
from rag.system.paths import chats_file, keys_file, users_file
from ui.cli import main
from ui.web.access.keys import Keys
from ui.web.access.users import Users
from ui.web.access.visitors import user
from ui.web.conversation.saved import Chats
from ui.web.options import Serving, keys_named
from ui.web.server import listen


@pytest.fixture(autouse=True)
def home(private_home: Path) -> Path:
    return private_home


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stdin = io.StringIO("correct horse\n")
    monkeypatch.setattr("sys.stdin", stdin)
    return stdin


def rated(*, liked: bool, note: str) -> Answer:
    answer = Answer(question="Who?", standalone_question="Who?", text="Ada.\x1b[2J", model="quotes")
    chats = Chats(chats_file())
    chat = chats.begin(user("ada"), title="x")
    kept = chats.keep(user("ada"), chat, question="Who?", answer=answer, stopped=False)
    chats.rate(user("ada"), kept.id, liked=liked, note=note)
    chats.close()
    return answer


def test_a_user_is_added_listed_and_removed(typed: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["users"]) == 0
    assert "nobody may sign in yet: `pincite users add NAME`" in capsys.readouterr().out
    assert main(["users", "add", "ada"]) == 0
    assert capsys.readouterr().out == "ada may sign in\n"
    assert Users(users_file()).verify("ada", "correct horse")
    assert main(["users"]) == 0
    assert capsys.readouterr().out == "ada\n"
    assert main(["users", "remove", "ada"]) == 0
    assert capsys.readouterr().out == "ada may sign in no more\n"
    assert Users(users_file()).names() == ()


def test_a_users_file_may_lie_anywhere(typed: io.StringIO, tmp_path: Path) -> None:
    assert main(["users", "add", "ada", "--file", str(tmp_path / "mine")]) == 0
    assert Users(tmp_path / "mine").names() == ("ada",)
    assert not users_file().exists()


def test_a_short_password_is_one_line_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert main(["users", "add", "ada"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "give 8 to 1024 characters" in said


def test_a_key_is_printed_once_alone_and_listed_and_removed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys"]) == 0
    assert capsys.readouterr().out == "there is no key yet: `pincite keys add NAME`\n"
    assert main(["keys", "add", "reader"]) == 0
    said = capsys.readouterr()
    key = said.out.removesuffix("\n")
    assert Keys(keys_file()).name(key) == "reader"
    assert "the only time that it is shown" in said.err
    assert main(["keys"]) == 0
    assert capsys.readouterr().out == "reader\n"
    assert main(["keys", "add", "reader"]) == 1
    assert "there is a key 'reader' already" in capsys.readouterr().err
    assert main(["keys", "remove", "reader"]) == 0
    assert Keys(keys_file()).name(key) == ""


def test_a_file_of_keys_may_lie_anywhere(tmp_path: Path) -> None:
    assert main(["keys", "add", "reader", "--file", str(tmp_path / "mine")]) == 0
    assert Keys(tmp_path / "mine").names() == ("reader",)
    assert not keys_file().exists()


def test_feedback_is_a_table_for_people_and_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feedback"]) == 0
    assert capsys.readouterr().out == "no feedback yet\n"
    assert main(["feedback", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    answer = rated(liked=False, note="not\nher\x1b[2J")
    assert main(["feedback"]) == 0
    table = capsys.readouterr().out
    assert "\x1b[2J" not in table
    assert "bad" in table
    assert "ada" in table
    assert main(["feedback", "--json"]) == 0
    (said,) = json.loads(capsys.readouterr().out)
    assert (said["name"], said["liked"], said["note"]) == ("ada", False, "not\nher\x1b[2J")
    assert answer_from_json(said["answer"]) == answer


def test_feedback_of_a_file_that_is_not_there_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["feedback", "--file", str(tmp_path / "none.db")]) == 1
    assert "no file of conversations" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "0.0.0.0"], "add --auth, or --open if everybody may ask"),  # noqa: S104 - refused
        (["--host", "::"], "add --auth, or --open"),
        (["--host", "0.0.0.0", "--keys"], "add --auth, or --open"),  # noqa: S104 - the page is there for all
        (["--host", "0.0.0.0", "--no-page"], "add --keys, or --open if everybody may ask"),  # noqa: S104
        (["--no-page", "--keys", "--model", "quotes"], "there is no key yet: `pincite keys add NAME`"),
        (
            ["--no-page", "--keys", "/no/such file"],
            "`pincite keys add NAME --file '/no/such file'` makes one",
        ),
        (["--auth", "/no/such", "--model", "quotes"], "`pincite users add NAME --file /no/such` adds a user"),
        (["--no-page", "--mcp"], "--mcp is served beside the page: leave out --no-page"),
        (["--share", "--corpus", "x"], "add --index FOLDER"),
        (["--port", "70000"], "--port 70000 is out of range: give 0 to 65535"),
        (["--at-once", "0"], "--at-once 0 is out of range: give 1 to 64"),
        (["--waiting", "0"], "--waiting 0 is out of range"),
        (["--rate", "often", "--model", "quotes"], "the rate 'often' cannot be read: write it as 20/minute"),
        (["--auth", "--model", "quotes"], "nobody may sign in yet: `pincite users add NAME`"),
        (["--auth-header", "X-User"], "would believe everybody: add --auth-from"),
        (["--auth-from", "127.0.0.1"], "add --auth-header NAME"),
        (["--auth-header", "X-User", "--auth-from", "127.0.0.1", "::/0"], "'::/0' would believe everybody"),
        (["--auth", "--auth-header", "X-User", "--auth-from", "::1"], "two ways to sign in: give one"),
        (["--open", "--auth-header", "X-User", "--auth-from", "::1"], "--open lets everybody in"),
        (["--host", "192.0.2.1", "--open"], "cannot listen on '192.0.2.1'"),
        (["--host", "192.0.2.1", "--auth-header", "X-User", "--auth-from", "::1"], "cannot listen on"),
        (["--host", "no address", "--open"], "--host 'no address' is no address"),
        (["--model", "no-such-model"], "no-such-model"),
        (["--corpus", "/no/such/folder"], "/no/such/folder"),
    ],
)
def test_what_serve_cannot_do_is_one_line_and_ends_with_1(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--port", "0", *options]) == 1
    err = capsys.readouterr().err
    assert said in err
    assert len([line for line in err.splitlines() if not line.startswith("warning: ")]) == 1


def test_a_port_in_use_is_said_before_anything_is_loaded(capsys: pytest.CaptureFixture[str]) -> None:
    with closing(listen("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
    said = capsys.readouterr()
    assert (
        f"cannot listen on '127.0.0.1', port {port} (address already in use): give another --port" in said.err
    )
    assert said.out == ""


@pytest.mark.parametrize(
    ("given", "is_open"),
    [
        ({}, True),
        ({"keys": Path("k")}, True),
        ({"keys": Path("k"), "page": False}, False),
        ({"page": False}, True),
        ({"users": Path("u")}, False),
        ({"users": Path("u"), "page": False}, False),
    ],
)
def test_a_server_is_open_where_the_page_or_v1_asks_for_nothing(
    given: dict[str, object], is_open: bool
) -> None:
    assert Serving(**given).open is is_open  # type: ignore[arg-type]


def test_where_visitors_sign_in_programs_need_a_key_of_the_usual_file() -> None:
    assert keys_named(None, auth=None) is None
    assert (
        keys_named("", auth=None)
        == keys_named(None, auth="")
        == keys_named(None, auth="users")
        == keys_file()
    )
    assert keys_named("mine", auth="users") == Path("mine")
