"""The client of other systems' DICOMweb (PS3.18)."""
