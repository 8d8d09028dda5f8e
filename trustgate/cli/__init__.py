"""The command line: one command a file, loaded when it is used. Commands parse, call, render and return a code."""
