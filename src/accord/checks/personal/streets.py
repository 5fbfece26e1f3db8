"""How streets are written, by the words that countries use for them: before the name, behind it, or within it."""

import re
import unicodedata

from accord.checks.personal.stretches import Stretches

_UPPER = "".join(c for c in map(chr, range(0x41, 0x590)) if unicodedata.category(c) in {"Lu", "Lt"})
_UPPER += "∆"  # the increment sign, which Greek texts have for a delta
# a full stop behind a longer word ends a sentence
_CAP = (
    rf"(?:[dl]')?[{_UPPER}](?:[^\W\d_]|['∆](?=[^\W\d_])){{0,24}}(?:[.-][^\W\d_]{{1,24}}){{0,3}}(?!\w)"
    r"(?:(?<![^\W\d_]{5})\.)?"
)
_PARTICLE = (
    r"(?:de la|de las|de los|del|des|della|delle|degli|de|da|dos|das|do|dei|di|du|la|las|los|le|les|els|el|van|von|der"
    r"|den|het|aux?|al|a|y|e|i|und"
    r"|nad|pod|sur|sous|am|an|im|upon|ob|u|v|ved)"
)
# after an abbreviation in an address ("St. Mary's Ave. The letter came back") a sentence may begin
_SENTENCE = r"(?<=\.) (?:The|He|She|It|We|They|I|His|Her|This|That|My|Our|Please|In|At|On|El|Se|Fue|Es)(?!\w)"
NAMES = rf"{_CAP}(?:(?!{_SENTENCE}) (?:{_PARTICLE} ){{0,2}}{_CAP}){{0,5}}"
# A place may have any short words within: Chomutice u Horic v Podkrkonoší, Saint-Rémy-lès-Chevreuse
_SHORT = r"(?!(?:and|for|the|at|is|was|to|in|on|by|but|or|as|has|had|who|if|we|it|he|she|my|not|are)\b)[^\W\d_]{1,3}"
PLACE_NAME = rf"{_CAP}(?:[ /](?:{_SHORT} ){{0,2}}{_CAP}){{0,5}}(?: \d{{1,2}}(?!\w))?(?: \([^()\n\d]{{2,25}}\))?"
ALONE = r"(?<![\w.,/$€£-])"
_NO = r"\d{1,5}(?:[A-Za-z](?!\w))?(?:[-/]\d{1,4}[A-Za-z]?)?(?!\w|[.]\d)"
_NO_ALONE = r"\d{1,5}(?:[A-Za-z](?!\w))?(?:[-/]\d{1,4}[A-Za-z]?)?(?!\w|[.,]\d)"

# stand before the name and are nothing else: calle, avda., rue, ul.
_PLAIN_TYPE = (
    r"(?i:c/|calle|cl\.|avda?\.?|avd\.|av/|av\.|avenida|avinguda|pase?o de|p[º°]\.?|pseo\.?|plaza|pza?\.|plz\.?"
    r"|ctra\.?|crta\.?|carretera"
    r"|ronda|r[úu]a|traves[ií]a|urbanizaci[óo]n|urb\.|glorieta|rambla|callej[óo]n|carrer|pol[ií]gono|gran v[ií]a"
    r"|calzada|jir[óo]n"
    r"|passeig|pla[çc]a|praza|riera|travessera|baixada|bda\.|prolongaci[óo]n|perif[ée]rico|rue|boulevard|chemin"
    r"|all[ée]e|impasse|faubourg|travessa|pra[çc]a|estrada|rodovia|cal[çc]ada|beco"
    r"|viale|vicolo|vicoletto|piazza|piazzale|piazzetta|contrada|lungotevere|ul\.|ulica|aleja|n[áa]m\."
    r"|n[áa]m[ěe]st[íi]|οδός|λεωφόρος"
    r"|λεωφ\.|πλατεία|улица|ул\.)"
)
_BEFORE = (
    rf"(?:{_PLAIN_TYPE}|(?i:c(?= [A-Z])|av|paseo|pza?|camino|cam[ií]|urb|pasaje|pje\.?|psje\.?|alameda|col[,.]"
    rf"|colonia|barrio|b[º°]|cuesta"
    r"|partida|paraje|subida|bajada|sector|residencial|bulevar|blvr?d\.?|prol\.?|privada|circuito|carrera|diagonal"
    r"|trav\.|v[íi]a|parque"
    r"|corso|largo|strada|borgo|salita|avenue|bd\.?|bld\.?|place|quai|cours|route|passage|square|r\.|al\.|os\.|pl\."
    r"|calea|str\.|πλ\.|λ\.))"
)
# with which these begin, and those of one or two letters that are whole words
_TYPE_STARTS = (
    *("calle", "avd", "av", "avenida", "avinguda", "paseo", "paso", "pº", "pseo", "plaza", "pz", "plz", "ctra", "crta"),
    *("carretera", "ronda", "rua", "rúa", "traves", "urb", "glorieta", "rambla", "carrer", "poligono", "polígono"),
    *("gran", "calzada", "jiron", "jirón", "passeig", "plaça", "placa", "praza", "riera", "baixada", "bda", "prol"),
    *("perif", "rue", "boulevard", "chemin", "allée", "allee", "impasse", "faubourg", "praça", "praca", "estrada"),
    *("rodovia", "calçada", "calcada", "beco", "via", "vía", "vicol", "piazz", "contrada", "lungotevere", "ulica"),
    *("aleja", "nam", "nám", "οδό", "λεωφ", "πλατεία", "улица", "cami", "pasaje", "pje", "psje", "alameda", "col"),
    *("barrio", "bº", "cuesta", "partida", "paraje", "subida", "bajada", "sector", "residencial", "bulevar", "blv"),
    *("privada", "circuito", "diagonal", "trav", "parque", "corso", "largo", "strada", "borgo", "salita", "avenue"),
    *("bd", "bld", "place", "quai", "cours", "route", "passage", "square", "calea", "str"),
)
_TYPES = frozenset({"c", "cl", "p", "b", "r", "al", "os", "pl", "ul", "ул", "πλ", "λ"})
_TYPE_FIRST = frozenset(start[:2] for start in _TYPE_STARTS) | _TYPES
_LETTERS = re.compile(r"[^\W\d_]+")


def typed(text: str, within: Stretches) -> Stretches:
    """Return the stretches with a word that may stand before the name of a street; to look them up is fast."""
    return [(start, end) for start, end in within if _has_type(text[start:end].lower())]


def _has_type(text: str) -> bool:
    words = {word for word in _LETTERS.findall(text) if word[:2] in _TYPE_FIRST}
    return any(word in _TYPES or word.startswith(_TYPE_STARTS) for word in words)


# end the name: Bahnhofstraße, Kungsgatan
SUFFIX = re.compile(
    r"(?:stra(?:ss|ß)e|str\.|gasse|platz|allee|weg|(?<!u)ring|damm|ufer|steig|graben|chaussee|promenade|gata|gatan"
    r"|gaten"
    r"|gatu|v[äa]gen|v[äa]g"
    r"|gr[äa]nd|stigen|backen|all[ée]n?|torget|platsen|leden|veien|vegen|vei|veg|svingen|stien|vej|vejen|gade"
    r"|str[æa]e?de|bakken|v[æa]e?nget"
    r"|parken|toften|marken|engen|krogen|lunden|katu|tie|kuja|polku|raitti|kaari|väylä|tori|straat|laan|plein|gracht"
    r"|kade|dreef|hove|singel"
    r"|dijk|steeg|baan|str(?:æ|ae)ti|stígur|vegur|braut|vangur|gerði|hlíð|holt|hvammur|tänav|puiestee|[sc]ká|ého"
    r"|ových|[οό]υ)$",
    re.IGNORECASE,
)
# stand behind it as words of their own: Herceg utca, Bond Street
_BEHIND = (
    r"(?i:utca|u\.|útja|út|tee|mnt|pst|tänav|terrasse|all[eé]|plads|plass|torv|tér|tere|krt\.|körút|köz|sétány|sor"
    r"|ulice|ulica|cesta|trg|pot"
    r"|str\.?|straße|strasse|weg|platz|gata|gate|gränd|väg|vej|gade|katu|tie|straat|laan|plein|kalea|etorbidea"
    r"|hiribidea)"
)
_BEHIND_WORDS = (
    *(" utca ", " u. ", " útja ", " út ", " tee ", " mnt ", " pst ", " tänav ", " terrasse ", " alle "),
    *(" allé ", " plads ", " plass ", " torv ", " tér ", " tere ", " krt ", " krt. ", " körút ", " köz "),
    *(" sétány ", " sor ", " ulice ", " ulica ", " cesta ", " trg ", " pot ", " str ", " str. ", " straße "),
    *(" strasse ", " weg ", " platz ", " gata ", " gate ", " gränd ", " väg ", " vej ", " gade ", " katu "),
    *(" tie ", " straat ", " laan ", " plein ", " kalea ", " etorbidea ", " hiribidea "),
)
_ENGLISH = (
    r"(?:[Ss]treets?|St|[Rr]oad|Rd|[Aa]venue|Ave|[Ll]ane|Ln|[Dd]rive|Dr|[Bb]oulevard|Blvd|Court|Ct|[Tt]errace|Place"
    r"|Square|Sq|Parkway|Pkwy"
    r"|Circle|Crescent|Gardens|Grove|Mews|Highway|Hwy|Trail|Plaza|Way|Gateway|Parade|Esplanade|Quay|Heights|Walk"
    r"|Pike|Turnpike|Close|Row)"
)
UNIT = (
    r"(?i:apt|apartment|suite|ste|flat|unit|room|rm|floor|piso|edificio|dept|departamento|oficina|local|building"
    r"|bldg)\.? {0,2}#?"
    r"(?:n[º°o]\.? ?)?\d{1,5}[A-Za-z]?(?!\w)"
)
FLOOR = (
    r"(?: {0,2}[-,.] {0,2}| )(?i:s/n|bajos?(?: [a-h](?!\w))?|[áa]tico|entresuelo|\d{1,3} ?[ºª°]? ?-? ?(?:[a-h]"
    r"|izq\w{0,6}\.?|izda?\.?|dcha?\.?"
    r"|drcha|der\w{0,5}\.?|pta|puerta|pl)(?!\w)|\d{1,3}[ºª°](?: ?[-,]? ?\d{1,2}[ºª°]?)?|(?:izq\w{0,6}|izda"
    r"|der(?:echa)?|dcha)\.?(?!\w)"
    r"|\d{1,3}(?!\w|[./]\d)|[a-h](?!\w)|(?:pta|puerta|piso|planta|esc|escalera|portal|bloque|blq|casa|and[ée]n|ed"
    r"|edif|edificio|sector|local"
    r"|of|oficina|manzana|mz|lote|lt|int|interior|dpto|depto|camino de|esquina"
    r"|esq)\.?:? ?\w{1,12}(?: \w{1,12})?(?:, \d{1,3})?)"
)
_SIGN = r"(?i:n[úu]m(?:ero)?\.?|n\.?[º°o]?\.?o?|no\.|km\.?|#)?"
_MILITARY = r"(?i:APO|FPO|DPO) (?i:A[AEP])\.? ?\d{5}(?:-\d{4})?"
_LOWER = r"[^\W\d_]{2,20}(?: [^\W\d_]{1,20}){0,5}"

# each with words of which a stretch has one where the form stands (none: any has); None: a type before the name
WRITTEN = tuple(
    (words, re.compile(form))
    for words, form in (
        # Calle de Alcalá 23, 2º B; C/ Pizarro, s/n; Via Franscini 71; Rue du 8 Mai 1945, 4
        (
            None,
            (
                rf"{ALONE}(?:{_CAP} and )?(?:\d{{1,5}},? ){{0,2}}{_BEFORE}[ ,]{{0,2}}(?:(?:{_PARTICLE} ){{0,2}}"
                rf"|\d{{1,2}}[ºª]? (?:de )?){NAMES}(?:,? [A-Z]{{1,3}}-?\d{{1,4}}(?=,? [KksS]))?"
                rf"(?:\.?,? {{0,2}}{_SIGN} {{0,2}}{_NO}|\.?,? {{0,2}}(?:[sS]/[nN]"
                rf"|(?i:km)\.? ?\d{{1,4}}(?:[.,]\d{{1,3}})?(?!\w)))(?:{FLOOR}){{0,5}}"
            ),
        ),
        # Ctra. Madrid-Cartagena. 30120 El Palmar
        (
            None,
            (
                rf"{ALONE}{_PLAIN_TYPE}[ ,]{{0,2}}(?:{_PARTICLE}"
                rf" ){{0,2}}{NAMES}(?=[ .,;-]{{1,4}}(?:E-)?\d{{5}}[ .,-]{{1,3}}{NAMES})"
            ),
        ),
        # calle alcalá, 23; Carrera 7 # 32-16
        (None, rf"{ALONE}{_PLAIN_TYPE}(?:(?<=/)|(?<=/) | ){_LOWER}(?:,| n\.?[º°]|,? núm\.?) ?{_NO}(?:{FLOOR}){{0,5}}"),
        (
            ("#", "nº", "n°", "no"),
            (
                r"(?<!\w)(?i:calle|carrera|cra|cr|cl|kr|diagonal|transversal|avenida|av)\.? \d{1,3}[A-Z]? ?(?:#"
                r"|n[º°o]\.?) ?\d{1,3}[A-Z]?(?: ?- ?\d{1,3})?"
            ),
        ),
        # 36 rue Pasteur
        (None, rf"(?<!\w)(?:\d{{1,5}},? ){{1,2}}{_BEFORE} (?:{_PARTICLE} ){{0,2}}{NAMES}"),
        (
            _BEHIND_WORDS,
            rf"(?<!\w)(?:{_CAP} and )?(?:\d{{1,5}} )?{NAMES}(?: [^\W\d_]{{2,15}})? {_BEHIND} \d{{1,4}}(?!\w)\.?",
        ),
        # 221B Baker Street; 1600 Pennsylvania Avenue NW
        (
            (),
            (
                rf"{ALONE}\d{{1,5}}[A-Z]?(?: \d{{1,5}})?,? (?:[NSEW]\.? )?{NAMES} {_ENGLISH}(?!\w)\.?"
                r"(?: (?:NW|NE|SW|SE|N|S|E|W)(?!\w)\.?)?"
            ),
        ),
        (("corner of",), rf"(?:the )?corner of (?:[^\W_]|[ .'-]){{3,60}}? and (?:\d{{1,5}} )?{NAMES}(?: {_NO})?"),
        (
            ("street", "avenue", "road", "boulevard", "lane", "s/n"),
            rf"(?<=\bon ){NAMES} (?:Street|Avenue|Road|Boulevard|Lane)(?!\w)|(?<!\w){NAMES}, [sS]/[nN](?!\w)",
        ),
        (
            ("box", "apartado", "apdo", "postfach", "postale"),
            (
                r"(?<!\w)(?:\d{1,5} )?(?i:p\.? ?o\.? ?box|post ?box|apartado(?: de correos)?|apdo\.?|postfach"
                r"|bo[iî]te postale"
                r"|casella postale) ?\d{1,6}(?!\w)"
            ),
        ),
        (
            ("apo", "fpo", "dpo"),
            (
                rf"(?<!\w)(?:(?i:PSC|CMR|Unit) \d{{1,5}},? (?i:box) \d{{1,5}}|(?i:USNS|USS|USNV"
                rf"|USCGC) \w{{2,25}})\s?,? ?{_MILITARY}"
            ),
        ),
        # 中关村大街27号3号楼
        (
            ("路", "街", "道", "巷", "弄", "胡同"),
            r"[\u4e00-\u9fff]{1,12}(?:路|街|道|巷|弄|胡同)\d{1,5}(?:号|號)(?:[\u4e00-\u9fff]{0,6}\d{1,5}(?:室|号楼|号|单元|楼|层)){0,4}",
        ),
    )
)
_DOSE = (
    r"(?i:mg|mcg|µg|ml|g|kg|cc|tabs?|tablets?|caps?|capsules?|pills?|units?|iu|%|x|times|daily|days?|weeks?|months?"
    r"|years?"
    r"|hours?|percent)(?!\w)"
)
NUMBERED = (  # 20789 Allika 46, 24 Sussex Drive; Allika 46
    re.compile(rf"{ALONE}(?:\d{{1,5}},? ){{1,2}}{NAMES}(?:,? {_NO_ALONE}(?! ?{_DOSE}))?"),
    re.compile(rf"{ALONE}{NAMES},? {_NO_ALONE}(?! ?{_DOSE})"),
)
NOT_STREETS = re.compile(
    r"^(?:\d+,? )*(?:During|Since|In|By|From|Until|January|February|March|April|May|June|July|August|September"
    r"|October|November|December"
    r"|Section|Article|Chapter|Abs|Absatz|Satz|Nr|Nummer|§|Table|Figure|Fig|Phase|Type|Stage|Grade|Group|Part|Title"
    r"|Rule|Act|No|Page|Volume"
    r"|Vol|Level|Class|Version|CFR|USC|Stat|Vitamin|Gravida|Para)\b"
    r"|\b(?:Abs\.|Absatz|Satz|Nummer|LEXIS|Dist\.|S\.? ?Ct\.?|U\.S\.?|WL|F\.|App'x|Fed|Educ|Cir)(?!\w)",
    re.IGNORECASE,
)
