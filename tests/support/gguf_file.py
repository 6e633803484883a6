"""A whole GGUF file of one tensor, made without a library."""

import struct


def gguf_file() -> bytes:
    """Return a GGUF file of one tensor of 64 weights, as the specification lays it out; llama.cpp cannot load it."""
    keys = [
        _string("general.architecture") + struct.pack("<I", 8) + _string("llama"),
        _string("llama.context_length") + struct.pack("<II", 4, 4096),
        _string("llama.rope.freq_base") + struct.pack("<If", 6, 10_000.0),
        _string("tokenizer.ggml.tokens")
        + struct.pack("<IIQ", 9, 8, 3)
        + _string("a")
        + _string("bc")
        + _string(""),
        _string("tokenizer.ggml.scores") + struct.pack("<IIQ", 9, 6, 2) + struct.pack("<ff", 0.0, 1.0),
        _string("tokenizer.ggml.add_bos_token") + struct.pack("<I?", 7, True),
        _string("tokenizer.chat_template") + struct.pack("<I", 8) + _string("{{ messages }}"),
    ]
    tensor = _string("token_embd.weight") + struct.pack("<IQQIQ", 2, 8, 8, 0, 0)
    header = b"GGUF" + struct.pack("<IQQ", 3, 1, len(keys)) + b"".join(keys) + tensor
    return header + b"\0" * (-len(header) % 32) + b"\0" * 256


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data
