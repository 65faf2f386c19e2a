"""Little tales by a program, in English and in Chinese: nobody wrote them, and none is old.

Each tells of an animal that looks for something, asks two others, and finds it where the second
said: whoever continues one has to look back at its name, its thing and its place.
"""

from random import Random

COUNT = 700  # tales

NAMES = ("Ada", "Bruno", "Cleo", "Dino", "Ella", "Fritz", "Gus", "Hilda", "Ida", "Juno", "Kim",
         "Lola", "Momo", "Nora", "Otto", "Pia")
ANIMALS = ("fox", "hare", "mouse", "owl", "bear", "frog", "goat", "duck", "snail", "wolf")
MOODS = ("small", "old", "clever", "shy", "hungry", "merry", "brave", "tired")
HOMES = ("in a hollow tree", "near the river", "behind the mill", "on a green hill",
         "under the bridge", "at the edge of the wood")
THINGS = ("a silver key", "a red apple", "an old song", "a warm coat", "a blue stone",
          "a bag of nuts", "a golden bell", "a letter")
PLACES = ("under the old bridge", "behind the white house", "on top of the hill", "in the well",
          "beside the pond", "between two rocks", "in the tall grass", "below the moon")
TIMES = ("One morning", "One evening", "In winter", "After the rain", "One day")
LESSONS = ("Who asks finds.", "Ask twice, walk once.", "A good friend is worth a long way.",
           "What is lost waits for you.")

ZH_NAMES = ("阿花", "小白", "大牛", "豆豆", "点点", "阿福", "灰灰", "乐乐", "米米", "球球")
ZH_ANIMALS = ("狐狸", "兔子", "老鼠", "小熊", "青蛙", "山羊", "鸭子", "蜗牛")
ZH_MOODS = ("聪明", "害羞", "勇敢", "快乐", "饥饿", "疲倦")
ZH_HOMES = ("树洞里", "小河边", "磨坊后面", "绿色的山上", "森林旁边")
ZH_THINGS = ("一把银钥匙", "一个红苹果", "一首歌", "一件暖和的外衣", "一块蓝石头", "一封信")
ZH_PLACES = ("老桥下面", "白房子后面", "山顶上", "水井里", "池塘旁边", "草丛里")
ZH_TIMES = ("一天早上", "一天晚上", "冬天来了", "雨停以后", "有一天")
ZH_LESSONS = ("肯问路的人不会迷路。", "好朋友比远路更近。", "丢了的东西在等你。")


def english(count: int = COUNT) -> str:
    """``count`` tales, always the same ones."""
    return "\n\n".join(_english(Random(f"tale {number}")) for number in range(count)) + "\n"


def chinese(count: int = COUNT) -> str:
    """The same kind of tales in Chinese."""
    return "\n\n".join(_chinese(Random(f"故事 {number}")) for number in range(count)) + "\n"


def _english(pick: Random) -> str:
    hero, first, second = pick.sample(NAMES, 3)
    animal, other, third = pick.sample(ANIMALS, 3)
    thing, (wrong, right) = pick.choice(THINGS), pick.sample(PLACES, 2)
    the = "the " + thing.split(" ", 1)[1]
    opening = pick.choice((
        f"There was {an(pick.choice(MOODS))} {animal} called {hero} who lived "
        f"{pick.choice(HOMES)}.",
        f"{hero} was {an(pick.choice(MOODS))} {animal} and lived {pick.choice(HOMES)}."))
    asking = pick.choice((
        f"“Have you seen {the}?” {hero} asked {first} the {other}.",
        f"{hero} met {first} the {other} and asked: “Where is {the}?”"))
    return " ".join((
        opening,
        f"{pick.choice(TIMES)} {hero} {pick.choice(('lost', 'looked for', 'dreamed of'))} {thing}.",
        asking,
        f"“Look {wrong},” said {first}.",
        f"{hero} looked {wrong}, but there was nothing.",
        f"Then came {second} the {third}. “It is {right},” said {second}.",
        f"So {hero} went and found {the} {right}.",
        pick.choice(LESSONS)))


def an(word: str) -> str:
    """A word with the article that suits it."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _chinese(pick: Random) -> str:
    hero, first, second = pick.sample(ZH_NAMES, 3)
    animal, other, third = pick.sample(ZH_ANIMALS, 3)
    thing, (wrong, right) = pick.choice(ZH_THINGS), pick.sample(ZH_PLACES, 2)
    the = thing[2:]
    opening = pick.choice((
        f"从前有一只{pick.choice(ZH_MOODS)}的{animal}，名叫{hero}，住在{pick.choice(ZH_HOMES)}。",
        f"{hero}是一只{pick.choice(ZH_MOODS)}的{animal}，住在{pick.choice(ZH_HOMES)}。"))
    return "".join((
        opening,
        f"{pick.choice(ZH_TIMES)}，{hero}{pick.choice(('丢了', '想找', '梦见了'))}{thing}。",
        pick.choice((f"{hero}问{other}{first}：“你见过{the}吗？”",
                     f"{hero}遇见{other}{first}，问：“{the}在哪里？”")),
        f"{first}说：“看看{wrong}。”{hero}看了看{wrong}，什么也没有。",
        f"后来{third}{second}来了，说：“在{right}。”",
        f"{hero}去{right}，找到了{the}。",
        pick.choice(ZH_LESSONS)))
