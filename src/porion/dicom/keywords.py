"""One table of the words that devices, technicians and orders use for dental X-rays, by language.

``fold`` makes texts comparable; ``topics_of`` says which topics a text names. A keyword is matched
on word boundaries; ``*`` opens one end (``panoram*`` is a prefix). Scripts without word boundaries
(Chinese, Japanese, Korean) are matched anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# A description is short; what lies beyond belongs to no rule and would only fill the cache.
_LONGEST_TEXT = 512
_NOT_LETTERS = re.compile(r"[\W\d_]+")


class Topic(StrEnum):
    """What a word speaks of; topics that are not categories qualify or veto them."""

    PANORAMIC = "panoramic"
    CEPH = "ceph"
    LATERAL = "lateral"
    FRONTAL = "frontal"
    PERIAPICAL = "periapical"
    BITEWING = "bitewing"
    OCCLUSAL = "occlusal"
    CBCT = "cbct"
    TMJ = "tmj"
    HAND_WRIST = "hand or wrist"
    INTRA_ORAL = "intra-oral"
    DENTAL = "dental"
    SKULL_VIEW = "eponymous skull view"
    BITE_REGISTRATION = "jaw position"
    CERVICAL = "cervical spine"
    ELSEWHERE = "elsewhere in the body"


IMAGE_TOPICS = frozenset(
    {
        Topic.PANORAMIC,
        Topic.CEPH,
        Topic.PERIAPICAL,
        Topic.BITEWING,
        Topic.OCCLUSAL,
        Topic.CBCT,
        Topic.TMJ,
        Topic.HAND_WRIST,
    }
)


@dataclass(frozen=True, slots=True)
class Keywords:
    """The words of one language for one topic, separated by commas, and where they come from."""

    topic: Topic
    language: str
    words: str
    source: str

    @property
    def listed(self) -> tuple[str, ...]:
        """The words one by one, with their asterisks."""
        return tuple(word.strip() for word in self.words.split(","))


_USAGE = "usage of the trade, not confirmed in a file"
_SORTER = "word list of a German document sorter"

# The Greek, Cyrillic and other words are written as devices write them; folding strips their accents.
KEYWORDS: tuple[Keywords, ...] = (
    Keywords(
        Topic.PANORAMIC,
        "en",
        "panoram*, orthopan*, orthopantomo*, opg, opt, pano*, pan, dpr, ptp, panorex",
        "NewTom GO ProtocolName PANORAMIC; " + _USAGE,
    ),
    Keywords(Topic.PANORAMIC, "de", "panoramaschicht*, rundaufnahme*", _SORTER),
    Keywords(Topic.PANORAMIC, "es it pt", "ortopan*, ortopanto*, panoramica, panorâmica", _USAGE),
    Keywords(Topic.PANORAMIC, "ru uk", "обзорн*, оптг, ортопан*, панорам*", _USAGE),
    Keywords(Topic.PANORAMIC, "el", "πανοραμ*, ορθοπαντομ*", _USAGE),
    Keywords(Topic.PANORAMIC, "zh ja ko", "全景, 曲面断层, パノラマ, 파노라마", _USAGE),
    Keywords(Topic.PANORAMIC, "ar he", "بانوراما, פנורמי*", _USAGE),
    Keywords(
        Topic.CEPH,
        "en",
        "ceph*, cephalo*, teleroentgen*, telerad*",
        "dcm4ceph SeriesDescription LATERAL CEPHALOGRAM; " + _USAGE,
    ),
    Keywords(Topic.CEPH, "de", "fernröntgen*, fernroentgen*, frs, kephalo*", _USAGE),
    Keywords(
        Topic.CEPH, "es it pt fr", "cefalo*, telerad*, teleraio*, telecranio*, téléradio*, céphalo*", _USAGE
    ),
    Keywords(Topic.CEPH, "ru uk", "телерентген*, трг, цефало*", _USAGE),
    Keywords(Topic.CEPH, "el", "κεφαλομετρ*", _USAGE),
    Keywords(Topic.CEPH, "zh ja ko", "头颅侧位, 头影测量, セファロ, 세팔로", _USAGE),
    Keywords(Topic.LATERAL, "en", "lateral*, lat, ll, profil*", _USAGE),
    Keywords(Topic.LATERAL, "de", "seitlich*, *seitenbild*, frs, *seitlich", _USAGE),
    Keywords(Topic.LATERAL, "es it pt fr", "latero*, perfil*, profilo", _USAGE),
    Keywords(Topic.LATERAL, "ru uk", "боков*, бічн*", _USAGE),
    Keywords(Topic.LATERAL, "zh ja ko", "側面, 側方, 侧位, 측면", _USAGE),
    Keywords(
        Topic.FRONTAL, "en", "frontal*, postero*, antero*, pa, ap", "dcm4ceph POSTERO-ANTERIOR CEPHALOGRAM"
    ),
    Keywords(Topic.FRONTAL, "es it pt fr", "frente, face", _USAGE),
    Keywords(Topic.FRONTAL, "ru uk", "прям*", _USAGE),
    Keywords(Topic.FRONTAL, "zh ja ko", "正位, 正面, 정면", _USAGE),
    Keywords(Topic.PERIAPICAL, "en", "periapical*, peri apical*, apical", _USAGE),
    Keywords(Topic.PERIAPICAL, "de", "zahnfilm*, einzelzahn*", _SORTER),
    Keywords(
        Topic.PERIAPICAL, "fr", "rétroalvéol*, rétro alvéol*, périapical*", "SQL demonstration in French"
    ),
    Keywords(Topic.PERIAPICAL, "it", "endorale periapicale, retroalveol*", _USAGE),
    Keywords(Topic.PERIAPICAL, "ru uk", "прицельн*, периапикал*", _USAGE),
    Keywords(Topic.PERIAPICAL, "zh ja ko", "根尖片, デンタル, 치근단", _USAGE),
    Keywords(Topic.BITEWING, "en", "bitewing*, bite wing*, bw, bwx, interprox*", _USAGE),
    Keywords(Topic.BITEWING, "de", "bissfl*, bißfl*", _USAGE),
    Keywords(Topic.BITEWING, "fr", "rétrocoronaire*, rétro coronaire*", _USAGE),
    Keywords(Topic.BITEWING, "es pt", "aleta de mordida, aletas de mordida", _USAGE),
    Keywords(Topic.BITEWING, "ru uk", "интерпрокс*", _USAGE),
    Keywords(Topic.BITEWING, "zh ja ko", "咬翼片, バイトウィング, 교익", _USAGE),
    Keywords(Topic.OCCLUSAL, "en", "occlusal", _USAGE),
    Keywords(Topic.OCCLUSAL, "de", "okklusal*, aufbiss*", _USAGE),
    Keywords(Topic.OCCLUSAL, "es it pt fr", "oclusal*, occlusale, mordu", _USAGE),
    Keywords(Topic.OCCLUSAL, "zh ja ko", "咬合片, 咬合法, 교합", _USAGE),
    Keywords(Topic.CBCT, "en", "cbct, cone beam, conebeam, 3d dental, dental 3d", _USAGE),
    Keywords(Topic.CBCT, "de", "dvt, *volumentomo*", _SORTER),
    Keywords(Topic.CBCT, "es it pt fr", "kvdt, cbvt, tac dental, faisceau conique, haz cónico", _USAGE),
    Keywords(Topic.CBCT, "ru uk", "клкт, конусно луч*", _USAGE),
    Keywords(Topic.CBCT, "zh ja ko", "歯科用ct, 锥形束, 콘빔", _USAGE),
    Keywords(Topic.TMJ, "en", "tmj, temporomandibular*", "PS3.16 CID 4028"),
    Keywords(Topic.TMJ, "de", "kiefergelenk*", _USAGE),
    Keywords(Topic.TMJ, "es it pt fr", "atm", _USAGE),
    Keywords(Topic.TMJ, "ru uk", "внчс", _USAGE),
    Keywords(Topic.TMJ, "zh ja ko", "颞下颌, 顎関節, 악관절", _USAGE),
    Keywords(
        Topic.HAND_WRIST, "en", "hand, hands, wrist*, carpal, carpo*, carpus, bone age", "PS3.16 CID 4009"
    ),
    Keywords(Topic.HAND_WRIST, "de", "karpal*, handwurzel*, handröntgen*, knochenalter", _USAGE),
    Keywords(
        Topic.HAND_WRIST, "es it pt fr", "poignet*, muñeca, carpo, main gauche, edad ósea, età ossea", _USAGE
    ),
    Keywords(Topic.HAND_WRIST, "ru uk", "кисть, кисти, кистей, костный возраст", _USAGE),
    Keywords(Topic.HAND_WRIST, "zh ja ko", "手骨, 手腕, 骨龄, 骨年齢, 수완부", _USAGE),
    Keywords(
        Topic.INTRA_ORAL, "en", "rvg, intraoral*, intra oral*", "a sensor's name says nothing of the view"
    ),
    Keywords(Topic.INTRA_ORAL, "ru uk", "визиогр*, радиовизиогр*", _USAGE),
    Keywords(
        Topic.DENTAL, "en", "teeth, tooth, dental*, dentition*, jaw, jaws", "fo-dicom CR-ModalitySequenceLUT"
    ),
    Keywords(Topic.DENTAL, "de", "zahn*, zähne, kiefer*", _USAGE),
    Keywords(
        Topic.DENTAL,
        "es it pt fr",
        "dent*, denti, dientes, mâchoire*",
        "Dentascan of a medical CT; " + _USAGE,
    ),
    Keywords(Topic.DENTAL, "ru uk", "зуб*, челюст*", _USAGE),
    Keywords(
        Topic.SKULL_VIEW, "en", "waters, towne*, caldwell, sinus, sinuses, submentovert*", "PS3.16 CID 4012"
    ),
    Keywords(Topic.SKULL_VIEW, "de", "nasennebenhöhle*, nnh", _USAGE),
    Keywords(
        Topic.BITE_REGISTRATION,
        "en",
        "occlusion, centric, bite registration, occlusal registration, occlusal splint",
        "photograph views of ANSI/ADA 1107 name the jaw's position",
    ),
    Keywords(Topic.CERVICAL, "en", "cervical*, c spine, cspine, neck", _USAGE),
    Keywords(Topic.CERVICAL, "de", "hws, halswirbel*", _USAGE),
    Keywords(
        Topic.ELSEWHERE,
        "en",
        "chest, thorax*, thoracic, lung, lungs, ribs, heart, breast, abdomen, abdominal, abd, spine, lspine, "
        "tspine, lumbar, pelvis, hip, knee, ankle, foot, leg, tibia, femur, shoulder, elbow, forearm, "
        "clavicle, lordotic",
        "PS3.16 annex L; chest and abdomen in real DX files",
    ),
    Keywords(
        Topic.ELSEWHERE, "de fr es", "becken, knie, bauch, pecho, rodilla, genou, bassin, tórax", _USAGE
    ),
)


def fold(text: str) -> str:
    """Text made comparable: NFKD, case folded, marks stripped, everything but letters a single space."""
    decomposed = unicodedata.normalize("NFKD", text[:_LONGEST_TEXT]).casefold()
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _NOT_LETTERS.sub(" ", letters).strip()


def _has_no_word_boundaries(word: str) -> bool:
    """Whether a word is written in a script without spaces (Han, kana) or decomposed Hangul."""
    return any("ᄀ" <= c <= "ᇿ" or "⺀" <= c <= "鿿" for c in word)


def _pattern_of(keyword: str) -> str:
    """One keyword as a regular expression over folded text."""
    word = fold(keyword)
    if _has_no_word_boundaries(word):
        return re.escape(word)
    before = "" if keyword.startswith("*") else r"\b"
    after = "" if keyword.endswith("*") else r"\b"
    return before + re.escape(word) + after


def _matcher(topic: Topic) -> re.Pattern[str]:
    words = {word for row in KEYWORDS if row.topic is topic for word in row.listed}
    # Longest first, so that the evidence shows the most telling word.
    return re.compile("|".join(_pattern_of(word) for word in sorted(words, key=lambda w: (-len(w), w))))


_MATCHERS: Mapping[Topic, re.Pattern[str]] = MappingProxyType({topic: _matcher(topic) for topic in Topic})


@lru_cache(maxsize=8192)
def topics_of(text: str) -> frozenset[Topic]:
    """Tell which topics a text names; the text need not be folded."""
    folded = fold(text)
    return (
        frozenset(topic for topic, matcher in _MATCHERS.items() if matcher.search(folded))
        if folded
        else frozenset()
    )
