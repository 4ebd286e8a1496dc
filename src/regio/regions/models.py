"""Who and where: boards, schools, locations, municipalities and the areas they form; regions as sets of locations.

Public rows (registers, areas, borders, population) are shared by all regions of an installation. A preset region
(RPA, RMC, COROP, province, municipality) is derived from the municipality of a location; an own region is a list.
"""

from django.db import models
from django.db.models import F, Q

from regio.shared.models import ImportBatch

from .enums import AreaKind, LinkKind, LocationScheme, Sector


class Area(models.Model):
    """An area made of municipalities: RPA, RMC-regio, COROP or province."""

    kind = models.CharField(max_length=10, choices=AreaKind)
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="one_area_per_kind_and_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The region key, such as `rpa:03`."""
        return f"{self.kind}:{self.code}"


class Municipality(models.Model):
    """A municipality, four-digit code, with the areas it belongs to."""

    code = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(max_length=80)
    province_code = models.CharField(max_length=10, blank=True, db_index=True)
    rpa_code = models.CharField(max_length=10, blank=True, db_index=True)
    rmc_code = models.CharField(max_length=10, blank=True, db_index=True)
    corop_code = models.CharField(max_length=10, blank=True, db_index=True)
    successor = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="predecessors")

    def __str__(self) -> str:
        return self.name


class MunicipalityChange(models.Model):
    """An abolished municipality code and where it went; a split gives several rows."""

    old_code = models.CharField(max_length=4, db_index=True)
    new_code = models.CharField(max_length=4)
    current_code = models.CharField(max_length=4)
    current_name = models.CharField(max_length=80)
    ended_on = models.DateField()
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return f"{self.old_code} → {self.new_code}"


class Boundary(models.Model):
    """The border of an area in one year, as GeoJSON geometry in WGS84 degrees."""

    kind = models.CharField(max_length=10, choices=AreaKind)
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    year = models.PositiveSmallIntegerField()
    geometry = models.JSONField()
    properties = models.JSONField(default=dict)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    class Meta:
        indexes = [models.Index(fields=["kind", "year", "code"])]

    def __str__(self) -> str:
        return f"{self.name} ({self.year})"


class Postcode(models.Model):
    """A four-digit postcode area: its municipality and centre."""

    pc4 = models.CharField(max_length=4, primary_key=True)
    place = models.CharField(max_length=80, blank=True)
    municipality = models.ForeignKey(Municipality, null=True, on_delete=models.SET_NULL)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return self.pc4


class Population(models.Model):
    """Inhabitants of a postcode area or municipality in one age class on one date [persons, rounded by CBS to 5]."""

    area_kind = models.CharField(max_length=10)  # "pc4" or "gemeente"
    area_code = models.CharField(max_length=4)
    reference_date = models.DateField()
    age_from = models.PositiveSmallIntegerField()
    age_to = models.PositiveSmallIntegerField(null=True)  # inclusive; null = and older
    persons = models.PositiveIntegerField(null=True)  # null = kept secret by the publisher
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    class Meta:
        indexes = [models.Index(fields=["area_kind", "area_code"])]

    def __str__(self) -> str:
        return f"{self.area_kind} {self.area_code}, {self.age_from}+"


class Board(models.Model):
    """A schoolbestuur, key `bevoegd_gezag_code` without leading zeros."""

    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name or f"Bestuur {self.code}"


class School(models.Model):
    """An institution with a BRIN of four characters."""

    brin = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(max_length=200, blank=True)
    board = models.ForeignKey(Board, null=True, on_delete=models.SET_NULL, related_name="schools")

    def __str__(self) -> str:
        return self.name or self.brin


class SchoolLocation(models.Model):
    """One place where a school teaches; key = code + scheme. Kept when it closes."""

    code = models.CharField(max_length=12)
    scheme = models.CharField(max_length=20, choices=LocationScheme, default=LocationScheme.DUO)
    sector = models.CharField(max_length=3, choices=Sector)
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="locations")
    board = models.ForeignKey(Board, null=True, on_delete=models.SET_NULL, related_name="locations")
    name = models.CharField(max_length=200, blank=True)
    street = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=6, blank=True)  # without space
    place = models.CharField(max_length=80, blank=True)
    municipality = models.ForeignKey(Municipality, null=True, on_delete=models.SET_NULL, related_name="locations")
    denomination = models.CharField(max_length=80, blank=True)
    structure = models.CharField(max_length=60, blank=True)  # ONDERWIJSSTRUCTUUR of a vo location
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    in_register = models.BooleanField(default=False)  # in the newest register that is loaded
    batch = models.ForeignKey(ImportBatch, null=True, on_delete=models.SET_NULL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "scheme"], name="one_location_per_code_and_scheme")]
        indexes = [models.Index(fields=["sector", "in_register"])]

    def __str__(self) -> str:
        return self.name or self.code


class LocationLink(models.Model):
    """History of a location code: merged, moved, split or closed."""

    old = models.ForeignKey(SchoolLocation, on_delete=models.CASCADE, related_name="links_onward")
    new = models.ForeignKey(SchoolLocation, null=True, on_delete=models.CASCADE, related_name="links_back")
    kind = models.CharField(max_length=12, choices=LinkKind)
    since = models.DateField(null=True)
    share = models.FloatField(default=1.0)  # part of the old location's learners that went to the new one
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="link_share_between_0_and_1"),
            models.CheckConstraint(condition=~Q(old=F("new")), name="link_is_not_to_itself"),
            models.CheckConstraint(
                condition=Q(kind=LinkKind.CLOSURE, new=None) | (~Q(kind=LinkKind.CLOSURE) & Q(new__isnull=False)),
                name="only_a_closure_has_no_new_location",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id} ({self.kind})"


class Region(models.Model):
    """A region that people made themselves: a named set of locations (key `set:CODE`).

    Its locations never change, so that its forecasts stay true: a change makes a new region, and the old one is kept as
    removed, because permanent links to its forecasts lead here.
    """

    KIND = "set"  # of its key

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    made_for = models.CharField(
        max_length=80, blank=True
    )  # organisation ("regio:rpa:03"); empty on an open installation
    locations = models.ManyToManyField(SchoolLocation, related_name="regions")
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(removed_at__isnull=False), name="a_replaced_region_is_removed"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The region key, such as `set:kust`."""
        return f"{self.KIND}:{self.code}"


class RegionDraft(models.Model):
    """An own region in the making; everybody who makes one has a draft with an address of its own."""

    code = models.SlugField(max_length=20, unique=True)
    made_for = models.CharField(max_length=80, blank=True)  # as of a region
    locations = models.ManyToManyField(SchoolLocation, related_name="+")
    replaces = models.ForeignKey(Region, null=True, on_delete=models.CASCADE, related_name="+")
    kept_as = models.ForeignKey(Region, null=True, on_delete=models.CASCADE, related_name="+")
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code
