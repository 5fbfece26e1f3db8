"""What announces a name of a person: titles, labelled fields, signatures, "my name is", kinship, words of speech."""

import re
from collections.abc import Iterator

_TITLE = (
    r"\b(?:(?:Mr|Mrs|Ms|Mx|Miss|Messrs|Drs?|Prof|Professor|Doctor|Sir|Rev|Judge|Sgt|Capt|Lt|Col|Hon|Herr|Frau|Mme|Mlle"
    r"|Sr|Sra|Srta|Srs|Dra|Dña|Doña|Don|Doctora|Profesora?|Lic)(?:/(?:Dra|a|o))?(?:\.?\([ao]s?\))?\.?"
    r"|(?:mr|mrs|ms|dr|dra|dña|sra?)\.)[ ]{1,2}"
)
_SAID = (
    r"\b(?:(?:sur)?name|nombre|apellidos?)(?:[ ](?:is|was|es|as)|['’]s)[ ]"
    r"|\b(?:partner|wife|husband|child|son|daughter|mother|father)['’]s[ ]name[ ]"
    r"|\b(?:me[ ]llamo|se[ ]llama|llamad[oa]|named(?:[ ](?:him|her|it))?)[ ]"
    r"|\bname\b[^.?!\n]{0,30}(?:\?|\bto)[ ](?:\w+:[ ])?(?:(?:mr|mrs|ms|dr)\.?[ ])?"
)
_FIELD = (
    r"^[ \t>*•?\-\ufeff]*(?:[^\n:]{0,80}[.;|][ ])?"
    r"(?:(?:full|first|last|middle|family|given|maiden|patient|client|customer|user)(?:['’]s)?[ ])*"
    r"(?:name|surname|patient|physician|attending|doctor|provider|signed(?:[ ]by)?|referred[ ]by|attn|contact|guardian"
    r"|next[ ]of[ ]kin|client|plaintiff|defendant|claimant|witness|user|billing[ ]address"
    r"|nombre(?:[ ]y[ ]apellidos)?(?:[ ]del?[ ](?:la[ ])?paciente)?|(?:primer[ ]|segundo[ ])?apellidos?|paciente"
    r"|m[ée]dic[oa](?:[ ]responsable)?|doctora?|dr/a|dra?|remitid[oa][ ]por|responsable(?:[ ]cl[íi]nic[oa])?"
    r"|correspondenc(?:ia|e)|firmado(?:[ ]por)?|fdo|firma|cirujan[oa]|enfermer[oa]|titular|demandante|demandad[oa])"
    r"(?:[ ]name)?\.?[ \t]*:[ \t]*"
)
_SIGNATURE = (
    r"\b(?:regards|sincerely|yours(?:[ ](?:truly|faithfully))?|best(?:[ ]wishes)?|cheers|respectfully"
    r"|atentamente|saludos?(?:[ ]cordial(?:es)?)?)[,.!]?[ \t]*\r?\n\s*"
)
_SURE = re.compile(f"{_TITLE}|(?i:{_SAID}|{_FIELD}|{_SIGNATURE})", re.MULTILINE)
_MAYBE = re.compile(
    r"\b(?:I['’]?m|[Ii] am|[Tt]his is|[Ii]t['’]s|[Cc]all me|Dear|Hi|Hello|Hey|Hola|[Ss]oy"
    r"|D\.(?=[ ][A-ZÁÉÍÓÚÑ][a-záéíóúñ])"
    r"|(?:kid|child|son|daughter|wife|husband|brother|sister|mother|father|mom|dad|friend|partner|colleague|boss|cousin"
    r"|uncle|aunt|neighbou?r|nephew|niece|hij[oa]|espos[oa]|marido|herman[oa]|singer|author|founders?|songwriter"
    r"|shouted at|told|asked|had given|speak to|talk to|met with|directed by|written by|starring|[Pp]roducer|[Aa]ctor"
    r"|[Aa]ctress|between (?:him|her) and)[,:]?|[,.!?][\"”'’] (?:says|said|asks|asked|replied)) "
)
_PERSONS_DO = re.compile(
    r"(?:['’]s)? (?:lives|lived|said|says|told|asked|shouted|replied|answered|whispered|wrote|was born|had given"
    r"|married|began|spent|went|got married|is very|has worked|works|worked)\b"
    r"|: ?[\"“]|, (?:can|could|would|please) (?:I|you|we)\b"
)
_AFTER_EPONYM = re.compile(
    r"(?:['’]s?)?[ -](?:[a-z]+ |[A-Z][a-z]+ )?(?i:disease|syndrome|lymphoma|tumou?r|sarcoma|carcinoma|cells?|sign|test"
    r"|score|scale|criteria|index|stain|palsy|thyroiditis|ulcers?|law|rule|method|procedure|operation|classification"
    r"|virus|fever|anemia|anaemia|ar?e?flux|esophagus|phenomenon|contracture|reaction|catheter|staging|encephalopathy"
    r"|ataxia|chorea|tube|manoeuv(?:re|er)|maneuver|phase|bodies|body|granulomatosis|purpura|stages?|smear)\b"
    # what a person could have follows a name without "'s" only: "Graves ophthalmopathy", "Doppler ultrasonography"
    r"|[ -](?:[a-z]+ )?(?:imaging|ultrasound|tear|parasites?|larvae|bacteri(?:a|um)|species|infections?|vaccine"
    r"|[a-z]+(?:opathy|itis|osis|oma|a?emia|scopy|graphy|ectomy|plasty))\b"
)
_BEFORE_EPONYM = re.compile(
    r"(?i:s[íi]ndrome|enfermedad|signo|test|escala|[íi]ndice|prueba|t[ée]cnica|maniobra|tinci[óo]n|tinciones|criterios"
    r"|m[ée]todo|c[ée]lulas?|cuerpos?|fen[óo]meno|tumor|sarcoma|linfoma|fiebre|virus|syndrome|sign|disease|tipo|eco)"
    r"(?: (?:de|del|of))? (?:[A-Z]\w+[ -])?$"
)


def announced(text: str) -> Iterator[tuple[int, bool]]:
    """Yield where a name begins, for what stands before it, and whether it is sure that it is one."""
    for cue in _SURE.finditer(text):
        yield cue.end(), True
    for cue in _MAYBE.finditer(text):
        yield cue.end(), False


def acts(text: str, end: int) -> bool:
    """Say whether what ends at ``end`` does what only persons do."""
    return _PERSONS_DO.match(text, end) is not None


def eponym(text: str, start: int, end: int) -> bool:
    """Say whether a name is that of a disease, a test or a law: "Crohn's disease", "síndrome de Down"."""
    before = text[max(0, start - 40) : start]
    return _AFTER_EPONYM.match(text, end) is not None or _BEFORE_EPONYM.search(before) is not None
