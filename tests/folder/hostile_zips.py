"""ZIP archives that lie, byte by byte: what no honest packer writes and no library would let us write."""

from __future__ import annotations

import stat
import struct
import zlib
from dataclasses import dataclass
from zlib import crc32

from tests.builders import a_panoramic, file_bytes

GOOD = file_bytes(a_panoramic(1))
BAD = file_bytes(a_panoramic(2))
STORED, DEFLATED = 0, 8
MASKED = 0xFFFFFFFF


def deflated(data: bytes) -> bytes:
    """Raw deflate data, as method 8 holds it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


@dataclass(frozen=True, slots=True)
class Entry:
    """One member; None means the truth, anything else is the lie to tell."""

    name: bytes = b"bad.dcm"
    data: bytes = BAD
    method: int = STORED
    flags: int = 0
    mode: int = 0
    version: int = 20
    crc: int | None = None
    size: int | None = None
    packed_size: int | None = None
    local_name: bytes | None = None
    signature: bytes = b"PK\x03\x04"
    offset: int | None = None
    extra: bytes = b""
    raw: bytes | None = None
    absent: bool = False

    @property
    def packed(self) -> bytes:
        """The bytes between the headers."""
        if self.raw is not None:
            return self.raw
        return deflated(self.data) if self.method == DEFLATED else self.data

    def _facts(self) -> tuple[int, int, int]:
        stated = (self.crc, self.packed_size, self.size)
        true = (crc32(self.data), len(self.packed), len(self.data))
        crc, packed, size = (t if s is None else s for s, t in zip(stated, true, strict=True))
        return crc, packed, size

    def local(self) -> bytes:
        """Local header and data (APPNOTE 4.3.7)."""
        if self.absent:
            return b""
        name = self.name if self.local_name is None else self.local_name
        fields = struct.pack(
            "<HHHHHIIIHH", 20, self.flags, self.method, 0, 0x21, *self._facts(), len(name), 0
        )
        return self.signature + fields + name + self.packed

    def central(self, offset: int) -> bytes:
        """Entry of the table of contents (APPNOTE 4.3.12)."""
        where = offset if self.offset is None else self.offset
        return (
            b"PK\x01\x02"
            + struct.pack("<BBHHHHH", self.version, 3, self.version, self.flags, self.method, 0, 0x21)
            + struct.pack("<III", *self._facts())
            + struct.pack("<HHHHHII", len(self.name), len(self.extra), 0, 0, 0, self.mode << 16, where)
            + self.name
            + self.extra
        )


@dataclass(frozen=True, slots=True)
class End:
    """The end record (APPNOTE 4.3.16); None means the truth."""

    count: int | None = None
    size: int | None = None
    offset: int | None = None
    comment_length: int = 0
    before: bytes = b""


def zip_bytes(*entries: Entry, end: End | None = None) -> bytes:
    """The archive of these members with this end record."""
    end = end or End()
    body, directory = b"", b""
    for entry in entries:
        directory += entry.central(len(body))
        body += entry.local()
    true = (len(entries), len(directory), len(body))
    count, size, offset = (
        t if s is None else s for s, t in zip((end.count, end.size, end.offset), true, strict=True)
    )
    record = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, size, offset, end.comment_length)
    return body + directory + end.before + record


def zip64_extra(*values: int) -> bytes:
    """Extra field 1 (APPNOTE 4.5.3)."""
    return struct.pack("<HH", 1, 8 * len(values)) + struct.pack(f"<{len(values)}Q", *values)


def zip64_end(size: int, offset: int) -> bytes:
    """Zip64 end record and locator (APPNOTE 4.3.14 and 4.3.15), pointing before themselves."""
    record = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 1, 1, size, offset)
    return record + struct.pack("<IIQI", 0x07064B50, 0, 0, 1)


FIRST = Entry(b"good.dcm", GOOD)
AFTER_FIRST = len(FIRST.local())

# What one member may try while an honest one stands before it: the member and a word of the outcome.
HOSTILE_MEMBERS: dict[str, tuple[Entry, str]] = {
    **{
        f"name {name!r}": (Entry(name), "points outside")
        for name in (
            b"../bad.dcm",
            b"a/../../bad.dcm",
            b"..",
            b"a/..",
            b"/tmp/bad.dcm",
            b"//server/bad.dcm",
            b"..\\bad.dcm",
            b"\\\\server\\bad.dcm",
            b"a\\..\\..\\bad.dcm",
            b"C:\\bad.dcm",
            b"c:bad.dcm",
            b"C:/../bad.dcm",
            b"./../bad.dcm",
        )
    },
    "name with a zero byte": (Entry(b"bad.dcm\0.txt"), "zero byte"),
    "name with a zero byte before dots": (Entry(b"a\0/../../bad.dcm"), "zero byte"),
    "no name": (Entry(b""), "no name"),
    "folder with data": (Entry(b"bad/"), "folder that holds data"),
    **{
        f"mode of {words}": (Entry(mode=kind | 0o777), "link, pipe or device")
        for words, kind in (
            ("a link", stat.S_IFLNK),
            ("a pipe", stat.S_IFIFO),
            ("a socket", stat.S_IFSOCK),
            ("a character device", stat.S_IFCHR),
            ("a block device", stat.S_IFBLK),
        )
    },
    "link to a secret": (Entry(b"secret.dcm", b"/etc/passwd", mode=stat.S_IFLNK | 0o777), "link"),
    "encrypted": (Entry(flags=1), "encrypted"),
    "strongly encrypted": (Entry(flags=0x41), "encrypted"),
    "strong encryption alone": (Entry(flags=0x40), "damaged"),
    "patch data": (Entry(flags=0x20), "damaged"),
    **{
        f"method {method}": (Entry(method=method), "rare method")
        for method in (1, 6, 9, 12, 14, 93, 95, 98, 99)
    },
    "checksum of stored data": (Entry(crc=1), "damaged"),
    "checksum of deflated data": (Entry(crc=1, method=DEFLATED), "damaged"),
    "larger than stated, stored": (Entry(size=500), "damaged"),
    "larger than stated, deflated": (Entry(size=500, method=DEFLATED), "damaged"),
    "smaller than stated, stored": (Entry(size=9_999_999), "damaged"),
    "smaller than stated, deflated": (Entry(size=9_999_999, method=DEFLATED), "damaged"),
    "stated as empty": (Entry(size=0), "damaged"),
    "stated as 4 GiB without zip64": (Entry(size=MASKED, method=DEFLATED), "damaged"),
    "packed size runs over the end": (Entry(packed_size=9_999_999), "overlaps"),
    "packed size too small": (Entry(packed_size=600, method=STORED), "damaged"),
    "packed size nothing": (Entry(packed_size=0, method=DEFLATED), "damaged"),
    "not deflate data": (Entry(method=DEFLATED, raw=b"\xff" * 500), "damaged"),
    "deflate data that breaks off": (Entry(method=DEFLATED, raw=deflated(BAD)[:-30]), "damaged"),
    "deflate data of another file": (Entry(method=DEFLATED, raw=deflated(GOOD)), "damaged"),
    "another name in the local header": (Entry(local_name=b"../a.dcm"), "damaged"),
    "no local header": (Entry(signature=b"XXXX"), "damaged"),
    "offset in the middle of another": (Entry(offset=40, absent=True), "overlaps"),
    "offset of another": (Entry(b"good.dcm", GOOD, offset=0, absent=True), "overlaps"),
    "offset beyond the end": (Entry(offset=50_000_000), "overlaps"),
    "same name again": (Entry(b"good.dcm"), "second file of the same name"),
    "zip64 sizes beyond the file": (
        Entry(size=MASKED, packed_size=MASKED, extra=zip64_extra(1 << 40, 1 << 40)),
        "overlaps",
    ),
    "zip64 size of an exabyte": (Entry(size=MASKED, method=DEFLATED, extra=zip64_extra(1 << 60)), "damaged"),
    "zip64 offset of an exabyte": (Entry(offset=MASKED, extra=zip64_extra(1 << 62)), "overlaps"),
    "zip64 offset beyond 63 bits": (Entry(offset=MASKED, extra=zip64_extra((1 << 64) - 1)), "overlaps"),
    "an archive": (Entry(b"inner.zip", zip_bytes(Entry())), "archive within the archive"),
    "an archive called .dcm": (Entry(b"inner.dcm", zip_bytes(Entry())), "archive within the archive"),
    "a program called .dcm": (Entry(b"x.dcm", b"MZ\x90\0" + bytes(200)), "Windows program"),
    "nothing": (Entry(b"x.dcm", b""), "empty"),
}

# Those that point into the honest member, which is then as doubtful as they are.
TAKE_THE_HONEST_ONE_ALONG = {"offset in the middle of another", "offset of another"}

# Archives of which nothing can be taken.
HOSTILE_ARCHIVES: dict[str, bytes] = {
    "only the first bytes": b"PK\x03\x04",
    "cut in the data": zip_bytes(FIRST)[:300],
    "cut in the table of contents": zip_bytes(FIRST)[:-40],
    "cut in the end record": zip_bytes(FIRST)[:-4],
    "name that is not UTF-8": zip_bytes(FIRST, Entry(b"\xff\xfe.dcm", flags=0x800)),
    "version of the far future": zip_bytes(FIRST, Entry(version=99)),
    "table of contents larger than the file": zip_bytes(FIRST, end=End(size=50_000_000)),
    "table of contents of 4 GiB": zip_bytes(FIRST, end=End(size=MASKED - 1)),
    "table of contents that is none": zip_bytes(FIRST, end=End(size=60)),
    "extra field cut short": zip_bytes(FIRST, Entry(size=MASKED, extra=b"\x01\0\x08\0\0\0")),
    "zip64 end with a lie of an exabyte": zip_bytes(
        FIRST, end=End(count=0xFFFF, size=MASKED, offset=MASKED, before=zip64_end(1 << 62, 0))
    ),
    "zip64 end with a negative place": zip_bytes(
        FIRST, end=End(count=0xFFFF, size=MASKED, offset=MASKED, before=zip64_end(46, (1 << 64) - 1))
    ),
}
