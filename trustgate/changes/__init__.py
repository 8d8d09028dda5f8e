"""The change under review: what differs between two trees, read through one hardened door to git."""
