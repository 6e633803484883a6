"""What a process with an embedded model looks like from outside: its sockets; and one that ends in mid-answer.

Run with ``-m`` and the path of a model it prints the folder of its private socket and ends while an answer is written.
"""

import os
import sys
from pathlib import Path

from rag.models.llama.chat_model import Llama


def tcp_listeners() -> set[str]:
    """Return the TCP addresses that this process listens on, IPv4 and IPv6."""
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/self/net/{table}").read_text().splitlines()[1:]
    ]
    own = _own_sockets()
    return {row[1] for row in rows if row[3] == "0A" and row[9] in own}


def private_sockets() -> set[Path]:
    """Return the private sockets on which this process serves embedded models.

    The kernel's table has those of every process: another test's model may start or end at any time.
    """
    rows = [
        line.split() for line in Path("/proc/self/net/unix").read_bytes().splitlines() if b"pincite-" in line
    ]
    own = _own_sockets()
    return {Path(os.fsdecode(row[-1])) for row in rows if row[6].decode() in own}


def _own_sockets() -> set[str]:
    """Return the inode numbers of the sockets that this process holds open."""
    links = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            links.add(os.readlink(entry))  # noqa: PTH115
        except FileNotFoundError:
            continue
    return {link.removeprefix("socket:[").removesuffix("]") for link in links if link.startswith("socket:[")}


if __name__ == "__main__":
    before = private_sockets()
    pieces = Llama(path=Path(sys.argv[1])).stream("Write a long story.", max_tokens=1000)
    next(pieces)  # the answer is still being written when the process ends, as ``pieces`` stays open
    (socket,) = private_sockets() - before
    sys.stdout.write(f"{socket.parent}\n")
