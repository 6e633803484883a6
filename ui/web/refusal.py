"""What a visitor asked for and does not get, and the reply that says so."""

from typing import Any

from starlette.responses import JSONResponse, Response

from rag.errors import (
    CheckError,
    IndexAway,
    IndexBusy,
    ModelError,
    PinciteError,
    QuestionError,
    SettingsError,
)

_RETRY_S = 5  # seconds after which what is away or busy may be tried again
_KINDS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_CODES = {401: "invalid_api_key", 413: "request_too_large", 429: "rate_limit_exceeded", 503: "unavailable"}


class Refusal(PinciteError):
    """One line for the visitor; ``status`` is the HTTP status that goes with it.

    ``retry_s`` is the seconds after which to try again, 0 where that would change nothing. ``param`` and ``code`` are
    those of OpenAI's errors.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        retry_s: int = 0,
        param: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retry_s = retry_s
        self.param = param
        self.code = code or _CODES.get(status)


def fault() -> Refusal:
    """A fault of ours: its details are for the server's log, not for the visitor."""
    return Refusal(
        "something went wrong here: try again, and tell the server's owner if it happens again", status=500
    )


def refusal_of(error: Exception) -> Refusal:
    """The refusal that an error amounts to. A fault of ours keeps its details to itself."""
    match error:
        case Refusal():
            return error
        case QuestionError() | SettingsError() | CheckError():
            return Refusal(str(error), status=400)
        case IndexAway() | IndexBusy() | ModelError():
            return Refusal(str(error), status=503, retry_s=_RETRY_S)
        case PinciteError():
            return Refusal(str(error), status=500)
        case _:
            return fault()


def is_v1(path: str) -> bool:
    """Whether a path belongs to the interface that is compatible with OpenAI's."""
    return path.startswith("/v1/")


def openai_error(refusal: Refusal) -> dict[str, Any]:
    """A refusal in the form of OpenAI's errors."""
    kind = "server_error" if refusal.status >= 500 else _KINDS.get(refusal.status, "invalid_request_error")
    said = {"message": str(refusal), "type": kind, "param": refusal.param, "code": refusal.code}
    return {"error": said}


def told(refusal: Refusal, path: str) -> Response:
    """The reply to a request for ``path`` that is refused."""
    headers = {"Retry-After": str(refusal.retry_s)} if refusal.retry_s else {}
    if not is_v1(path):
        return JSONResponse({"detail": str(refusal)}, status_code=refusal.status, headers=headers)
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(openai_error(refusal), status_code=refusal.status, headers=headers)
