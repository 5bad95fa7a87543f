"""Shapefiles: the shapes, the index, the table and what lies beside them, each judged before they are read together."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from portico.errors import InputError
from portico.lake import crs
from portico.lake.found import Member, Parsed, Workshop
from portico.lake.readers import dbf, gdal
from portico.lake.readers.features import LISTED, warning
from portico.lake.readers.linking import text
from portico.messages import Finding

_MARK = 9_994
_HEADER = 100
_RECORD = 8
_LARGEST_TEXT = 100_000
_EIGHT_BITS = bytes(range(128, 256))


def read(member: Member, shop: Workshop) -> list[Parsed]:
    """Return the one table of a shapefile. ``member.companions`` holds its other files by their ending (".dbf").

    Without an index one is made; without a table the shapes stand alone; without the shapes, the table; each is said.
    Raises InputError where a part is damaged or cut off, or where shapes and table have not as many records.
    """
    folder = shop.place(".shapefile")
    folder.mkdir()
    parts = _Parts(member, shop, folder)
    source = parts.source()
    stated = parts.crs() if parts.has_shapes else ""
    layer = replace(gdal.layers(source, member, _untold(shop))[0], crs=stated)
    found = gdal.table(source, layer, member, shop, tuple(parts.issues))
    return [replace(found, name=Path(member.name).stem)]


def _untold(shop: Workshop) -> Workshop:
    """Return the workshop without the layer that was told: a shapefile has one, whatever it is called."""
    return Workshop(shop.folder, shop.engine, replace(shop.told, layer=""), shop.country)


@dataclass(slots=True)
class _Parts:
    """The files of one shapefile, brought together under one name in ``folder``."""

    member: Member
    shop: Workshop
    folder: Path
    issues: list[Finding] = field(default_factory=list)
    has_shapes: bool = True

    def source(self) -> gdal.Source:
        """Return the shapefile as the geometry library is to read it."""
        table_path = self.member.companions.get(".dbf")
        self.has_shapes = not self.member.name.lower().endswith((".shx", ".dbf"))
        if self.member.name.lower().endswith(".dbf"):
            table_path = self.member.path
        if table_path is None and not self.has_shapes:
            raise InputError("shapefile-index-alone", file=self.member.name)
        shapes = self._shapes() if self.has_shapes else -1
        if not self.has_shapes:
            self.note("shapefile-without-shp")
        if table_path is None:
            self.note("shapefile-without-dbf")
            return gdal.Source(self._place(".shp"), "ESRI Shapefile")
        return self._with_table(table_path, shapes)

    def _with_table(self, path: Path, shapes: int) -> gdal.Source:
        table = dbf.shape(path, self.member.name)
        if shapes not in (-1, table.records):
            raise InputError("shapefile-records", file=self.member.name, shapes=shapes, records=table.records)
        told = self.shop.told.encoding or self._beside(".cpg")
        judged = dbf.judge(path, table, told, self.shop.country)
        if judged.contradicted:
            self.note("dbf-not-as-stated", stated=judged.contradicted, encoding=judged.encoding)
        if judged.cut:
            listed = ", ".join(map(str, judged.cut[:LISTED]))
            self.note("dbf-letters-cut", judged.cut[0], count=len(judged.cut), rows=listed)
        names = dbf.names(table, judged.encoding)
        plain = dbf.plain_names(names)
        if dbf.needs_copy(table, plain, judged):
            dbf.copy(path, self._place(".dbf"), table, plain, judged.cut)
        else:
            _link(path, self._place(".dbf"))
        is_unicode = judged.encoding == "utf-8"
        return gdal.Source(
            self._place(".shp" if self.has_shapes else ".dbf"),
            "ESRI Shapefile",
            (f"ENCODING={'UTF-8' if is_unicode else 'ISO-8859-1'}",),
            dict(zip(plain, names, strict=True)),
            "{c}" if is_unicode else _translated(judged.encoding),
            judged.encoding,
            dbf.readings(table, plain),
        )

    def _shapes(self) -> int:
        """Bring shapes and index together; return how many shapes there are."""
        size = self.member.path.stat().st_size
        stated = _stated_bytes(self.member.path)
        if stated < _HEADER:
            raise InputError("shapefile-damaged", file=self.member.name)
        if stated > size:
            raise InputError("shapefile-cut-off", file=self.member.name, stated=stated, found=size)
        _link(self.member.path, self._place(".shp"))
        index = self.member.companions.get(".shx")
        if index is not None and _is_whole_index(index, size):
            _link(index, self._place(".shx"))
            return (index.stat().st_size - _HEADER) // _RECORD
        self.note("shapefile-without-shx" if index is None else "shapefile-index-damaged")
        return _index(self.member, stated, self._place(".shx"))

    def _place(self, ending: str) -> Path:
        return self.folder / f"places{ending}"

    def _beside(self, ending: str) -> str:
        """Return the text of a small file beside the shapes, nothing where there is none."""
        path = self.member.companions.get(ending)
        if path is None:
            return ""
        with path.open("rb") as file:
            return file.read(_LARGEST_TEXT).decode("utf-8-sig", errors="replace").strip()

    def crs(self) -> str:
        """Return the coordinate system the .prj states, nothing where there is none."""
        stated = self._beside(".prj")
        if not stated:
            self.note("shapefile-without-prj")
        return crs.find(stated) if stated else ""

    def note(self, message_id: str, row: int = 0, **values: object) -> None:
        """Say something about the file."""
        self.issues.append(warning(message_id, self.member.name, row, **values))


def _link(path: Path, target: Path) -> None:
    target.symlink_to(path.resolve())


def _stated_bytes(path: Path) -> int:
    """Return how many bytes a .shp or .shx says it has, 0 where it is none."""
    with path.open("rb") as file:
        head = file.read(_HEADER)
    if len(head) < _HEADER or int.from_bytes(head[:4], "big") != _MARK:
        return 0
    return int.from_bytes(head[24:28], "big") * 2


def _is_whole_index(path: Path, shapes_bytes: int) -> bool:
    """Say whether every entry of an index points into the shapes."""
    size = path.stat().st_size
    if _stated_bytes(path) != size or (size - _HEADER) % _RECORD:
        return False
    with path.open("rb") as file:
        file.seek(_HEADER)
        for offset, length in struct.iter_unpack(">ii", file.read()):
            if offset * 2 < _HEADER or length < 0 or (offset + length) * 2 + _RECORD > shapes_bytes:
                return False
    return True


def _index(member: Member, stated: int, target: Path) -> int:
    """Write an index of the shapes, by walking through them; return how many there are."""
    entries = list(_walk(member, stated))
    with member.path.open("rb") as file:
        head = bytearray(file.read(_HEADER))
    head[24:28] = struct.pack(">i", (_HEADER + _RECORD * len(entries)) // 2)
    target.write_bytes(bytes(head) + b"".join(struct.pack(">ii", offset // 2, words) for offset, words in entries))
    return len(entries)


def _walk(member: Member, stated: int) -> Iterator[tuple[int, int]]:
    """Yield where each shape begins, in bytes, and how long it is, in words of two."""
    at = _HEADER
    with member.path.open("rb") as file:
        while at + _RECORD <= stated:
            file.seek(at)
            words = struct.unpack(">ii", file.read(_RECORD))[1]
            if words < 2 or at + _RECORD + words * 2 > stated:  # noqa: PLR2004 - the kind of the shape alone takes two
                raise InputError("shapefile-damaged", file=member.name)
            yield at, words
            at += _RECORD + words * 2


def _translated(encoding: str) -> str:
    """Return the SQL that turns text read as Latin-1 into what it is in another eight-bit encoding."""
    read_as = _EIGHT_BITS.decode("latin-1")
    really = "".join(_letter(byte, encoding) for byte in _EIGHT_BITS)
    pairs = [(old, new) for old, new in zip(read_as, really, strict=True) if old != new]
    if not pairs:
        return "{c}"
    olds, news = ("".join(one) for one in zip(*pairs, strict=True))
    return f"translate({{c}}, {text(olds)}, {text(news)})"


def _letter(byte: int, encoding: str) -> str:
    try:
        return bytes((byte,)).decode(encoding)
    except UnicodeDecodeError:
        return chr(byte)
