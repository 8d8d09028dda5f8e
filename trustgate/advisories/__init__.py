"""Published advisories: OSV records kept on this machine and matched by version, and the sources that are asked online."""
