"""The path by which a lock file brings a package: from a name that the project asks for to the package itself."""

from __future__ import annotations

from collections import deque

from trustgate.manifests.dependency import Manifest


class Chains:
    """Shortest paths through one lock file, worked out once. Names stand for all versions of a package in it."""

    def __init__(self, lock: Manifest) -> None:
        self.parents: dict[str, str] = {}
        needs: dict[str, set[str]] = {}
        for item in lock.dependencies:
            needs.setdefault(item.name, set()).update(item.needs)
        names = {item.raw_name: item.name for item in lock.dependencies if item.alias}
        roots = sorted({names.get(name, name) for name in lock.roots} | {i.name for i in lock.dependencies if i.direct})
        self.roots = frozenset(roots)
        waiting = deque(roots)
        seen = set(roots)
        while waiting:
            name = waiting.popleft()
            for needed in sorted(needs.get(name, ())):
                real = names.get(needed, needed)
                if real not in seen:
                    seen.add(real)
                    self.parents[real] = name
                    waiting.append(real)

    def of(self, name: str) -> tuple[str, ...]:
        """Names from a root to `name`, both included; empty where the lock does not say."""
        path = [name]
        while path[-1] in self.parents:
            path.append(self.parents[path[-1]])
        return tuple(reversed(path)) if path[-1] in self.roots else ()
