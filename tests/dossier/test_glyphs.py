"""What is printed: every character has a shape, and nothing is lost without a word."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.dossier.document.glyphs import FONTS, covered, drawable, printable, shown


@given(st.text())
def test_every_character_that_is_printed_has_a_shape(text):
    assert {ord(one) for one in shown(text)} - drawable() <= {0x200B}


@given(st.text(alphabet=st.characters(whitelist_categories=("Ll", "Lu", "Nd"), max_codepoint=0x17F)))
def test_latin_text_stays_as_it_is(text):
    text = unicodedata.normalize("NFC", text)
    assert shown(text).replace("\u200b", "") == text


def test_what_no_font_can_draw_is_written_by_name_and_what_steers_is_left_out():
    assert shown("a日b") == "a[cjk unified ideograph-65e5]b"
    assert shown("e\u0301\u200e\u2067x\u0000\ufeff") == "éx"
    assert shown("one\ttwo\r\nthree\u2028four") == "one two\nthree four"


def test_a_long_word_can_be_broken_and_an_address_after_its_slashes():
    assert "\u200b" in shown("x" * 40)
    assert shown("https://example.org/a-long/path-of/an-address").replace("\u200b", "|") == (
        "https://|example.org/|a-|long/|path-|of/|an-|address"
    )


def test_fonts_say_what_they_cover():
    for path in FONTS.glob("*.ttf"):
        assert set(map(ord, "AZaz09àèéìòùÀÈ€–’")) <= covered(path.read_bytes())
    for wrong in (b"", b"\x00\x01\x00\x00", b"no font at all, but long enough to be one" * 4):
        with pytest.raises(ValueError, match="TrueType"):
            covered(wrong)


def test_plain_data_is_made_printable_at_any_depth_but_pictures_stay():
    content = {"a": ["x\x07", ("y\x07", 3)], "svg": "<svg>\x07</svg>", "n": None}
    assert printable(content) == {"a": ["x", ["y", 3]], "svg": "<svg>\x07</svg>", "n": None}
