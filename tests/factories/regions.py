"""Invented boards, schools and locations: BRINs from 90AA, municipality codes from 9000."""

from regio.regions.models import Area, Board, Municipality, School, SchoolLocation


def area(code: str = "90", name: str = "Voorbeeld", kind: str = "rpa") -> Area:
    """Return an area, made once."""
    return Area.objects.get_or_create(kind=kind, code=code, defaults={"name": name})[0]


def municipality(code: str = "9001", name: str = "Vaartdorp", *, rpa_code: str = "90") -> Municipality:
    """Return a municipality in an RPA area, made once."""
    return Municipality.objects.get_or_create(code=code, defaults={"name": name, "rpa_code": rpa_code})[0]


def board(code: str = "90001", name: str = "Stichting Noordpolder") -> Board:
    """Return a board, made once."""
    return Board.objects.get_or_create(code=code, defaults={"name": name})[0]


def location(
    number: int = 0, *, sector: str = "vo", of_board: Board | None = None, name: str = "", brin: str = ""
) -> SchoolLocation:
    """Return a registered location of its own school in Vaartdorp."""
    owner = of_board or board()
    letters = chr(65 + number // 26 % 26) + chr(65 + number % 26)
    school, _ = School.objects.get_or_create(
        brin=brin or f"90{letters}", defaults={"name": name or f"School {number}", "board": owner}
    )
    return SchoolLocation.objects.create(
        code=f"{school.brin}{SchoolLocation.objects.filter(school=school).count():02d}", sector=sector, school=school, board=owner,
        name=name or f"Vestiging {number}", place="Vaartdorp", municipality=municipality(), in_register=True,
    )  # fmt: skip
