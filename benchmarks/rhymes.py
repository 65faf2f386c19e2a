"""Write the example of an own text: ``python -m benchmarks.rhymes``.

Counting rhymes in two languages, by a program: enough to learn from, and one sees at once whether
the network can count backwards.
"""

from pathlib import Path

FILE = Path(__file__).parent.parent / "assets" / "samples" / "transformer" / "rhymes.txt"
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
ZH_NUMBERS = "零一二三四五六七八九十"
WHO = (("green frog", "sat on a log", "jumped into the pool"),
       ("grey mouse", "sat in the house", "ran off to school"),
       ("black crow", "sat in a row", "flew over the hill"),
       ("white goose", "got on the loose", "swam down to the mill"))
ZH_WHO = (("青蛙", "坐在木头上", "跳进水里"), ("老鼠", "躲在屋子里", "跑去上学"),
          ("乌鸦", "站成一排", "飞过山去"), ("白鹅", "走在路上", "游到磨坊"))


def many(count: int, name: str) -> str:
    """Three frogs, one frog, two mice, two geese."""
    plural = {"grey mouse": "grey mice", "white goose": "white geese"}.get(name, f"{name}s")
    return f"{NUMBERS[count]} {name if count == 1 else plural}"


def verse(count: int, name: str, sat: str, went: str) -> str:
    """One verse in English."""
    return (f"{many(count, name).capitalize()} {sat}.\nOne of them {went}.\n"
            f"How many are left? Just {many(count - 1, name)}.\n")


def zh_verse(count: int, name: str, sat: str, went: str) -> str:
    """One verse in Chinese."""
    return (f"{ZH_NUMBERS[count]}只{name}{sat}。\n一只{went}。\n"
            f"还剩几只？还剩{ZH_NUMBERS[count - 1]}只{name}。\n")


def main() -> None:
    verses = [verse(count, *who) for who in WHO for count in range(10, 0, -1)]
    verses += [zh_verse(count, *who) for who in ZH_WHO for count in range(10, 0, -1)]
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text("\n".join(verses), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
