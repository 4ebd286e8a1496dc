"""Addresses of the forecast pages."""

from django.urls import path, re_path, register_converter

from . import views


class RegionKey:
    """A region key in an address: kind, colon, code."""

    regex = r"[a-z]+:[\w.-]+"

    def to_python(self, value: str) -> str:
        """Return the key as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return the key as it is."""
        return value


register_converter(RegionKey, "region_key")
FIGURE = r"^cijfer/(?P<run>\d+)/(?P<kind>regio|bestuur|school|vestiging)/(?P<code>[\w:.-]+)/(?P<slug>[a-z]+-[a-z]+(?:~[\w:]+)?)"

urlpatterns = [
    path("regio/<region_key:key>/", views.region, name="region"),
    path("regio/<region_key:key>/prognose/", views.forecast, name="forecast"),
    re_path(
        r"^regio/(?P<key>[a-z]+:[\w.-]+)/(?P<kind>bestuur|school|vestiging)/(?P<code>[\w.-]+)/$",
        views.part,
        name="part",
    ),
    path("regio/<region_key:key>/tekort/", views.drivers, name="drivers"),
    re_path(
        r"^regio/(?P<key>[a-z]+:[\w.-]+)/(?P<kind>bestuur|school|vestiging)/(?P<code>[\w.-]+)/tekort/$",
        views.drivers,
        name="part_drivers",
    ),
    re_path(r"^regio/(?P<key>[a-z]+:[\w.-]+)/positie/(?P<item>[\w:]+)/$", views.position, name="position"),
    path("regio/<region_key:key>/kleine-secties/", views.sections, name="sections"),
    path("regio/<region_key:key>/verschil/", views.differences, name="differences"),
    path("regio/<region_key:key>/analist/", views.analyst, name="analyst"),
    path("regio/<region_key:key>/samen/", views.joint, name="joint"),
    path("regio/<region_key:key>/samen/<int:number>/", views.joint_round, name="joint_round"),
    path("regio/<region_key:key>/samen/<int:number>/bestuur/<slug:board>/", views.joint_board, name="joint_board"),
    path("regio/<region_key:key>/samen/<int:number>/momentopname/", views.joint_snapshot, name="joint_snapshot"),
    path("regio/<region_key:key>/samen/<int:number>/sluiten/", views.joint_close, name="joint_close"),
    re_path(
        r"^regio/(?P<key>[a-z]+:[\w.-]+)/samen/(?P<number>\d+)/tekort\.(?P<suffix>csv|svg)$",
        views.joint_file,
        name="joint_file",
    ),
    path("prognose/<int:run>/", views.run_page, name="run"),
    re_path(FIGURE + r"/$", views.figure_page, name="figure"),
    re_path(FIGURE + r"\.(?P<suffix>csv|svg)$", views.figure_file, name="figure_file"),
    path("zo-rekent-het-model/", views.manual_page, name="manual"),
    path("terugblik/", views.scorecard_page, name="scorecard"),
    path("terugblik/register.csv", views.register_file, name="register_file"),
    path("terugblik/narekenen/", views.recalculate, name="recalculate"),
]
