"""The command line that the benchmarks share: ``--help`` prints what the module says of itself."""

import argparse


def options_of(module: str, description: str | None) -> argparse.ArgumentParser:
    """A parser for the benchmark ``module``, whose docstring is ``description``."""
    return argparse.ArgumentParser(
        prog=f"python -m tests.benchmarks.{module}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
