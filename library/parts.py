"""What stays of a picture's file: the parts that show it, and nothing that stands behind its end.

Lists of what may stay, for what tells something about people can stand in any part beside them.
The pixels keep their bytes.
"""

import re
from collections.abc import Iterator

# Portable Network Graphics (3rd edition), sections 11.2 and 11.3: pixels, colours, frames.
OF_PNG = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD pHYs hIST "
    b"acTL fcTL fdAT".split()
)
# RFC 9649, section 2.7.
OF_WEBP = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
EXIF_OR_XMP = 0x08 | 0x04  # among the flags of VP8X
FRAME_HEADER = 16  # bytes of ANMF before the chunks of its own
# How often an animation repeats, and a colour profile.
OF_GIF = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
# ITU-T T.81, table B.1: tables, frames and scans.
OF_JPEG = frozenset((*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD))
END, SCAN = 0xD9, 0xDA
AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


def png(content: bytes) -> bytes:
    kept, at = [content[:8]], 8
    while True:
        end = at + 12 + int.from_bytes(_all(content, at, 4))
        name = content[at + 4 : at + 8]
        if name in OF_PNG:
            kept.append(_all(content, at, end - at))
        if name == b"IEND":
            return b"".join(kept)
        at = end


def webp(content: bytes) -> bytes:
    size = int.from_bytes(content[4:8], "little")
    kept = b"WEBP" + b"".join(_riff(_all(content, 12, size - 4)))
    return b"RIFF" + len(kept).to_bytes(4, "little") + kept


def _riff(content: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        size = int.from_bytes(_all(content, at + 4, 4), "little")
        name, chunk = content[at : at + 4], _all(content, at + 8, size)
        at += 8 + size + size % 2
        if name not in OF_WEBP:
            continue
        if name == b"VP8X":
            chunk = bytes([chunk[0] & ~EXIF_OR_XMP]) + chunk[1:]
        elif name == b"ANMF":
            chunk = chunk[:FRAME_HEADER] + b"".join(_riff(chunk[FRAME_HEADER:]))
        yield name + len(chunk).to_bytes(4, "little") + chunk + bytes(len(chunk) % 2)


def gif(content: bytes) -> bytes:
    at = 13 + _colours(content[10])
    kept = [content[:at]]
    while (kind := content[at]) != ord(";"):
        if kind == ord(","):
            words = at + 10 + _colours(content[at + 9]) + 1
            stays = True
        elif kind == ord("!"):
            words = at + 2
            label, name = content[at + 1], content[at + 3 : at + 14]
            stays = label == 0xF9 or (label == 0xFF and name in OF_GIF)
        else:
            raise ValueError
        end = words
        while size := content[end]:
            end += 1 + size
        end += 1
        if stays:
            kept.append(content[at:end])
        at = end
    return b"".join((*kept, b";"))


def _colours(flags: int) -> int:
    """Return how many bytes a table of colours takes."""
    return 3 << (flags % 8 + 1) if flags & 0x80 else 0


def jpeg(content: bytes) -> bytes:
    kept, at = [content[:2]], 2
    while True:
        if content[at] != 0xFF:
            raise ValueError
        while (marker := content[at + 1]) == 0xFF:
            at += 1
        if marker == END:
            return b"".join((*kept, content[at : at + 2]))
        size = int.from_bytes(content[at + 2 : at + 4])
        end = at + 2 + max(size, 2)
        if marker == SCAN:
            if not (found := AFTER_SCAN.search(content, end)):
                raise ValueError
            end = found.start()
        kept.append(_segment(marker, content[at:end]))
        at = end


def _segment(marker: int, segment: bytes) -> bytes:
    """Return what stays of a part of a JPEG."""
    told = segment[4:]
    if marker in OF_JPEG or (marker == 0xE2 and told.startswith(b"ICC_PROFILE\0")):
        return segment
    if marker == 0xE0 and told.startswith(b"JFIF\0") and len(told) >= 14:
        return b"\xff\xe0\0\x10" + told[:12] + b"\0\0"  # without its small picture
    if marker == 0xEE and told.startswith(b"Adobe") and len(told) >= 12:
        return b"\xff\xee\0\x0e" + told[:12]  # how colours were transformed
    return b""


def _all(content: bytes, at: int, size: int) -> bytes:
    found = content[at : at + size]
    if len(found) != size:
        raise ValueError
    return found


SHOWING = {"PNG": png, "WEBP": webp, "GIF": gif, "JPEG": jpeg}
