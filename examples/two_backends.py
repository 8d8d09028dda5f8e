"""Two commits that do the same thing, by two backends: the review lets one pass with a note and holds the other.

    python examples/two_backends.py [FOLDER]

Each adds a package from the long tail. One was written by Claude Code with a frontier model, one by GLM through
OpenRouter, whose weights are open: the policy asks for a second look at what it pulls in.
"""

from __future__ import annotations

import sys

from planted_faults import main

START = {"api/requirements.txt": "flask==3.0.3\n", "worker/requirements.txt": "celery==5.4.0\n"}
CLAUDE = {"api/requirements.txt": "flask==3.0.3\nflask-simpleldap==2.0.0\n"}
GLM = {"worker/requirements.txt": "celery==5.4.0\ncelery-haystack==0.10\n"}
COMMITS = (
    (START, "Start\n"),
    (CLAUDE, "Log in over LDAP\n\nCo-Authored-By: Claude Opus 4.8 <noreply@anthropic.com>\n"),
    (GLM, "Index in the background\n\nAssisted-by: Crush:openrouter/z-ai/glm-5.2\n"),
)

if __name__ == "__main__":
    sys.exit(main(__doc__ or "", COMMITS, "HEAD~2"))
