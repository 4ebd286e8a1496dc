"""R1-R4: people choose a region, or make one of their own, and ask for its forecast."""

from secrets import token_hex

from tests.helpers import assert_accessible, assert_no_sideways_scroll, screenshot


def test_typing_narrows_the_lists_at_once(page, demo_site):
    page.goto(demo_site + "regios/")
    everything = page.locator(".directory li:visible").count()  # own regions, if any: the rest is folded
    page.get_by_label("Zoek een gebied of gemeente").fill("zee")
    found = page.locator(".directory li:visible").count()
    assert 0 < found < page.locator(".directory li").count()
    assert page.locator("[data-filter-count]").inner_text() == f"{found} gevonden"
    assert all("zee" in words.lower() for words in page.locator(".directory li:visible").all_inner_texts())
    page.get_by_label("Zoek een gebied of gemeente").fill("vestiging")  # said behind every name, and no name
    assert page.locator(".directory li:visible").count() == 0
    page.get_by_label("Zoek een gebied of gemeente").fill("")
    assert page.locator(".directory li:visible").count() == everything


def test_on_a_phone_the_choice_of_a_region_fits_in_two_screens(open_page, demo_site):
    page = open_page(width=320, height=700)
    page.goto(demo_site + "regios/")
    assert page.get_by_label("Zoek een gebied of gemeente").bounding_box()["y"] < 500
    assert page.locator("#kop-gebieden ~ details:visible").count() == 5
    assert page.locator("#kop-gebieden ~ details > summary").last.bounding_box()["y"] < 1400


def test_an_own_region_is_made_forecast_and_opened(page, demo_site):
    name = f"Drie scholen {token_hex(3)}"  # a home that is kept has the region of the run before
    page.allowed_errors.append("422")  # the answer to a form that is not right yet
    page.goto(demo_site + "regios/")
    page.get_by_role("link", name="Stel zelf een regio samen").click()
    page.get_by_label("Gemeente, gebied, bestuur, plaats, naam of code").fill("stadswaard")
    page.get_by_label("Sector").select_option("vo")
    page.get_by_role("button", name="Zoek", exact=True).click()
    boxes = page.locator("fieldset input[type=checkbox]")
    for i in range(3):
        boxes.nth(i).check()
    page.get_by_role("button", name="Voeg de aangevinkte toe").click()
    assert "3 toegevoegd; nu 3 gekozen." in page.locator("#stand").inner_text()
    page.get_by_role("button", name="Bewaar deze regio").click()
    assert "Geef uw regio een naam." in page.locator(".errors").inner_text()
    assert_accessible(page)
    page.get_by_label("Naam van uw regio").fill(name)
    page.get_by_role("button", name="Bewaar deze regio").click()
    assert page.locator("h1").inner_text() == name
    assert_accessible(page)
    page.get_by_role("button", name="Maak de prognose").click()
    assert "/taken/" in page.url
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("link", name="Bekijk het resultaat").wait_for(timeout=60_000)  # htmx asks; nobody refreshes
    page.set_viewport_size({"width": 1280, "height": 900})
    screenshot(page, "taak-klaar")
    page.get_by_role("link", name="Bekijk het resultaat").click()
    assert page.locator("h1").inner_text() == name
    page.locator("#leerlingen summary").first.click()
    assert page.locator("#leerlingen svg.wide").is_visible()
    assert_accessible(page)


def test_a_region_of_whole_municipalities_is_made_changed_and_removed_by_keyboard_without_javascript(
    open_page, demo_site
):
    page = open_page(javascript=False, width=320)
    page.goto(demo_site + "regios/eigen/")

    def press(name):
        page.get_by_role("button", name=name).first.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert_no_sideways_scroll(page)

    page.get_by_label("Gemeente, gebied, bestuur, plaats, naam of code").fill("stadswaard")
    press("Zoek")
    press("Voeg toe aan uw regio: gemeente Stadswaard")
    number = int(page.locator("#kop-gekozen small").inner_text().split()[0])
    assert number > 3
    page.get_by_label("Naam van uw regio").fill("Stadswaard en omstreken")
    press("Bewaar deze regio")
    assert page.locator("h1").inner_text() == "Stadswaard en omstreken"
    page.goto(demo_site + "regios/")
    page.get_by_role("link", name="wijzig of verwijder Stadswaard en omstreken").click()
    page.wait_for_url("**/beheer/**")
    with_javascript = open_page(width=320)  # axe needs it
    for path in ("", "verwijder/"):
        with_javascript.goto(page.url + path)
        assert_accessible(with_javascript)
    press("Wijzig deze regio")
    page.locator("#kop-gekozen ~ form input[type=checkbox]").first.check()
    press("Haal de aangevinkte weg")
    assert page.locator("#stand").inner_text() == f"1 weggehaald; nu {number - 1} gekozen."
    press("Bewaar deze regio")
    changed = page.url
    page.goto(demo_site + "regios/")
    page.get_by_role("link", name="wijzig of verwijder Stadswaard en omstreken").click()
    page.get_by_role("link", name="Verwijder deze regio").click()
    press("Ja, verwijder Stadswaard en omstreken")
    page.allowed_errors.append("410")  # the answer for a region that was removed
    page.goto(changed)
    assert "verwijderd" in page.locator("h1").inner_text()


def test_a_job_can_be_stopped_without_javascript(open_page, demo_site):
    page = open_page(javascript=False)
    page.goto(demo_site + "regio/corop:92/prognose/")
    page.get_by_label("Aantal jaren vooruit").fill("15")
    page.get_by_role("button", name="Maak de prognose").click()
    page.get_by_role("button", name="Stop deze taak").click()
    for _ in range(60):
        if page.get_by_role("link", name="Ververs").count() == 0:
            break
        page.wait_for_timeout(500)
        page.get_by_role("link", name="Ververs").click()
    assert "Gestopt" in page.locator("main").inner_text()
