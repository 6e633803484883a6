"""What a visitor asked for and does not get."""

from rag.errors import PinciteError


class Refusal(PinciteError):
    """One line for the visitor; ``status`` is the HTTP status that goes with it."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status
