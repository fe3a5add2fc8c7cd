"""What requests and answers of the API have in common: camelCase names, nothing unknown, pages by cursor."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

ID = r"^[0-9A-Za-z_-]{1,64}$"

# PostgreSQL stores no NUL, and nobody types one.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=1000)]
Id = Annotated[str, StringConstraints(pattern=ID)]
State = Literal["pending", "linked", "quarantined"]
Uid = Annotated[str, StringConstraints(pattern=r"^[0-9.]{1,64}$")]


class Shape(BaseModel):
    """A request or an answer; unknown fields are refused, so that a mistyped one is not lost silently."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        from_attributes=True,
        extra="forbid",
        frozen=True,
    )


class Page(Shape):
    """A page of a list: what comes after ``cursor``, as an earlier answer's ``nextCursor`` gave it."""

    cursor: Id | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=_Identified)


def next_cursor(rows: Sequence[_Identified], page: Page) -> str | None:
    """Where the next page begins; None when this one was not full."""
    return rows[-1].id if len(rows) == page.limit else None


Json = dict[str, Any]
