"""trustgate: a gate between a code change and its merge, for code that models wrote."""

__version__ = "0.1.0"
