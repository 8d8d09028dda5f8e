"""Manifests and lock files: bytes to `Dependency` values, one file a format. Pure, and nothing in them is executed."""
