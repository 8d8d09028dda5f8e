"""Packages that added lines of Python and JavaScript import, by the name that the statement says. Lines only.

A line is a cheap first look: most changes add no import of a package, and then nothing else is loaded or read.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from trustgate.facts import ChangedLine, FileView
from trustgate.manifests.dependency import NPM, PYPI
from trustgate.syntax.paths import PathKind, path_kind

LINE_LIMIT = 2000
"""characters of a line that are looked at"""
_PYTHON = (".py", ".pyw", ".ipynb")
_JAVASCRIPT = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte", ".astro")
_PY_FROM = re.compile(
    r"(?:^[\s\"]{0,200}|;\s{0,20}|:\s{0,20})from\s{1,20}([^\W\d]\w{0,99})[\w.]{0,200}\s{1,20}import\b"
)
_PY_IMPORT = re.compile(r"(?:^[\s\"]{0,200}|;\s{0,20}|:\s{0,20})import\s{1,20}([^\W\d][\w., \t]{0,300})")
_JS = re.compile(r"(?:\bfrom\s{0,9}|\bimport\s{0,9}|\b(?:require|import)\s{0,9}\(\s{0,9})([\"'])([^\"'\\\s]{1,200})\1")
_JS_ERASED = re.compile(r"\s*(?:import|export)\s+type\b|\s*(?://|\*|/\*)|\s*declare\s+module\b")
_JS_NAME = re.compile(r"(?:@[a-z0-9~-][a-z0-9._~-]*/)?[A-Za-z0-9][\w.~-]*")
_NODE = frozenset(
    "assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain"  # noqa: SIM905
    " events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl"
    " stream string_decoder sys test timers tls trace_events tty url util v8 vm wasi worker_threads zlib".split()
)
"""built-in modules of Node.js (nodejs.org/api, the modules that need no `node:` before their name)"""
_PYTHON_2 = frozenset(
    "BaseHTTPServer ConfigParser Cookie HTMLParser Queue SimpleHTTPServer SocketServer StringIO Tkinter UserDict"  # noqa: SIM905
    " __builtin__ asynchat asyncore cPickle cStringIO commands cookielib dircache distutils exceptions htmlentitydefs"
    " httplib imp md5 mimetools robotparser sets sha smtpd thread tkMessageBox urllib2 urlparse xmlrpclib".split()
)
"""modules of the standard library of a Python before 3.12 (docs.python.org/2.7 and 3.11, module index)"""


class Imported(NamedTuple):
    """One import statement of an added line."""

    ecosystem: str
    root: str
    """what stands first: the top-level module of Python, the package of JavaScript"""
    path: str
    line: int
    """1-based, on the new side"""


def may_import(view: FileView) -> bool:
    """Whether a file is of a language whose imports are read, by its name."""
    return view.path.endswith(_PYTHON) or view.path.endswith(_JAVASCRIPT)


def added_imports(view: FileView) -> Iterator[Imported]:
    """Packages that added lines import and that the old side of the same file does not name in an import."""
    if view.new is None or not may_import(view) or view.degraded:
        return
    python = view.path.endswith(_PYTHON)
    roots = _python_roots if python else _javascript_roots
    found: dict[str, int] = {}
    for line in _with_import(view.added()):
        for root in roots(line.text[:LINE_LIMIT]):
            found.setdefault(root, line.number)
    if not found:
        return
    before = set()
    if view.old is not None:
        before = {
            root
            for text in view.old.lines
            if "import" in text or "require" in text or "from" in text
            for root in roots(text[:LINE_LIMIT])
        }
    for root, number in found.items():
        if root not in before:
            yield Imported(PYPI if python else NPM, root, view.path, number)


def new_packages(views: Sequence[FileView]) -> Iterator[Imported]:
    """Added imports of what is not a changed folder or module itself: most imports of a project's own code end here."""
    for view in views:
        if not may_import(view) or path_kind(view.path) is PathKind.VENDORED:
            continue
        for one in added_imports(view):
            marks = (f"/{one.root}/", f"/{one.root}.")
            if not any(mark in f"/{other.path}" for other in views for mark in marks):
                yield one


def _with_import(lines: Iterable[ChangedLine]) -> Iterator[ChangedLine]:
    return (line for line in lines if "import" in line.text or "require" in line.text or "from" in line.text)


def _python_roots(text: str) -> Iterator[str]:
    for found in _PY_FROM.finditer(text):
        yield from _python_root(found[1])
    for found in _PY_IMPORT.finditer(text):
        for part in found[1].split(","):
            words = part.split()
            if words and (len(words) == 1 or words[1] == "as"):
                yield from _python_root(words[0].partition(".")[0])


def _python_root(root: str) -> Iterator[str]:
    if root and root not in sys.stdlib_module_names and root not in _PYTHON_2 and not root.startswith("__"):
        yield root


def _javascript_roots(text: str) -> Iterator[str]:
    if _JS_ERASED.match(text):
        return
    for found in _JS.finditer(text):
        name = package_of(found[2])
        if name:
            yield name


def package_of(specifier: str) -> str:
    """The package of an import's specifier; empty for files, built-in modules, and what no registry can hold."""
    parts = specifier.split("/")
    name = "/".join(parts[:2]) if specifier.startswith("@") else parts[0]
    if not _JS_NAME.fullmatch(name) or name in _NODE or (specifier.startswith("@") and len(parts) < 2):
        return ""
    return name
