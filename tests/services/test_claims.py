from __future__ import annotations

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.identity import claim_key
from porion.dicom.person import ClaimedIdentity, Identifier, PersonName
from porion.services.claims import claim_json, claim_of

names = st.builds(PersonName, *[st.text(max_size=8)] * 5)
claims = st.builds(
    ClaimedIdentity,
    names,
    names,
    names,
    st.lists(st.builds(Identifier, st.text(max_size=8), st.text(max_size=8)), max_size=3).map(tuple),
    st.none() | st.dates(date(1900, 1, 1)),
    st.sampled_from(["", "F", "M", "O"]),
)


@given(claims)
def test_a_claim_comes_back_from_its_json(claim: ClaimedIdentity) -> None:
    back = claim_of(json.loads(json.dumps(claim_json(claim))))
    assert back == claim
    assert claim_key(back) == claim_key(claim)
