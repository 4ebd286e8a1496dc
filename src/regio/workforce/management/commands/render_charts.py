"""`regio render_charts`: draws the charts of the newest run of every region ahead of the first visitor."""

from typing import Any

from django.core.management.base import BaseCommand

from regio.workforce.drawings import draw_run
from regio.workforce.models import ForecastRun


class Command(BaseCommand):
    """Draw charts that are not there yet."""

    help = "Tekent de grafieken van de nieuwste prognoses alvast."

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw and say how many scopes were done."""
        newest = {run.region_key: run for run in ForecastRun.objects.filter(finished_at__isnull=False).order_by("pk")}
        done = sum(draw_run(run) for run in newest.values())
        self.stdout.write(f"Grafieken getekend voor {done} onderdelen van {len(newest)} prognoses.")
