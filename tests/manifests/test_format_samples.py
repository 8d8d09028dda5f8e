"""Every manifest format: golden results of samples, a large file, and what hostile bytes do."""

from __future__ import annotations

import importlib
import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manifest_samples import Sample, samples, shown

from trustgate.manifests.dependency import Manifest, ManifestError
from trustgate.manifests.formats import format_by_text, format_of

SAMPLES = list(samples())
MODULES = sorted({sample.module for sample in SAMPLES})


def load(module: str, path: str, data: bytes) -> Manifest:
    manifest: Manifest = importlib.import_module(f"trustgate.manifests.{module}").read(path, data, lambda _path: None)
    return manifest


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: f"{one.module}: {one.path}")
def test_golden(sample: Sample) -> None:
    assert shown(load(sample.module, sample.path, sample.text.encode())) == sample.golden
    form = format_of(sample.path) or format_by_text(sample.path, sample.text.encode())
    assert form is None or form.module == sample.module


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: f"{one.module}: {one.path}")
def test_every_line_that_is_named_holds_the_entry(sample: Sample) -> None:
    lines = sample.text.split("\n")
    for item in load(sample.module, sample.path, sample.text.encode()).dependencies:
        assert 1 <= item.line <= len(lines)
        words = [one.rpartition(":")[2].rpartition("/")[2].lower() for one in (item.raw_name, item.name)]
        around = " ".join(lines[item.line - 1 : item.line + 3]).lower()
        assert (
            any(word.removesuffix(".gradle.plugin") in around for word in words) or "workspace" in item.source_kind
        ), item


def test_every_format_has_samples() -> None:
    import trustgate.manifests.formats as formats

    read = {form.module for form in (*formats._BY_NAME.values(), *formats._BY_SUFFIX.values()) if form.module}
    assert read <= set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_a_cut_or_damaged_file_parses_or_is_refused(module: str) -> None:
    """Nothing but the format's own error comes out, and what comes out is printable text."""
    chance = random.Random(module)
    for sample in (one for one in SAMPLES if one.module == module):
        data = sample.text.encode()
        for _ in range(60):
            damaged = bytearray(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.4 else data)
            for _ in range(chance.randrange(4)):
                if damaged:
                    damaged[chance.randrange(len(damaged))] = chance.choice(b"\"'{}[]:,#&*!|>-\\\n\t \xff\x00<$@")
            try:
                manifest = load(module, sample.path, bytes(damaged))
            except ManifestError as error:
                assert error.path == sample.path
                continue
            for item in manifest.dependencies:
                assert item.purl.startswith("pkg:")
                item.name.encode()
                item.spec.encode()


@pytest.mark.parametrize("module", MODULES)
@given(data=st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_bytes_parse_or_are_refused(module: str, data: bytes) -> None:
    path = next(sample.path for sample in SAMPLES if sample.module == module)
    try:
        assert load(module, path, data).path == path
    except ManifestError as error:
        assert error.reason


COUNT = 1500


def _names(pattern: str) -> list[str]:
    return [pattern.format(n=number) for number in range(COUNT)]


LARGE: dict[str, tuple[str, Callable[[], str], str]] = {
    "uv_lock": ("uv.lock", lambda: "version = 1\n" + "".join(f'\n[[package]]\nname = "{n}"\nversion = "1.{i}.0"\nsource = {{ registry = "https://registry.example/simple" }}\n' for i, n in enumerate(_names("pkg-{n}"))), "pkg-{n}"),
    "poetry_lock": ("poetry.lock", lambda: "".join(f'[[package]]\nname = "{n}"\nversion = "1.{i}.0"\nfiles = []\n\n' for i, n in enumerate(_names("pkg-{n}"))) + '[metadata]\nlock-version = "2.0"\n', "pkg-{n}"),
    "pdm_lock": ("pdm.lock", lambda: '[metadata]\nlock_version = "4.5.0"\n' + "".join(f'\n[[package]]\nname = "{n}"\nversion = "1.{i}.0"\nfiles = [\n    {{file = "x", hash = "sha256:{i}"}},\n]\n' for i, n in enumerate(_names("pkg-{n}"))), "pkg-{n}"),
    "pylock": ("pylock.toml", lambda: 'lock-version = "1.0"\n' + "".join(f'\n[[packages]]\nname = "{n}"\nversion = "1.{i}.0"\n' for i, n in enumerate(_names("pkg-{n}"))), "pkg-{n}"),
    "pipfile": ("Pipfile", lambda: "[packages]\n" + "".join(f'{n} = "==1.{i}.0"\n' for i, n in enumerate(_names("pkg-{n}"))), "pkg-{n}"),
    "pipfile_lock": ("Pipfile.lock", lambda: '{"_meta": {"pipfile-spec": 6},\n"default": {\n' + ",\n".join(f'"{n}": {{"version": "==1.{i}.0", "hashes": []}}' for i, n in enumerate(_names("pkg-{n}"))) + "\n}}", "pkg-{n}"),
    "setup_cfg": ("setup.cfg", lambda: "[options]\ninstall_requires =\n" + "".join(f"    {n}==1.{i}.0\n" for i, n in enumerate(_names("pkg-{n}"))), "pkg-{n}"),
    "setup_py": ("setup.py", lambda: "from setuptools import setup\nsetup(install_requires=[\n" + "".join(f'    "{n}==1.{i}.0",\n' for i, n in enumerate(_names("pkg-{n}"))) + "])\n", "pkg-{n}"),
    "environment_yml": ("environment.yml", lambda: "dependencies:\n" + "".join(f"  - {n}=1.{i}.0\n" for i, n in enumerate(_names("pkg-{n}"))), "pkg-{n}"),
    "script_block": ("a.py", lambda: "# /// script\n# dependencies = [\n" + "".join(f'#   "{n}==1.{i}.0",\n' for i, n in enumerate(_names("pkg-{n}"))) + "# ]\n# ///\n", "pkg-{n}"),
    "notebook": ("a.ipynb", lambda: '{"cells": [{"cell_type": "code", "source": [\n' + ",\n".join(f'"!pip install {n}==1.{i}.0\\n"' for i, n in enumerate(_names("pkg-{n}"))) + "\n]}]}", "pkg-{n}"),
    "requirements": ("requirements.txt", lambda: "".join(f"{n}==1.{i}.0\n" for i, n in enumerate(_names("pkg-{n}"))), "pkg-{n}"),
    "pyproject": ("pyproject.toml", lambda: '[project]\nname = "x"\ndependencies = [\n' + "".join(f'  "{n}==1.{i}.0",\n' for i, n in enumerate(_names("pkg-{n}"))) + "]\n", "pkg-{n}"),
    "package_json": ("package.json", lambda: '{"dependencies": {\n' + ",\n".join(f'"{n}": "1.{i}.0"' for i, n in enumerate(_names("@s/pkg-{n}"))) + "\n}}", "@s/pkg-{n}"),
    "package_lock": ("package-lock.json", lambda: '{"lockfileVersion": 3, "packages": {\n' + ",\n".join(f'"node_modules/{n}": {{"version": "1.{i}.0"}}' for i, n in enumerate(_names("@s/pkg-{n}"))) + "\n}}", "@s/pkg-{n}"),
    "yarn_lock": ("yarn.lock", lambda: "# yarn lockfile v1\n\n" + "".join(f'"{n}@^1":\n  version "1.{i}.0"\n  resolved "https://registry.example/x.tgz#{i:040d}"\n\n' for i, n in enumerate(_names("@s/pkg-{n}"))), "@s/pkg-{n}"),
    "pnpm_lock": ("pnpm-lock.yaml", lambda: "lockfileVersion: '9.0'\n\npackages:\n\n" + "".join(f"  '{n}@1.{i}.0':\n    resolution: {{integrity: sha512-{i}}}\n\n" for i, n in enumerate(_names("@s/pkg-{n}"))), "@s/pkg-{n}"),
    "pnpm_workspace": ("pnpm-workspace.yaml", lambda: "catalog:\n" + "".join(f"  '{n}': 1.{i}.0\n" for i, n in enumerate(_names("@s/pkg-{n}"))), "@s/pkg-{n}"),
    "yarnrc_yml": (".yarnrc.yml", lambda: "catalog:\n" + "".join(f"  '{n}': 1.{i}.0\n" for i, n in enumerate(_names("@s/pkg-{n}"))), "@s/pkg-{n}"),
    "bun_lock": ("bun.lock", lambda: '{"lockfileVersion": 1, "packages": {\n' + "".join(f'"{n}": ["{n}@1.{i}.0", "", {{}}, "sha512-{i}"],\n' for i, n in enumerate(_names("@s/pkg-{n}"))) + "}}", "@s/pkg-{n}"),
    "deno_json": ("deno.json", lambda: '{"imports": {\n' + "".join(f'"{n}": "npm:{n}@1.{i}.0",\n' for i, n in enumerate(_names("@s/pkg-{n}"))) + "}}", "@s/pkg-{n}"),
    "deno_lock": ("deno.lock", lambda: '{"version": "5", "npm": {\n' + ",\n".join(f'"{n}@1.{i}.0": {{"integrity": "sha512-{i}"}}' for i, n in enumerate(_names("@s/pkg-{n}"))) + "\n}}", "@s/pkg-{n}"),
    "cargo_toml": ("Cargo.toml", lambda: "[dependencies]\n" + "".join(f'{n} = "=1.{i}.0"\n' for i, n in enumerate(_names("pkg-{n}"))), "pkg-{n}"),
    "cargo_lock": ("Cargo.lock", lambda: "version = 4\n" + "".join(f'\n[[package]]\nname = "{n}"\nversion = "1.{i}.0"\nsource = "registry+https://index.example/i"\n' for i, n in enumerate(_names("pkg-{n}"))), "pkg-{n}"),
    "go_mod": ("go.mod", lambda: "module x.example/x\n\nrequire (\n" + "".join(f"\t{n} v1.{i}.0\n" for i, n in enumerate(_names("x.example/pkg-{n}"))) + ")\n", "x.example/pkg-{n}"),
    "go_sum": ("go.sum", lambda: "".join(f"{n} v1.{i}.0 h1:{i}=\n" for i, n in enumerate(_names("x.example/pkg-{n}"))), "x.example/pkg-{n}"),
    "gemfile": ("Gemfile", lambda: "".join(f'gem "{n}", "1.{i}.0"\n' for i, n in enumerate(_names("pkg-{n}"))), "pkg-{n}"),
    "gemfile_lock": ("Gemfile.lock", lambda: "GEM\n  remote: https://gems.example/\n  specs:\n" + "".join(f"    {n} (1.{i}.0)\n" for i, n in enumerate(_names("pkg-{n}"))), "pkg-{n}"),
    "pom": ("pom.xml", lambda: "<project><dependencies>\n" + "".join(f"<dependency><groupId>g.x</groupId>\n<artifactId>{n}</artifactId><version>1.{i}.0</version></dependency>\n" for i, n in enumerate(_names("pkg-{n}"))) + "</dependencies></project>", "g.x:pkg-{n}"),
    "gradle": ("build.gradle", lambda: "dependencies {\n" + "".join(f"    implementation 'g.x:{n}:1.{i}.0'\n" for i, n in enumerate(_names("pkg-{n}"))) + "}\n", "g.x:pkg-{n}"),
    "gradle_lock": ("gradle.lockfile", lambda: "".join(f"g.x:{n}:1.{i}.0=compileClasspath\n" for i, n in enumerate(_names("pkg-{n}"))), "g.x:pkg-{n}"),
    "version_catalog": ("libs.versions.toml", lambda: "[libraries]\n" + "".join(f'l{i} = "g.x:{n}:1.{i}.0"\n' for i, n in enumerate(_names("pkg-{n}"))), "g.x:pkg-{n}"),
    "scripts": ("Dockerfile", lambda: "RUN pip install \\\n" + "".join(f"  {n}==1.{i}.0 \\\n" for i, n in enumerate(_names("pkg-{n}"))) + "  -q\n", ""),
    "workflow": (".github/workflows/x.yml", lambda: "jobs:\n  a:\n    steps:\n" + "".join(f"      - run: pip install {n}==1.{i}.0\n" for i, n in enumerate(_names("pkg-{n}"))), "pkg-{n}"),
    "pre_commit": (".pre-commit-config.yaml", lambda: "repos:\n- repo: local\n  hooks:\n  - id: x\n    additional_dependencies:\n" + "".join(f"    - {n}==1.{i}.0\n" for i, n in enumerate(_names("pkg-{n}"))), "pkg-{n}"),
}  # fmt: skip
NO_ENTRIES = {"npmrc", "pip_conf", "toml_settings", "gemrc", "install_hooks"}
"""formats of settings and hooks; no such file grows large"""


def test_every_format_with_entries_has_a_large_sample() -> None:
    assert set(LARGE) | NO_ENTRIES == set(MODULES)


@pytest.mark.parametrize("module", sorted(LARGE))
def test_a_large_file(module: str) -> None:
    path, make, pattern = LARGE[module]
    text = make()
    started = time.process_time()
    found = load(module, path, text.encode()).dependencies
    spent = time.process_time() - started
    if module == "scripts":  # one command of 1,500 names is over the length of a line that is looked at
        assert found == ()
        return
    assert sorted((item.name, item.version) for item in found) == sorted(
        (pattern.format(n=number), f"{'v' if module.startswith('go_') else ''}1.{number}.0") for number in range(COUNT)
    )
    lines = text.split("\n")
    for item in (found[0], found[COUNT // 2], found[-1]):
        assert item.name.rpartition(":")[2] in lines[item.line - 1], (item, lines[item.line - 1])
    assert spent < 3


LOCK_VERSIONS: list[Any] = [
    pytest.param("uv_lock", "uv.lock", "version = 7\n[[package]]\nname = 'a'\n", "version 7", id="uv.lock"),
    pytest.param("poetry_lock", "poetry.lock", "[[package]]\nname = 'a'\n[metadata]\nlock-version = '9.0'\n", "9.0", id="poetry.lock"),
    pytest.param("pdm_lock", "pdm.lock", "[metadata]\nlock_version = '40'\n[[package]]\nname = 'a'\n", "40", id="pdm.lock"),
    pytest.param("pylock", "pylock.toml", "lock-version = '2.0'\n", "2.0", id="pylock.toml"),
    pytest.param("pipfile_lock", "Pipfile.lock", '{"_meta": {"pipfile-spec": 7}}', "pipfile-spec 7", id="Pipfile.lock"),
    pytest.param("package_lock", "package-lock.json", '{"lockfileVersion": 4}', "lockfileVersion 4", id="package-lock.json"),
    pytest.param("yarn_lock", "yarn.lock", "__metadata:\n  version: 99\n", "version 99", id="yarn.lock"),
    pytest.param("yarn_lock", "yarn.lock", "a@1:\n  version '1'\n", "not known", id="yarn.lock without a header"),
    pytest.param("pnpm_lock", "pnpm-lock.yaml", "lockfileVersion: '12.0'\n", "12.0", id="pnpm-lock.yaml"),
    pytest.param("bun_lock", "bun.lock", '{"lockfileVersion": 3}', "version 3", id="bun.lock"),
    pytest.param("deno_lock", "deno.lock", '{"version": "9"}', "version 9", id="deno.lock"),
    pytest.param("cargo_lock", "Cargo.lock", "version = 9\n[[package]]\nname = 'a'\n", "version 9", id="Cargo.lock"),
    pytest.param("gemfile_lock", "Gemfile.lock", "WHAT\n  x\n", "WHAT", id="Gemfile.lock"),
]  # fmt: skip


@pytest.mark.parametrize(("module", "path", "text", "named"), LOCK_VERSIONS)
def test_an_unknown_lock_version_is_refused_with_its_name(module: str, path: str, text: str, named: str) -> None:
    with pytest.raises(ManifestError, match=named) as caught:
        load(module, path, text.encode())
    assert path in caught.value.message


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(20)
)
ENTITIES = '<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n<project><x>&b;</x></project>'


@pytest.mark.parametrize(
    ("module", "path", "text"),
    [
        pytest.param("workflow", ".github/workflows/x.yml", LAUGHS + "jobs: *u\n", id="aliases of aliases"),
        pytest.param("workflow", ".github/workflows/x.yml", "[" * 100_000, id="YAML brackets without end"),
        pytest.param("workflow", ".github/workflows/x.yml", "".join(f"{' ' * n}a:\n" for n in range(500)), id="YAML levels"),
        pytest.param("workflow", ".github/workflows/x.yml", "- " * 50_000, id="items in items"),
        pytest.param("pnpm_lock", "pnpm-lock.yaml", 'a: "' + "\\" * 100_000, id="a quote that is not closed"),
        pytest.param("bun_lock", "bun.lock", "{" * 100_000, id="JSON braces"),
        pytest.param("bun_lock", "bun.lock", "/*" * 100_000, id="comments that are not closed"),
        pytest.param("package_lock", "package-lock.json", '{"a":' * 100_000, id="JSON levels"),
        pytest.param("pom", "pom.xml", ENTITIES, id="entities"),
        pytest.param("pom", "pom.xml", "<project>" + "<a>" * 100_000, id="XML levels"),
        pytest.param("pom", "pom.xml", "<project><a/>" + "<a/>" * 300_000 + "</project>", id="XML elements"),
        pytest.param("setup_py", "setup.py", "x = " + "(" * 5_000, id="Python brackets"),
        pytest.param("setup_py", "setup.py", "x = " + "-" * 50_000 + "1", id="Python operators"),
        pytest.param("scripts", "a.sh", "pip install " + "$(" * 8_000, id="substitutions in one another"),
        pytest.param("scripts", "a.sh", "pip install \\\n" * 50_000, id="lines that go on"),
        pytest.param("gradle", "build.gradle", "maven ( " * 20_000, id="calls without arguments"),
        pytest.param("gradle", "build.gradle", "'" * 100_000, id="quotes"),
        pytest.param("gemfile", "Gemfile", "gem 'a', " * 20_000, id="options without end"),
        pytest.param("go_mod", "go.mod", "require (\n" * 20_000, id="blocks"),
        pytest.param("notebook", "a.ipynb", '{"cells": [' + '{"cell_type": "code", "source": "!pip install a"},' * 5_000 + "{}]}", id="cells"),
        pytest.param("environment_yml", "environment.yml", "dependencies:\n" + "- pip:\n  - -r environment.yml\n" * 2_000, id="files that include themselves"),
    ],
)  # fmt: skip
def test_hostile_files_are_bounded(module: str, path: str, text: str) -> None:
    started = time.process_time()
    try:
        assert len(load(module, path, text.encode()).dependencies) <= 5_000
    except ManifestError as error:
        assert error.path == path
    assert time.process_time() - started < 3


@pytest.mark.parametrize("module", MODULES)
def test_a_file_over_the_limit_is_refused_before_it_is_parsed(module: str) -> None:
    path = next(sample.path for sample in SAMPLES if sample.module == module)
    data = b"install # /// script\n" + b" " * (33 * 2**20)
    started = time.process_time()
    with pytest.raises(ManifestError, match="limit"):
        load(module, path, data)
    assert time.process_time() - started < 1
