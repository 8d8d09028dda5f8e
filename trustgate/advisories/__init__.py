"""Published advisories: OSV records kept on this machine and matched by version, and sources that are asked online."""
