"""A role counts for the region it was given for: who leads another region changes nothing here and sees no job of it."""

import pytest

from regio.accounts.enums import Role
from regio.regions.models import Municipality, Region, RegionDraft, SchoolLocation
from regio.shared.models import Job
from tests.factories import forecasts, people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def closed(settings):
    settings.OPEN = False


@pytest.fixture
def run():
    return forecasts.region_with_forecast()


def leader(client, organisation, *, number=1, role=Role.PROGRAMME_MANAGER):
    people.sign_in(client, people.person(number, role=role, organisation=organisation))
    return client


@pytest.mark.parametrize(("organisation", "status"), [("regio:rpa:90", 422), ("regio:rpa:91", 404), ("installatie:", 422)])  # fmt: skip
def test_a_forecast_is_asked_by_who_leads_that_region(client, run, organisation, status):
    assert leader(client, organisation).post("/regio/rpa:90/prognose/", {"years": "x"}).status_code == status


@pytest.mark.parametrize(("organisation", "status"), [("regio:rpa:90", 404), ("installatie:", 302)])
def test_what_is_of_the_whole_installation_is_for_who_leads_it(client, run, organisation, status):
    leader(client, organisation)
    assert [client.post(path).status_code for path in ("/bronnen/ophalen/", "/terugblik/narekenen/")] == [status] * 2


def test_a_composed_region_belongs_to_the_region_that_made_it(client, run):
    place = SchoolLocation.objects.first()
    leader(client, "regio:rpa:90", role=Role.REGION_ADMIN)
    client.post("/regios/eigen/", {"location": place.pk})
    draft = RegionDraft.objects.get()
    other = leader(type(client)(), "regio:rpa:91", number=2)
    assert other.get(f"/regios/eigen/{draft.code}/").status_code == 404
    client.post(f"/regios/eigen/{draft.code}/", {"bewaar": "1", "name": "Kust"})
    made = Region.objects.get()
    assert (draft.made_for, made.made_for) == ("regio:rpa:90", "regio:rpa:90")
    managing = f"/regios/eigen/beheer/{made.code}/"
    for path in (managing, f"{managing}verwijder/"):
        assert [other.get(path).status_code, other.post(path).status_code, client.get(path).status_code] == [
            404,
            404,
            200,
        ]
    whole = leader(type(client)(), "installatie:", number=3, role=Role.REGION_ADMIN)
    begun = whole.post(managing)["Location"]
    assert RegionDraft.objects.get(code=begun.strip("/").split("/")[-1]).made_for == "regio:rpa:90"
    assert client.get(begun).status_code == 200  # a change stays of the region whose it is


def test_a_region_of_nobody_is_changed_by_who_leads_the_installation(client, run):
    Region.objects.create(code="noord", name="Noord", created_at=forecasts.NOW)
    statuses = [
        leader(type(client)(), organisation, number=number).get("/regios/eigen/beheer/noord/").status_code
        for number, organisation in enumerate(("regio:rpa:90", "regio:set:noord", "installatie:"), 1)
    ]
    assert statuses == [404, 200, 200]


def test_what_became_of_a_location_is_told_by_who_leads_a_region_around_it(client, run):
    place = SchoolLocation.objects.select_related("municipality").first()
    Municipality.objects.filter(pk=place.municipality_id).update(rpa_code="90", rmc_code="07")
    statuses = [
        leader(type(client)(), organisation, number=number).post(f"/regios/vestiging/{place.code}/").status_code
        for number, organisation in enumerate(("regio:rpa:90", "regio:rmc:07", "regio:rpa:91"), 1)
    ]
    assert statuses == [422, 422, 404]


def test_jobs_of_a_region_are_seen_by_who_leads_it(client, run, django_assert_num_queries):
    of_run = Job.objects.create(kind="prognose", label="Prognose", arguments={"run": run.pk}, owner="persoon:9", created_at=forecasts.NOW)  # fmt: skip
    other = Job.objects.create(kind="ophalen", label="Tellingen", owner="persoon:9", created_at=forecasts.NOW)
    seen = {}
    for number, organisation in enumerate(("regio:rpa:90", "regio:rpa:91", "installatie:"), 1):
        leader(client, organisation, number=number)
        listed = {job.pk for job in client.get("/taken/").context["jobs"]}
        opened = {job.pk for job in (of_run, other) if client.get(f"/taken/{job.pk}/").status_code == 200}
        assert listed == opened
        seen[organisation] = listed
    assert seen == {"regio:rpa:90": {of_run.pk}, "regio:rpa:91": set(), "installatie:": {of_run.pk, other.pk}}


def test_links_to_what_somebody_may_not_change_are_not_on_the_page(client, run):
    leader(client, "regio:rpa:90")
    mine = client.get("/regio/rpa:90/").content.decode()
    other = leader(type(client)(), "regio:rpa:91", number=2).get("/regio/rpa:90/").content.decode()
    assert ["/regio/rpa:90/prognose/" in page for page in (mine, other)] == [True, False]
