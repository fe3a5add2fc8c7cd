import pytest

from porion.services.ae_titles import read_title
from porion.services.errors import Invalid


def test_spaces_around_a_title_do_not_count() -> None:
    assert read_title(" PAN 1 ") == "PAN 1"


@pytest.mark.parametrize("text", ["", "  ", "SEVENTEEN_LETTERS", "A\\B", "Ä", "A\tB"])
def test_what_is_no_title_is_told(text: str) -> None:
    with pytest.raises(Invalid, match="no AE title"):
        read_title(text)
