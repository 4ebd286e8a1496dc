"""Addresses for choosing a region and for making one."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("regios/", views.regions, name="regions"),
    path("regios/eigen/", views.own_region, name="own_region"),
    path("regios/eigen/<slug:draft>/", views.own_region, name="draft"),
    path("regios/eigen/beheer/<slug:code>/", views.manage_region, name="manage_region"),
    path("regios/eigen/beheer/<slug:code>/verwijder/", views.remove, name="remove_region"),
    path("regios/vestiging/<slug:code>/", views.what_became, name="what_became"),
    # Addresses typed in other letters than ours: a kind in capitals, a code of a school or location in small letters.
    re_path(
        r"^regio/(?P<key>(?=[a-z]*[A-Z])[A-Za-z]+:[\w.-]+)/(?P<rest>.*)$",
        views.region_in_our_letters,
        name="region_in_our_letters",
    ),
    re_path(
        r"^regio/(?P<key>set:(?=[a-z\d_-]*[A-Z])[\w-]+)/(?P<rest>.*)$",
        views.region_in_our_letters,
        name="set_in_our_letters",
    ),
    re_path(
        r"^(?P<head>regio/[a-z]+:[\w.-]+|cijfer/\d+)/(?P<kind>school|vestiging)/(?P<code>(?=[^/]*[a-z])[\w.-]+)/(?P<rest>.*)$",
        views.code_in_our_letters,
        name="code_in_our_letters",
    ),
]
