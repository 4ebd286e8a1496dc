"""Writes the manual "Zo rekent het model" from the chapters in this folder."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).parent
MANUAL = FOLDER.parents[1] / "docs" / "nl" / "zo-rekent-het-model.md"

OPENING = """# Zo rekent het model

Dit zijn de rekenregels van het model. Bij elke regel staat een klein voorbeeld dat u met de hand kunt narekenen.
De voorbeelden zijn verzonnen; de regels zijn echt: bij elke wijziging van de software rekent de computer al deze
voorbeelden na, en deze pagina wordt uit die voorbeelden gemaakt.

Woorden: *formatie* is het aantal fte leraren dat nodig is. *Bezetting* is het aantal fte dat er is. Een *band* zegt
hoe zeker een cijfer is: in 8 van de 10 gevallen ligt de uitkomst tussen de onderkant (p10) en de bovenkant (p90).
Een *aanname* is een getal dat niemand heeft gemeten; u kunt het vervangen door uw eigen cijfer."""


def chapters() -> list[ModuleType]:
    """Return the modules with rules, in the order of the manual."""
    names = sorted(path.stem for path in FOLDER.glob("test_*.py"))
    modules = [import_module(f"tests.rekenregels.{name}") for name in names]
    return sorted((m for m in modules if hasattr(m, "REGELS")), key=lambda module: int(module.VOLGORDE))


def render() -> str:
    """Return the whole manual as Markdown."""
    parts = [OPENING]
    for number, chapter in enumerate(chapters(), start=1):
        parts += [f"## {number} {chapter.TITEL}", chapter.INLEIDING.strip()]
        parts += [rule.markdown(f"{number}.{i}") for i, rule in enumerate(chapter.REGELS, start=1)]
        parts += [chapter.SLOT()] if hasattr(chapter, "SLOT") else []
    return "\n\n".join(parts) + "\n"
