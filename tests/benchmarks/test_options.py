import importlib
import sys

import pytest

MODULES = ["calibrate", "calibrate_outcome", "rivals.__main__", "scale", "speed", "verify_edits", "visitors"]


@pytest.mark.parametrize("module", MODULES)
def test_every_benchmark_says_what_it_does_and_measures_nothing_when_asked_for_help(
    module: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    benchmark = importlib.import_module(f"tests.benchmarks.{module}")
    monkeypatch.setattr(sys, "argv", [module, "--help"])
    with pytest.raises(SystemExit) as stop:
        benchmark.main()
    said = capsys.readouterr().out
    assert stop.value.code == 0
    assert said.startswith(f"usage: python -m tests.benchmarks.{module.removesuffix('.__main__')} [-h]")
    assert (benchmark.__doc__ or "").splitlines()[0] in said
