"""Publishers and licences as the importer records them with every figure."""

DUO = "DUO"
DUO_LICENCE = "DUO Open Onderwijsdata, naamsvermelding (Creative Commons Attribution); bron: DUO Open Onderwijsdata"
CBS = "CBS"
CBS_LICENCE = "CC-BY 4.0; bron: CBS"
CBS_KADASTER = "CBS/Kadaster"
CBS_KADASTER_LICENCE = "CC-BY 4.0; bron: CBS/Kadaster"
