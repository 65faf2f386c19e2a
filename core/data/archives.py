"""Zip files of strangers, member by member, with everything they could hurt one with refused.

Nothing is ever extracted by the name that stands in the archive: whoever reads gets names and
bytes. Sizes are compared with the limits before anything is unpacked.
"""

import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

from core.errors import VisitorError
from core.i18n import N_

MOST_RATIO = 200  # a zip that unpacks to more than that is made to hurt
NO_ZIP = N_("This file is no zip archive that can be read here. Pack it as a plain .zip once more.")


class BadUpload(VisitorError):
    """A file that cannot be used."""


def members(path: Path, most: int, most_bytes: int) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files in a zip, folders left out, in their order.

    ``most``: files; ``most_bytes``: of all files together, unpacked.

    Raises:
        BadUpload: no zip, damaged, encrypted, too many or too large files, or names that point
            out of the archive.
    """
    try:
        archive = zipfile.ZipFile(path)
    except Exception as error:  # whatever bytes made to hurt do to the reader
        raise BadUpload(NO_ZIP) from error
    with archive:
        files = [each for each in archive.infolist() if not each.is_dir()]
        _check(files, most, most_bytes)
        for each in files:
            yield each.filename, _read(archive, each)


def _check(files: list[zipfile.ZipInfo], most: int, most_bytes: int) -> None:
    if len(files) > most:
        raise BadUpload(N_("The archive holds {count} files; at most {limit} are taken."),
                        {"count": len(files), "limit": most})
    size, packed = (sum(getattr(each, name) for each in files)
                    for name in ("file_size", "compress_size"))
    if size > most_bytes or size > MOST_RATIO * max(packed, 5000):
        raise BadUpload(N_("Unpacked, the archive would have {size} MB; at most {limit} MB and "
                           "{ratio} times its packed size are taken."),
                        {"size": size // 1_000_000, "limit": most_bytes // 1_000_000,
                         "ratio": MOST_RATIO})
    for each in files:
        if _leads_away(each):
            raise BadUpload(N_("The archive holds “{name}”, which points out of it or is a link. "
                               "Pack plain files."), {"name": shown(each.filename)})
        if each.flag_bits & 1:
            raise BadUpload(N_("The archive is encrypted. Pack it without a password."))


def _leads_away(each: zipfile.ZipInfo) -> bool:
    name = each.filename.replace("\\", "/")
    kind = stat.S_IFMT(each.external_attr >> 16)
    return (name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]
            or kind not in (0, stat.S_IFREG))


def _read(archive: zipfile.ZipFile, each: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(each)  # stops at the size that was checked
    except Exception as error:
        raise BadUpload(N_("“{name}” in the archive is damaged. Pack it once more."),
                        {"name": shown(each.filename)}) from error


def shown(name: str) -> str:
    """A name from a stranger's file as it may stand in a sentence: one short line."""
    line = "".join(sign for sign in name if sign.isprintable())
    return line if len(line) <= 60 else f"{line[:30]}…{line[-28:]}"
