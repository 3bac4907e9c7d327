"""What a bug is: one small check over the engine's queries for each code or flow."""
