"""Problem documents have the members of RFC 9457, and a type that does not change with the words."""

from __future__ import annotations

import json

from porion.http.problem_docs import MEDIA_TYPE, SCHEMA, problem_doc


def test_a_problem_has_the_members_that_its_schema_requires() -> None:
    answer = problem_doc(409, "stale", "Stale", "Look again.", instance="/api/x", errors=[])
    told = json.loads(answer.body)

    assert set(SCHEMA["required"]) <= set(told) <= set(SCHEMA["properties"])
    assert (answer.status_code, told["status"], answer.media_type) == (409, 409, MEDIA_TYPE)


def test_the_type_is_a_name_and_not_the_words() -> None:
    told = [json.loads(problem_doc(404, "not-found", "T", words, instance="/").body) for words in ("a", "b")]

    assert told[0]["type"] == told[1]["type"] == "urn:porion:problem:not-found"
