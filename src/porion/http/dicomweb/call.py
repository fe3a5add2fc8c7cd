"""Who asks whom for what, and where DICOMweb lies."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from porion.clinic.permissions import Actor
from porion.services.ports import Porion

PREFIX = "/dicom-web"


@dataclass(frozen=True, slots=True)
class Call:
    """A request from somebody who was let in."""

    porion: Porion
    actor: Actor
    request: Request

    @property
    def base(self) -> str:
        """The address before ``/studies``, as the caller reached us."""
        return f"{str(self.request.base_url).rstrip('/')}{PREFIX}"
