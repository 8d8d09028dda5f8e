"""The six analyzers. Each is a module with `NAME` and `analyze(context)`, which yields outcomes."""

ANALYZERS = ("boundaries", "flaws", "secrets", "dependencies", "models", "integrity")
"""module names, in the order in which they run; imported when they run"""
