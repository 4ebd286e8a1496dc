"""The only door to the engine: tables in, engine call, rows out. Importing the package itself loads no numeric code.

`MODEL_VERSION` is the engine's version with a fingerprint of all code and choices that decide an outcome, so that two
runs under one version name can never differ by a change of the model.
"""

import hashlib
from pathlib import Path

import regio_engine

DECIDING = (".py", ".yaml")


def fingerprint() -> str:
    """Return eight characters that change with any file of the engine or of its door."""
    digest = hashlib.sha256()
    for folder in (Path(regio_engine.__file__).parent, Path(__file__).parent):
        files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.suffix in DECIDING}
        for name in sorted(files):
            digest.update(name.encode() + b"\0" + files[name].read_bytes())
    return digest.hexdigest()[:8]


MODEL_VERSION = f"{regio_engine.MODEL_VERSION}-{fingerprint()}"

__all__ = ["MODEL_VERSION"]
