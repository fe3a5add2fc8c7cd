"""All routes of DICOMweb."""

from porion.http.dicomweb import frames, rendered, retrieve, search, stow, wado_uri

DICOMWEB = (
    frames.router,
    search.router,
    retrieve.router,
    rendered.router,
    stow.router,
    wado_uri.router,
)
