"""Files are known by their first bytes, whatever their name says."""

import pytest

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.file_kinds import MOST_BYTES, FileKind, recognise_file

PNG = b"\x89PNG\r\n\x1a\n rest"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0 rest", "image/jpeg"),
        (b"RIFF1234WEBP rest", "image/webp"),
        (b"%PDF-1.7 rest", "application/pdf"),
    ],
)
def test_known_kinds(content, media_type):
    file = recognise_file("any.exe", content, FileKind.DOCUMENT, field="document")

    assert (file.media_type, file.content, file.name) == (media_type, content, "any.exe")


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        (b"", FileKind.PHOTO, "The file is empty; choose it again."),
        (b"<html>", FileKind.PHOTO, "The file should be a JPEG, PNG or WebP picture."),
        (b"RIFF1234WAVE", FileKind.PHOTO, "The file should be a JPEG, PNG or WebP picture."),
        (b"%PDF-1.7", FileKind.PHOTO, "The file should be a JPEG, PNG or WebP picture."),
        (b"MZ", FileKind.DOCUMENT, "The file should be a PDF or a JPEG, PNG or WebP picture."),
        (PNG + bytes(MOST_BYTES), FileKind.PHOTO, "The file is larger than 8 MB; choose a smaller one."),
    ],
)
def test_refused(content, kind, sentence):
    with pytest.raises(InvalidInput) as refusal:
        recognise_file("vial.png", content, kind, field="photo")

    assert (refusal.value.sentence, refusal.value.field) == (sentence, "photo")


def test_the_largest_file_passes():
    content = PNG + bytes(MOST_BYTES - len(PNG))

    assert recognise_file("a.png", content, FileKind.PHOTO, field="photo").content == content


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\photos\\vial.png", "vial.png"),
        ("../../x.png", "x.png"),
        ('a"<b>\n.png', "ab.png"),
        ("", "photo"),
    ],
)
def test_a_name_keeps_only_its_last_part_and_what_can_be_shown(given, kept):
    assert recognise_file(given, PNG, FileKind.PHOTO, field="photo").name == kept


def test_a_name_is_cut_at_a_hundred_characters():
    assert recognise_file("n" * 101, PNG, FileKind.PHOTO, field="photo").name == "n" * 100
