"""What is accepted in an association."""

from __future__ import annotations

import pytest
from pynetdicom import AllStoragePresentationContexts

from porion.dimse.negotiation import (
    ABSTRACT_SYNTAX_NOT_SUPPORTED,
    ACCEPTED,
    DEFLATED,
    NEEDS_RIGHT,
    STORAGE_COMMITMENT,
    STUDY_ROOT_FIND,
    STUDY_ROOT_GET,
    TRANSFER_SYNTAXES_NOT_SUPPORTED,
    USER_REJECTION,
    VERIFICATION,
    WHY_NOT,
    answer,
    answer_all,
    answer_beyond,
    answer_roles,
    storage_classes,
    storage_syntaxes,
)
from porion.dimse.protocol.items import ContextAnswer, ProposedContext, RoleSelection

IMPLICIT, EXPLICIT, JPEG_2000 = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.4.90"
CT = "1.2.840.10008.5.1.4.1.1.2"


def answered(abstract: str, *syntaxes: str, unknown: bool = False) -> ContextAnswer:
    return answer(ProposedContext(7, abstract, syntaxes), unknown_classes=unknown)


# Knowledge page A1: what dental devices, viewers and dose sources send.
@pytest.mark.parametrize(
    "uid",
    [
        *("1.2.840.10008.5.1.4.1.1.1", "1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.5.1.4.1.1.1.1.1"),
        *("1.2.840.10008.5.1.4.1.1.1.3", "1.2.840.10008.5.1.4.1.1.1.3.1", "1.2.840.10008.5.1.4.1.1.2.1"),
        *("1.2.840.10008.5.1.4.1.1.2.2", "1.2.840.10008.5.1.4.1.1.13.1.2", "1.2.840.10008.5.1.4.1.1.7"),
        *("1.2.840.10008.5.1.4.1.1.7.2", "1.2.840.10008.5.1.4.1.1.77.1.4", "1.2.840.10008.5.1.4.1.1.88.67"),
        *("1.2.840.10008.5.1.4.1.1.104.1", "1.2.840.10008.5.1.4.1.1.66", "1.2.840.10008.5.1.4.1.1.11.1"),
    ],
)
def test_what_dentistry_sends_is_taken(uid: str) -> None:
    assert answered(uid, EXPLICIT).result == ACCEPTED


def test_every_storage_class_of_another_stack_is_taken() -> None:
    theirs = {str(context.abstract_syntax) for context in AllStoragePresentationContexts}
    assert {uid for uid in theirs if answered(uid, EXPLICIT).result != ACCEPTED} == set()
    assert len(theirs & set(storage_classes())) > 150


def test_the_senders_preference_counts() -> None:
    assert answered(CT, JPEG_2000, EXPLICIT) == ContextAnswer(7, ACCEPTED, JPEG_2000)
    assert answered(CT, EXPLICIT, JPEG_2000) == ContextAnswer(7, ACCEPTED, EXPLICIT)
    assert answered(CT, "1.2.840.10008.1.2.1.99", "1.2.3.4", IMPLICIT) == ContextAnswer(7, ACCEPTED, IMPLICIT)


@pytest.mark.parametrize("syntax", [*DEFLATED, "1.2.840.113619.5.2"])
def test_bombs_and_private_encodings_are_refused(syntax: str) -> None:
    assert answered(CT, syntax).result == TRANSFER_SYNTAXES_NOT_SUPPORTED
    assert syntax not in storage_syntaxes()


def test_other_services_are_not_offered() -> None:
    for uid in ("1.2.840.10008.5.1.4.1.2.3.1", "1.2.840.10008.1.3.10", "1.2.826.0.1.3680043"):
        assert answered(uid, EXPLICIT).result == ABSTRACT_SYNTAX_NOT_SUPPORTED
    assert answered("1.2.826.0.1.3680043", EXPLICIT, unknown=True).result == ACCEPTED
    assert (
        answered("1.2.840.10008.5.1.4.1.2.3.1", EXPLICIT, unknown=True).result
        == ABSTRACT_SYNTAX_NOT_SUPPORTED
    )


@pytest.mark.parametrize("uid", [VERIFICATION, STORAGE_COMMITMENT])
def test_services_without_pixels_are_spoken_uncompressed(uid: str) -> None:
    assert answered(uid, JPEG_2000).result == TRANSFER_SYNTAXES_NOT_SUPPORTED
    assert answered(uid, IMPLICIT).result == ACCEPTED


def test_the_requestor_stays_the_user() -> None:
    assert answer_roles([RoleSelection(CT, scu=True, scp=True)]) == (RoleSelection(CT, scu=True, scp=False),)


def test_query_and_retrieve_need_their_rights() -> None:
    for uid, right in NEEDS_RIGHT.items():
        proposed = ProposedContext(7, uid, (EXPLICIT,))
        assert answer(proposed, unknown_classes=True).result == USER_REJECTION
        assert answer(proposed, unknown_classes=False, rights=["pending"]).result == USER_REJECTION
        assert answer(proposed, unknown_classes=False, rights=[right]).result == ACCEPTED
        compressed = ProposedContext(7, uid, (JPEG_2000,))
        told = answer(compressed, unknown_classes=False, rights=[right]).result
        assert told == TRANSFER_SYNTAXES_NOT_SUPPORTED


ASKED = (
    ProposedContext(1, CT, (JPEG_2000, EXPLICIT)),
    ProposedContext(3, STUDY_ROOT_FIND, (IMPLICIT,)),
    ProposedContext(5, "1.2.3", (IMPLICIT,)),
)


def test_a_request_is_answered_as_a_whole() -> None:
    for _ in range(2):
        answers = answer_all(ASKED, unknown_classes=False, rights=())
        assert answers.all == tuple(answer(one, unknown_classes=False) for one in ASKED)
        assert answers.accepted == {1: (CT, JPEG_2000)}
        assert answers.told == (
            (CT, JPEG_2000, ""),
            (STUDY_ROOT_FIND, None, WHY_NOT[USER_REJECTION]),
            ("1.2.3", None, WHY_NOT[ABSTRACT_SYNTAX_NOT_SUPPORTED]),
        )


def test_what_was_answered_before_gives_no_right_and_takes_none() -> None:
    refused = answer_all(ASKED, unknown_classes=False, rights=())
    assert set(answer_all(ASKED, unknown_classes=False, rights=("query",)).accepted) == {1, 3}
    assert set(answer_all(ASKED, unknown_classes=True, rights=("query",)).accepted) == {1, 3, 5}
    assert answer_all(ASKED, unknown_classes=False, rights=()) == refused


def test_who_sends_on_our_request_may_store_and_nothing_else() -> None:
    answers = answer_all(ASKED, unknown_classes=True, rights=("query",), storage_only=True)
    assert [one.result for one in answers.all] == [ACCEPTED, USER_REJECTION, USER_REJECTION]
    assert set(answers.accepted) == {1}


def test_who_may_retrieve_may_take_instances_on_its_own_association() -> None:
    asked = [RoleSelection(CT, scu=False, scp=True), RoleSelection(VERIFICATION, scu=True, scp=True)]
    assert [role.scp for role in answer_roles(asked)] == [False, False]
    assert [role.scp for role in answer_roles(asked, ["query"])] == [False, False]
    assert [role.scp for role in answer_roles(asked, ["retrieve"])] == [True, False]


def test_beyond_the_context_what_is_offered_is_agreed_on() -> None:
    asked = [(STUDY_ROOT_FIND, b"\1\0\1\1"), (STUDY_ROOT_GET, b"\0"), (VERIFICATION, b"\1")]
    assert answer_beyond(asked) == {STUDY_ROOT_FIND: b"\1\0", STUDY_ROOT_GET: b"\0"}
