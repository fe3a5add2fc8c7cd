"""X-rays drawn from geometry: what a beam loses on its way through shapes, seen by a 12-bit detector."""
