"""Problems are listed in order, once, with their path, and never without bound."""

from porion.dicom.problems import Problem, Problems, path_of, shown


def test_a_path_names_every_sequence_and_item_on_the_way() -> None:
    place = ((None, 0x00082218, 0), 0x00082220, 3)
    assert path_of(place, 0x00080100) == "(0008,2218)[0].(0008,2220)[3].(0008,0100)"
    assert path_of(None, 0x00100010) == "(0010,0010)"


def test_the_same_problem_is_listed_once() -> None:
    problems = Problems(10)
    problems.add("odd", 0x00100010)
    problems.add("odd", 0x00100010)
    problems.add("odd")
    assert problems.all() == (Problem("(0010,0010)", "odd"), Problem(None, "odd"))
    assert problems.noted == 3


def test_beyond_the_cap_the_last_one_says_how_many_more() -> None:
    problems = Problems(3)
    for n in range(10):
        problems.add(f"problem {n}")
    assert [problem.reason for problem in problems.all()] == [
        "problem 0",
        "problem 1",
        "8 more problems are not listed",
    ]


def test_a_copy_goes_its_own_way() -> None:
    problems = Problems(3)
    problems.add("first")
    problems.copy().add("second")
    assert len(problems.all()) == 1


def test_a_long_value_is_shortened() -> None:
    assert shown("x" * 100) == "'" + "x" * 39 + "…'"
