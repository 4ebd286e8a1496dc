"""Registers the app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The `audit` app."""

    name = "regio.audit"
    label = "audit"
