#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every message about the files that people edit stands in a test, word for word: the
parts of its text between the places that are filled in. Speaks TAP."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LITERAL = r'"(?:[^"\\]|\\.)*"'
CALL = re.compile(r"\b(diag_add|value_error|fault|say|warn|error_at|tell)\w*\(((?:[^;\"]|%s)*)\);" % LITERAL)


def literals(text):
    """String constants of C, neighbours joined."""
    for group in re.findall(r"%s(?:\s*(?:PRI\w+\s*)?%s)*" % (LITERAL, LITERAL), text):
        yield "".join(s[1:-1] for s in re.findall(LITERAL, group)).replace('\\"', '"').replace("\\n", "")


def parts(message):
    return [p for p in re.split(r"%[-+0-9.*]*(?:ll|z|h)?[a-zA-Z%]|, \d+|\d+", message) if len(p.strip()) > 3]


tests = " ".join(" ".join(literals(f.read_text())) for f in (ROOT / "tests").rglob("*.[ch]"))
tests += " ".join(f.read_text() for f in (ROOT / "tests").rglob("*.py"))
tests = re.sub(r"\s+", " ", tests)
faults, n = [], 0
for source in sorted([*(ROOT / "src/conf").glob("*.c"), *(ROOT / "src/match").glob("*.c"), ROOT / "src/cli/stored.c"]):
    if source.name == "filter.c":  # what `explain` says about calls, not about files
        continue
    for call in CALL.finditer(re.sub(r"/\*.*?\*/", "", source.read_text(), flags=re.S)):
        for message in literals(call.group(2)):
            if " " not in message:
                continue
            n += 1
            missing = [p for p in parts(message) if p.strip() not in tests]
            if missing:
                faults.append("%s: '%s'" % (source.relative_to(ROOT), message))
if n < 100:
    faults.append("only %d messages were found: the pattern no longer fits the code" % n)
print("1..1")
print("%sok 1 - %d messages stand in a test" % ("not " if faults else "", n))
for f in faults:
    print("# " + f)
sys.exit(bool(faults))
