"""Who wrote a change: evidence, and the origin it resolves to. Judges nothing."""
