"""Addresses of the cases of a desk."""

from django.urls import path

from .views import lists, one, team

urlpatterns = [
    path("zaken/te-doen/", lists.desk_todo, name="desk_todo"),
    path("zaken/veranderd/", lists.desk_changes, name="desk_changes"),
    path("zaken/", lists.cases, name="cases"),
    path("zaken/lijst.csv", lists.cases_file, name="cases_file"),
    path("zaken/reactietijd/", lists.response_times, name="response_times"),
    path("zaken/nieuw/", one.new_case, name="new_case"),
    path("zaken/<int:case>/", one.case, name="case"),
    path("zaken/<int:case>/contact/", one.case_contact, name="case_contact"),
    path("zaken/<int:case>/nemen/", one.case_take, name="case_take"),
    path("zaken/<int:case>/notitie/", one.case_note, name="case_note"),
    path("zaken/<int:case>/sluiten/", one.case_close, name="case_close"),
    path("zaken/<int:case>/heropenen/", one.case_reopen, name="case_reopen"),
    path("zaken/afwezig/", team.absences, name="absences"),
    path("zaken/afwezig/<int:absence>/terug/", team.end_absence, name="end_absence"),
    path("zaken/dubbel/", team.doubles, name="doubles"),
    path("zaken/dubbel/<int:one>/<int:other>/", team.merge, name="merge"),
    path("zaken/dubbel/<int:merge>/ongedaan/", team.undo_merge, name="undo_merge"),
    path("zaken/stappen/", team.step_templates, name="step_templates"),
    path("zaken/post/", team.desk_mail, name="desk_mail"),
]
