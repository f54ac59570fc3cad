"""Makes the fonts of this folder from the unpacked origins; the README beside this file says where they come from.

Usage: python3 build.py DEBIAN_ROOT TWEMOJI_WOFF2 OUTPUT
fontTools 4.38 with brotli. Hints go: nothing here uses them. Timestamps stay those of the origins, so the result repeats.
"""
import os
import sys

from fontTools.merge import Merger
from fontTools.merge import Options as MergeOptions
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

ROOT, TWEMOJI, OUTPUT = sys.argv[1:4]
TRUETYPE = os.path.join(ROOT, "usr/share/fonts/truetype")
NOTICE = "Changed 2026-11 for opalens: hints and tables that are not used were taken out, no outline was changed."

ALPHABETS = [(0x20, 0x2DD), (0x300, 0x36F), (0x370, 0x52F), (0x1E00, 0x1EFF), (0x2000, 0x209F),
             (0x20A0, 0x20CF), (0x2100, 0x214F), (0x25CC, 0x25CC), (0xFB00, 0xFB06), (0xFFFD, 0xFFFD)]
ARABIC = [(0x20, 0x20), (0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0x200C, 0x200F), (0x25CC, 0x25CC),
          (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)]
HEBREW = [(0x20, 0x20), (0x590, 0x5FF), (0x25CC, 0x25CC), (0xFB1D, 0xFB4F)]
SYMBOLS = [(0x2100, 0x27EF), (0x2B00, 0x2BFF)]
FEATURES = ["ccmp", "locl", "mark", "mkmk", "kern", "liga", "rlig", "calt", "isol", "init", "medi", "fina"]


def codes(ranges):
    return {code for first, last in ranges for code in range(first, last + 1)}


def subset(font, unicodes, features=FEATURES):
    options = Options()
    options.hinting = False
    options.layout_features = features
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.name_languages = [0x409]
    options.recalc_timestamp = False
    options.drop_tables += ["DSIG", "FFTM", "gasp", "vhea", "vmtx", "mort", "BASE", "MATH"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=unicodes)
    subsetter.subset(font)
    font.flavor = None
    return font


def save(font, name, notice=NOTICE):
    font["name"].setName(notice, 10, 3, 1, 0x409)
    font.recalcTimestamp = False
    font.save(os.path.join(OUTPUT, name))


def opened(path):
    return TTFont(path, recalcTimestamp=False)


def debian(name):
    return opened(os.path.join(TRUETYPE, name))


def whole(font):
    return set(font.getBestCmap())


def symbols():
    """One font of five: each character from the first that has it."""
    parts = [("NotoSansSymbols-Regular", SYMBOLS), ("NotoSansSymbols2-Regular", SYMBOLS), ("NotoSansMath-Regular", SYMBOLS),
             ("NotoSansMono-Regular", [(0x2500, 0x259F)]), ("NotoSansYi-Regular", [(0x3008, 0x300B)])]
    taken, files = set(), []
    for name, ranges in parts:
        font = debian(f"noto/{name}.ttf")
        wanted = (whole(font) & codes(ranges)) - taken
        taken |= wanted
        subset(font, wanted, [])
        for table in ("GSUB", "GPOS", "GDEF"):
            if table in font:
                del font[table]
        files.append(os.path.join(OUTPUT, f"{name}.part"))
        font.save(files[-1])
    options = MergeOptions()
    options.drop_tables = ["GSUB", "GPOS", "GDEF"]
    merged = Merger(options).merge(files)
    for file in files:
        os.remove(file)
    merged["head"].created = merged["head"].modified = debian("noto/NotoSansSymbols2-Regular.ttf")["head"].modified
    merged["post"].formatType = 3.0
    return merged


save(subset(debian("noto/NotoSans-Regular.ttf"), codes(ALPHABETS)), "sans.ttf")
save(subset(debian("noto/NotoSerif-Regular.ttf"), codes(ALPHABETS)), "serif.ttf")
save(subset(debian("noto/NotoSansArabic-Regular.ttf"), codes(ARABIC)), "arabic.ttf")
save(subset(debian("noto/NotoSansHebrew-Regular.ttf"), codes(HEBREW)), "hebrew.ttf")
save(symbols(), "symbols.ttf", f"{NOTICE} Characters of five Noto fonts were put together.")
emoji = opened(TWEMOJI)
save(subset(emoji, whole(emoji)), "emoji.ttf")
# Not the Full one of the same package: that has Han extension A in place of Hangul
for origin, name in [("../../fonts-droid-fallback/truetype/DroidSansFallback.ttf", "han-sans.ttf"),
                     ("arphic-gbsn00lp/gbsn00lp.ttf", "han-song.ttf"), ("arphic-gkai00mp/gkai00mp.ttf", "han-kai.ttf")]:
    font = debian(origin)
    # The half-width Latin of the Arphic fonts does not go with any other alphabet; theirs comes from serif.ttf
    save(subset(font, {code for code in whole(font) if code >= 0x80}), name)
