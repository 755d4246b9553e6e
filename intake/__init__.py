"""Files that users hand in, opened safely: what is packed, how it is written, which values have which names."""
