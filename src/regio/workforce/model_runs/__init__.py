"""The only door to the engine: tables in, engine call, rows out. Importing the package itself loads no numeric code."""

from regio_engine import MODEL_VERSION

__all__ = ["MODEL_VERSION"]
