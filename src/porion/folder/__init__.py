"""Files, folders, ZIP archives and DICOMDIR media."""
