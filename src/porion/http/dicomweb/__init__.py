"""DICOMweb (PS3.18) under /dicom-web: search, retrieve and store, as viewers and archives speak it."""
