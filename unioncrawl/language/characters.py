"""The commonest Chinese characters, and how common a text's characters are.

Text read in a wrong encoding still consists of Chinese characters, but of rare
ones: UTF-8 read as GBK has one common character in thirty, news has nine in
ten. So the share of common characters distinguishes right from wrong with ten characters.
"""

from __future__ import annotations

import math
import re
from functools import cache

# The 1,000 commonest simplified characters, most frequent first: character
# counts over the words of jieba's dictionary (MIT), weighted by frequency.
# They cover nine tenths of running news and law.
COMMON_SIMPLIFIED = (
    "一是人了不在有大中国和为这上他个地年来我会以到时要出的生学说道民家子也成行下们于后就发自之对得主长可"
    "过天作分方用多你着部能市等业全里工公经本都而高政法面门动日进区事代那去心小同北定开产前其军还然起种所"
    "如现理机体表力好外与文当两实重新三么只山水关明从化平建又制南内西没此将员名手最东头者月间无安看见各城"
    "十相但已些正口通想度加第她合院物性战由位常点海意场武使次二向治因立数样身情入原问把路被并利石老教万知"
    "级量任江及应省资委务元美特期世湖回系比气汉总展电科金先声提品设或义王社很统处四首共马形己儿司太目基领"
    "队直计别女权话少流命至报米给打变果书清活几州华解议更称程今决张导术府才保交放管结师便走达族反再题色五"
    "京河接条规式县白它改风光运信受什组听布百济党指论强做取技黄神选记斯真却职号界件花类何眼兵传带空干农边"
    "据集联古广完质阳难增历史专官每住商即步认车台林必死游举线言皇土团收考求德叫近备研争非具李众连调感转笑"
    "革该持始英克士尔让拉思根格造较际亲单朝红型价校约器字段周亚深候则功属积快图火千准究往极育装许参半令吃"
    "观鱼精办像帝八复影告远群包整构料随划算象容示投势热值夫网望源息语股铁断派速怎需片爱律纪支早况病境证编"
    "越局推满且列觉服双未居除乐企引标确织初青志率项飞球节察龙响药站施均消客失轻存低甚般击曾防请离落显罗营"
    "足素视护副食创余照兴占巴虽洲村费易试星木黑左宝置跟央识维采六底宫房音环案批切斗富乡另倒若按查故突责严"
    "桥模仅胜杀围席态破承招杨负层须父供续状域似依银范修找九致密终血旅钱赛独细效玉冲获习医演毛尽脸弹楼艺航"
    "陆右协七攻镇检写苏宗章注阿抗弟坐验封紧劳户优财养适陈喜卫排射哥油刻留急降念云微伤例景拿绝阶座刘刚害印"
    "亿沙母酒助闻超审待压升送监策略限竟香配藏敌呢差仍兰温园树征善波哪词岛止预怕继皮执味份角草男普答益谁船"
    "惊核街夏宣掌田久著画辑奇尼剑吧谈背免孩礼材愿洋春架筑括晚乱乎讲尚良友临激刀夜室既敢邦挥昌板胡欧福港叶"
    "简苦担句岁荆贵娘守辖威宜衣帮块堂额错剧充欢够孙班呼阵销坚练脚退读测吴希宁换版异某顾曲楚典朱毒菜判救宋"
    "茶洪含顺啊鲜败货矿端兄归冷忙买险康评肉吗厂永哈沉散遗停笔假输牛洞松渐顶训录否述毕督控丰献姑忽爷互亮纳"
    "襄登咱钟伯臣雄季脑介鄂召饭暗扩祖齐短烈赶牌恩诉移诗础露届蒙静喝盘卖植授伊湾博痛减穿逐秘庭陵固禁票灵杂"
    "姓泽吸侧庆妈遇追甲馆补唐炮沿殿刺怪彩俄旧警索岸轮妇载靠附毫怀软骨探雷旁罪枪牙迎序慢盛雨墙恶谷顿危稳熟"
)

# The traditional forms of those, where they differ (OpenCC's character table).
COMMON_TRADITIONAL = (
    "國爲這個來會時學說們於後發對長過業裏經門動進區開產軍還種現機體與當兩實麼關從內沒將員東頭間無見戰點場"
    "數樣問並萬級應資務氣漢總電聲設義統處馬兒領隊計別權話報給變書幾華議稱決張導術結師達題條規縣風運組聽濟"
    "黨論強黃選記卻職號類傳帶幹農邊據聯廣質陽難歷專認車臺遊舉線團備爭衆連調轉該爾讓較際親單紅價約亞則屬積"
    "圖準極裝許參喫觀魚辦復遠羣構隨劃勢熱網語鐵斷愛紀況證編滿覺雙樂標確織項飛節龍響藥輕擊請離顯羅營視護創"
    "餘興佔雖費試寶識維採宮環鬥鄉責嚴橋僅勝殺圍態楊負層須續狀銀範終錢賽獨細衝獲習醫盡臉彈樓藝陸協鎮檢寫蘇"
    "驗緊勞戶優財養適陳衛雲傷絕階劉剛億聞審壓監敵蘭溫園樹徵詞島預繼執誰驚畫輯劍談禮願築亂講臨揮歐葉簡擔歲"
    "荊貴轄幫塊額錯劇歡夠孫陣銷堅練腳讀測吳寧換異顧順鮮敗貨礦歸買險評嗎廠遺筆輸漸頂訓錄畢豐獻爺納鍾腦飯擴"
    "齊趕訴詩礎屆靜盤賣灣減祕靈雜澤側慶媽館補舊輪婦載懷軟槍牆惡頓穩"
    "為啟眾裡臺"
)

_COMMON = frozenset(COMMON_SIMPLIFIED + COMMON_TRADITIONAL)

# All but the characters that are not evidence of a reading: full-width signs, CJK punctuation,
# dashes, quotes, bullets and arrows stand in Chinese pages of any kind.
_JUDGED = re.compile(
    "[^\x00-\x7f\u00a0\u00b7\u2010-\u2027\u2030-\u203b\u2190-\u2193\u25a0-\u25cf\u3000-\u3011\uff01-\uff5e]+"
)


def common_share(text: str, sample_characters: int = 1000) -> float | None:
    """The share of common Chinese characters among the first non-ASCII ones.

    ``None`` means no evidence: the text has no character to judge. Signs and ASCII
    are not counted.

    >>> common_share("全国总工会")
    1.0
    >>> common_share("鍏ㄥ浗鎬诲伐浼")
    0.0
    >>> common_share("ASCII only, 2024！") is None
    True
    """
    judged = judged_characters(text, sample_characters)
    if not judged:
        return None
    common = sum(map(_COMMON.__contains__, judged), 0)
    return common / len(judged)


def judged_characters(text: str, sample_characters: int = 1000) -> str:
    """The first characters of a text that are evidence of its encoding.

    >>> judged_characters("工会 union，2024")
    '工会'
    """
    found: list[str] = []
    total = 0
    for run in _JUDGED.finditer(text):
        found.append(run[0])
        total += len(run[0])
        if total >= sample_characters:
            break
    return "".join(found)[:sample_characters]


# Costs (negative logarithms) for characters without a rank; full-width marks are as
# common as a middling character, GB2312's second level a hundred times rarer.
FIRST_LEVEL_COST, BEYOND_GB2312_COST = 9.0, 13.0
_MARK_COST = 5.0
_SIGN_COST = 8.0
_SIGN_ROWS = range(0xA1, 0xA4)
_MARKS = frozenset("，。、；：？！“”‘’（）《》【】—…·　－％〖〗")
_RANK_OFFSET = 12
_RANKS = {character: rank for rank, character in enumerate(COMMON_SIMPLIFIED)}
_UNRANKED_COSTS = (("gb2312", FIRST_LEVEL_COST), ("gbk", BEYOND_GB2312_COST))
_FIRST_LEVEL = range(0xB0, 0xD8)
_SECOND_LEVEL_COST = 11.0
_UNKNOWN_COST = 15.0
_TRADITIONAL_COST = 8.0


@cache
def character_cost(character: str) -> float:
    """How unlikely a character is in a Chinese page: a negative logarithm.

    >>> character_cost("的") < character_cost("辖") < character_cost("犀") < character_cost("鐗")
    True
    """
    if character in _RANKS:
        return math.log(_RANKS[character] + _RANK_OFFSET)
    if character in _MARKS:
        return _MARK_COST
    if character in _COMMON:
        return _TRADITIONAL_COST
    for codec, cost in _UNRANKED_COSTS:
        encoded = character.encode(codec, "ignore")
        if encoded and encoded[0] in _SIGN_ROWS:
            return _SIGN_COST
        if encoded:
            second_level = codec == "gb2312" and encoded[0] not in _FIRST_LEVEL
            return _SECOND_LEVEL_COST if second_level else cost
    return _UNKNOWN_COST
