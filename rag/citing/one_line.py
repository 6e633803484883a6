"""Text made safe to show and to write on one line. Pure."""

# What a terminal obeys, or shows in another order, becomes a dot; what only directs, unseen, goes.
_SAFE: dict[int, str] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x202D, 0x202E), "·"),
    **dict.fromkeys((0x202A, 0x202B, 0x202C, *range(0x2066, 0x2070), *range(0xFFF9, 0xFFFC)), ""),
    **dict.fromkeys((0x09, 0x0C, 0x0D, 0x2028, 0x2029), " "),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    0x0A: "\n",
}


def safe(text: str) -> str:
    """``text`` without anything that a terminal obeys, character by character; line feeds stay."""
    return text.translate(_SAFE)


def one_line(text: str) -> str:
    """``safe`` text on one line."""
    return " ".join(safe(text).split())
