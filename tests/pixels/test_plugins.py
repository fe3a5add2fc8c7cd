"""Which codecs pydicom decodes with."""

from __future__ import annotations

from pydicom.pixels import get_decoder
from pydicom.uid import HTJ2KLossless, JPEG2000Lossless, JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLosslessSV1

from porion.pixels import plugins


def test_every_syntax_has_a_decoder_that_is_trusted() -> None:
    plugins.register()
    plugins.register()
    for uid in (HTJ2KLossless, JPEG2000Lossless, JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLosslessSV1):
        decoder = get_decoder(uid)
        assert decoder.is_available
        assert decoder.available_plugins.count("imagecodecs") == 1
        assert "gdcm" not in decoder.available_plugins


def test_pydicom_may_ask_for_what_is_there() -> None:
    assert plugins.is_available(HTJ2KLossless)
    assert not plugins.is_available("1.2.3")
