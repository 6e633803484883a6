"""The doctor where a package is missing: ``python -m tests.support.doctor_without_package MODULE``.

It writes each fault as ``name|detail|fix``. Only a process of its own can lack the package from the start.
"""

import sys


def main(module: str) -> None:
    sys.modules[module] = None  # type: ignore[assignment]  # its import fails as if it were not installed
    from rag.doctor import examine

    for finding in examine():
        if not finding.ok:
            sys.stdout.write(f"{finding.name}|{finding.detail}|{finding.fix}")


if __name__ == "__main__":
    main(*sys.argv[1:])
