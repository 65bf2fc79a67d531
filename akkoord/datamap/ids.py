"""Identifiers: UUID version 7 (RFC 9562), ordered by time, opaque to the outside."""

import os
import threading
import time
import uuid
from datetime import datetime

_lock = threading.Lock()
_last_ms = 0
_counter = 0


def uuid7() -> uuid.UUID:
    """A UUIDv7; identifiers made by one process within one millisecond stay in order."""
    global _last_ms, _counter
    with _lock:
        now_ms = time.time_ns() // 1_000_000
        if now_ms <= _last_ms:
            _counter += 1
            if _counter > 0xFFF:
                _last_ms += 1
                _counter = 0
        else:
            _last_ms = now_ms
            _counter = 0
        milliseconds, counter = _last_ms, _counter
    random_bits = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    value = (milliseconds << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | random_bits
    return uuid.UUID(int=value)


def first_id(moment: datetime) -> uuid.UUID:
    """The least identifier of that moment (they are ordered by time), an hour of clocks aside."""
    return uuid.UUID(int=(int(moment.timestamp()) - 3600) * 1000 << 80)
