"""The names of laws, documents and places that say where a section or a period belongs."""

import re

# A law by its name or by what it is cited as, in the languages of the larger jurisdictions.
LAW = re.compile(
    r"\b(?:[A-Z]\w+ )(?:Act|Code|Law|Rules?|Regulations?|Statutes?|Ordinance|Order|Convention|Treaty"
    r"|Charter|Directive)\b|\bAct (?:of )?\d{4}\b"
    r"|\b(?:Constitution|GDPR|HIPAA|ERISA|DSGVO|RGPD|TFEU|AEUV|TFUE|ECHR|EMRK|CEDH|PACE)\b"
    r"|\bU\.?\s?S\.?\s?C\b|\bC\.?\s?F\.?\s?R\b|\bRev\. (?:Code|Stat)|\b(?:Penal|Civil|Criminal) [Cc]ode\b"
    r"|(?:[Gg]esetz|[Gg]esetzbuch|[Vv]erordnung|(?:prozess|Prozess|straf|Straf)ordnung)(?:es|s|en|buchs?|buches)?\b"
    r"|\b(?!DNA|RNA)[A-Z][A-Za-zÄÖÜäöü]{0,9}(?:GB|PO|BG|[a-z]G|[a-z]O|[a-z]V)\b"
    r"|\b[Cc]ode (?:du|de|des|civil|pénal|général)\b|\bC\. (?:civ|trav|com|pén|cons)\b|\b[Ll]oi n"
    r"|\b[Cc]odice\b|\b[Ll]egge\b|\b[Cc]ódigo\b|\b(?:Ley|Estatuto|Constitución|Real Decreto|Reglamento|Directiva)\b"
    r"|\b(?:CC|CP|CE|ET|LEC|LECrim|LAU)\b"
)
# A document with sections of its own.
DOCUMENT = re.compile(
    r"\b(?:this|the|such|our|your|an?|each) (?:\w+ )?(?:[Aa]greement|[Cc]ontract|[Ll]ease|[Dd]eed|[Pp]olicy|Plan"
    r"|Exhibit|leaflet|handbook|manual|report|document|form|guideline|paper|chapter)\b"
    r"|\b(?:[Hh]ereby|[Hh]ereunder|[Hh]ereto|Part(?:y|ies)|Vertrag|contrato|contrat)\b"
)
_PLACES = (
    r"Engl(?:and|ish)|Wales|Welsh|Scot(?:land|s|tish)|Ireland|Irish|Brit(?:ain|ish)|U\.?K|U\.?S|USA",
    r"United (?:States|Kingdom)|America\w*|Canad\w+|Ontario|Qu[eé]bec|Austral\w+|New (?:Zealand|South Wales)",
    r"Queensland|India\w*|South Africa\w*|Singapore|Hong Kong|Chin(?:a|ese)|Japan\w*|Kenya\w*|Nigeria\w*",
    r"German\w*|Deutsch\w*|Bundes\w+|Austria\w*|Österreich\w*|Swiss|Switzerland|Schweiz\w*",
    r"Fr(?:ance|ench|ançais\w*)|Belg\w+|Netherlands|Dutch|Spain|Spanish|España\w*|español\w*|Portug\w+|Ital\w+",
    r"Pol(?:and|ish)|Swed\w+|Norw\w+|Danish|Denmark|Finland|Finnish|Greece|Greek|Mexic\w+|México|Brazil\w*",
    r"Argentin\w+|Colombia\w*|Chile\w*|Perú|European Union|EU|UE|EEA|federal|Alabama|Alaska|Arizona|Arkansas",
    r"California\w*|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas",
    r"Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska",
    r"Nevada|New (?:Hampshire|Jersey|Mexico|York)|(?:North|South) (?:Carolina|Dakota)|Ohio|Oklahoma|Oregon",
    r"Pennsylvania|Rhode Island|Tennessee|Texas|Utah|Vermont|Virginia|Washington|Wisconsin|Wyoming",
)
PLACE = re.compile(rf"\b(?:{'|'.join(_PLACES)})\b|法|中国|日本|台湾|香港|القانون")
