"""A clock that a test sets by hand."""

DAY_S = 24 * 3600.0


class ManualClock:
    """Seconds since 1970, as ``time.time`` gives them; they change only where a test sets them."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds
