"""Prints the characters of one national standard, for the subsets of the CJK fonts.

    python3 cjk_characters.py ja|zh|ko

Rarer characters need an operator's own fonts.
"""

import sys

ASCII = "".join(map(chr, range(0x20, 0x7F)))


def rows(codec, first, last):
    """The characters of the standard's rows `first` to `last`, by its EUC encoding."""
    for row in range(first, last + 1):
        for cell in range(1, 95):
            try:
                yield bytes((0xA0 + row, 0xA0 + cell)).decode(codec)
            except UnicodeDecodeError:
                pass


SETS = {
    # JIS X 0208: punctuation, forms of ASCII, kana, and kanji of levels 1 and 2.
    "ja": [("euc_jp", 1, 1), ("euc_jp", 3, 5), ("euc_jp", 16, 84)],
    # GB 2312: punctuation, forms of ASCII, and hanzi of level 1.
    "zh": [("gb2312", 1, 1), ("gb2312", 3, 3), ("gb2312", 16, 55)],
    # KS X 1001: punctuation, forms of ASCII, letters, and its 2350 syllables.
    "ko": [("euc_kr", 1, 1), ("euc_kr", 3, 4), ("euc_kr", 16, 40)],
}

language = sys.argv[1]
characters = set(ASCII) | set("…—‘’“”·€￥")
for codec, first, last in SETS[language]:
    characters |= set("".join(rows(codec, first, last)))
print("".join(sorted(characters)))
