"""What library calls mean: rows read from TOML, and the rules' descriptions."""
