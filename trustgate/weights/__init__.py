"""Model weights on this machine: what is pinned in `models.lock`, where it lies, and whether it is still the same."""
