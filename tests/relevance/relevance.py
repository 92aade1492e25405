#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`make bench-relevance CALLS=path`: how many of the calls that suit a firm its rules find.

In: a file of real calls of the EU Funding & Tenders Portal, one JSON object a line
(topicId, title, programmeId, description, ...), and a folder with the firms' rules and
the labels of two readers (README.md there). The calls are put into the form in which the
portal's search service answers, so that the real recipe reads them; then the real
`fundwatch match` runs, with the shipped rule sets.

Out: per firm and in total, recall (found / labelled) and precision (found / hits), for
"suits" (both readers listed the call) and "clear" (one said yes, the other at least
marginal); how far the two agree; totals of the calls the rules were worked on with and
of those held back. Half of the calls, by a hash of their ids, may be looked at while
rules are improved: `relevance.py CALLS --look FIRM` shows misses and false hits of these
alone."""

import argparse
import collections
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = str(ROOT / "build" / os.environ.get("VARIANT", "release") / "fundwatch")
RULES = ("first", "sets", "profiles")
STATUS = {"forthcoming": "31094501", "open": "31094502", "closed": "31094503"}
SETTINGS = "[fundwatch]\nname: Relevance\nfrom: Desk <desk@relevance.example>\nsources: eu-funding-tenders\n"

Figures = collections.namedtuple("Figures", "labelled found hits")
View = collections.namedtuple("View", "name truth")


def worked_on(call):
    return hashlib.sha256(call.encode()).digest()[-1] % 2 == 0


def read_calls(path):
    with open(path, encoding="utf-8") as f:
        return {row["topicId"]: row for row in map(json.loads, f)}


def read_labels(path):
    """{(firm, call): "y" or "m"}"""
    rows = [line.split("\t") for line in path.read_text().splitlines() if line]
    return {(firm, call): mark for firm, call, mark in rows}


def portal_row(row):
    """One call as the search service would answer it: every value a list of texts."""
    prospect = row["reference"].endswith("PROSPECTSEN")
    return {"reference": row["reference"], "metadata": {
        "type": ["2" if prospect else "1"], "identifier": [row["topicId"]],
        "callIdentifier": [row["callIdentifier"]], "title": [row["title"]],
        "descriptionByte": [row["description"]], "topicConditions": [row["topicConditions"]],
        "frameworkProgramme": [row["programmeId"]], "typesOfAction": [row["typesOfAction"]],
        "keywords": row["keywords"].split(", "), "status": [STATUS[row["callStatus"]]], "language": ["en"],
        "deadlineModel": [row["deadlineModel"]], "deadlineDate": [row["deadline"] or ""], "startDate": [""]}}


def run(*args):
    r = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, check=False)
    if r.returncode:
        sys.exit("relevance: fundwatch %s: %s" % (" ".join(map(str, args)), r.stderr or r.stdout[:500]))
    return r.stdout


def configuration(dir, rules):
    conf = dir / rules.stem
    (conf / "profiles.d").mkdir(parents=True)
    (conf / "profiles.d" / rules.name).symlink_to(rules)
    (conf / "rules.d").symlink_to(ROOT / "conf/rules.d")
    (conf / "fundwatch.conf").write_text(SETTINGS + "catalogue: %s\n" % (ROOT / "feeds"))
    return conf


def read_items(calls, dir, conf):
    """The calls as ITEM lines, made by the recipe of the portal."""
    page, items = dir / "page.json", dir / "items.jsonl"
    page.write_text(json.dumps({"totalResults": len(calls), "results": [portal_row(r) for r in calls.values()]}))
    entries = json.loads(run("-c", conf, "extract", "eu-funding-tenders", page))["entries"]
    if len(entries) != len(calls):
        sys.exit("relevance: %d calls, but the recipe made %d of them" % (len(calls), len(entries)))
    items.write_text("".join(json.dumps(e) + "\n" for e in entries))
    return items


def match(conf, items):
    """{(firm, call): [reasons]}"""
    hits = [json.loads(line) for line in run("-c", conf, "match", items).splitlines()]
    return {(h["profile"], h["id"]): h["reasons"] for h in hits}


def kappa(a, b, pairs):
    """Cohen's: agreement of two sets of pairs beyond what chance would give."""
    both = len(a & b)
    same = (pairs - len(a | b) + both) / pairs
    chance = (len(a) * len(b) + (pairs - len(a)) * (pairs - len(b))) / pairs ** 2
    return (same - chance) / (1 - chance) if chance < 1 else 1.0


def views(a, b):
    both = {p for p in a if p in b}
    return View("suits", both), View("clear", {p for p in both if "y" in (a[p], b[p])})


def figures(truth, hits, keep):
    truth, hits = {p for p in truth if keep(p)}, {p for p in hits if keep(p)}
    return Figures(len(truth), len(truth & hits), len(hits))


def ratio(a, b):
    return a / b if b else None


def shown(figures):
    number = lambda n: "   -" if n is None else "%.2f" % n
    return "%4d %4d %s %4d %s" % (figures.labelled, figures.found, number(ratio(figures.found, figures.labelled)),
                                  figures.hits, number(ratio(figures.found, figures.hits)))


def mean(numbers):
    numbers = [n for n in numbers if n is not None]
    return sum(numbers) / len(numbers) if numbers else 0


def print_agreement(a, b, pairs):
    for name, x, y in ("listed", set(a), set(b)), ("clear yes", {p for p in a if a[p] == "y"},
                                                   {p for p in b if b[p] == "y"}):
        print("agreement, %-10s first %d, second %d, both %d of %d pairs, kappa %.3f"
              % (name + ":", len(x), len(y), len(x & y), pairs, kappa(x, y, pairs)))


def print_table(name, firms, both_views, hits):
    head = "  suits found recall hits prec."
    print("\n%s.conf\n%-28s%s  |%s" % (name, "", head, head.replace("suits", "clear")))
    line = lambda label, keep: print("%-28s  %s  |  %s" % (label, *(shown(figures(v.truth, hits, keep))
                                                                  for v in both_views)))
    for firm in firms:
        line(firm, lambda p, firm=firm: p[0] == firm)
    halves = (("worked on", lambda p: worked_on(p[1])), ("held back", lambda p: not worked_on(p[1])),
              ("all", lambda p: True))
    for half, keep in halves:
        line("total, " + half, keep)
    for half, keep in halves:
        each = [[figures(v.truth, hits, lambda p, firm=firm: p[0] == firm and keep(p)) for firm in firms]
                for v in both_views]
        print("%-28s  %s" % ("mean of firms, " + half, "  |  ".join("          %.2f      %.2f" % (
            mean(ratio(f.found, f.labelled) for f in per), mean(ratio(f.found, f.hits) for f in per))
            for per in each)))


def print_look(firm, calls, truth, hits):
    """Misses and false hits of one firm, of the calls that may be looked at."""
    for title, pairs in ("missed", truth - set(hits)), ("false hits", set(hits) - truth), ("found", truth & set(hits)):
        print(title)
        for _, call in sorted(p for p in pairs if p[0] == firm and worked_on(p[1])):
            words = {r["line"].split(":", 1)[1] + " " + r["text"] for r in hits.get((firm, call), [])}
            print("  %s  %s\n      %s" % (call, calls[call]["title"], "; ".join(sorted(words))))


def main():
    parser = argparse.ArgumentParser(description="recall and precision of rules on real calls")
    parser.add_argument("calls", type=pathlib.Path, help="the portal's calls, one JSON object a line")
    parser.add_argument("--folder", type=pathlib.Path, default=HERE, help="rules and labels, default: this folder")
    parser.add_argument("--look", metavar="FIRM", help="list misses and false hits of one firm")
    args = parser.parse_args()
    calls = read_calls(args.calls)
    a, b = (read_labels(args.folder / ("labels-%s.tsv" % p)) for p in "ab")
    strange = sorted({call for _, call in [*a, *b]} - set(calls))
    if strange:
        sys.exit("relevance: labelled, but not in %s: %s" % (args.calls, ", ".join(strange)))
    both_views = views(a, b)
    with tempfile.TemporaryDirectory() as dir:
        confs = [configuration(pathlib.Path(dir), args.folder / (r + ".conf")) for r in RULES
                 if (args.folder / (r + ".conf")).exists()]
        items = read_items(calls, pathlib.Path(dir), confs[0])
        found = {conf.name: match(conf, items) for conf in confs}
        if args.look:
            print_look(args.look, calls, both_views[0].truth, found[confs[-1].name])
            return
        firms = sorted({firm for firm, _ in [*a, *b]} | {firm for hits in found.values() for firm, _ in hits})
        print_agreement(a, b, len(firms) * len(calls))
        for name, hits in found.items():
            print_table(name, firms, both_views, hits)


if __name__ == "__main__":
    main()
