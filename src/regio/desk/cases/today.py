"""Lines of *Vandaag* for who works at a desk: what breaks the guarantee, what is late, what nobody saw."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from regio.accounts.enums import Role
from regio.accounts.viewer import viewer_now
from regio.shared.today import Line, Urgency

from .guarantee import is_breach, is_left_lying, is_missed, is_open
from .models import Case
from .queries import waiting_mail
from .rules import desk_regions, visible_cases


def lines(now: datetime) -> Iterator[Line]:
    """Return what waits for this adviser and the team; six queries at most, none for who has no role at a desk."""
    viewer, today = viewer_now(), timezone.localdate(now)
    if not viewer.has(Role.DESK_ADVISER) or desk_regions(viewer) == []:
        return
    seen = visible_cases(viewer)
    team = f"{reverse('cases')}?lijst="
    mine = is_open() & Q(owner_id=viewer.person_id)
    found = [
        (is_breach(now), "open zaak zonder eigenaar, stap of datum", "open zaken zonder eigenaar, stap of datum", f"{team}lek", Urgency.BROKEN, "next_on"),
        (is_missed(now), "kandidaat wacht langer dan beloofd", "kandidaten wachten langer dan beloofd", f"{team}belofte", Urgency.BROKEN, "promised_on"),
        (is_left_lying(now), "zaak van wie afwezig is, is te laat", "zaken van wie afwezig is, zijn te laat", f"{team}afwezig", Urgency.BROKEN, "next_on"),
        (mine & Q(next_on__lt=today), "eigen stap is te laat", "eigen stappen zijn te laat", reverse("desk_todo"), Urgency.RUNS_OUT, "next_on"),
        (mine & Q(next_on=today), "eigen stap voor vandaag", "eigen stappen voor vandaag", reverse("desk_todo"), Urgency.WAITS, "next_on"),
        (is_open() & Q(assigned_at=None), "zaak is nog van niemand", "zaken zijn nog van niemand", f"{team}niet-toegedeeld", Urgency.WAITS, "promised_on"),
    ]  # fmt: skip
    for cases, one, more, address, urgency, since in found:
        yield from _line(seen.filter(cases), one, more, address=address, urgency=urgency, since=since, today=today)
    waiting = waiting_mail(viewer)
    if waiting:
        words = "mail wacht op een zaak" if len(waiting) == 1 else "mails wachten op een zaak"
        yield Line(
            f"{len(waiting)} {words}", reverse("desk_mail"), Urgency.WAITS, timezone.localdate(waiting[0].received_at)
        )


def _line(
    cases: "QuerySet[Case]", one: str, more: str, *, address: str, urgency: Urgency, since: str, today: date
) -> Iterator[Line]:
    told = cases.aggregate(number=Count("pk"), first=Min(since))
    if told["number"]:
        words = one if told["number"] == 1 else more
        yield Line(f"{told['number']} {words}", address, urgency, told["first"] or today)
