"""The fixed codes of what an import notices, with severity and the Dutch sentence that a person reads.

R-1xx: the format is not what it should be. R-2xx: the figures are not plausible. R-3xx: good to know.
"""

from dataclasses import dataclass

FOUT, LET_OP, INFO = "fout", "let_op", "info"


@dataclass(frozen=True)
class FindingCode:
    """One kind of finding: its weight and its sentence, with the gaps that `format` fills."""

    severity: str
    text: str


CODES = {
    "R-101": FindingCode(FOUT, "Het bestand is leeg of heeft alleen een kopregel. Vraag of download het opnieuw."),
    "R-102": FindingCode(
        FOUT, "De tekens zijn niet te lezen ({detail}). Sla het bestand op als CSV in UTF-8 en probeer het opnieuw."
    ),
    "R-103": FindingCode(
        FOUT,
        "Het bestand lijkt op “{label}”, maar er ontbreekt een kolom: {detail}. Gebruik het bestand van de uitgever zonder kolommen weg te halen.",
    ),
    "R-104": FindingCode(FOUT, "De regel heeft {detail} velden en dat klopt niet met de kopregel. De regel is overgeslagen."),
    "R-105": FindingCode(FOUT, "Hier hoort een getal te staan. De regel is overgeslagen."),
    "R-106": FindingCode(
        FOUT,
        "De peildatum staat niet in het bestand en niet in de naam. Zet het jaar in de bestandsnaam of geef --date JJJJ-MM-DD mee.",
    ),
    "R-107": FindingCode(FOUT, "Dit is geen geldige vestigingscode (BRIN van vier tekens en een vestiging). De regel is overgeslagen."),
    "R-108": FindingCode(FOUT, "Deze waarde kennen wij niet. De regel is overgeslagen."),
    "R-109": FindingCode(FOUT, "Het bestand is beschadigd of maar half gedownload ({detail}). Download het opnieuw."),
    "R-110": FindingCode(LET_OP, "Letters met accenten lijken dubbel omgezet (zoals “Ã«” voor “ë”). Namen kunnen verkeerd staan."),
    "R-111": FindingCode(FOUT, "Meer dan de helft van de regels is niet te lezen ({detail}). Er is niets geladen. Controleer of dit het goede bestand is."),
    "R-112": FindingCode(FOUT, "Deze vestiging of dit gebied staat twee keer in het bestand. De eerste regel telt."),
    "R-113": FindingCode(FOUT, "Hier hoort een jaartal of datum te staan. De regel is overgeslagen."),
    "R-114": FindingCode(
        FOUT,
        "Het bestand bevat kolommen met gegevens die wij niet willen hebben: {detail}. Haal deze kolommen weg. Wij bewaren geen namen, adressen of andere contactgegevens; er is niets geladen.",
    ),
    "R-115": FindingCode(FOUT, "In “{label}” ontbreekt een kolom: {detail}. De handleiding “Personeel inlezen” noemt alle kolommen."),
    "R-116": FindingCode(FOUT, "Deze vestiging kennen wij niet. Gebruik de zes tekens van DUO, zoals 00AB01. De regel is overgeslagen."),
    "R-117": FindingCode(FOUT, "Deze vestiging hoort bij een ander bestuur. De regel is overgeslagen."),
    "R-118": FindingCode(FOUT, "Dit getal kan hier niet. Een werktijdfactor ligt tussen 0 en 1,2. De regel is overgeslagen."),
    "R-119": FindingCode(FOUT, "De kolom PEILDATUM moet op elke regel dezelfde dag noemen ({detail} verschillende gevonden)."),
    "R-120": FindingCode(FOUT, "Deze persoon staat hier twee keer met dezelfde functie. De eerste regel telt."),
    "R-121": FindingCode(FOUT, "Hier hoort een personeelsnummer te staan. De regel is overgeslagen."),
    "R-122": FindingCode(FOUT, "Dit woord kennen wij niet. De handleiding “Personeel inlezen” noemt wat kan. De regel is overgeslagen."),
    "R-123": FindingCode(FOUT, "Deze datum of dit jaar kan niet. De regel is overgeslagen."),
    "R-124": FindingCode(FOUT, "Bevoegd en benoembaar zijn samen meer dan alle lessen. De regel is overgeslagen."),
    "R-125": FindingCode(FOUT, "De bandbreedte klopt niet: laag, tekort en hoog moeten oplopen. De regel is overgeslagen."),
    "R-126": FindingCode(FOUT, "Dit vak staat twee keer voor deze vestiging. De eerste regel telt."),
    "R-127": FindingCode(FOUT, "Het bestand is niet gelezen: {detail}. Haal het opnieuw op uit het eigen systeem, of vraag de beheerder."),
    "R-201": FindingCode(LET_OP, "Het totaal in het bestand klopt niet met de som van de onderdelen ({detail})."),
    "R-202": FindingCode(LET_OP, "Groot verschil met de vorige keer: {detail}."),
    "R-203": FindingCode(LET_OP, "Veel vestigingen komen niet meer voor: {detail}."),
    "R-204": FindingCode(LET_OP, "Er is al een nieuwere uitgave geladen: {detail}."),
    "R-205": FindingCode(LET_OP, "Dit aantal is onwaarschijnlijk groot voor één regel. Het is wel geladen."),
    "R-206": FindingCode(LET_OP, "{detail} personen hebben samen meer dan 1,2 fte. Controleer of een aanstelling dubbel in het bestand staat."),
    "R-207": FindingCode(LET_OP, "Het bestand telt heel anders dan DUO: {detail}."),
    "R-301": FindingCode(INFO, "{detail} aantallen zijn door de uitgever afgeschermd. Wij rekenen met de waarde 2 en merken het aantal zo."),
    "R-302": FindingCode(INFO, "Van {detail} is de gemeente niet bekend. Ze tellen niet mee in een gebied."),
    "R-303": FindingCode(INFO, "De peildatum staat niet in het bestand. Aanname: {detail}."),
    "R-304": FindingCode(INFO, "Gebroken aantallen zijn afgerond zodat het totaal per regel klopt ({detail} regels)."),
    "R-305": FindingCode(INFO, "{detail} staan niet in een geladen register, bijvoorbeeld omdat ze gesloten zijn. Ze zijn wel meegeteld."),
    "R-306": FindingCode(INFO, "{detail} waarden zijn door de uitgever weggelaten. Ze zijn als onbekend geladen, nooit als nul."),
    "R-307": FindingCode(INFO, "Nieuwe en verdwenen vestigingen sinds de vorige keer: {detail}."),
    "R-308": FindingCode(INFO, "{detail} regels stonden vaker in het bestand; de eerste telt."),
    "R-310": FindingCode(INFO, "Van {detail} leraren staat er geen vak bij. Zij tellen niet mee in de prognose per vak."),
    "R-311": FindingCode(INFO, "Bij {detail} regels staat geen graad. Wij lezen die als tweedegraads."),
    "R-399": FindingCode(INFO, "Er zijn nog {detail} meldingen met dezelfde code. Ze zijn niet apart bewaard."),
}  # fmt: skip


def finding_text(code: str, *, detail: object = "", label: str = "") -> str:
    """Return the Dutch sentence of a code with its gaps filled."""
    return CODES[code].text.format(detail=detail, label=label)
