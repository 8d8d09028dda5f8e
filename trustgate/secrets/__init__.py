"""One detector of secrets, for the analyzer, for redaction and for reports."""
