"""The DICOM network door: our server, and what we say to remote nodes."""
