"""HL7 v2 over MLLP: a practice system keeps the register current."""
