"""What columns of other registers are called: those of the AP, the CNIL, the ICO and our own.

Names are compared in small letters, without punctuation. A proposal: the reader may choose
otherwise for each column.
"""

import re
from collections.abc import Mapping, Sequence

from akkoord.register.table import COLUMNS, heads

_KNOWN: Mapping[str, tuple[str, ...]] = {
    "key": ("code", "nummer", "nr", "ref", "reference", "référence", "id", "volgnummer"),
    "name": (
        "activity", "activiteit", "verwerking", "verwerkingsactiviteit", "naam verwerking",
        "naam van de verwerking", "processing activity", "business function", "name of processing",
        "nom du traitement", "nom de l’activité", "activité", "traitement", "proces", "naam",
        "name", "processing operation",
    ),
    "role": ("role", "rol", "controller or processor", "rol organisatie"),
    "clients": (
        "clients", "opdrachtgever", "opdrachtgevers", "verwerkingsverantwoordelijke klant",
        "name and contact details of each controller", "responsable de traitement client",
    ),
    "purpose": (
        "purpose", "purpose of processing", "purposes of processing", "doel", "doeleinden",
        "doel van de verwerking", "verwerkingsdoel", "verwerkingsdoeleinden", "finalité",
        "finalités", "objectifs poursuivis", "finalité principale", "waarvoor",
    ),
    "legal_basis": (
        "legal basis", "lawful basis", "article 6 lawful basis for processing personal data",
        "article 6 lawful basis", "grondslag", "rechtsgrond", "wettelijke grondslag",
        "rechtmatige grondslag", "base légale", "fondement juridique",
    ),
    "proof": (
        "proof", "toelichting grondslag", "onderbouwing", "wettelijke verplichting welke",
        "legitimate interests for the processing", "link to record of consent", "bewijs",
    ),
    "subjects": (
        "categories of individuals", "categories of data subjects", "data subjects",
        "betrokkenen", "categorieën betrokkenen", "categorieën van betrokkenen",
        "categorie betrokkenen", "catégories de personnes concernées", "personnes concernées",
    ),
    "data": (
        "categories of personal data", "personal data", "persoonsgegevens", "gegevens",
        "categorieën persoonsgegevens", "categorieën van persoonsgegevens",
        "soort persoonsgegevens", "catégories de données", "catégories de données collectées",
        "catégories de données personnelles",
    ),
    "source": (
        "source", "source of the personal data", "bron", "herkomst", "herkomst gegevens",
        "source des données", "the source of the personal data if applicable",
    ),
    "receivers": (
        "recipients", "categories of recipients", "ontvangers", "categorieën ontvangers",
        "categorieën van ontvangers", "verwerkers en ontvangers", "destinataires",
        "catégories de destinataires", "derden",
    ),
    "transfers": (
        "transfers", "doorgifte", "doorgifte buiten eu", "doorgifte buiten de eer",
        "third countries or international organisations that personal data are transferred to",
        ("names of third countries or international organisations that personal data are "
        "transferred to"),
        ("safeguards for exceptional transfers of personal data to third countries or "
        "international organisations"),
        "passende waarborgen", "waarborgen doorgifte", "garanties",
        "transferts", "transferts hors ue", "third countries",
    ),
    "term": (
        "retention", "retention schedule", "retention period", "bewaartermijn", "bewaartermijnen",
        "retention schedule if possible", "durée de conservation", "durées de conservation",
        "délais d’effacement", "termijn",
    ),
    "security": (
        "security", "security measures", "beveiliging", "beveiligingsmaatregelen", "maatregelen",
        "technische en organisatorische maatregelen", "mesures de sécurité", "mesures techniques",
        "general description of technical and organisational security measures if possible",
    ),
    "blanks": (),
    "state": ("state", "status", "statut"),
}  # fmt: skip


def bare(head: str) -> str:
    """A head to compare by."""
    words = re.sub(r"[^\w]+", " ", head.lower().replace("_", " ")).strip()
    return re.sub(r" if (?:applicable|possible)$", "", words)


_BY_HEAD = {bare(head): key for key, names in _KNOWN.items() for head in names}


def target_of(head: str) -> str:
    """The column that a head means; empty: none that we know."""
    name = bare(head)
    if not name:
        return ""
    own = {
        bare(word): column.key
        for language in ("nl", "en")
        for column, word in zip(COLUMNS, heads(language), strict=True)
    }
    return own.get(name) or _BY_HEAD.get(name) or ""


JOINED = frozenset({"transfers"})
"""What other registers keep in two columns, the country and the ground: both are taken."""


def proposed(head_row: Sequence[str]) -> list[str]:
    """Per column its target; each target once, the first column that means it, but for JOINED."""
    found: list[str] = []
    for head in head_row:
        target = target_of(head)
        found.append(target if target not in found or target in JOINED else "")
    return found


_BASES: Mapping[str, tuple[str, ...]] = {
    "consent": ("toestemming", "consent", "consentement"),
    "contract": ("overeenkomst", "contract", "contrat", "agreement", "afspraak"),
    "legal-obligation": (
        "wettelijke verplichting", "legal obligation", "obligation légale", "wettelijk", "law",
        "de wet wil",
    ),
    "legitimate-interest": (
        "gerechtvaardigd belang", "legitimate interest", "intérêt légitime", "eigen belang",
        "own interest",
    ),
    "vital-interest": ("vitaal belang", "vital interest", "intérêts vitaux", "leven"),
    "public-task": (
        "algemeen belang", "publieke taak", "public task", "public interest",
        "mission d’intérêt public", "openbaar gezag",
    ),
}  # fmt: skip
_SHORT = 5  # letters
_ARTICLE = re.compile(r"6\s*(?:lid\s*1|\(1\)|\.1|1)\s*(?:sub|onder|lit\.?)?\s*\(?([a-f])\b")
_LETTERS = dict(
    zip(
        "abcdef",
        (
            "consent",
            "contract",
            "legal-obligation",
            "vital-interest",
            "public-task",
            "legitimate-interest",
        ),
        strict=True,
    )
)


def _holds(text: str, word: str) -> bool:
    """Whether a word stands in a text, also inside a longer one (“koopovereenkomst”).

    The short ones as whole words only: “lawful” is not “law”.
    """
    if len(word) > _SHORT:
        return word in text
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def basis_of(text: str) -> str:
    """The basis that a text means; empty: none that we know, or more than one."""
    small = text.lower().replace("'", "’")
    if article := _ARTICLE.search(small):
        return _LETTERS[article[1]]
    found = {key for key, words in _BASES.items() if any(_holds(small, word) for word in words)}
    if "legitimate-interest" in found:
        found -= {"public-task"} if "publi" not in small else set()
    return found.pop() if len(found) == 1 else ""
