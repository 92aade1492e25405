#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the documents promise, checked against the tree: README names every folder and
package, the example configuration names every setting, every recipe has its sample.
Speaks TAP."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
checks = []


def check(name, faults):
    checks.append((name, list(faults)))


check("README names every folder of src/",
      [d.name for d in sorted((ROOT / "src").iterdir()) if "src/%s/" % d.name not in README])

makefile = (ROOT / "Makefile").read_text().replace("\\\n", " ")
packages = re.search(r"^BUILD_DEBS := (.*)$", makefile, re.M).group(1).split()
tools = {"gcc", "make", "pkg-config", "libc6-dev", "python3"}
check("README says why for every library", [p for p in packages if p not in tools and "`%s`" % p not in README])

verbs = re.findall(r'^\t\{"([a-z]+)", "', (ROOT / "src/cli/main.c").read_text(), re.M)
usage = re.search(r"`fundwatch run \|.*?`", README, re.S)
check("README names every verb", [v for v in verbs if not usage or v not in re.findall("[a-z]+", usage.group(0))]
      if len(verbs) > 15 else ["the table of verbs was not found"])

settings = set(re.findall(r'\{\s*"([a-z-]+)"', (ROOT / "src/conf/settings.c").read_text()))
example = (ROOT / "conf/fundwatch.conf").read_text()
check("conf/fundwatch.conf shows every setting",
      [k for k in sorted(settings) if not re.search(r"^#?\s*%s:" % re.escape(k), example, re.M)]
      if len(settings) > 15 else ["the table of settings was not found"])

recipes = sorted((ROOT / "feeds").glob("*.conf"))
check("every recipe has a sample, its expectation, and says whether it was verified",
      [r.name for r in recipes if not (ROOT / "feeds/samples" / (r.stem + ".expect")).exists()
       or not re.search(r"^verified:", r.read_text(), re.M)] if recipes else ["no recipes"])

check("samples say that they are constructed",
      [f.name for f in sorted((ROOT / "feeds/samples").rglob("*.*"))
       if f.suffix != ".expect" and "constructed" not in f.read_text().lower()])

print("1..%d" % len(checks))
for i, (name, faults) in enumerate(checks, 1):
    print("%sok %d - %s" % ("not " if faults else "", i, name))
    for f in faults:
        print("# " + f)
sys.exit(any(f for _, f in checks))
