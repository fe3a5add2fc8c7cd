"""All routes of DICOMweb."""

from porion.http.dicomweb import frames, rendered, retrieve, search, stow, wado_uri

DICOMWEB = (
    search.router,
    retrieve.router,
    frames.router,
    rendered.router,
    stow.router,
    wado_uri.router,
)
