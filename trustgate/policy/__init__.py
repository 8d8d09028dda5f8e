"""What to do with findings: TOML to `Policy`, exceptions, and the pure, monotone `decide()`."""
