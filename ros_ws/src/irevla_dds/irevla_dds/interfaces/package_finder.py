"""Makes message packages importable: ``from std_msgs.msg import String``, ``from irevla_msgs.srv import LoadModel``."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from irevla.config.errors import UnknownNameError
from irevla_dds.interfaces.interface_store import InterfaceStore

KINDS = ("msg", "srv", "action")


class InterfaceModule(ModuleType):
    """``package.kind``: makes a class when its name is first asked for."""

    def __init__(self, name: str, store: InterfaceStore) -> None:
        super().__init__(name, f"Interfaces of {name}, made from the same files that rosidl builds.")
        self.__path__: list[str] = []
        self._store = store

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        package, _, kind = self.__name__.partition(".")
        try:
            made = self._store.load(package, kind, name)
        except UnknownNameError as error:
            raise ImportError(str(error)) from error
        setattr(self, name, made)
        return made

    def __dir__(self) -> list[str]:
        package, _, kind = self.__name__.partition(".")
        return sorted({*super().__dir__(), *self._store.names(package, kind)})


class PackageFinder(MetaPathFinder, Loader):
    """Finds ``package``, ``package.msg``, ``package.srv`` and ``package.action`` of every package in the store."""

    def __init__(self, store: InterfaceStore) -> None:
        self._store = store
        self._packages = store.packages()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return a spec for the names above, None for all others."""
        package, _, rest = fullname.partition(".")
        if package not in self._packages or (rest and rest not in KINDS):
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Return the module of ``spec``; a plain one for the package itself."""
        return InterfaceModule(spec.name, self._store) if "." in spec.name else None

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the classes are made when they are asked for."""
