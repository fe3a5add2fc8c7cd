"""Patients of many cultures, and the bytes that devices write of their names."""

# ruff: noqa: E501, RUF001 - lists of names, some in letters that look like others

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from pydicom.charset import encode_string

from porion.clinic.patient import Patient
from porion.dicom.charset import ENCODINGS
from porion.dicom.header import read_header
from porion.dicom.identity import claimed_identity
from porion.dicom.person import ClaimedIdentity, Identifier, PersonName
from tests.dicom.raw_elements import explicit, in_file


@dataclass(frozen=True)
class Culture:
    """Names, and the values of Specific Character Set in which devices write them.

    ``wrong`` are pairs of what a device declares and what it really writes. ``groups`` says that names are
    romanized in the first group of PN and stand in their own script in the second (PS3.5 section 6.2.1.2).
    """

    name: str
    given: str
    family: str
    sets: tuple[tuple[str, ...], ...]
    wrong: tuple[tuple[str, str], ...] = ()
    groups: bool = False


UTF8, LATIN1 = ("ISO_IR 192",), ("ISO_IR 100",)
# A romanized word and the word itself are written with a slash between them.
CULTURES = (
    Culture(
        "German",
        "Jürgen Sören Käthe Björn Änne Günther Jörg Heike Rüdiger Margarethe Hans-Jörg Anna-Lena Max Zoë Lukas Mia",
        "Müller Weiß Schröder Groß Köhler Böhm Jäger Strauß Krämer Hübner Schäfer Röhrig Meyer-Lüdenscheidt Löwe"
        " Grünwald Süß Dörr Förster Küçük-Bauer Öztürk",
        (LATIN1, UTF8, ("ISO_IR 101",), ("ISO_IR 109",), ("ISO_IR 203",), ("", "ISO 2022 IR 100")),
        (
            ("ISO_IR 100", "utf-8"),
            ("ISO_IR 192", "latin-1"),
            ("", "latin-1"),
            ("", "utf-8"),
            ("ISO_IR 6", "cp1252"),
        ),
    ),
    Culture(
        "Nordic",
        "Åse Bjørn Søren Jørgen Håkon Þór Æsa Ída Øystein Sigurður Märta Göran Tuulä Päivi Åke Ragnhild",
        "Ångström Sørensen Jørgensen Ødegård Bjørnson Guðmundsdóttir Hämäläinen Mäkinen Nygård Lindström Sjöberg"
        " Kjær Bråten Ærø Þorsteinsson Højgaard Väisänen Åkesson Ekström Skjærvø",
        (LATIN1, UTF8, ("ISO 2022 IR 100",), ("ISO_IR 110",)),
        (("ISO_IR 100", "utf-8"), ("", "utf-8"), ("", "latin-1")),
    ),
    Culture(
        "French",
        "Chloé Zoé François Élodie Gaëlle Hélène Noël Renée Aurélie Benoît Anaïs Jérôme Léa Maëva Théo Cécile",
        "Lefèvre Béranger Françoise Dupré Gérard Hébert Château Léger Pépin Crête d'Aubigné L'Hôte Saint-Étienne"
        " Boëly Câline Garçon Maçon Géraud Besnée Prévôt",
        (LATIN1, UTF8, ("ISO_IR 203",)),
        (("ISO_IR 100", "utf-8"), ("", "utf-8"), ("", "latin-1"), ("ISO_IR 192", "cp1252")),
    ),
    Culture(
        "Iberian",
        "José María João Íñigo Begoña Ángel Inés Raúl Concepción Ximena Gonçalo Mónica Sofía Víctor Lucía Tomás",
        "García-López Núñez Muñoz Gonçalves Conceição Peña Ibáñez Íñiguez Araújo Simões Guimarães Martínez"
        " Fernández-Peña Castaño Brandão Cárdenas Ordóñez Vázquez Sá Güell",
        (LATIN1, UTF8, ("ISO_IR 203",)),
        (("ISO_IR 100", "utf-8"), ("", "utf-8"), ("", "latin-1")),
    ),
    Culture(
        "Polish and Czech",
        "Łukasz Małgorzata Jiří Zdeněk Václav Agnieszka Żaneta Sławomir Růžena Ondřej Božena Wojciech Światosław"
        " Kateřina Andrzej Ľubica",
        "Dvořák Wałęsa Nováková Świątek Kowalczyk Źrebiec Černý Růžička Łoś Śliwa Żuławski Šťastný Kučera Ďurica"
        " Gołębiewski Řezníček Jabłoński Pokorná Wójcik Žižka",
        (("ISO_IR 101",), UTF8, ("ISO 2022 IR 101",)),
        (("ISO_IR 101", "utf-8"), ("", "utf-8"), ("ISO_IR 100", "utf-8")),
    ),
    Culture(
        "Turkish",
        "Ayşe Çağla Gökhan İbrahim Işıl Öykü Şule Yağmur Emine Mehmet Oğuz Ümit Zeynep Barış Kıvanç Tuğçe",
        "Yılmaz Şahin Öztürk Çelik Doğan Güneş Aydın Kılıç Yıldız Özdemir Şimşek Işık Korkmaz Çakır Bağcı Tüfekçi"
        " Aslan Karadağ Günaydın Soğancı",
        (("ISO_IR 148",), UTF8, ("ISO 2022 IR 148",)),
        (("ISO_IR 148", "utf-8"), ("", "utf-8"), ("ISO_IR 100", "utf-8")),
    ),
    Culture(
        "Greek",
        "Γιώργος Ελένη Δημήτρης Κατερίνα Νίκος Μαρία Σπύρος Άννα Θεόδωρος Ζωή Ιωάννης Χρήστος Αλέξης Ευαγγελία",
        "Παπαδόπουλος Γεωργίου Οικονόμου Δημητρίου Αθανασίου Βλάχος Καραγιάννης Ιωαννίδης Μακρής Σταματόπουλος"
        " Αγγελόπουλος Χατζής Λάμπρου Ζέρβας Φιλίππου Ξενάκης",
        (("ISO_IR 126",), UTF8, ("ISO 2022 IR 126",)),
        (("ISO_IR 126", "utf-8"), ("", "utf-8")),
    ),
    Culture(
        "Russian and Ukrainian",
        "Иван Мария Сергей Наталья Алексей Оксана Дмитрий Ольга Юрий Людмила Тарас Святослав Ярослава Фёдор Пётр Анна",
        "Иванов Петрова Шевченко Щербаков Кузнецова Соловьёв Васильев Зайцева Кравченко Цветаева Гончаров Жуков"
        " Чехов Юдина Яковлев Эйзенштейн",
        (("ISO_IR 144",), UTF8, ("ISO 2022 IR 144",)),
        (("ISO_IR 144", "utf-8"), ("", "utf-8")),
    ),
    Culture(
        "Arabic",
        "محمد فاطمة أحمد خديجة علي مريم حسن زينب عمر ليلى يوسف نور خالد سارة إبراهيم هدى",
        "العلي الحسيني المصري البغدادي الشامي النجار الخطيب القاسم الحداد السيد العباسي الهاشمي المغربي التميمي",
        (("ISO_IR 127",), UTF8, ("ISO 2022 IR 127",)),
        (("ISO_IR 127", "utf-8"), ("", "utf-8")),
    ),
    Culture(
        "Hebrew",
        "אברהם שרה יצחק רבקה יעקב רחל משה מרים דוד אסתר שלמה חנה יונתן נועה איתן תמר",
        "כהן לוי מזרחי פרץ ביטון אברהמי פרידמן גולדשטיין אזולאי חדד שפירא גבאי רוזנברג קליין ברק שמש",
        (("ISO_IR 138",), UTF8, ("ISO 2022 IR 138",)),
        (("ISO_IR 138", "utf-8"), ("", "utf-8")),
    ),
    Culture(
        "Thai",
        "สมชาย สมหญิง ประเสริฐ มาลี วิชัย สุดา ณัฐพล กมล อรุณ ปิยะ ชาติชาย พิมพ์ใจ",
        "ศรีสุข ทองดี แก้วมณี บุญมา จันทร์เพ็ญ วงศ์สวัสดิ์ สุขใจ ใจดี รัตนกุล พงษ์ไพบูลย์",
        (("ISO_IR 166",), UTF8, ("ISO 2022 IR 166",)),
        (("", "utf-8"),),
    ),
    Culture(
        "Japanese",
        "Tarou/太郎 Hanako/花子 Ichirou/一郎 Yuuki/勇気 Sakura/桜 Kenji/健二 Yumi/由美 Akira/明 Naomi/直美 Hiroshi/博",
        "Yamada/山田 Satou/佐藤 Suzuki/鈴木 Takahashi/高橋 Tanaka/田中 Itou/伊藤 Watanabe/渡辺 Nakamura/中村"
        " Kobayashi/小林 Katou/加藤 Yoshida/吉田 Sasaki/佐々木",
        (("", "ISO 2022 IR 87"), UTF8, ("ISO 2022 IR 13", "ISO 2022 IR 87")),
        groups=True,
    ),
    Culture(
        "Korean",
        "Gildong/길동 Minjun/민준 Seoyeon/서연 Jihoon/지훈 Yuna/유나 Haneul/하늘 Sujin/수진 Donghyun/동현 Eunji/은지",
        "Hong/洪 Kim/金 Lee/李 Park/朴 Choi/崔 Jung/鄭 Kang/姜 Cho/趙 Yoon/尹 Jang/張 Lim/林 Shin/申",
        (("", "ISO 2022 IR 149"), UTF8),
        groups=True,
    ),
    Culture(
        "Chinese",
        "Xiaodong/小东 Wei/伟 Fang/芳 Na/娜 Xiuying/秀英 Min/敏 Jing/静 Lei/磊 Qiang/强 Yang/洋 Yan/艳 Jie/杰",
        "Zhang/张 Wang/王 Li/李 Zhao/赵 Chen/陈 Liu/刘 Yang/杨 Huang/黄 Zhou/周 Wu/吴 Xu/徐 Sun/孙",
        (("GB18030",), UTF8, ("GBK",), ("", "ISO 2022 IR 58")),
        groups=True,
    ),
)


def patients(culture: Culture, count: int, seed: int) -> list[Patient]:
    """So many people of a culture: households of one to three, no two of one name and date."""
    random, people, taken = Random(seed), [], set()
    while len(people) < count:
        family, born = (
            random.choice(culture.family.split()),
            date(1999, 1, 1) + timedelta(random.randrange(6500)),
        )
        for _ in range(random.choice((1, 1, 2, 3))):
            given = random.choice(culture.given.split())
            if (family, given, born) not in taken and len(people) < count:
                taken.add((family, given, born))
                people.append(_patient(culture, family, given, born, len(people)))
            born += timedelta(random.randrange(300, 1500))
    return people


def _patient(culture: Culture, family: str, given: str, born: date, number: int) -> Patient:
    value = f"{number * 7919 % 1_000_003:06}"
    person = Patient(f"p{value}", PersonName(family, given), born, "", (Identifier(value, "CLINIC"),))
    if not culture.groups:
        return person
    names = (PersonName(*pair) for pair in zip(family.split("/"), given.split("/"), strict=True))
    romanized, own = names
    return replace(person, name=romanized, aliases=(own,))


def written(person: Patient, culture: Culture, random: Random) -> tuple[str, bytes, str]:
    """What a device writes: Specific Character Set, PatientName, and the kind of its defect."""
    if culture.groups:
        romanized, own = person.name, person.aliases[0]
        text = f"{romanized.family}^{romanized.given}={own.family}^{own.given}"
        terms = random.choice(culture.sets)
        return "\\".join(terms), encode_string(text, [ENCODINGS[one] for one in terms]), "groups"
    kind, text = random.choice(_DEFECTS)
    name = text(person.name)
    if culture.wrong and random.random() < 0.35:
        declared, really = random.choice(culture.wrong)
        return declared, name.encode(really, "replace"), f"{kind}, {really} under {declared or 'nothing'}"
    if random.random() < 0.05 and name.isascii() is False and kind == "as it is":
        return (
            "",
            name.encode("ascii", "replace") if _mostly_ascii(name) else name.encode(),
            f"{kind}, lost letters",
        )
    terms = random.choice([one for one in culture.sets if _fits(name, one)] or [UTF8])
    return "\\".join(terms), encode_string(name, [ENCODINGS[one] for one in terms]), kind


def _mostly_ascii(name: str) -> bool:
    return sum(not letter.isascii() for letter in name) <= len(name) // 4


def _fits(name: str, terms: tuple[str, ...]) -> bool:
    try:
        name.encode(ENCODINGS[terms[-1]])
    except UnicodeEncodeError:
        return False
    return True


_DEFECTS = (
    *[("as it is", lambda name: f"{name.family}^{name.given}")] * 4,
    ("upper case", lambda name: f"{name.family}^{name.given}".upper()),
    ("trailing carets and spaces", lambda name: f"{name.family} ^{name.given}^^^ "),
    ("one component", lambda name: f"{name.given} {name.family}"),
    ("one component with a comma", lambda name: f"{name.family}, {name.given}"),
    ("swapped", lambda name: f"{name.given}^{name.family}"),
    ("title", lambda name: f"{name.family}^{name.given}^^Dr."),
    ("title in the wrong place", lambda name: f"Dr. {name.family}^{name.given}"),
    ("half of a double name", lambda name: f"{name.family.split('-')[0]}^{name.given}"),
    ("cut at 16", lambda name: f"{name.family}^{name.given}"[:16]),
)


def claim_of(person: Patient, culture: Culture, random: Random) -> tuple[ClaimedIdentity, str]:
    """What a device's header says of a person, read from bytes, and what is wrong with it."""
    charset, name, kind = written(person, culture, random)
    has_date = random.random() < 0.85
    has_id = not has_date or random.random() < 0.5
    values = {
        0x00080016: ("UI", b"1.2.840.10008.5.1.4.1.1.1.1"),
        0x00080018: ("UI", b"1.2.3.4"),
        0x00080060: ("CS", b"PX"),
        0x00100010: ("PN", name),
        0x00100020: ("LO", person.identifiers[0].value.encode() if has_id else b""),
        0x00100021: ("LO", b"CLINIC" if has_id else b""),
        0x00100030: ("DA", f"{person.birth_date:%Y%m%d}".encode() if has_date else b""),
    }
    if charset:
        values[0x00080005] = ("CS", charset.encode())
    padded = {tag: (vr, value + b" " * (len(value) % 2)) for tag, (vr, value) in values.items()}
    header = read_header(in_file(*(explicit(tag, *padded[tag]) for tag in sorted(padded))))
    return claimed_identity(header), kind
