"""ServiceRequest and Appointment (FHIR R4) as what is ordered: scheduled, changed, cancelled."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from porion.dicom.codes import Code
from porion.dicom.person import Identifier, PersonName
from porion.fhir.parts import object_in, objects_in
from porion.fhir.patient import feed_patient
from porion.services.errors import Invalid
from porion.services.orders import Order
from porion.services.register_feed import FeedPatient

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from porion.fhir.parts import Resource

Deed = Literal["schedule", "cancel"]

ORDERS = frozenset({"ServiceRequest", "Appointment"})
"""Resources of a bundle that are for the schedule."""

# FHIR value sets request-status and appointmentstatus; what is not named here asks for nothing.
STATUSES: Mapping[str, Mapping[str, Deed]] = {
    "ServiceRequest": {
        "active": "schedule",
        "revoked": "cancel",
        "on-hold": "cancel",
        "entered-in-error": "cancel",
    },
    "Appointment": {
        "booked": "schedule",
        "arrived": "schedule",
        "checked-in": "schedule",
        "cancelled": "cancel",
        "noshow": "cancel",
        "entered-in-error": "cancel",
    },
}
SCHEMES: Mapping[str, str] = {
    "http://snomed.info/sct": "SCT",
    "http://loinc.org": "LN",
    "http://dicom.nema.org/resources/ontology/DCM": "DCM",
}
_ACCESSION = "ACSN"  # HL7 table 0203
_LONGEST = 1_000


def order_of(
    resource: Resource, source: str, people: Mapping[str, Resource], issuers: Mapping[str, str]
) -> Order | None:
    """What a resource orders; None when its status asks for nothing here.

    ``people`` are the Patients of the same bundle by every reference that may mean them; a patient who is
    only referred to is known by the identifier or by the server's own id, issued by ``source``.
    """
    kind = str(resource.get("resourceType"))
    deed = STATUSES[kind].get(str(resource.get("status", "")))
    number = str(resource.get("id") or _first_identifier(resource))
    if not number:
        raise Invalid(f"The {kind} has neither an id nor an identifier.")
    if deed is None:
        return None
    codes = tuple(_codes(resource))
    return Order(
        source=source,
        message_id=f"{kind}/{number}/{_version(resource)}",
        sent_at=_moment(object_in(resource, "meta").get("lastUpdated")),
        kind=deed,
        order_key=f"{kind}/{number}",
        patient=_patient(resource, source, people, issuers),
        codes=codes,
        description=_description(resource, codes),
        dicom_modality=next((code.value for code in codes if code.scheme == "DCM"), ""),
        starts_at=_starts_at(resource),
        station_ae=_station(resource),
        requested_by=str(object_in(resource, "requester").get("display") or "")[:64],
        accession_number=_accession(resource),
        must_be_known=kind == "ServiceRequest",
    )


def people_of(bundle: Resource) -> dict[str, Resource]:
    """The Patients of a bundle by full URL and by ``Patient/id``."""
    found: dict[str, Resource] = {}
    for entry in objects_in(bundle, "entry"):
        resource = object_in(entry, "resource")
        if resource.get("resourceType") == "Patient":
            found |= {str(entry.get("fullUrl", "")): resource, f"Patient/{resource.get('id')}": resource}
    return found


def _patient(
    resource: Resource, source: str, people: Mapping[str, Resource], issuers: Mapping[str, str]
) -> FeedPatient:
    stated = _subject(resource)
    reference = str(stated.get("reference", ""))
    known = people.get(reference)
    own = reference.rpartition("Patient/")[2].partition("/")[0] if "Patient/" in reference else ""
    ids = (Identifier(own, source),) if own else ()
    if known is not None:
        said = feed_patient(known, issuers)
        return FeedPatient((*said.identifiers, *ids), said.name, said.aliases, said.birth_date, said.sex)
    identifier = object_in(stated, "identifier")
    if identifier.get("value"):
        system = str(identifier.get("system") or "")
        ids = (Identifier(str(identifier["value"]), issuers.get(system, system)),)
    return FeedPatient(ids, PersonName())


def _subject(resource: Resource) -> Resource:
    """Whom it is about: the subject, or the participant who is a patient."""
    if resource.get("resourceType") == "ServiceRequest":
        return object_in(resource, "subject")
    actors = (object_in(one, "actor") for one in objects_in(resource, "participant"))
    return next((one for one in actors if _is_a(one, "Patient")), {})


def _is_a(reference: Resource, kind: str) -> bool:
    stated = str(reference.get("reference", ""))
    # What a bundle names by a UUID only is a patient unless its type says something else.
    unnamed = stated.startswith("urn:uuid:") and kind == "Patient" and not reference.get("type")
    return f"{kind}/" in stated or reference.get("type") == kind or unnamed


def _codes(resource: Resource) -> Iterator[Code]:
    """Of the order and its details, or of the appointment's kind and reason."""
    concepts = [object_in(resource, "code"), object_in(resource, "appointmentType")]
    for word in ("orderDetail", "category", "serviceType", "reasonCode"):
        concepts += objects_in(resource, word)
    for concept in concepts:
        for coding in objects_in(concept, "coding"):
            system = str(coding.get("system") or "")
            yield Code(
                SCHEMES.get(system, system), str(coding.get("code") or ""), str(coding.get("display") or "")
            )
        if concept.get("text"):
            yield Code("", "", str(concept["text"]))


def _description(resource: Resource, codes: tuple[Code, ...]) -> str:
    stated = object_in(resource, "code").get("text") or resource.get("description")
    return str(stated or next((code.meaning for code in codes if code.meaning), ""))[:_LONGEST]


def _starts_at(resource: Resource) -> datetime | None:
    period = object_in(resource, "occurrencePeriod").get("start")
    return _moment(resource.get("start") or resource.get("occurrenceDateTime") or period)


def _station(resource: Resource) -> str:
    """The device that is to make it, by the AE title that a reference to it displays."""
    stated = [*objects_in(resource, "performer")]
    stated += [object_in(one, "actor") for one in objects_in(resource, "participant")]
    return next((str(one.get("display") or "")[:16] for one in stated if _is_a(one, "Device")), "")


def _accession(resource: Resource) -> str:
    for stated in objects_in(resource, "identifier"):
        kinds = objects_in(object_in(stated, "type"), "coding")
        if any(kind.get("code") == _ACCESSION for kind in kinds):
            return str(stated.get("value") or "")
    return ""


def _first_identifier(resource: Resource) -> str:
    values = (str(one.get("value") or "") for one in objects_in(resource, "identifier"))
    return next((value for value in values if value), "")


def _version(resource: Resource) -> str:
    meta = object_in(resource, "meta")
    stated = meta.get("versionId") or meta.get("lastUpdated")
    text = json.dumps(resource, sort_keys=True, default=str).encode()
    return str(stated or sha256(text).hexdigest()[:32])


def _moment(text: object) -> datetime | None:
    """A dateTime or instant; a day alone begins at midnight of the clinic's own time."""
    with suppress(ValueError):
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        return moment.astimezone(UTC) if moment and moment.tzinfo else moment
    return None
