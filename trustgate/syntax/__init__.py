"""Structure of one blob: symbols, decorators, calls resolved through imports, guards, comments. Knows no security."""
