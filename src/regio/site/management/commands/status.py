"""`regio status`: what is loaded, as text for people or as JSON."""

import json
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from regio.site.queries import loaded_data


class Command(BaseCommand):
    """Print what is loaded."""

    requires_system_checks: list[str] = []  # pages do not matter here
    help = "Toont wat er geladen is: leerlingen, examens, vestigingen, besturen, meldingen en bestanden."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the form of the output."""
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the status."""
        data = loaded_data()
        self.stdout.write(
            json.dumps(data, ensure_ascii=False, indent=2) if options["format"] == "json" else as_text(data)
        )


def as_text(data: dict[str, Any]) -> str:
    """Return the status in plain Dutch lines."""
    if not data["batches"]:
        return "Er is nog niets geladen. Begin met: regio import public MAP"
    lines = ["Leerlingen en studenten per telling (tellingen van één datum overlappen, tel ze niet op)"]
    lines += [
        f"  {row['sector']:<4}{row['reference_date']}  {_n(row['learners']):>10} op {_n(row['locations']):>6} vestigingen  {row['label']}"
        for row in data["learners"]
    ]
    lines.append("Examenkandidaten per schooljaar")
    lines += [
        f"  {row['school_year']}  {row['exam_type']:<5}{_n(row['candidates']):>8} op {_n(row['locations']):>6} vestigingen"
        for row in data["exam_candidates"]
    ]
    lines.append("Register")
    lines += [
        f"  {sector}: {_n(number)} vestigingen van {_n(data['boards'][sector])} besturen"
        for sector, number in data["registered_locations"].items()
    ]
    lines.append(
        f"  {_n(data['locations_outside_registers'])} vestigingen staan niet in een register (gesloten of nieuw)"
    )
    lines.append(
        f"  {_n(data['municipalities'])} gemeenten; gebieden: "
        + ", ".join(f"{n} {kind}" for kind, n in data["areas"].items())
    )
    lines += _staff_lines(data["staff"])
    lines.append(
        "Open meldingen: "
        + (", ".join(f"{row['code']} {_n(row['number'])}" for row in data["open_findings"]) or "geen")
    )
    lines.append(f"Bestanden: {len(data['batches'])}")
    lines += [
        f"  {row['reference_date'] or 'zonder datum':<12} {row['label']} ({row['file']})" for row in data["batches"]
    ]
    return "\n".join(lines)


def _staff_lines(rows: list[dict[str, Any]]) -> list[str]:
    """Return per sector how many boards have which staff, and each board with an own file or with nothing by number."""
    lines = ["Bezetting"]
    for sector in dict.fromkeys(row["sector"] for row in rows):
        own = [row for row in rows if row["sector"] == sector]
        counts = Counter(row["label"] for row in own)
        lines.append(
            f"  {sector}: "
            + ", ".join(
                f"{label} ({_n(number)} {'bestuur' if number == 1 else 'besturen'})"
                for label, number in sorted(counts.items())
            )
        )
        lines += [
            f"    bestuur {row['board']}: {row['label']}, {row['reference_date']}"
            for row in own
            if row["reference_date"]
        ]
    return lines


def _n(number: int) -> str:
    return f"{number:,}".replace(",", ".")
