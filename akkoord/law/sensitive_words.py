"""The words that give a special category away: Dutch and English, whole words, lower case.

One list per class of art. 9(1), and one for criminal data (art. 10). A word stands here only when
it seldom means anything else; where it does, the phrases in which it is innocent stand beside it.
A word list never finds everything: it helps who looks, and certifies nothing.
"""

from __future__ import annotations

HEALTH = """
aandoening adhd alcoholist alcoholisme alzheimer anorexia arbeidsongeschikt arbeidsongeschiktheid
artritis asthma astma autisme autistisch autism autistic bipolair bloeddruk bloedgroep
boulimia burn-out burnout cancer celiac chemo chemokuur chemotherapie chemotherapy coeliakie copd
crohn dementie dementia depressie depressief depressive depression diabeet diabetes diabetic
diabetespatiënt diabetespatient disability doof dwarslaesie dyslectisch dyslexie eczeem epilepsie
epilepsy epileptisch fibromyalgie gehandicapt glutenallergie glutenintolerantie hartinfarct
hartkwaal hartpatiënt hartpatient hernia hiv hiv-positief hooikoorts ibs insuline insulin kanker
kankerpatiënt koemelkallergie lactose-intolerant lactose-intolerantie lactoseintolerant
long-covid medicatie medication medicijn medicijnen migraine ms-patiënt nierpatiënt notenallergie
obesitas overspannen parkinson patiënt pinda-allergie pindaallergie pollenallergie
pregnant pregnancy psoriasis psychiater psychiatrist psychiatrie psychiatrisch psychose psychotisch
ptsd ptss reuma rolstoel rolstoelgebruiker schizofreen schizofrenie slechthorend slechtziend
suikerpatiënt suikerziekte tumor verslaafd verslaving voedselallergie wheelchair zwanger
zwangerschap ziekgemeld ziektewet ziekteverlof zorgindicatie allergie allergisch allergic
allergy blindengeleidehond medisch medische gezondheidsklachten disease
"""
RELIGION = """
anglicaans atheist atheïst atheïstisch boeddhist boeddhisme boeddhistisch buddhist christelijk
christen christian christendom evangelisch gelovig gereformeerd halal hervormd hindoe hindoeïsme
hindoeistisch hindu islam islamitisch islamic jehova jewish joods jood jodendom judaism katholiek
catholic kerklid kerkgenootschap koosjer kosher lutheraans moslim moslima muslim
pinkstergemeente protestant protestants quaker ramadan rooms-katholiek sikh soennitisch sjiitisch
geloofsovertuiging levensovertuiging religie religion godsdienst bekeerd gedoopt
"""
POLITICS = """
bbb-lid cda-lid cda-stemmer d66 d66-lid forum-voor-democratie fvd groenlinks groenlinks-lid
partijlid pvda pvda-lid pvv pvv-stemmer sgp sp-lid vvd vvd-lid christenunie denk-stemmer
partijlidmaatschap communist socialist liberaal-democraat republikein stemt stemgedrag
"""
UNION = """
vakbond vakbondslid vakbondslidmaatschap fnv cnv fnv-lid cnv-lid vakvereniging trade-union
"""
ETHNICITY = """
etniciteit etnisch etnische ethnicity ethnic huidskleur allochtoon sinti zigeuner
buitenlander getint
"""
GENETIC = """
dna dna-test dna-profiel genetisch genetische genetic brca brca1 brca2 erfelijk erfelijke
chromosoom chromosomen chromosoomafwijking
"""
BIOMETRIC = """
vingerafdruk vingerafdrukken fingerprint fingerprints irisscan gezichtsherkenning gezichtsscan
biometrisch biometrische biometric biometrics stemprofiel handpalmscan
"""
SEXUAL = """
aseksueel biseksueel bisexual gay heteroseksueel homo homofiel homoseksueel homosexual lesbienne
lesbisch lesbian lhbti lhbtiq lgbt lgbtq panseksueel queer seksueel seksuele seksleven sexual
transgender transman transvrouw transseksueel geaardheid
"""
CRIMINAL = """
strafblad strafrechtelijk strafrechtelijke veroordeeld veroordeling veroordelingen gedetineerd
gedetineerde gevangenisstraf taakstraf celstraf tbs ex-gedetineerde winkelverbod convicted
conviction felony felon winkeldief winkeldiefstal recidivist delinquent reclassering
"""

PHRASES: dict[str, tuple[str, ...]] = {
    "health": (
        "ziekte van",
        "burn out",
        "special needs",
        "heart attack",
        "heart condition",
        "sick leave",
        "in verwachting",
        "noten allergie",
        "geestelijke gezondheid",
        "mental health",
        "met een beperking",
        "lichamelijke beperking",
        "verstandelijke beperking",
        "heeft aids",
        "has aids",
        "is ziek",
        "ernstige ziekte",
        "chronische ziekte",
        "besmettelijke ziekte",
        "langdurig ziek",
    ),
    "religion": ("lid van de kerk", "church member", "bar mitswa", "bat mitswa"),
    "politics": (
        "politieke voorkeur",
        "politieke overtuiging",
        "politieke partij",
        "political opinion",
        "political party",
        "stemt op",
        "votes for",
        "lid van de sp",
        "forum voor democratie",
        "partij voor de dieren",
        "party member",
    ),
    "union": ("trade union", "union member", "labour union", "labor union", "lid van de bond"),
    "ethnicity": (
        "van afkomst",
        "afkomst van",
        "etnische afkomst",
        "marokkaanse afkomst",
        "turkse afkomst",
        "surinaamse afkomst",
        "racial origin",
        "ethnic origin",
        "skin colour",
        "skin color",
        "race ethnicity",
    ),
    "genetic": ("erfelijke aandoening", "hereditary disease", "genetic test"),
    "biometric": ("iris scan", "facial recognition", "face id"),
    "sexual": ("sexual orientation", "seksuele geaardheid", "seksuele voorkeur", "sex life"),
    "criminal": (
        "criminal record",
        "verdacht van",
        "suspected of",
        "in de gevangenis",
        "in prison",
        "proces verbaal tegen",
        "vonnis tegen",
        "strafbaar feit",
    ),
}
"""Found as they stand, also over a hyphen."""

INNOCENT: tuple[str, ...] = (
    "homo sapiens",
    "homo universalis",
    "homo ludens",
    "in ons dna",
    "in our dna",
    "dna van ons",
    "browser fingerprint",
    "device fingerprint",
    "key fingerprint",
    "sha256 fingerprint",
    "golf handicap",
    "plantenziekte",
    "christian dior",
    "christian louboutin",
    "tropic of cancer",
    "economische depressie",
    "great depression",
    "tropische depressie",
    "ziekte van de es",
    "katholieke universiteit",
    "stemt in",
    "stemt overeen",
    "stemt toe",
    "stemt af",
    "joodse bruid",
    "plant disease",
)
"""Phrases that are taken out of a text before it is judged: there the word says nothing of
anybody's health, faith or life."""

WORDS: dict[str, str] = {
    "health": HEALTH,
    "religion": RELIGION,
    "politics": POLITICS,
    "union": UNION,
    "ethnicity": ETHNICITY,
    "genetic": GENETIC,
    "biometric": BIOMETRIC,
    "sexual": SEXUAL,
    "criminal": CRIMINAL,
}
