"""The second opinion on escalated findings: packets, redaction, lanes and the checks of every answer."""
