"""``porion model``: what the matcher weighs with, and models that were trained elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from porion.cli.model_choice import chosen_model, text_of
from porion.cli.options import Chosen, Json
from porion.cli.output import camel, complain, say, write_json, write_table
from porion.clinic.model import LADDERS, Model, Weight
from porion.clinic.model_file import BadModel, read_model
from porion.clinic.model_text import SETTINGS, model_text
from porion.clinic.patient import Patient
from porion.clinic.relatives import RELATIVES, NoRelatives, counted, twins
from porion.clinic.splink_model import Change, NotSplink, convert
from porion.folder.csv_rows import CsvRow, read_patients
from porion.services.errors import Invalid

APP = typer.Typer(help="The weights of the matcher.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="A model file.")]
Out = Annotated[Path, typer.Argument(help="The model file to be written.")]
Version = Annotated[str, typer.Option("--version", help="The new model's name, which decisions record.")]


@APP.command("show")
def show(model: Chosen = None, json: Json = False) -> None:
    """What each level of each field is worth, in bits, and where the number comes from."""
    chosen = chosen_model(model)
    if json:
        write_json(model_json(chosen), indent=2)
        return
    say(f"{chosen.version}, from {model or 'Porion itself'}", "bold")
    rows = (
        (row.field, row.level.value, f"{row.bits:+.1f}", f"{row.m:g}", f"{row.u:g}", _share(row), row.source)
        for row in chosen.weights
    )
    write_table(("field", "level", "bits", "m", "u", "slips", "source"), rows)
    costs = ((way.value, f"{-cost.bits:+.1f}", cost.source) for way, cost in chosen.reading_costs.items())
    write_table(("reading", "bits", "source"), costs)
    others = ((each.name, f"{each.expected:g}", each.source) for each in chosen.others)
    write_table(("others", "expected", "source"), others)
    write_table(
        ("setting", "value", "meaning"),
        ((name, f"{getattr(chosen, name):g}", meaning) for name, meaning in SETTINGS),
    )


def _share(row: Weight) -> str:
    return f"{row.slips:g}" if row.slips else ""


@APP.command("check")
def check(file: File) -> None:
    """Say everything that is wrong with a model file; nothing is, when the exit status is 0."""
    try:
        read_model(text_of(file))
    except BadModel as error:
        for problem in error.problems:
            complain(problem)
        raise Invalid(f"{file} cannot be used as a model.") from None
    say(f"{file} can be used as the model {chosen_model(file).version}: set PORION_MODEL to it.")


@APP.command("convert")
def convert_(
    splink: Annotated[Path, typer.Argument(help="A model that Splink saved as JSON.")],
    out: Out,
    version: Version,
    base: Annotated[
        Path | None, typer.Option("--base", help="The model whose weights stay where Splink learned none.")
    ] = None,
    json: Json = False,
) -> None:
    """Make a model of what Splink has learned; each change is told."""
    on = _underneath(base, version)
    try:
        converted = convert(text_of(splink), on, version)
        text = model_text(read_model(model_text(converted.model)))
    except NotSplink as error:
        raise Invalid(f"{splink} is no model of Splink that can be used: {error}.") from None
    except BadModel as error:
        raise Invalid(f"{splink} makes no model: {error}.") from None
    _write(out, text)
    if json:
        write_json({"version": version, "changes": [change._asdict() for change in converted.changes]})
        return
    _tell(converted.changes)
    say(f"{out} holds the model {version}. Set PORION_MODEL to it when you have read it.")


@APP.command("relatives")
def relatives(
    register: Annotated[Path, typer.Argument(help="A table as `porion patients import` reads it.")],
    out: Out,
    version: Version,
    base: Annotated[Path | None, typer.Option("--base", help="The model whose weights stay.")] = None,
) -> None:
    """Make a model that expects as many relatives as the twins of a register tell."""
    on = _underneath(base, version)
    found = twins(_patient(row) for row in read_patients(register).rows)
    try:
        model = counted(on, found, version)
        text = model_text(read_model(model_text(model)))
    except NoRelatives as error:
        raise Invalid(f"Nothing can be counted: {error}.") from None
    except BadModel as error:
        raise Invalid(f"{register} makes no model: {error}.") from None
    _write(out, text)
    (before, after) = (one for each in (on, model) for one in _relatives(each))
    say(f"{found.people} patients, {found.pairs} pairs of twins ({found.by_chance:.1f} would be by chance).")
    say(f"{out} holds the model {version}: {after:g} relatives of a claimed person, {before:g} before.")


def _patient(row: CsvRow) -> Patient:
    return Patient(str(row.number), row.claim.name, row.claim.birth_date)


def _relatives(model: Model) -> list[float]:
    return [each.expected for each in model.others if each.name == RELATIVES]


def _underneath(base: Path | None, version: str) -> Model:
    """The model that another is made from; each has a version of its own."""
    on = chosen_model(base)
    if version == on.version:
        raise Invalid(f"{version} is the version of the model underneath: give the new one another.")
    return on


def _tell(changes: Iterable[Change]) -> None:
    """The levels whose bits changed or that were left out; the file itself says which were kept."""
    told = (change for change in changes if change.after is None or change.before != change.after)
    rows = ((c.field, c.level, _bits(c.before), _bits(c.after), c.why) for c in told)
    write_table(("field", "level", "before", "after", "why"), rows)


def _bits(bits: float | None) -> str:
    return "" if bits is None else f"{bits:+.1f}"


def _write(out: Path, text: str) -> None:
    """A new file, whole or not at all: what decisions refer to is not written over."""
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise Invalid(f"{out} exists already, and decisions may refer to it: choose another name.") from None
    except OSError as error:
        raise Invalid(f"{out} cannot be written: {error.strerror}.") from error


def model_json(model: Model) -> dict[str, Any]:
    """A model for machines, bits included."""
    return {
        "version": model.version,
        "settings": {camel(name): getattr(model, name) for name, _ in SETTINGS},
        "fields": {field: _ladder_json(model, field) for field in LADDERS},
        "rarity": {field: rarity._asdict() for field, rarity in model.rarities.items()},
        "readings": {
            camel(way.name.lower()): {"words": way.value, **cost._asdict()}
            for way, cost in model.reading_costs.items()
        },
        "others": [
            {"name": each.name, "expected": each.expected, "reason": each.reason, "source": each.source}
            for each in model.others
        ],
    }


def _ladder_json(model: Model, field: str) -> list[dict[str, Any]]:
    return [
        {
            "level": camel(row.level.name.lower()),
            "words": row.level.value,
            "m": row.m,
            "u": row.u,
            "slips": row.slips,
            "bits": row.bits,
            "source": row.source,
        }
        for row in model.weights
        if row.field == field
    ]
