"""Associations, commands and bytes that Hypothesis makes up."""

from __future__ import annotations

from hypothesis import strategies as st

from porion.dimse.protocol.items import ProposedContext, RoleSelection, UserIdentity, UserInformation
from porion.dimse.protocol.pdus import AssociateRequest

uids = st.from_regex(r"[0-2](\.[1-9][0-9]{0,8}){1,5}", fullmatch=True)
titles = st.from_regex(r"[A-Z][A-Z0-9_]{0,15}", fullmatch=True)
users = st.builds(
    UserInformation,
    maximum_length=st.integers(0, 2**32 - 1),
    implementation_class_uid=uids,
    implementation_version=titles,
    asynchronous=st.none() | st.tuples(st.integers(0, 65_535), st.integers(0, 65_535)),
    roles=st.lists(st.builds(RoleSelection, uids, st.booleans(), st.booleans()), max_size=3).map(tuple),
    extended=st.lists(st.tuples(uids, st.binary(max_size=9)), max_size=3).map(tuple),
    identity=st.none()
    | st.builds(
        UserIdentity, st.integers(1, 5), st.booleans(), st.binary(max_size=40), st.binary(max_size=40)
    ),
)
contexts = st.lists(
    st.builds(
        ProposedContext,
        st.integers(0, 127).map(lambda n: 2 * n + 1),
        uids,
        st.lists(uids, min_size=1, max_size=4).map(tuple),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one.number,
).map(tuple)
requests = st.builds(AssociateRequest, titles, titles, contexts, users)
