import pytest

from rag.system.clock import Clock


def test_stages_and_laps_of_one_name_add_up() -> None:
    clock = Clock()
    with clock.stage("read"):
        pass
    clock.lap("write")
    with clock.stage("read"):
        pass
    laps = clock.laps()
    assert laps.keys() == {"read", "write", "total"}
    assert laps["read"] + laps["write"] <= laps["total"] + 0.0002  # rounded to 0.1 ms


def test_a_stage_that_fails_is_not_booked() -> None:
    clock = Clock()
    with pytest.raises(ValueError, match="x"), clock.stage("read"):
        raise ValueError("x")
    assert clock.laps().keys() == {"total"}
