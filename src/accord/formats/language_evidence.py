"""Whether decoded text reads like a language: what tells the right encoding of a file from one that merely decodes.

Text is *explained* when nearly all its characters beyond ASCII are letters of one language's alphabet, in places where
that language has them, or ordinary signs; Chinese, Japanese and Korean by their common characters. Wrongly decoded text
has signs inside words, capitals after small letters, letters of several alphabets in one word, or rare characters only.
Alphabets: the languages' own orthographies. Common characters: level 1 of GB 2312, Big5 and JIS X 0208, the syllables
of KS X 1001; the most frequent ones by published counts of running text.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache

_LATIN: dict[str, str] = {
    "en": "éöüäçëôâ",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "de": "äöüßéáà",
    "es": "áéíñóúüï",
    "ca": "àçéèíïóòúü",
    "it": "àèéìíîòóùú",
    "pt": "áàâãçéêíóôõúü",
    "nl": "éëïóöüèáêíäû",
    "sv": "åäöéàáü",
    "da": "æøåéóäö",
    "is": "áðéíóúýþæö",
    "fi": "äöåšž",
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "hu": "áéíóöőúüű",
    "hr": "čćđšž",
    "sq": "çëâ",
    "ro": "ăâîșțşţ",
    "tr": "âçğıîöşüûi̇",
    "et": "äõöüšž",
    "lv": "āčēģīķļņšūž",
    "lt": "ąčęėįšųūž",
    "vi": "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ\u0300\u0301\u0303\u0309\u0323",
    "ga": "áéíóú",
}
_OTHER: dict[str, tuple[str, ...]] = {
    "CYRILLIC": (
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
        "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
        "абвгдежзийклмнопрстуфхцчшщъьюя",
        "абвгдђежзијклљмнњопрстћуфхцчџш",
        "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
    ),
    "GREEK": ("αάβγδεέζηήθιίϊΐκλμνξοόπρσςτυύϋΰφχψωώ",),
    "HEBREW": ("".join(map(chr, range(0x5D0, 0x5EB))) + "".join(map(chr, range(0x5B0, 0x5C3))),),
    "ARABIC": ("".join(map(chr, range(0x621, 0x653))) + "پچژگکیےھہںٹڈڑ",),
    "THAI": ("".join(map(chr, range(0xE01, 0xE5B))),),
}
_STOP: dict[str, str] = {
    "en": "the of and to in is that for it with was on are as be this by you not or have from what",
    "fr": "le la les de des du et un une que qui est dans pour pas sur au par plus ne ce avec vous",
    "de": "der die und das in den von zu mit sich des auf ist im dem nicht ein eine als auch es wird",
    "es": "el la de que y en un los se del las por con una su para es al lo como pero sus le",
    "it": "il di che e la per un in non una sono con le da del si della dei alla nel gli ha",
    "pt": "o de que e do da em um para com uma os no se na por mais as dos como mas ao ele",
    "nl": "de het een en van in is dat op te zijn met voor niet aan er om ook als bij maar",
    "sv": "och att det i en som av den med till om har inte ett var de kan vi jag",
    "da": "og i at det er en den til af med ikke der et har var som jeg vi kan skal",
    "fi": "ja on ei se oli ovat kun joka mutta niin hän mitä kuin tai vain",
    "pl": "w i na z do nie to o jest co jak po za od ale przez dla ma tak czy",
    "cs": "a se v na je to s z do o k i jako za pro ale by jsem jsou tak od",
    "hu": "a az hogy nem is egy meg de csak van ez volt ha el mint az",
    "ro": "de la cu pe nu din este sunt care mai pentru sau dar ce au a o",
    "tr": "bir ve bu da de ne ile mi ama o gibi daha en kadar olan olarak var",
}
_NEIGHBOURS = {"de": ("de", "sv"), "es": ("es", "ca"), "da": ("da", "sv"), "cs": ("cs", "sk"), "pl": ("pl",)}
_SIGNS = frozenset("“”‘’„‚«»‹›–—…•·§©®™°±×÷½¼¾¹²³ºª€£¥¢¿¡\xa0\xad¶†‡‰′″−µ№，。、：；？！（）،؟؛")
_INSIDE_WORDS = frozenset("\xa0\xad·-‑")
_BEFORE_WORDS = frozenset("„‚¿¡§£¥¶№")
_INSIDE_ENGLISH = frozenset("–—…")
_CONTRACTIONS = re.compile(r"(?:s|t|re|ll|ve|d|m|[dt][ae]n?|[yn][ae]|n?[ıiuü]n|n?[ıiuü])\b", re.IGNORECASE)
_ELISIONS = re.compile(
    r"\b(?:[ldjncmst]|qu|un|all|dell|nell|sull|dall|quest|jusqu|lorsqu|puisqu|aujourd)$", re.IGNORECASE
)
_TOP_CHINESE = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种"
    "事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实这個們來為國說時會對於著過發後"
    "裡種經麼學現當沒動還進樣開從實病症治疗疗药痛医患常食"
)
_TOP_JAPANESE = "のにはをたがでてとしれさいるもからなこあっりすくまだ"
_TOP_KOREAN = "이다는을의에가고하한지로사기도인를자대어서해시리나정일수그있은"
_COVERED, _COMMON, _LEAST_CJK = 0.98, 0.96, 6
_LEAST_TOP = {"zh": 0.08, "ja": 0.15, "ko": 0.12}
_LOOK, _HOPELESS = 3000, 0.8
_RUN = 5  # Polish "Łóż" and Turkish "ışığı" have shorter ones
_FREQUENT = {
    "CYRILLIC": "оеаинтсрвлкі",
    "GREEK": "αοιετσνηυρπκόάί",
    "HEBREW": "יוהלאתמרבנש",
    "ARABIC": "اليمنوترببةعأ",
}
_SHOUTED, _ENOUGH_CAPITALS = 0.9, 200
_LEAST_FREQUENT, _ENOUGH_LETTERS, _NOT_A_LANGUAGE = 0.45, 40, 0.9
_LEAST_STOPS, _DIFFERENT_STOPS, _STOP_SHARE = 8, 5, 0.06
_WORD = re.compile(r"[A-Za-z\ufffd]+")


def language_of(text: str) -> tuple[str, ...]:
    """Return the languages that the common words in plain letters point to; all of those known where none stands out.

    ``text``: with U+FFFD for all beyond ASCII.
    """
    words = Counter(word.lower() for word in _WORD.findall(text))
    total = words.total() or 1
    hits = sorted(((sum(words[w] for w in stops.split()), name) for name, stops in _STOP.items()), reverse=True)
    best, name = hits[0]
    different = sum(word in words for word in _STOP[name].split())
    if different < _DIFFERENT_STOPS or best < _LEAST_STOPS or best < _STOP_SHARE * total or best < 1.5 * hits[1][0]:
        return tuple(_LATIN)
    return _NEIGHBOURS.get(name, (name,))


def explained(text: str, languages: tuple[str, ...]) -> float:
    """Return the share of characters beyond ASCII that one language explains; 0 where they are mostly another's."""
    if len(text) > 2 * _LOOK and (share := explained(text[:_LOOK], languages)) < _HOPELESS:
        return share
    beyond = [index for index, character in enumerate(text) if character > "\x7f"]
    if not beyond:
        return 1.0
    scripts = Counter(_script(text[index]) for index in beyond)
    if scripts["CJK"] * 2 > len(beyond):
        return _explained_cjk([text[index] for index in beyond])
    letters: Counter[str] = Counter()
    good = 0
    for index in beyond:
        character = text[index]
        if _script(character) == "SIGN":
            good += _sign_stands_well(text, index, languages)
        elif _letter_stands_well(text, index):
            letters[character.lower()[:1]] += 1  # the small form of İ has two parts
    main = max(("LATIN", *_OTHER), key=lambda script: scripts[script])
    alphabets = [_LATIN[name] for name in languages] if main == "LATIN" else list(_OTHER[main])
    best = max(sum(letters[character] for character in set(alphabet)) for alphabet in alphabets)
    share = (good + best) / len(beyond)
    if main in _FREQUENT and letters.total() >= _ENOUGH_LETTERS:
        frequent = sum(letters[character] for character in set(_FREQUENT[main]))
        capitals = sum(text[index].isupper() for index in beyond)
        shouted = capitals > _SHOUTED * letters.total() and letters.total() > _ENOUGH_CAPITALS
        if shouted or frequent < _LEAST_FREQUENT * letters.total():
            share = min(share, _NOT_A_LANGUAGE)
    return share


def is_explained(share: float) -> bool:
    """Whether so much of a text is explained that it can be the right one."""
    return share >= _COVERED


@cache
def _script(character: str) -> str:
    if character in _SIGNS:
        return "SIGN"
    name = unicodedata.name(character, "")
    first = name.split(" ", 1)[0]
    if first in {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "FULLWIDTH", "IDEOGRAPHIC", "HALFWIDTH"}:
        return "CJK"
    if first == "COMBINING":
        return "LATIN"
    if first in _OTHER or first == "LATIN":
        return first if unicodedata.category(character)[0] in "LM" or first == "THAI" else "NONE"
    return "NONE"


def _sign_stands_well(text: str, index: int, languages: tuple[str, ...]) -> bool:
    before, after = text[index - 1 : index], text[index + 1 : index + 2]
    sign = text[index]
    if sign in _BEFORE_WORDS and before.isalpha():
        return False
    if not (before.isalpha() and after.isalpha()):
        return True
    if languages == tuple(_LATIN) and (sign in _INSIDE_ENGLISH or sign == "’"):
        return True
    if sign == "’":
        return bool(_CONTRACTIONS.match(text, index + 1) or _ELISIONS.search(text[max(0, index - 10) : index]))
    if sign in _INSIDE_ENGLISH and languages == ("en",):
        return True
    return sign in _INSIDE_WORDS or before > "\u2e80" or after > "\u2e80"


def _letter_stands_well(text: str, index: int) -> bool:
    character = text[index]
    before, after = text[index - 1 : index], text[index + 1 : index + 2]
    if character.isupper() and before.islower():
        return False
    script = _script(character)
    if script == "LATIN":
        run = text[max(0, index - _RUN + 1) : index + _RUN]
        return not any(
            all(c > "\x7f" and _script(c) == "LATIN" and not unicodedata.combining(c) for c in run[at : at + _RUN])
            for at in range(len(run) - _RUN + 1)
        )
    if any(near.isascii() and near.isalpha() for near in (before, after)):
        return False
    return script != "THAI" or _thai_stands_well(character, before, after)


def _thai_stands_well(character: str, before: str, after: str) -> bool:
    if unicodedata.category(character) == "Mn":
        return bool(before) and _script(before) == "THAI" and before not in "เแโใไ"
    return character not in "เแโใไ" or bool(after and "ก" <= after <= "ฮ")


def _explained_cjk(beyond: list[str]) -> float:
    if len(beyond) < _LEAST_CJK:  # too few to be sure of, enough to keep another reading from being certain
        usual = any(all(character in common for character in beyond) for common, _top in _cjk().values())
        return _NOT_A_LANGUAGE if usual else 0.0
    counts = Counter(beyond)
    best = 0.0
    for language, (common, top) in _cjk().items():
        frequent = sum(counts[character] for character in top) / len(beyond)
        if frequent >= _LEAST_TOP[language[:2]]:
            share = sum(n for character, n in counts.items() if character in common) / len(beyond)
            best = max(best, share)
    return min(1.0, best / _COMMON * _COVERED)


@cache
def _cjk() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    signs = (
        frozenset(_rows("gb2312", 0xA1, 0xA3)) | _SIGNS | frozenset(_rows("euc_jp", 0xA1, 0xA3)) | frozenset("αβγμ℃ⅠⅡⅢ")
    )
    kana = frozenset(map(chr, range(0x3041, 0x30FF)))
    return {
        "zh-hans": (signs | frozenset(_rows("gb2312", 0xB0, 0xD7)), frozenset(_TOP_CHINESE)),
        "zh-hant": (signs | frozenset(_big5_level_1()), frozenset(_TOP_CHINESE)),
        "ja": (signs | kana | frozenset(_rows("euc_jp", 0xB0, 0xCF)), frozenset(_TOP_JAPANESE)),
        "ko": (signs | frozenset(_rows("euc_kr", 0xB0, 0xC8)), frozenset(_TOP_KOREAN)),
    }


def _rows(codec: str, first: int, last: int) -> Iterator[str]:
    for lead in range(first, last + 1):
        for trail in range(0xA1, 0xFF):
            try:
                yield bytes((lead, trail)).decode(codec)
            except UnicodeDecodeError:
                continue


def _big5_level_1() -> Iterator[str]:
    for lead in range(0xA1, 0xC7):
        for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
            try:
                yield bytes((lead, trail)).decode("big5")
            except UnicodeDecodeError:
                continue
