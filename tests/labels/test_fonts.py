"""The typeface has the character, or the text is refused by name."""

import unicodedata

import pytest

from labels.errors import CannotPrint
from labels.fonts import BOLD, REGULAR, ensure_printable, printable_characters, width_of


@pytest.mark.parametrize(
    "name",
    ["Nguyễn Thị Hạnh", "Łukasz Żółć", "Ґалина Щербак", "Ñuñez", "O’Brien", "Škvorecký", "2–8 °C ≥ ½ µ ✓ ☐"],
)
def test_names_of_many_languages_are_printable(name):
    assert ensure_printable(name, field="patient name") == name


def test_a_decomposed_name_comes_out_composed():
    decomposed = unicodedata.normalize("NFD", "Nguyễn")
    assert ensure_printable(decomposed, field="patient name") == "Nguyễn"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("王芳", '"王" (U+738B'),
        ("שרה", '"ש" (U+05E9, hebrew letter shin)'),
        ("Ana 🙂", "U+1F642"),
        ("soft\N{SOFT HYPHEN}hyphen", "an invisible character (U+00AD, soft hyphen)"),
        ("zero\N{ZERO WIDTH SPACE}width", "an invisible character (U+200B"),
        ("two\nlines", "an invisible character (U+000A, a control character)"),
        ("tab\tstop", "U+0009"),
        ("right\N{RIGHT-TO-LEFT OVERRIDE}left", "U+202E"),
    ],
)
def test_a_character_without_a_glyph_is_named_with_its_field(text, named):
    with pytest.raises(CannotPrint) as refusal:
        ensure_printable(text, field="patient name")
    assert named in refusal.value.sentence
    assert refusal.value.field == "patient name"
    assert "patient name" in refusal.value.sentence


def test_the_typeface_is_read_once():
    assert printable_characters() is printable_characters()


def test_bold_is_wider_and_width_grows_with_size():
    regular = width_of("magnesium", font=REGULAR, size=10)
    assert regular < width_of("magnesium", font=BOLD, size=10)
    assert width_of("magnesium", font=REGULAR, size=20) == pytest.approx(2 * regular)
