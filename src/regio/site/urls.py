"""Addresses of the product; Dutch, as users read them."""

from django.urls import URLPattern, URLResolver, include, path

from . import first_steps, log, operation, policy, post, today, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.start, name="start"),
    path("vandaag/", today.today, name="today"),
    path("vandaag/begin/", first_steps.put_away, name="put_away"),
    path("logboek/", log.log, name="log"),
    path("post/", post.post, name="post"),
    path("post/<int:mail>/", post.letter, name="letter"),
    path("bronnen/", views.sources, name="sources"),
    path("bronnen/ophalen/", views.download, name="download"),
    path("bronnen/<int:batch>/", views.source, name="source"),
    path("taken/", views.job_list, name="jobs"),
    path("taken/<int:job>/", views.job, name="job"),
    path("taken/<int:job>/stop/", views.cancel_job, name="cancel_job"),
    path("taken/<int:job>/opnieuw/", views.retry_job, name="retry_job"),
    path("ontwerp/", views.design, name="design"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("gezondheid", operation.health_page, name="health"),
    path("versie", operation.version, name="version"),
    path("csp-melding", policy.policy_report, name="policy_report"),
    path(".well-known/security.txt", operation.security_txt, name="security_txt"),
    path("", include("regio.accounts.urls")),
    path("", include("regio.desk.cases.urls")),
    path("", include("regio.regions.urls")),
    path("", include("regio.workforce.urls")),
    path("", include("regio.desk.urls")),
]
