"""The gate before /v1: which key opens it, and that no page of another site ever does."""

from pathlib import Path

import pytest

from tests.ui.web.access.test_gate import Outside, basic
from ui.web.access.gate import Gate
from ui.web.access.keys import Keys
from ui.web.access.rate_limits import Limits
from ui.web.access.sessions import Sessions
from ui.web.access.users import Users
from ui.web.options import Serving
from ui.web.proxy import read_proxy
from ui.web.refusal import Refusal

ASK = ("POST", "/v1/chat/completions")


class Keyed(Outside):
    """A client of a gate that asks for a key, and for a password if ``users`` is given."""

    def __init__(self, folder: Path, serving: Serving, *, users: bool = False) -> None:
        keys = Keys(folder / "keys")
        self.key = keys.add("reader")
        self.other = keys.add("robot")
        sessions = None
        if users:
            known = Users(folder / "users")
            known.add("ada", "correct horse")
            sessions = Sessions(known, limits=Limits())
        super().__init__(serving, sessions=sessions)
        self.gate = Gate(self.gate._app, serving=serving, sessions=sessions, keys=keys)


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


@pytest.fixture
def keyed(tmp_path: Path) -> Keyed:
    return Keyed(tmp_path, Serving(keys=tmp_path / "keys"))


def test_a_key_is_one_visitor_and_another_key_is_another(keyed: Keyed) -> None:
    seen = {name: keyed(*ASK, headers=bearer(key)).json() for name, key in
            (("reader", keyed.key), ("again", keyed.key), ("robot", keyed.other))}  # fmt: skip
    assert seen["reader"]["name"] == "reader"
    assert seen["reader"]["visitor"] == seen["again"]["visitor"] != seen["robot"]["visitor"]
    assert keyed(*ASK, headers={"authorization": f"bearer  {keyed.key} "}).status_code == 200


@pytest.mark.parametrize("method_path", [ASK, ("GET", "/v1/models"), ("POST", "/v1/check")])
def test_without_a_key_and_with_a_wrong_one_nothing_is_answered(
    keyed: Keyed, method_path: tuple[str, str]
) -> None:
    wrong, none = "this key is not known here", "this needs a key"
    for headers, said in (
        ({}, none),
        (bearer("sk-x"), wrong),
        (bearer(""), wrong),
        (basic("reader:x"), none),
    ):
        reply = keyed(*method_path, headers=headers)
        assert reply.status_code == 401
        assert reply.headers["www-authenticate"] == "Bearer"
        error = reply.json()["error"]
        assert said in error.pop("message")
        assert error == {"type": "authentication_error", "param": None, "code": "invalid_api_key"}


def test_a_key_opens_v1_and_nothing_of_the_page(tmp_path: Path) -> None:
    guarded = Keyed(tmp_path, Serving(users=tmp_path / "users", keys=tmp_path / "keys"), users=True)
    assert guarded(*ASK, headers=bearer(guarded.key)).status_code == 200
    reply = guarded("GET", "/config", headers=bearer(guarded.key))
    assert (reply.status_code, reply.json()) == (401, {"detail": "sign in first"})


def test_who_has_signed_in_needs_no_key(tmp_path: Path) -> None:
    guarded = Keyed(tmp_path, Serving(users=tmp_path / "users", keys=tmp_path / "keys"), users=True)
    assert guarded(*ASK).status_code == 401
    assert guarded(*ASK, headers=basic("ada:correct horse")).json()["name"] == "ada"
    guarded("POST", "/login", data={"username": "ada", "password": "correct horse"})
    assert guarded(*ASK).json()["name"] == "ada"
    assert guarded(*ASK, headers=bearer(guarded.key)).json()["name"] == "reader"
    assert guarded(*ASK, headers=bearer("wrong")).status_code == 401  # also beside a good cookie


def test_where_no_key_is_asked_for_one_that_is_sent_is_not_looked_at(outside: Outside) -> None:
    # OpenAI's clients cannot do without sending one.
    first, second = (outside(*ASK, headers=bearer("sk-none")).json() for _ in range(2))
    assert first["name"] == second["name"] == ""


@pytest.fixture
def outside() -> Outside:
    return Outside()


def test_behind_a_proxy_that_names_users_a_program_with_a_key_needs_no_name(tmp_path: Path) -> None:
    proxy = read_proxy("Remote-User", ["127.0.0.1"])
    keyed = Keyed(tmp_path, Serving(proxy=proxy, keys=tmp_path / "keys"))
    assert keyed(*ASK, headers=bearer(keyed.key)).json()["name"] == "reader"
    assert keyed(*ASK, headers={"remote-user": "ada"}).json()["name"] == "ada"
    nobody = keyed(*ASK)
    assert (nobody.status_code, nobody.json()["error"]["code"]) == (401, "invalid_api_key")
    assert keyed("GET", "/config", headers=bearer(keyed.key)).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"host": "evil.example"},
    ],
)
def test_a_page_of_another_site_is_refused_even_with_a_key(
    keyed: Keyed, outside: Outside, headers: dict[str, str]
) -> None:
    for who in (keyed, outside):
        reply = who(*ASK, headers={**bearer(keyed.key), **headers})
        assert reply.status_code in (403, 421)
        assert reply.json()["error"]["type"] in ("permission_error", "invalid_request_error")
        assert not [name for name in reply.headers if name.startswith("access-control-")]
    for path in ("/v1/chat/completions", "/v1/models"):
        preflight = {"origin": "https://evil.example", "access-control-request-method": "POST"}
        assert keyed("OPTIONS", path, headers=preflight).status_code == 405


def test_without_a_page_there_is_v1_and_nothing_else() -> None:
    bare = Outside(Serving(page=False))
    for method, path in (ASK, ("GET", "/v1/models"), ("GET", "/v1/openapi.json"), ("GET", "/api/me")):
        assert bare(method, path).status_code == 200
    for path in (
        "/",
        "/config",
        "/static/pincite.js",
        "/gradio_api/call/ask",
        "/v1/",
        "/v1/embeddings",
        "/v1",
    ):
        assert bare("GET", path).status_code == 404


def test_a_body_over_the_limit_and_a_wrong_method_have_the_form_of_openai_s_errors(outside: Outside) -> None:
    large = outside(*ASK, content=b"x" * (256 * 1024 + 1))
    assert large.status_code == 413
    assert large.json()["error"]["code"] == "request_too_large"
    assert "larger than the limit of 256 KiB" in large.json()["error"]["message"]
    assert outside("GET", "/v1/chat/completions").json()["error"]["type"] == "invalid_request_error"


def test_a_refusal_says_when_to_try_again(outside: Outside) -> None:
    async def busy(*_: object) -> None:
        raise Refusal("20 questions within 60 seconds", status=429, retry_s=17)

    outside.gate = Gate(busy, serving=Serving(), sessions=None)
    reply = outside(*ASK)
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "17")
    assert reply.json()["error"] == {
        "message": "20 questions within 60 seconds",
        "type": "rate_limit_error",
        "param": None,
        "code": "rate_limit_exceeded",
    }


def test_a_fault_has_the_form_of_openai_s_errors_and_keeps_its_details(
    outside: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError("secret")

    outside.gate = Gate(broken, serving=Serving(), sessions=None)
    reply = outside(*ASK)
    assert reply.status_code == 500
    assert reply.json()["error"]["type"] == "server_error"
    assert "secret" not in reply.text
    assert "secret" in caplog.text
