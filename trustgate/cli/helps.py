"""What `--help` shows beside the texts of the options: groups and examples, one entry a command. A test runs all.

Loaded when a help is asked for, by no review.
"""

from __future__ import annotations

GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "init": {
        "What is set up": ("repo", "preset", "hooks", "workflow", "action"),
        "What is done": ("check", "yes", "remove"),
    },
    "review": {
        "What is reviewed": ("diff", "staged", "worktree", "patch", "repo"),
        "How it is judged": ("stage", "config", "backend", "pr_body", "offline", "mode"),
        "What is printed": ("formats", "verbose", "show_packet"),
    },
    "attribute": {
        "What is looked at": ("commits", "text", "pr_body", "repo"),
        "What is printed": ("lines", "paths", "carry", "form"),
    },
    "approve": {
        "What is approved": ("diff", "everything", "repo"),
        "How it is signed and sent": ("reason", "expires", "push"),
    },
    "deps diff": {
        "What is compared": ("diff", "staged", "worktree", "patch", "repo"),
    },
    "models pin": {
        "What is pinned": ("spec", "root", "place", "ignore"),
        "What is written with it": ("licensed", "backend", "update", "reseal"),
        "What is looked for": ("allow_code", "walk_pickles", "key"),
        "How it runs": ("jobs",),
    },
    "models verify": {
        "What is verified": ("root", "place", "served", "token_env"),
        "What is enough": ("allow_declared", "quick", "cached", "no_cache"),
        "What is looked for": ("key", "walk_pickles"),
        "How it runs and prints": ("jobs", "form"),
    },
}
"""by the command's words: title to names of parameters"""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "init": ("trustgate init --check", "trustgate init --yes --workflow"),
    "doctor": ("trustgate doctor", "trustgate doctor --format json"),
    "review": ("trustgate review --staged", "trustgate review --diff HEAD~1 --format sarif=report.sarif --format text"),
    "audit": ("trustgate audit HEAD~1..HEAD",),
    "report": ("trustgate report --last 50", "trustgate report HEAD~1..HEAD --format json"),
    "ci": ("GITHUB_EVENT_NAME=push GITHUB_EVENT_PATH=event.json trustgate ci",),
    "attribute": ("trustgate attribute HEAD", "trustgate attribute --carry HEAD~1..HEAD"),
    "attest": ("trustgate attest --no-ai", "trustgate attest --backend claude-code:claude-opus-4-8@anthropic"),
    "hook post-commit": ("trustgate hook post-commit",),
    "hook prepare-commit-msg": ("trustgate hook prepare-commit-msg .git/COMMIT_EDITMSG",),
    "hook pre-push": ("trustgate hook pre-push origin",),
    "deps check": ("trustgate deps check --ecosystem pypi --offline reqeusts",),
    "deps diff": ("trustgate deps diff --diff HEAD~1",),
    "models pin": ("trustgate models pin tiny --from weights", "trustgate models pin tiny --from weights --update"),
    "models verify": ("trustgate models verify", "trustgate models verify tiny --quick"),
    "models list": ("trustgate models list --format json",),
    "models diff": ("trustgate models diff HEAD~1 HEAD",),
    "models export": ("trustgate models export --cyclonedx",),
    "advisories update": ("trustgate advisories update --from osv",),
    "advisories status": ("trustgate advisories status",),
    "approve": ('trustgate approve --diff HEAD~1 --all --reason "read with its owner" --expires 30d',),
    "accept": ("trustgate accept 568698563c04765f --rule tls-verify-off --reason ours --owner ops --expires 90d",),
    "queue list": ("trustgate queue list",),
    "queue show": ("trustgate queue show 0123456789abcdef",),
    "queue run": ("trustgate queue run",),
    "ledger show": ("trustgate ledger show --last 5",),
    "ledger verify": ("trustgate ledger verify",),
    "ledger export": ("trustgate ledger export --last 100",),
    "policy test": ("trustgate policy test cases.toml",),
    "policy replay": ("trustgate policy replay HEAD~1..HEAD",),
    "config check": ("trustgate config check",),
    "config show": ("trustgate config show",),
    "config schema": ("trustgate config schema exceptions",),
    "rules list": ("trustgate rules list",),
    "explain": ("trustgate explain tls-verify-off",),
    "agent-hook": (
        "trustgate agent-hook generic",
        """echo '{"hook_event_name": "Stop"}' | trustgate agent-hook claude-code""",
    ),
    "mcp": ("trustgate mcp --offline < /dev/null",),
    "completion": ('eval "$(trustgate completion bash)"',),
    "eval run": ("trustgate eval run --pairs evals/reviewer/pairs --verbose",),
    "schema": ("trustgate schema report",),
}
"""by the command's words: lines that run as they stand"""
