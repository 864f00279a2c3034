"""Titles what comes on standard input: a length in four bytes, little-endian, then UTF-8; it answers likewise.

First of all it tells of its Unicode: the version, and the ranges of code points that are assigned in it.
"""
import struct
import sys
import unicodedata

from case_tables import assigned


def say(answer):
    sys.stdout.buffer.write(struct.pack("<I", len(answer)) + answer)
    sys.stdout.buffer.flush()


say("\n".join([unicodedata.unidata_version, *assigned()]).encode())
for head in iter(lambda: sys.stdin.buffer.read(4), b""):
    text = sys.stdin.buffer.read(*struct.unpack("<I", head))
    say(text.decode("utf-8", "surrogateescape").title().encode("utf-8", "surrogateescape"))
