"""Members are judged by the table of contents alone, before a byte of them is unpacked."""

from __future__ import annotations

from zipfile import ZIP_LZMA, ZipInfo

from porion.folder.zip_members import Member, members_of


def an_info(name: str, at: int, size: int = 10) -> ZipInfo:
    info = ZipInfo(name)
    info.header_offset = at
    info.compress_size = info.file_size = size
    return info


def judged(*infos: ZipInfo, directory_at: int = 1000) -> list[Member]:
    return list(members_of(infos, directory_at))


def test_members_side_by_side_have_no_objection() -> None:
    found = judged(an_info("a", 0), an_info("b", 41), an_info("folder/", 82, size=0))
    assert [(member.name, member.objection) for member in found] == [("a", ""), ("b", "")]


def test_a_member_that_runs_into_the_next_or_the_directory_overlaps() -> None:
    found = judged(an_info("a", 0, size=100), an_info("b", 50), an_info("c", 980))
    assert ["overlaps" in member.objection for member in found] == [True, False, True]


def test_the_gravest_objection_comes_first() -> None:
    info = an_info("../x", 0)
    info.compress_type = ZIP_LZMA
    assert "points outside" in judged(info)[0].objection


def test_the_second_of_a_name_is_objected_to_however_it_spells_its_folders() -> None:
    found = judged(an_info("a/b", 0), an_info("a\\b", 50))
    assert ["second file" in member.objection for member in found] == [False, True]
