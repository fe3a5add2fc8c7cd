"""PS3.8's upper layer and PS3.7's messages without I/O: bytes in, events out; commands in, bytes out."""
