"""Addresses for choosing a region."""

from django.urls import path

from . import views

urlpatterns = [
    path("regios/", views.regions, name="regions"),
    path("regios/eigen/", views.own_region, name="own_region"),
]
