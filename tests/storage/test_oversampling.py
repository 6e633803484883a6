from rag.storage.oversampling import until_enough

ALL = list(range(1000))


def test_it_asks_for_four_times_as_many_until_enough_are_live() -> None:
    sizes: list[int] = []

    def ask(size: int) -> list[int]:
        sizes.append(size)
        return ALL[:size]

    live = until_enough(ask, lambda ids: [i for i in ids if i % 10 == 0], limit=5)
    assert live == [0, 10, 20, 30, 40, 50, 60, 70]
    assert sizes == [5, 20, 80]


def test_an_exhausted_source_ends_it() -> None:
    assert until_enough(lambda size: ALL[:size], lambda ids: [], limit=300) == []
    sizes: list[int] = []

    def ask(size: int) -> list[int]:
        sizes.append(size)
        return ALL[:3]

    until_enough(ask, lambda ids: [], limit=2, source_size=8)
    assert sizes == [2, 8]


def test_it_gives_up_before_it_asks_for_more_than_the_most() -> None:
    sizes: list[int] = []

    def ask(size: int) -> list[int]:
        sizes.append(size)
        return ALL[:size]

    assert until_enough(ask, lambda ids: [], limit=5, most=79) is None
    assert sizes == [5, 20]
    assert until_enough(ask, lambda ids: ids, limit=5, most=4) is None
