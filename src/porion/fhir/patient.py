"""The resource Patient (FHIR R4 section 8.1) as a change of the register, and ours as a resource."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from porion.dicom.person import ClaimedIdentity, Identifier, PersonName
from porion.fhir.parts import Resource, list_in, object_in, objects_in
from porion.services.errors import Invalid
from porion.services.register_feed import Change, FeedPatient

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from porion.clinic.patient import Patient

ISSUER = "urn:porion:issuer:"
"""What begins a system that stands for an issuer as DICOM names it (Issuer of Patient ID)."""

SEXES = {"female": "F", "male": "M", "other": "O"}
_GENDERS = {sex: gender for gender, sex in SEXES.items()}
_USES = ("official", "usual", "")


def change_of(resource: Resource, source: str, issuers: Mapping[str, str]) -> Change | None:
    """What a resource of a server says; None when it is inactive and nobody took its place.

    ``issuers`` gives the issuer, as DICOM names it, for an identifier's system. The server's own id of the
    resource becomes an identifier issued by ``source``: links between patients name nothing else.
    """
    _must_be_a_patient(resource)
    said = feed_patient(resource, issuers)
    own = _logical(resource.get("id"), source)
    said = _with(said, own)
    number, sent = _version(resource), _moment(object_in(resource, "meta").get("lastUpdated"))
    replaced_by = tuple(_linked(resource, "replaced-by", source, issuers))
    replaces = tuple(_linked(resource, "replaces", source, issuers))
    if replaced_by:
        survivor = FeedPatient(replaced_by, PersonName())
        return Change(source, number, sent, "merge", survivor, said.identifiers)
    if resource.get("active") is False:
        return None
    if replaces:
        return Change(source, number, sent, "merge", said, replaces)
    return Change(source, number, sent, "patient", said)


def feed_patient(resource: Resource, issuers: Mapping[str, str]) -> FeedPatient:
    """Identifiers, official name, other names, birth date and sex of a resource."""
    names = [(_name(one), str(one.get("use", ""))) for one in objects_in(resource, "name")]
    official = min(names, key=lambda one: _rank(one[1]), default=(PersonName(), ""))[0]
    aliases = (name for name, _ in names if name != official and (name.family or name.given))
    return FeedPatient(
        identifiers=tuple(dict.fromkeys(_identifiers(resource, issuers))),
        name=official,
        aliases=tuple(dict.fromkeys(aliases)),
        birth_date=_date(resource.get("birthDate")),
        sex=SEXES.get(str(resource.get("gender", "")), ""),
    )


def claim_of(resource: Resource, issuers: Mapping[str, str]) -> ClaimedIdentity:
    """The identity that a resource claims, as an image's header would."""
    _must_be_a_patient(resource)
    said = feed_patient(resource, issuers)
    return ClaimedIdentity(
        name=said.name, identifiers=said.identifiers, birth_date=said.birth_date, sex=said.sex
    )


def resource_of(patient: Patient) -> Resource:
    """A patient of the register as a resource."""
    resource: Resource = {
        "resourceType": "Patient",
        "id": patient.id,
        "meta": {"versionId": str(patient.version)},
        "active": patient.merged_into is None,
        "identifier": [_identifier_resource(one) for one in patient.identifiers],
        "name": [
            _name_resource(patient.name, "official"),
            *(_name_resource(one, "old") for one in patient.aliases),
        ],
    }
    if patient.birth_date:
        resource["birthDate"] = patient.birth_date.isoformat()
    if patient.sex in _GENDERS:
        resource["gender"] = _GENDERS[patient.sex]
    if patient.merged_into:
        other = {"reference": f"Patient/{patient.merged_into}"}
        resource["link"] = [{"other": other, "type": "replaced-by"}]
    return {key: value for key, value in resource.items() if value != []}


def _must_be_a_patient(resource: Resource) -> None:
    if resource.get("resourceType") != "Patient":
        raise Invalid(f"The resource is a {resource.get('resourceType') or 'nothing'}, not a Patient.")


def _with(said: FeedPatient, own: Identifier | None) -> FeedPatient:
    if own is None or own in said.identifiers:
        return said
    ids = (*said.identifiers, own)
    return FeedPatient(ids, said.name, said.aliases, said.birth_date, said.sex)


def _logical(value: object, source: str) -> Identifier | None:
    return Identifier(value, source) if isinstance(value, str) and value else None


def _version(resource: Resource) -> str:
    """What tells this state of the resource from others."""
    meta = object_in(resource, "meta")
    stated = meta.get("versionId") or meta.get("lastUpdated")
    if not stated:
        stated = sha256(json.dumps(resource, sort_keys=True, default=str).encode()).hexdigest()[:32]
    return f"{resource.get('id') or 'unnumbered'}/{stated}"


def _linked(resource: Resource, kind: str, source: str, issuers: Mapping[str, str]) -> Iterator[Identifier]:
    for link in objects_in(resource, "link"):
        other = object_in(link, "other")
        if link.get("type") != kind:
            continue
        reference = str(other.get("reference", ""))
        identifier = _identifier(object_in(other, "identifier"), issuers)
        if reference:
            # Absolute, relative, of one version: the id stands behind the last "Patient/".
            yield Identifier(reference.rpartition("Patient/")[2].partition("/")[0], source)
        elif identifier is not None:
            yield identifier


def _identifiers(resource: Resource, issuers: Mapping[str, str]) -> Iterator[Identifier]:
    for stated in objects_in(resource, "identifier"):
        identifier = _identifier(stated, issuers)
        if identifier is not None and stated.get("use") != "old":
            yield identifier


def _identifier(stated: Resource, issuers: Mapping[str, str]) -> Identifier | None:
    value, system = str(stated.get("value") or "").strip(), str(stated.get("system") or "").strip()
    if not value:
        return None
    issuer = issuers.get(system) or system.removeprefix(ISSUER)
    return Identifier(value, issuer or str(object_in(stated, "assigner").get("display") or ""))


def _identifier_resource(identifier: Identifier) -> Resource:
    stated = {"value": identifier.value}
    if identifier.issuer:
        known = identifier.issuer.startswith(("http://", "https://", "urn:"))
        stated["system"] = identifier.issuer if known else f"{ISSUER}{identifier.issuer}"
    return stated


def _name(stated: Resource) -> PersonName:
    given = [str(one).strip() for one in list_in(stated, "given") if str(one).strip()]
    family = str(stated.get("family") or "").strip()
    if not family and not given:
        return PersonName(family=str(stated.get("text") or "").strip())
    return PersonName(
        family=family,
        given=given[0] if given else "",
        middle=" ".join(given[1:]),
        prefix=_words(stated, "prefix"),
        suffix=_words(stated, "suffix"),
    )


def _name_resource(name: PersonName, use: str) -> Resource:
    stated: Resource = {
        "use": use,
        "family": name.family,
        "given": [*filter(None, (name.given, name.middle))],
    }
    stated["prefix"], stated["suffix"] = [*filter(None, [name.prefix])], [*filter(None, [name.suffix])]
    return {key: value for key, value in stated.items() if value}


def _rank(use: str) -> int:
    return _USES.index(use) if use in _USES else len(_USES)


def _date(text: object) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text) if isinstance(text, str) and len(text) == len("2012-04-03") else None
    return None


def _moment(text: object) -> datetime | None:
    with suppress(ValueError):
        moment = datetime.fromisoformat(text) if isinstance(text, str) and "T" in text else None
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    return None


def _words(stated: Resource, key: str) -> str:
    return " ".join(str(one).strip() for one in list_in(stated, key))
