"""Which words install packages, and which of their options take a value (the help texts of the tools)."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _commands(family: str, text: str) -> dict[tuple[str, ...], str]:
    """Commands of one to three words, separated by commas."""
    return {tuple(command.split()): family for command in text.split(",")}


COMMANDS = {
    **_commands(
        "python",
        """
        uv pip install, uv add, pipx install, pipx inject, pipx run, uv tool install, uv tool run, uvx,
        poetry add, pdm add, pipenv install, rye add, rye install, easy_install
        """,
    ),
    **_commands(
        "npm",
        """
        npm install, npm i, npm add, npm exec, npx, pnpm add, pnpm install, pnpm i, pnpm dlx, pnpx, yarn
        add, yarn dlx, yarn global add, bun add, bun install, bun i, bun x, bunx
        """,
    ),
    **_commands(
        "deno",
        """
        deno install, deno add, deno run
        """,
    ),
    **_commands(
        "cargo",
        """
        cargo install, cargo add, cargo binstall
        """,
    ),
    **_commands(
        "go",
        """
        go install, go get, go run
        """,
    ),
    **_commands(
        "gem",
        """
        gem install, bundle add
        """,
    ),
    **_commands(
        "conda",
        """
        conda install, mamba install, micromamba install, conda create
        """,
    ),
}
FIRST_ONLY = frozenset(
    command.strip()
    for command in """
    bun x, bunx, deno run, go run, npm exec, npx, pipx inject, pipx run, pnpm dlx, pnpx, uv tool run,
    uvx, yarn dlx
    """.replace("\n", " ").split(",")
)
"""commands whose words behind the first one are arguments of the program"""
VALUED = {
    "python": _words(
        """
        --abi --branch --cache-dir --cert --client-cert --config-setting --config-settings --constraint
        --directory --exclude-newer --exists-action --extra --extras --global-option --group
        --implementation --index-strategy --keyring-provider --link-mode --log --no-binary --only-binary
        --optional --package --platform --prefix --progress-bar --project --proxy --python
        --python-preference --python-version --refresh-package
        --report --requirement --resolution --retries --rev
        --root --root-user-action --source --src --suffix --tag --target --timeout --upgrade-package
        --upgrade-strategy --with-editable --with-requirements -C -E -G -P -c -d -p -r -t
        """
    ),
    "npm": _words(
        """
        --before --cache --call --cwd --dir --filter --include --loglevel --network-timeout --omit --prefix
        --registry --reporter --tag --userconfig --workspace -C -F -c -w
        """
    ),
    "deno": _words(
        """
        --config --import-map --lock --name --root -c -n
        """
    ),
    "cargo": _words(
        """
        --bin --branch --color --config --example --features --git --index --jobs --manifest-path --package
        --path --profile --registry --rename --rev --root --tag --target --target-dir --vers --version -F -Z
        -j -p
        """
    ),
    "go": _words(
        """
        -C -asmflags -buildmode -gcflags -ldflags -mod -modfile -o -p -tags
        """
    ),
    "gem": _words(
        """
        --bindir --branch --build-root --document --file --git --github --group --http-proxy --install-dir
        --platform --ref --source --trust-policy --version -B -P -g -i -n -p -s -v
        """
    ),
    "conda": _words(
        """
        --channel --experimental --file --name --prefix --revision --solver -c -f -n -p
        """
    ),
}
LOOKUPS = {
    "python": {
        "-i": "index-url",
        "--index-url": "index-url",
        "--pypi-url": "index-url",
        "--default-index": "index-url",
        "--extra-index-url": "extra-index-url",
        "--index": "extra-index-url",
        "-f": "find-links",
        "--find-links": "find-links",
        "--trusted-host": "trusted-host",
        "--allow-insecure-host": "trusted-host",
        "--pip-args": "",
    },
    "npm": {"--registry": "registry"},
    "gem": {"-s": "source", "--source": "source"},
    "cargo": {"--index": "registry"},
    "conda": {"-c": "channel", "--channel": "channel"},
}
"""options that say where packages come from"""
USUAL_CHANNELS = ("conda-forge", "defaults", "bioconda", "pytorch", "nvidia")
VARIABLES = re.compile(
    r"(PIP_INDEX_URL|UV_INDEX_URL|UV_DEFAULT_INDEX|PIPENV_PYPI_MIRROR)|(PIP_EXTRA_INDEX_URL|UV_EXTRA_INDEX_URL|UV_INDEX)|"
    r"(PIP_FIND_LINKS|UV_FIND_LINKS)|(PIP_TRUSTED_HOST|UV_INSECURE_HOST)|((?i:npm_config_registry)|YARN_REGISTRY|"
    r"YARN_NPM_REGISTRY_SERVER|BUN_CONFIG_REGISTRY|CARGO_REGISTRIES_[A-Z0-9_]{1,60}_INDEX)|(GOPROXY)|"
    r"(GONOSUMDB|GONOSUMCHECK|GOSUMDB|GOINSECURE|GOFLAGS)"
)
VARIABLE_KINDS = ("index-url", "extra-index-url", "find-links", "trusted-host", "registry", "goproxy", "gosum")
"""kind of setting by the group of VARIABLES that matched"""
