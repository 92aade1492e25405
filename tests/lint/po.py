#!/usr/bin/python3
"""po.py FILE.po...: writes C with the catalogues of render/catalogue.h, after checking them:
every message translated, the same {slots} in it as in the English, all plural forms there."""
import ast
import os
import re
import sys

FORMS = 6


def messages(path):
    """Yields (line, {key: text}) for each entry of a .po file."""
    entry, key, start = {}, None, 0
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.strip()
        found = re.fullmatch(r'(msgid|msgid_plural|msgstr(?:\[\d\])?)\s+(".*")', line)
        if found:
            key = found.group(1)
            if key == "msgid":
                if entry:
                    yield start, entry
                entry, start = {}, number
            entry[key] = ast.literal_eval(found.group(2))
        elif line.startswith('"') and key:
            entry[key] += ast.literal_eval(line)
        elif not line or line.startswith("#"):
            if re.match(r"#,.*\bfuzzy\b", line):
                sys.exit("%s:%d: a fuzzy entry: check it and take the mark away" % (path, number))
        else:
            sys.exit("%s:%d: not a line of a catalogue" % (path, number))
    if entry:
        yield start, entry


def plural(path, header):
    found = re.search(r"Plural-Forms:\s*nplurals=(\d);\s*plural=([n0-9 ?:!=<>&|%()]+);", header)
    if not found or not 1 <= int(found.group(1)) <= FORMS:
        sys.exit("%s: the header gives no Plural-Forms" % path)
    return int(found.group(1)), found.group(2)


def texts(path, line, entry, count):
    got = [entry.get("msgstr[%d]" % i, "") for i in range(count)] if "msgid_plural" in entry \
        else [entry.get("msgstr", "")]
    for text in got:
        if not text:
            sys.exit("%s:%d: '%s' is not translated" % (path, line, entry["msgid"]))
        slots = lambda s: sorted(re.findall(r"\{[a-z]+\}", s))
        # A form may say the number in a word ("üks"), never name a slot that is not there.
        want = slots(entry.get("msgid_plural", entry["msgid"]))
        if slots(text) != want and not ("msgid_plural" in entry and sorted(slots(text) + ["{n}"]) == want):
            sys.exit("%s:%d: '%s' must hold %s" % (path, line, text, " ".join(want) or "no slots"))
    return got


def c_string(text):
    return '"%s"' % "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else "\\%03o" % b
                            for b in text.encode("utf-8"))


def main(paths):
    print('#include "render/catalogue.h"\n')
    codes = []
    for path in sorted(paths):
        code = os.path.basename(path)[:-3]
        entries = list(messages(path))
        count, rule = plural(path, entries[0][1]["msgstr"])
        rows = {e["msgid"].encode(): texts(path, line, e, count) for line, e in entries[1:]}
        if len(rows) != len(entries) - 1:
            sys.exit("%s: the same message twice" % path)
        print("static unsigned long form_%s(unsigned long n)\n{\n\treturn (unsigned long)(%s);\n}" % (code, rule))
        print("static const struct catalogue_message messages_%s[] = {" % code)
        for key in sorted(rows):
            print("\t{%s, {%s}}," % (c_string(key.decode()), ", ".join(c_string(t) for t in rows[key])))
        print("};\n")
        codes.append((code, len(rows)))
    print("const struct catalogue catalogues[] = {")
    for code, n in codes:
        print('\t{"%s", messages_%s, %d, form_%s},' % (code, code, n, code))
    print("};\nconst size_t catalogues_count = sizeof(catalogues) / sizeof(catalogues[0]);")


main(sys.argv[1:])
