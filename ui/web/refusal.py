"""What a visitor asked for and does not get."""

from rag.errors import PinciteError


class Refusal(PinciteError):
    """One line for the visitor; ``status`` is the HTTP status that goes with it."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


def fault() -> Refusal:
    """A fault of ours: its details are for the server's log, not for the visitor."""
    return Refusal(
        "something went wrong here: try again, and tell the server's owner if it happens again", status=500
    )
