"""Distinguish text that a mirror has converted from text that was written in traditional characters.

Both may stand without a note. What distinguishes them, strongest first:

1. signs that only one of them has: the mirrors' table never writes 於, 後 or 「, and no
   writer 案發后 or 復雜 (``script_signs``);
2. words of the mainland's institutions, or of Taiwan's and Hong Kong's;
3. how well the statistics of mainland news and law expect the text, once simplified:
   they do at 2 to 4 nats a character; Taiwan's laws and Hong Kong's news take 4.2 to
   6, the classics 6 to 7.

A text without a sign of the first kind is one that both would write alike. A short
one (該案尚在審理) then stays, unless the caller knows the site or the page shows more.
"""

from __future__ import annotations

import re
from itertools import pairwise
from operator import add

from unioncrawl.language.lexicon import load_lexicon
from unioncrawl.repair.mirror_model.script_lookups import GENUINE_TRADITIONAL, SIMPLIFIED_FOR, WRITTEN_FOR
from unioncrawl.repair.mirror_model.script_signs import ALONE, PAIRS
from unioncrawl.repair.mirror_model.to_simplified import turn_to_simplified

# 著 stands in simplified text too (著作, 显著), so it is not evidence.
WRITTEN = re.compile("[" + "".join(SIMPLIFIED_FOR).replace("著", "") + "]")
CONVERTIBLE = re.compile("[" + "".join(map(chr, WRITTEN_FOR)).replace("着", "") + "]")
# Characters of written Cantonese, which the mainland's news lacks.
_CANTONESE = "喺嘅咗冇哋唔佢嚟啲嗰噉"
GENUINE = re.compile(f"[{GENUINE_TRADITIONAL}{_CANTONESE}「」]")
_PAIRS = frozenset(PAIRS[at : at + 2] for at in range(0, len(PAIRS), 2))
_ALONE = frozenset(ALONE)
# 并 and 后 outside the few words in which traditional writers use them.
_SLIP = re.compile(
    "[并后](?:(?<![吞兼火]并)(?<=并)(?!州)|(?<![皇太王母天影歌帝蜂]后)(?<=后)(?![妃冠羿土稷宮座里]))"
)
_MAINLAND = re.compile(
    "人民(?:法院|檢察院|政府|代表大會|銀行|公安|警察|醫院|日報)|中華人民共和國|中共|黨(?:組|委|支部|建|政)|"
    "[省市縣區]委|總工會|職工之家|勞模|勞動模范|勞動者|用人單位|農民工|被告人|某某|公安局|派出所|民警|"
    "公安機關|公訴機關|經審理查明|檢察院|刑事拘留|紀委|監委|微博|網警|小區|取保候審|法定代表人|"
    "高級法院|有限責任公司|鎮政府|縣政府|區政府|省政府|村委|支部|互聯網|"
    "街道辦|村民|自治[區州縣]|人民幣|微信|支付寶|淘寶|抖音|新華社|習近平|社會主義|"
    "北京|天津|河北|山西|內蒙古|遼寧|吉林|黑龍江|上海|江蘇|浙江|安徽|福建|江西|山東|河南|湖北|湖南|"
    "廣東|廣西|海南|重慶|四川|貴州|云南|西藏|陜西|甘肅|青海|寧夏|新疆|總書記|責任編輯|全國人大|"
    "改革開放|國務院|身份證|戶口|[省市縣]人大|政協|干警|國家標準|行政法規|責令"
)
# Mainland news names these places too.
_PLACES_ELSEWHERE = re.compile("香港|澳門|臺灣|台灣|總統|兩岸")
_ELSEWHERE = re.compile(
    "中華民國|民國[0-9一二三四五六七八九十]+年|[立行司考監][法政試察]院|大法官|法務部|縣市|"
    "臺[北中南東]|高雄|新北|國民政府|本港|港府|市府|勞工及福利|高中職|港元|新臺幣|立法會|行政長官|特首|勞工|"
    "當局|記者會|檢討|業者|薪資|員警|捷運|資訊|網路|軟體|硬體|程式|透過|計畫|影片|之(?![一二三四五六七八九十間])"
)

# Changed characters that a text without signs needs to be judged.
_ENOUGH_WRITTEN = 4
# Quotation marks as the mainland writes them; others write 「 (and the classics no marks).
_QUOTED = re.compile("“[^“”]{1,80}”")
# A line of a law as the mainland writes it: （五）……的；
_ARTICLE = re.compile(
    "(?:^|\n)(?:第[一二三四五六七八九十百零]+條\\S|[（(][一二三四五六七八九十]+[)）](?:.*[；;]|.*的。)$)"
)
# A quotation and a line of a law each count as so many words of the mainland's.
_TELLING_WORDS = 2
_FEW_WRITTEN = ((1, -2.2), (2, -3.2))
_PLACE = re.compile("(?<![一-鿿])[一-鿿]{1,3}[省市县]|[一-鿿]{2}[省市县区]")
_CLAUSE = re.compile("[^，。；：！？、,;:!?\\s]+[，。；：！？、,;:!?\\s]?")
_BROKEN = re.compile("[?？！；!;].{0,12}")
_MAY_BREAK = frozenset("！？；!?;")
# The log probability a character that converted prose reaches: without a sign (and for
# each word of the mainland's less, of elsewhere's more), with one, and with several.
_UNMARKED_NATS, _WORD_NATS = -4.0, 0.35
_ONE_SIGN_NATS = -6.3
_SIGNS_FOR_EACH_GENUINE = 3


def is_converted(text: str, *, simplified: bool = False, torn: bool = False) -> bool:
    """Whether traditional text without notes was converted character by character.

    ``simplified`` says that the site is known to write simplified Chinese, ``torn``
    that the text has the traces of a broken run.

    >>> is_converted("另查明，案發后，被告人已將所欠本金及利息還清。")
    True
    >>> is_converted("另查明，案發後，被告人已將所欠本金及利息還清。")
    False
    >>> is_converted("該案尚在審理"), is_converted("該案尚在審理", simplified=True)
    (False, True)
    """
    # Half characters after a mark may look like any character.
    signs, genuine = mirror_signs_of(text), set(GENUINE.findall(_BROKEN.sub("", text) if torn else text))
    if genuine and len(signs) < _SIGNS_FOR_EACH_GENUINE * len(genuine):
        return False
    if simplified or torn or len(signs) > 1:
        return True
    nats = mainland_nats(text)
    if signs:
        return nats > _ONE_SIGN_NATS
    return nats > _limit_of(text) and len(WRITTEN.findall(text)) >= _written_needed(text, nats)


def mirror_signs_of(text: str) -> frozenset[str]:
    """Return what the mirrors' table writes in a text and no writer does.

    >>> sorted(mirror_signs_of("關于案發后的復雜情況")), mirror_signs_of("關於案發後的複雜情況")
    (['后', '后的', '復雜', '關于'], frozenset())
    """
    pairs = map(add, text, text[1:])
    return (_ALONE & set(text)) | _PAIRS.intersection(pairs) | set(_SLIP.findall(text))


def _limit_of(text: str) -> float:
    elsewhere = len(set(_ELSEWHERE.findall(text)))
    elsewhere_places = _PLACES_ELSEWHERE.search(text) is not None
    return _UNMARKED_NATS + _WORD_NATS * (2 * elsewhere + elsewhere_places - _count_mainland(text))


def _count_mainland(text: str) -> int:
    known = load_lexicon().places
    places = {name for name in _PLACE.findall(turn_to_simplified(text)) if name in known}
    telling = sum(sign.search(text) is not None for sign in (_QUOTED, _ARTICLE))
    return len(set(_MAINLAND.findall(text))) + len(places) + _TELLING_WORDS * telling


def _written_needed(text: str, nats: float) -> int:
    needed = next((count for count, limit in _FEW_WRITTEN if nats > limit), _ENOUGH_WRITTEN)
    return needed - min(_count_mainland(text), needed - 1)


def mainland_nats(text: str) -> float:
    """Return how well the statistics of mainland news and law expect a text, once simplified."""
    score = load_lexicon().score
    clauses = _CLAUSE.findall(turn_to_simplified(text))
    # After these marks a run without a trace may begin, which reads badly.
    unbroken = [clause for last, clause in pairwise(["", *clauses]) if last[-1:] not in _MAY_BREAK]
    clauses = unbroken or clauses
    judged = sorted((score(clause, "，") / len(clause), len(clause)) for clause in clauses)
    if CONVERTIBLE.search(text):
        # No mirror leaves a simplified character but in a broken run, which reads badly.
        judged = judged[len(judged) // 3 :]
    return sum(nats * length for nats, length in judged) / sum(length for _, length in judged)
