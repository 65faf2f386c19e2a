"""A small English and a small Chinese, made by this project: every sentence of one grammar.

Who does what, when and where. The two order it differently: Chinese says time and place before the
verb, counts with a measure word that English lacks, does not change the verb, and asks with a last
word (吗). So what has to move is known, and one can see whether attention finds it.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np

PAIRS = 3000  # drawn from all that the grammar makes


class Who(NamedTuple):
    """A subject; ``third``: the English verb gets an s, ``be``: its form of "to be"."""

    english: str
    chinese: str
    third: bool = True
    be: str = "is"


class Verb(NamedTuple):
    """A verb in its English forms (base, with s, past, -ing), in Chinese, and its objects."""

    forms: tuple[str, str, str, str]
    chinese: str
    objects: tuple[str, ...]


class Thing(NamedTuple):
    """An object. ``measure``: what Chinese counts it with; empty where it is not counted."""

    english: str
    plural: str
    chinese: str
    measure: str = ""


WHO = (Who("I", "我", False, "am"), Who("you", "你", False, "are"), Who("he", "他"),
       Who("she", "她"), Who("we", "我们", False, "are"), Who("they", "他们", False, "are"),
       Who("my mother", "我妈妈"), Who("the teacher", "老师"), Who("Anna", "安娜"),
       Who("my friend", "我的朋友"), Who("the children", "孩子们", False, "are"))
THINGS = {each.english: each for each in (
    Thing("apple", "apples", "苹果", "个"), Thing("cake", "cakes", "蛋糕", "块"),
    Thing("rice", "", "米饭"), Thing("bread", "", "面包"), Thing("tea", "", "茶"),
    Thing("coffee", "", "咖啡"), Thing("milk", "", "牛奶"), Thing("book", "books", "书", "本"),
    Thing("letter", "letters", "信", "封"), Thing("newspaper", "newspapers", "报纸", "份"),
    Thing("coat", "coats", "大衣", "件"), Thing("car", "cars", "汽车", "辆"),
    Thing("ticket", "tickets", "票", "张"), Thing("horse", "horses", "马", "匹"),
    Thing("tree", "trees", "树", "棵"), Thing("cat", "cats", "猫", "只"),
    Thing("house", "houses", "房子", "座"), Thing("song", "songs", "歌", "首"),
    Thing("Chinese", "", "中文"), Thing("football", "", "足球"))}
VERBS = (
    Verb(("eat", "eats", "ate", "eating"), "吃", ("apple", "cake", "rice", "bread")),
    Verb(("drink", "drinks", "drank", "drinking"), "喝", ("tea", "coffee", "milk")),
    Verb(("read", "reads", "read", "reading"), "看", ("book", "letter", "newspaper")),
    Verb(("write", "writes", "wrote", "writing"), "写", ("letter", "book", "song")),
    Verb(("buy", "buys", "bought", "buying"), "买",
         ("apple", "coat", "car", "ticket", "bread", "tea", "horse")),
    Verb(("draw", "draws", "drew", "drawing"), "画", ("horse", "tree", "cat", "house")),
    Verb(("sing", "sings", "sang", "singing"), "唱", ("song",)),
    Verb(("look for", "looks for", "looked for", "looking for"), "找",
         ("cat", "book", "car", "coat", "ticket")),
    Verb(("study", "studies", "studied", "studying"), "学", ("Chinese",)),
    Verb(("play", "plays", "played", "playing"), "踢", ("football",)))
WHERE = (("", ""), ("at home", "在家"), ("at school", "在学校"), ("in the garden", "在花园里"),
         ("in the park", "在公园里"), ("on the train", "在火车上"), ("in Beijing", "在北京"))
WHEN = (("every day", "每天", "usual"), ("on Sundays", "星期天", "usual"),
        ("yesterday", "昨天", "past"), ("last year", "去年", "past"),
        ("tomorrow", "明天", "future"), ("next week", "下个星期", "future"),
        ("now", "现在", "now"))
COUNTS = (("a", "一"), ("the", "那"), ("two", "两"), ("three", "三"))
VOWELS = "aeiou"


def phrases() -> list[tuple[str, str]]:
    """:data:`PAIRS` of English and Chinese; always the same."""
    whole = list(all_phrases())
    chosen = np.random.default_rng(0).choice(len(whole), PAIRS, replace=False)
    return [whole[place] for place in chosen]


def all_phrases() -> Iterator[tuple[str, str]]:
    """Everything that the grammar can say."""
    for who, verb, where, when in product(WHO, VERBS, WHERE, WHEN):
        for name in verb.objects:
            for said, kind in product(objects(THINGS[name]), ("says", "denies", "asks")):
                yield sentence(who, verb, said, where, when, kind)


def objects(thing: Thing) -> Iterator[tuple[str, str]]:
    """An object with each way to count it."""
    if not thing.measure:
        yield thing.english, thing.chinese
        return
    for english, chinese in COUNTS:
        if english in ("a", "the"):
            article = "an" if english == "a" and thing.english[0] in VOWELS else english
            yield f"{article} {thing.english}", f"{chinese}{thing.measure}{thing.chinese}"
        else:
            yield f"{english} {thing.plural}", f"{chinese}{thing.measure}{thing.chinese}"


def sentence(who: Who, verb: Verb, said: tuple[str, str], where: tuple[str, str],
             when: tuple[str, str, str], kind: str) -> tuple[str, str]:
    """One sentence in both languages; ``kind``: "says", "denies" or "asks"."""
    tense = when[2]
    words = english(who, verb.forms, tense, kind)
    first = " ".join(filter(None, (*words, said[0], where[0], when[0])))
    end = "?" if kind == "asks" else "."
    denied = {"usual": "不", "past": "没有", "future": "不会", "now": "没有"}[tense]
    helper = {"usual": "", "past": "", "future": "会", "now": "正"}[tense]
    done = "了" if tense == "past" and kind != "denies" else ""
    before = denied if kind == "denies" else helper
    # 正 needs a 在: the place brings one, else the verb does.
    going = "在" if tense == "now" and not where[1] else ""
    second = "".join((who.chinese, when[1], before, where[1], going, verb.chinese, done, said[1]))
    return (first[0].upper() + first[1:] + end,
            second + ("吗？" if kind == "asks" else "。"))


def english(who: Who, forms: tuple[str, str, str, str], tense: str, kind: str) -> tuple[str, ...]:
    """Subject and verb in their order."""
    base, with_s, past, going = forms
    helper = {"usual": "does" if who.third else "do", "past": "did", "future": "will",
              "now": who.be}[tense]
    verb = going if tense == "now" else base
    if kind == "asks":
        return helper, who.english, verb
    if kind == "denies":
        return who.english, helper, "not", verb
    if tense in ("future", "now"):
        return who.english, helper, verb
    return who.english, past if tense == "past" else with_s if who.third else base
