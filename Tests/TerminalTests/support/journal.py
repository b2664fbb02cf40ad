"""Changes a finished journal as a cut connection would have left it (the format is EventRecord's)."""

import struct

HEADER, RECORD = 4096, 64
OUTPUT, EXIT, GAP = 2, 14, 16
WORD = (1 << 64) - 1


def add_gap(folder, offset, stream=1, reason=2):
    """Puts a gap where a stream's output begins at an offset, and tells the exit that the stream is not proven whole."""
    path = folder / "events"
    data = path.read_bytes()
    header, body = data[:HEADER], data[HEADER:]
    records = [list(struct.unpack("<8Q", body[at:at + RECORD])) for at in range(0, len(body) - RECORD + 1, RECORD)]
    place = next(index for index, record in enumerate(records)
                 if record[0] & 0xFFFF == OUTPUT | stream << 8 and record[2] == offset)
    gap = [GAP | stream << 8 | reason << 32, records[place][1], offset, 0, 0, 0, 0, 0]
    for record in records:
        if record[0] & 0xFF == EXIT:
            record[0] |= stream << 12
    records.insert(place, gap)
    path.write_bytes(header + b"".join(_packed(record, number) for number, record in enumerate(records)))


def _packed(record, sequence):
    words = [*record[:6], sequence]
    return struct.pack("<8Q", *words, _check(words))


def _check(words):
    check = 0x626F787761746368
    for value in words:
        check = (check ^ value) * 0x9E3779B97F4A7C15 & WORD
        check ^= check >> 29
    return check
