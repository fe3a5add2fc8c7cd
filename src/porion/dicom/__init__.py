"""What the standard and the devices say: header, classification, exposure, volume. Pure."""
