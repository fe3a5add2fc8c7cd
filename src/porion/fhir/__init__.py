"""FHIR R4 patients: other systems' into changes of the register, and ours as they read them."""
