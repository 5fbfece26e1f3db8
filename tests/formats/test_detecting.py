"""The encoding of a file is found right or the person is asked; never is a wrong text taken for certain."""

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.formats.detecting import detect
from accord.formats.failures import UnreadableFile, UnsureEncoding

# Sentences written for these tests, each with encodings in which its language was written before Unicode.
TEXTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "English": (
        (
            "The patient’s “old” wound is healing—slowly, but it is. What should I do if it doesn’t? "
            "Ask the doctor; café visits are not a risk for you, and this is the end of the matter."
        ),
        ("cp1252", "mac-roman"),
    ),
    "French": (
        (
            "Où a-t-il mal depuis l’été ? Le médecin a prescrit un traitement après la réunion, et la fièvre est passée. "
            "C’est très bien, même à l’hôpital. Le garçon a reçu les vœux de sa mère dans une lettre pour vous."
        ),
        ("cp1252", "mac-roman", "iso8859-15"),
    ),
    "German": (
        (
            "Für die Prüfung müssen Sie über die Übungen und die Größe der Straße sprechen. Wäre das schön? "
            "Der Arzt ist nicht da, und es wird von der Schwester mit dem Gerät gemessen."
        ),
        ("cp1252", "iso8859-1", "cp1250", "cp850", "mac-roman", "cp1254", "cp1257"),
    ),
    "Spanish": (
        (
            "¿Qué está pasando con el niño? El médico dijo que mañana habrá más información sobre la señal. "
            "También es una lástima que los años no se vean en la habitación, según él."
        ),
        ("cp1252", "iso8859-1", "mac-roman", "cp850"),
    ),
    "Portuguese": (
        (
            "Não há solução para a situação? A médica está à espera da informação que você não deu. "
            "São três irmãos e uma mãe, mas o coração é de todos. Os pais não vêm com ele."
        ),
        ("cp1252", "iso8859-1", "cp850"),
    ),
    "Polish": (
        (
            "Proszę się zgłosić do lekarza, jeśli ból głowy nie ustąpi. Źródło było zanieczyszczone, więc nie pijcie. "
            "Łóżko stoi w pokoju, a okno jest na południe. To jest już ostatni tydzień."
        ),
        ("cp1250", "iso8859-2", "cp852", "cp1257"),
    ),
    "Czech": (
        (
            "Příliš žluťoučký kůň úpěl ďábelské ódy. Lékař řekl, že se to zlepší, ale není to jisté. "
            "Jak dlouho už má horečku? Včera večer to bylo o něco lepší, než je dnes."
        ),
        ("cp1250", "iso8859-2", "cp852"),
    ),
    "Hungarian": (
        (
            "Az orvos azt mondta, hogy a gyógyszer nem elég erős. Mennyi ideje fáj a feje? "
            "Őrizze meg a nyugalmát, és igyon sok vizet! A tükörfúrógép egy szép szó."
        ),
        ("cp1250", "iso8859-2", "cp852"),
    ),
    "Turkish": (
        (
            "Doktor ilacı değiştirdi, çünkü ağrı geçmedi. Şimdi nasılsınız? Öğleden sonra yine gelin. "
            "İstanbul’da hava güneşli ve çok sıcak; bu yüzden bol su için. Işığı açık bırakmayın."
        ),
        ("cp1254", "iso8859-9"),
    ),
    "Russian": (
        (
            "Здравствуйте! Врач сказал, что боль пройдёт через неделю. Какие лекарства можно принимать? "
            "Съешьте ещё этих мягких французских булок, да выпейте чаю. Объявление висит на двери."
        ),
        ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic"),
    ),
    "Greek": (
        (
            "Ο γιατρός είπε ότι ο πόνος θα περάσει σε μία εβδομάδα. Ποια φάρμακα μπορώ να πάρω; "
            "Η ζωή είναι ωραία, αλλά χρειάζεται προσοχή και ύπνος. Έτσι έχουν τα πράγματα."
        ),
        ("cp1253", "iso8859-7"),
    ),
    "Hebrew": ("הרופא אמר שהכאב יעבור בעוד שבוע. אילו תרופות מותר לי לקחת? תודה רבה לכם.", ("cp1255",)),
    "Arabic": ("قال الطبيب إن الألم سيزول بعد أسبوع. ما هي الأدوية التي يمكنني تناولها؟ شكرا جزيلا لكم.", ("cp1256",)),
    "Thai": ("หมอบอกว่าอาการปวดจะหายภายในหนึ่งสัปดาห์ ฉันกินยาอะไรได้บ้าง ขอบคุณมากค่ะ เจอกันใหม่วันพรุ่งนี้", ("cp874",)),
    "Chinese": (
        (
            "医生说我的病没有大问题，一个星期以后就会好的。请问我可以吃什么药？这个药饭后吃，一天三次，不要喝酒。"
            "如果发烧超过三天，就要来医院检查。小孩子的用量是大人的一半。"
        ),
        ("gb18030", "gbk", "utf-16-le", "utf-16-be"),
    ),
    "Chinese, traditional": (
        (
            "醫生說我的病沒有大問題，一個星期以後就會好的。請問我可以吃什麼藥？這個藥飯後吃，一天三次，不要喝酒。"
            "如果發燒超過三天，就要來醫院檢查。小孩子的用量是大人的一半。"
        ),
        ("big5", "cp950", "gb18030", "utf-16-le"),
    ),
    "Japanese": (
        (
            "お医者さんは、痛みは一週間で治ると言いました。どんな薬を飲んでもいいですか。"
            "熱が三日以上続いたら、もう一度病院に来てください。子どもの量は大人の半分です。カタカナもあります。"
        ),
        ("cp932", "shift_jis", "euc_jp", "iso2022_jp", "utf-16-be"),
    ),
    "Korean": (
        (
            "의사 선생님은 통증이 일주일이면 나을 것이라고 말했습니다. 어떤 약을 먹어도 되나요? "
            "열이 사흘 넘게 계속되면 다시 병원에 오세요. 아이의 양은 어른의 절반입니다."
        ),
        ("cp949", "euc_kr", "utf-16-le"),
    ),
    "Vietnamese": ("Bác sĩ nói rằng cơn đau sẽ hết sau một tuần. Tôi có thể uống thuốc gì?", ("utf-16-le", "utf-8")),
}
PAIRS = [(language, encoding) for language, (_text, encodings) in TEXTS.items() for encoding in encodings]


def outcome(folder: Path, text: str, encoding: str) -> str:
    """What is made of ``text`` in ``encoding``: right, asked (with the right text among the choices), lost or WRONG."""
    raw = text.encode(encoding, "ignore")
    text = raw.decode(encoding)
    path = folder / "rows"
    path.write_bytes(raw)
    try:
        found, _note = detect(path)
    except UnsureEncoding as unsure:
        texts = [raw.decode(choice.encoding, "replace") for choice in unsure.choices]
        return "asked" if text in texts else "asked without the right one"
    except UnreadableFile:
        return "refused"
    return "right" if raw.decode(found) == text else f"WRONG {found}"


def sentences(language: str, generator: random.Random, words: int) -> str:
    """A CSV whose cells are runs of words of one language's text."""
    source = TEXTS[language][0]
    rows = ["question,answer"]
    while words > 0:
        cells = []
        for _cell in range(2):
            if " " in source:
                parts = source.split(" ")
                take = generator.randint(1, 12)
                start = generator.randrange(len(parts))
                cells.append(" ".join(parts[start : start + take]))
                words -= take
            else:
                take = generator.randint(2, 30)
                start = generator.randrange(len(source))
                cells.append(source[start : start + take])
                words -= take // 2
        rows.append(",".join(f'"{cell}"' for cell in cells))
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize(("language", "encoding"), PAIRS)
def test_a_page_of_text_is_never_taken_wrongly(tmp_path: Path, language: str, encoding: str) -> None:
    text = sentences(language, random.Random(5), 400)
    assert outcome(tmp_path, text, encoding) in {"right", "asked"}


CERTAIN = [
    ("English", "cp1252"),
    ("French", "cp1252"),
    ("German", "cp1252"),
    ("Polish", "cp1250"),
    ("Russian", "cp1251"),
    ("Russian", "koi8-r"),
    ("Greek", "cp1253"),
    ("Hebrew", "cp1255"),
    ("Arabic", "cp1256"),
    ("Chinese", "gb18030"),
    ("Chinese", "utf-16-le"),
    ("Korean", "cp949"),
    ("Japanese", "euc_jp"),
]


@pytest.mark.parametrize(("language", "encoding"), CERTAIN)
def test_a_page_of_text_in_a_usual_encoding_is_certain(tmp_path: Path, language: str, encoding: str) -> None:
    assert outcome(tmp_path, sentences(language, random.Random(7), 400), encoding) == "right"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PAIRS), st.integers(1, 200), st.integers(0, 10**6))
def test_no_piece_of_text_is_taken_wrongly(
    tmp_path_factory: pytest.TempPathFactory, pair: tuple[str, str], words: int, seed: int
) -> None:
    language, encoding = pair
    text = sentences(language, random.Random(seed), words)
    found = outcome(tmp_path_factory.getbasetemp(), text, encoding)
    assert not found.startswith("WRONG") or _is_also_utf8(text, encoding), (language, encoding, text[:80])


def _is_also_utf8(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding, "ignore").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.long
def test_how_often_text_is_certain_and_how_often_asked(tmp_path: Path) -> None:
    """Print it by length, and hold that nothing was ever taken wrongly."""
    generator = random.Random(11)
    for words in (3, 20, 100, 400):
        counts: Counter[str] = Counter()
        for language, encoding in PAIRS:
            for _round in range(25):
                text = sentences(language, generator, words)
                found = outcome(tmp_path, text, encoding)
                wrong = found.startswith("WRONG") and not _is_also_utf8(text, encoding)
                assert not wrong, (language, encoding, found, text)
                counts[found.split(" ", 1)[0]] += 1
        print(f"{words:4} words: {dict(counts)}")  # noqa: T201  (the figure is what the test is for)
