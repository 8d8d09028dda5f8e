"""Measures the reviewer on pairs of a bad change and its closest harmless twin, with stubs or with a real lane."""
