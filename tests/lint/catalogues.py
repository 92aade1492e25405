#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The catalogues of conf/po/ against the program: gettext's own tools find each message
that src/render/ says, check the files, and miss nothing in them. Speaks TAP."""

import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "src/render").glob("*.c"))
KEYWORDS = ["-k", "-kN_", "-ktr:2", "-ktr_n:2,3", "-kcounted:2,3"]
catalogues = sorted((ROOT / "conf/po").glob("*.po"))
faults = []


def run(*command):
    done = subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return [line for line in done.stdout.splitlines() if line.strip(" .")] if done.returncode else []


with tempfile.TemporaryDirectory() as name:
    pot = name + "/fundwatch.pot"
    faults.append(("xgettext reads the sources", run("xgettext", "--language=C", "--from-code=UTF-8", *KEYWORDS,
                                                     "-o", pot, *SOURCES)))
    for po in catalogues:
        faults.append(("%s is a sound catalogue" % po.name, run("msgfmt", "--check-format", "--check-domain",
                                                                "-o", "/dev/null", str(po))))
        faults.append(("%s says all that the program says" % po.name, run("msgcmp", str(po), pot)))
        known = re.findall(r'^msgid "(.+)"$', po.read_text(), re.M)
        said = pathlib.Path(pot).read_text()
        faults.append(("%s holds nothing that the program never says" % po.name,
                       [m for m in known if 'msgid "%s"' % m not in said and len(m) < 60]))

languages = set(re.findall(r'\.code = "([a-z]+)"', (ROOT / "src/render/language.c").read_text())) - {"en"}
faults.append(("each catalogue has its row in src/render/language.c",
               sorted(languages ^ {p.stem for p in catalogues})))

print("1..%d" % len(faults))
for i, (what, found) in enumerate(faults, 1):
    print("%sok %d - %s" % ("not " if found else "", i, what))
    for line in found:
        print("# " + line)
sys.exit(any(found for _, found in faults))
