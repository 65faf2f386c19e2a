"""The example file of own pairs: ``python -m benchmarks.german``.

English and German made by a small grammar of this project: in German the verb comes second,
whatever stands first, and after "wollen" at the very end.
"""

from itertools import product
from pathlib import Path

import numpy as np

FILE = Path(__file__).parent.parent / "assets" / "samples" / "translate" / "german.tsv"
PAIRS = 300
WHO = (("I", "ich", 0), ("we", "wir", 3), ("he", "er", 2), ("she", "sie", 2),
       ("Anna", "Anna", 2), ("the children", "die Kinder", 3))
WANT = ("will", "willst", "will", "wollen")
VERBS = (("read", "reads", "lesen", ("lese", "liest", "liest", "lesen"),
          (("a book", "ein Buch"), ("the letter", "den Brief"), ("the newspaper", "die Zeitung"))),
         ("buy", "buys", "kaufen", ("kaufe", "kaufst", "kauft", "kaufen"),
          (("a book", "ein Buch"), ("the coat", "den Mantel"), ("bread", "Brot"),
           ("flowers", "Blumen"))),
         ("eat", "eats", "essen", ("esse", "isst", "isst", "essen"),
          (("an apple", "einen Apfel"), ("bread", "Brot"), ("the cake", "den Kuchen"))),
         ("write", "writes", "schreiben", ("schreibe", "schreibst", "schreibt", "schreiben"),
          (("a letter", "einen Brief"), ("a book", "ein Buch"))),
         ("see", "sees", "sehen", ("sehe", "siehst", "sieht", "sehen"),
          (("the house", "das Haus"), ("the dog", "den Hund"), ("the cat", "die Katze"))))
WHEN = (("today", "heute"), ("every day", "jeden Tag"), ("on Sunday", "am Sonntag"),
        ("in the evening", "am Abend"))


def pairs() -> list[tuple[str, str]]:
    """All sentences of the grammar."""
    found = []
    for (who, wer, person), verb, (when, wann), wants in product(WHO, VERBS, WHEN, (0, 1)):
        base, third, infinitive, forms, things = verb
        for what, was in things:
            says = (f"{who} {'wants' if person == 2 else 'want'} to {base}" if wants else
                    f"{who} {third if person == 2 else base}")
            first = f"{says} {what} {when}."
            second = (f"{wann} {WANT[person]} {wer} {was} {infinitive}." if wants else
                      f"{wann} {forms[person]} {wer} {was}.")
            found.append((first[0].upper() + first[1:], second[0].upper() + second[1:]))
    return found


if __name__ == "__main__":
    whole = pairs()
    chosen = np.random.default_rng(0).choice(len(whole), PAIRS, replace=False)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text("English\tDeutsch\n" + "".join(f"{a}\t{b}\n" for a, b in
                                                   (whole[place] for place in chosen)), "utf-8")
