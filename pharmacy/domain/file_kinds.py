"""Files that a record may keep: photos and documents, known by their first bytes and not by their name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pharmacy.domain.errors import InvalidInput

MOST_BYTES = 8 * 1024 * 1024


class FileKind(StrEnum):
    """What a file is used as."""

    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """Hold a file that was recognised: its name as it was given, its media type and its bytes."""

    name: str
    media_type: str
    content: bytes


_WORDS = {
    FileKind.PHOTO: "a JPEG, PNG or WebP picture",
    FileKind.DOCUMENT: "a PDF or a JPEG, PNG or WebP picture",
}


def recognise_file(name: str, content: bytes, kind: FileKind, *, field: str) -> KeptFile:
    """Recognise a file of a kind; raises InvalidInput for an empty, too large or unknown one.

    >>> recognise_file("vial.png", b"\\x89PNG\\r\\n\\x1a\\n...", FileKind.PHOTO, field="photo").media_type
    'image/png'
    """
    if not content:
        raise InvalidInput("The file is empty; choose it again.", field=field)
    if len(content) > MOST_BYTES:
        raise InvalidInput(
            f"The file is larger than {MOST_BYTES // (1024 * 1024)} MB; choose a smaller one.", field=field
        )
    media_type = _find_media_type(content)
    if media_type is None or (media_type == "application/pdf" and kind is FileKind.PHOTO):
        raise InvalidInput(f"The file should be {_WORDS[kind]}.", field=field)
    return KeptFile(_plain_name(name) or kind.value, media_type, content)


def _find_media_type(content: bytes) -> str | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return "application/pdf" if content.startswith(b"%PDF-") else None


def _plain_name(name: str) -> str:
    """Return the last part of a name with only what can be shown, at most 100 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(one for one in last if one.isprintable() and one not in '"<>').strip()[:100]
