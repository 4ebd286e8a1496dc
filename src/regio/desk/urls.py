"""Addresses of the desk: a region's public site in Dutch or English, its route advice, and where the region edits them."""

from django.urls import re_path

from .views import advice, manage, public

DESK = r"^loket/(?P<key>[a-z]+:[\w.-]+)/"
PUBLIC = DESK + r"(?:(?P<taal>en)/)?"
ANSWERS = r"(?P<token>[\w.:-]+)/$"

urlpatterns = [
    re_path(r"^loket/$", public.desks, name="desks"),
    re_path(DESK + r"kleur\.css$", public.desk_colours, name="desk_colours"),
    re_path(DESK + r"beheer/$", manage.desk_manage, name="desk_manage"),
    re_path(DESK + r"beheer/(?P<kind>advies|loket)/$", manage.desk_draft, name="desk_draft"),
    re_path(
        DESK + r"beheer/advies/(?P<part>routes|vragen|eisen|geld|bronnen)/(?P<code>[\w-]+)/$",
        manage.edit_row,
        name="edit_row",
    ),
    re_path(DESK + r"beheer/loket/teksten/$", manage.edit_page, name="edit_page"),
    re_path(PUBLIC + r"$", public.desk, name="desk"),
    re_path(PUBLIC + r"scholen/$", public.desk_schools, name="desk_schools"),
    re_path(PUBLIC + r"route/(?P<code>[\w-]+)/$", public.desk_route, name="desk_route"),
    re_path(PUBLIC + r"advies/$", advice.advice, name="advice"),
    re_path(PUBLIC + r"advies/vraag/" + ANSWERS, advice.advice_question, name="advice_question"),
    re_path(PUBLIC + r"advies/controle/" + ANSWERS, advice.advice_check, name="advice_check"),
    re_path(PUBLIC + r"advies/uitslag/" + ANSWERS, advice.advice_result, name="advice_result"),
    re_path(PUBLIC + r"advies/blad/" + ANSWERS, advice.advice_sheet, name="advice_sheet"),
]
