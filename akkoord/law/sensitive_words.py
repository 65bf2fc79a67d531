"""The words that give a special category away: Dutch and English, whole words, lower case.

One list per class of art. 9(1), and one for criminal data (art. 10). A word stands here only when
it seldom means anything else; where it does, the phrases in which it is innocent stand beside it.
A word list never finds everything: it helps who looks, and certifies nothing.
"""

from __future__ import annotations

HEALTH = """
aandoening adhd alcoholist alcoholisme alzheimer anorexia arbeidsongeschikt arbeidsongeschiktheid
artritis asthma astma autisme autistisch autism autistic bipolair bloeddruk bloedgroep boulimia
burn-out burnout cancer celiac chemo chemokuur chemotherapie chemotherapy coeliakie copd crohn
dementie dementia depressie depressief depressive depression diabeet diabetes diabetic
diabetespatiënt diabetespatient disability doof dwarslaesie dyslectisch dyslexie eczeem epilepsie
epilepsy epileptisch fibromyalgie gehandicapt glutenallergie glutenintolerantie hartinfarct
hartkwaal hartpatiënt hartpatient hernia hiv hiv-positief hooikoorts ibs insuline insulin kanker
kankerpatiënt koemelkallergie lactose-intolerant lactose-intolerantie lactoseintolerant long-covid
medicatie medication medicijn medicijnen migraine ms-patiënt nierpatiënt notenallergie obesitas
overspannen parkinson patiënt pinda-allergie pindaallergie pollenallergie pregnant pregnancy
psoriasis psychiater psychiatrist psychiatrie psychiatrisch psychose psychotisch ptsd ptss reuma
rolstoel rolstoelgebruiker schizofreen schizofrenie slechthorend slechtziend suikerpatiënt
suikerziekte tumor verslaafd verslaving voedselallergie wheelchair zwanger zwangerschap ziekgemeld
ziektewet ziekteverlof zorgindicatie allergie allergisch allergic allergy blindengeleidehond medisch
medische gezondheidsklachten disease dialyse dialysis miskraam miscarriage ziekmelding beroerte
herseninfarct hersenbloeding coeliac bloedverdunner bloedverdunners antidepressiva antidepressants
pijnstillers antibiotica chemokuren bestraling psycholoog ggz incontinentie incontinent
gehoorapparaat hartastmatisch lyme allergieën allergies infectie besmet corona ziekenhuisopname
revalidatie arthritis asthmatic disabled diabetics stoma pacemaker prothese scootmobiel bedlegerig
invalide
"""
RELIGION = """
anglicaans atheist atheïst atheïstisch boeddhist boeddhisme boeddhistisch buddhist christelijk
christen christendom evangelisch gelovig gereformeerd halal hervormd hindoe hindoeïsme hindoeistisch
hindu islam islamitisch islamic jehova jewish joods jood jodendom judaism katholiek catholic kerklid
kerkgenootschap koosjer kosher lutheraans moslim moslima muslim pinkstergemeente protestant
protestants quaker ramadan rooms-katholiek sikh soennitisch sjiitisch geloofsovertuiging
levensovertuiging religie religion godsdienst bekeerd gedoopt sabbat sabbath ouderling diaken
hervormde gereformeerde islamitische joodse christelijke protestantse boeddhistische hindoeïstische
katholieke moslims moslima's muslims christians buddhists hindus jews catholics sikhs atheïsten
boeddhisten katholieken protestanten joden gelovige gelovigen kerkganger kerkgangers kerkdienst
"""
POLITICS = """
bbb-lid cda-lid cda-stemmer d66 d66-lid forum-voor-democratie fvd groenlinks groenlinks-lid
partijlid pvda pvda-lid pvv pvv-stemmer sgp sp-lid vvd vvd-lid christenunie denk-stemmer
partijlidmaatschap communist liberaal-democraat stemt stemgedrag cda bbb nsc ja21 gemeenteraadslid
raadslid kamerlid voter voters communistisch socialistisch communists socialists
"""
UNION = """
vakbond vakbondslid vakbondslidmaatschap fnv cnv fnv-lid cnv-lid vakvereniging trade-union
vakcentrale unionist unionists kaderlid
"""
ETHNICITY = """
etniciteit etnisch etnische ethnicity ethnic huidskleur allochtoon sinti zigeuner buitenlander
getint statushouder statushouders asielzoeker asielzoekers vluchteling vluchtelingen refugee
refugees allochtone allochtonen buitenlanders getinte immigrant immigrants niet-westers
niet-westerse
"""
GENETIC = """
dna dna-test dna-profiel genetisch genetische genetic brca brca1 brca2 erfelijk erfelijke chromosoom
chromosomen chromosoomafwijking genenpaspoort genmutatie gentest genoom genome downsyndroom
hereditary
"""
BIOMETRIC = """
vingerafdruk vingerafdrukken fingerprint fingerprints irisscan gezichtsherkenning gezichtsscan
biometrisch biometrische biometric biometrics stemprofiel handpalmscan stemherkenning voiceprint
vingerscan handscan retina-scan netvliesscan irisherkenning
"""
SEXUAL = """
aseksueel biseksueel bisexual gay heteroseksueel homo homofiel homoseksueel homosexual lesbienne
lesbisch lesbian lhbti lhbtiq lgbt lgbtq panseksueel queer seksueel seksuele seksleven sexual
transgender transman transvrouw transseksueel geaardheid homostel homopaar homohuwelijk homo's lesbo
lesbiennes gays lesbians lhbtqia transgenders non-binair nonbinair
"""
CRIMINAL = """
strafblad strafrechtelijk strafrechtelijke veroordeeld veroordeling veroordelingen gedetineerd
gedetineerde gevangenisstraf taakstraf celstraf tbs ex-gedetineerde winkelverbod conviction felony
felon winkeldief winkeldiefstal recidivist delinquent reclassering zakkenroller zakkenrollers
strafzaak strafzaken aangehouden gearresteerd arrested convictions offender offenders veroordeelde
oplichter
"""

STEMS: dict[str, str] = {
    "health": "diabet dement epilep oncolog autis astmapat suikerziek zwanger rolstoelgebruik",
    "religion": "moslim jehova",
    "politics": "partijlid",
    "union": "vakbond",
    "genetic": "brca genetisch erfelijke",
    "biometric": "biometri gezichtsscan gezichtsherken",
    "sexual": "homoseks biseks transseks",
    "criminal": "winkeldie shoplift gedetineer strafrecht",
}
"""How a word begins that says it however it goes on: Dutch makes one word of two."""

ENDINGS: dict[str, str] = {
    "health": "kanker allergie allergieën patiënt patiënten intolerantie",
    "criminal": "winkelverbod winkelverboden",
}
"""How a word ends that says it whatever stands before."""

PLACES = "straat plein weg laan steeg gracht kade dijk singel"

PEOPLES = """
turkse marokkaanse surinaamse antilliaanse molukse koerdische syrische poolse roemeense bulgaarse
afrikaanse aziatische arabische chinese indische indiase javaanse hindoestaanse somalische iraanse
iraakse afghaanse eritrese kaapverdische zwarte witte blanke donkere gekleurde
turkish moroccan surinamese kurdish syrian polish romanian african asian arab chinese indian somali
iranian iraqi afghan hispanic latino black white brown coloured colored
"""
PEOPLE = """
man mannen vrouw vrouwen jongen jongens meisje meisjes gezin gezinnen familie families klant klanten
ouders achtergrond afkomst origine komaf roots mensen jongeren buurt vriend vriendin dame heer
woman women guy guys girl girls boy boys family customer customers people person men lady couple
descent background origin heritage kids parents
"""
"""A people or a colour, right before who is meant: "Turkse vrouw", and never "Turks brood"."""

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
