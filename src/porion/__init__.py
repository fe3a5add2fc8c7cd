"""Porion: an orthodontic clinic's X-rays, brought in over DICOM."""
