#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""explain tells the truth: what it says was missing is added to a copy of the call, or
the line and filter it names are taken out of a copy of the rules, and the verdict flips;
with one of them left out it does not. And the places where a call stops on its way."""

import itertools
import json
import os
import pathlib
import re
import shutil
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import ROOT, World

w = World()
NEXT_WEEK = "2026-11-30T07:00:00Z"
STEP = 11 if os.environ.get("VARIANT") == "asan" else 2  # of the pairs that are tried


def explain(call, profile, **kw):
    return json.loads(w.run("explain", call, profile, "--json", **kw).stdout)


def answer(call, profile, **kw):
    return w.run("explain", call, profile, **kw).stdout.split("\n\n")[0]


def take_out(conf, need, profile):
    """The rules without the line or filter that a need names."""
    if need["need"] == "clause":
        name, number = need["line"].rsplit(":", 1)
        lines = (conf / name).read_text().splitlines(True)
        at = int(number) - 1
        end = at + 1
        while end < len(lines) and lines[end][0] in " \t":
            end += 1
        (conf / name).write_text("".join(lines[:at] + ["# \n"] * (end - at) + lines[end:]))
        return
    for path in (conf / "profiles.d").glob("*.conf"):
        text = path.read_text()
        if "[profile %s]" % profile not in text:
            continue
        text = re.sub(r"(?m)^%s:.*$" % re.escape(need["text"]), "# ", text, count=1)
        if need["text"] == "eligible in":
            text = text.replace("[profile %s]" % profile, "[profile %s]\neligible in: any" % profile)
        path.write_text(text)


def changed(item, needs):
    item = dict(item)
    for n in needs:
        if n["need"] == "words":
            key = {"title": "title", "text": "content"}[n["field"]]
            item[key] = item.get(key, "") + "\n" + n["words"]
        elif n["need"] == "absent":
            for key, words in itertools.product(("title", "summary", "content"), n["words"].split("\n")):
                item[key] = item.get(key, "").replace(words, "")
        elif n == {**n, "need": "filter", "text": "organisation"}:
            item.pop("eligibility", None)
    return item


def verdicts(cases):
    """Whether each (profile, item, needs) hits, with as few runs as there are rules."""
    groups = {}
    for i, (profile, item, needs) in enumerate(cases):
        rules = [n for n in needs if n["need"] in ("clause", "filter") and n["text"] != "organisation"]
        key = (profile if rules else "", json.dumps(sorted(rules, key=str)))
        groups.setdefault(key, []).append((i, {**changed(item, needs), "id": "case-%d" % i}))
    hits = set()
    base = w.conf
    for (profile, rules), items in groups.items():
        w.conf = w.dir / "trial"
        shutil.copytree(base, w.conf)
        for need in json.loads(rules):
            take_out(w.conf, need, profile)
        (w.dir / "items").write_text("".join(json.dumps(it) + "\n" for _, it in items))
        for line in w.run("match", w.dir / "items").stdout.splitlines():
            hit = json.loads(line)
            hits.add((hit["id"], hit["profile"]))
        shutil.rmtree(w.conf)
        w.conf = base
    return [("case-%d" % i, profile) in hits for i, (profile, _, _) in enumerate(cases)]


def test_what_was_missing_makes_every_near_miss_suit():
    w.run("add", ROOT / "tests/demo/offer.eml")
    w.run("run", "--once")
    items = w.rows("list", "--all")
    profiles = [f.stem for f in sorted((w.conf / "profiles.d").glob("*.conf"))]
    misses = []
    for item, profile in list(itertools.product(items, profiles))[::STEP]:
        x = explain(item["opportunity"], profile)
        assert x["suits"] != bool(x["remedies"]), (x["title"], profile)
        if not x["suits"]:
            misses.append((profile, item, x["remedies"]))
    assert len(misses) > 120 / STEP, len(misses)
    assert not any(verdicts([(p, it, []) for p, it, _ in misses]))
    full = [(p, it, r) for p, it, remedies in misses for r in remedies]
    for case, flipped in zip(full, verdicts(full)):
        assert flipped, (case[1]["title"], case[0], case[2])
    less = [(p, it, r[:k] + r[k + 1:]) for p, it, r in full for k in range(len(r))]
    for case, flipped in zip(less, verdicts(less)):
        assert not flipped, ("smaller than told", case[1]["title"], case[0], case[2])
    told = {n["need"] for _, _, r in full for n in r}
    assert {"words", "filter"} <= told, told


def test_every_kind_of_miss():
    conf = w.conf / "profiles.d" / "celltech.conf"
    text = conf.read_text()
    more = """
[profile picky]
name: Picky
kind: sme
email: picky@picky.example
country: EE
eligible in: any
match: "gene therap*" -animal
match: (vaccin* NEAR/3 transport*) title:fish
require: health
exclude: pilot* OR "remote regions"
score 2: cell
score 3: title:gene
score -4: manufactur*
threshold: 5
"""
    conf.write_text(text + more)
    cases = []
    for item in w.rows("list", "--all")[::STEP // 2]:
        x = explain(item["opportunity"], "picky")
        assert x["suits"] or x["remedies"], x
        cases += [("picky", item, r) for r in x["remedies"]]
    for case, flipped in zip(cases, verdicts(cases)):
        assert flipped, case
    told = {n["need"] for _, _, r in cases for n in r}
    assert {"words", "clause"} <= told or STEP > 2, told
    conf.write_text(text)


def test_the_answer_comes_first():
    row = next(r for r in w.rows("report", "--evidence") if r["profile"] == "celltech")
    assert answer(row["call"], "celltech").startswith("Sent: on 23 November 2026 09:00, in \""), row
    cold = next(r for r in w.rows("list", "--all") if "cold chain" in r["title"].lower())["opportunity"]
    want = "Not sent: too close to its deadline: it closes in 18 days, the profile asks for 30 or more"
    assert answer(cold, "coldchain") == want, answer(cold, "coldchain")
    out = answer(cold, "celltech")
    assert out.startswith("Not sent: it does not suit, no match line hits\nIt would suit if the text also had: "), out


def test_held_for_review_since_when_and_rejected_by_whom():
    held = w.rows("review")[0]["id"]
    out = answer(held, "uni-materials")
    want = ("Not sent: held for review since 23 November 2026 09:00; nobody has decided yet: "
            "fundwatch review approve %s uni-materials (or reject)" % held)
    assert out == want, out
    w.run("review", "reject", held, "uni-materials", "--by", "anna", "--why", "too far from their work")
    out = answer(held, "uni-materials")
    assert out.startswith("Not sent: rejected by anna on 23 November 2026 09:00: too far from their work"), out


def test_muted_off_suppressed_and_closed():
    other = World(sources=("eu-funding-tenders",), profiles=("celltech",))
    other.settings(deliver="off")
    other.run("run", "--once")
    call = next(r["id"] for r in other.rows("pending") if r["profile"] == "celltech")

    def told(**kw):
        out = other.run("explain", call, "celltech", **kw).stdout.split("\n\n")[0]
        x = json.loads(other.run("explain", call, "celltech", "--json", **kw).stdout)
        return out, x["where"][0]["stage"]

    assert told() == ("Not sent: in a queued mail; 'deliver' does not allow this address", "in a mail")
    other.settings(deliver="off", database=str(other.dir / "second.db"))
    other.edit("profiles.d/celltech.conf", "limit:", "mode: mute\nlimit:")
    other.run("poll")
    assert told() == ("Not sent: this profile is muted (mode: mute)", "muted")
    other.edit("profiles.d/celltech.conf", "mode: mute", "mode: auto")
    other.edit("profiles.d/celltech.conf", "weekly mon 08:00 Europe/Tallinn", "off")
    assert told() == ("Not sent: this profile gets no digests (digest: off)", "digest off")
    other.edit("profiles.d/celltech.conf", "digest:       off", "digest:       weekly mon 08:00 Europe/Tallinn")
    want = "Not sent: goes with the next digest, 30 November 2026 08:00, but 'deliver' does not allow this address"
    assert told() == (want, "delivery off"), told()
    other.settings(deliver="on", database=str(other.dir / "second.db"))
    assert told() == ("Not sent yet: goes with the next digest, 30 November 2026 08:00", "next digest")
    other.edit("profiles.d/celltech.conf", "21..300 days", "1..10 days")
    out, stage = told()
    assert stage == "too early" and re.match(r"Not sent: too early: counts from \d+ \w+ 202\d", out), out
    other.edit("profiles.d/celltech.conf", "1..10 days", "21..300 days")
    out, stage = told(now="2029-01-01T00:00:00Z")
    assert stage == "closed" and "the call closed on" in out, out
    other.run("unsubscribe", "desk@celltech.example")
    out, stage = told()
    assert stage == "suppressed" and "unsubscribed" in out, out
    other.close()


def test_over_the_limit_names_the_digest():
    other = World(sources=("eu-funding-tenders", "innovate-uk", "hadea-news"), profiles=("test-member",))
    other.edit("profiles.d/test-member.conf", "limit:        30 per digest", "limit: 2 per digest")
    other.edit("profiles.d/test-member.conf", "weekly mon 08:00 Europe/Tallinn", "daily 08:00")
    other.run("run", "--once")
    said = {}
    for row in other.rows("pending"):
        out = other.run("explain", row["id"], "test-member").stdout.splitlines()[0]
        day = re.search(r"digest of (\d+) November 2026, unless|next digest, (\d+) November", out)
        if day:
            said[row["id"]] = int(day.group(1) or day.group(2))
    assert len(set(said.values())) > 2, said
    titles = {r["opportunity"]: r["title"] for r in other.rows("list", "--all")}
    for day in range(24, 30):
        before = len(other.mails())
        other.run("deliver")
        other.run("run", "--once", now="2026-11-%02dT07:00:00Z" % day)
        text = "".join(m.get_body(("plain",)).get_content() for m in other.mails()[before:])
        flat = " ".join(text.split())
        for call, when in said.items():
            if " ".join(titles[call].split()) in flat:
                assert when == day, (titles[call], when, day)
    other.close()


def test_keywords_and_programme_of_the_source_are_reasons():
    other = World(sources=("eu-funding-tenders",), profiles=("test-member",))
    other.edit("profiles.d/test-member.conf", "match:        health OR innovation",
               "match:        category:\"road transport\" programme:connecting")
    other.edit("profiles.d/test-member.conf", "weekly mon 08:00", "daily 08:00")
    other.run("run", "--once")
    call = next(r for r in other.rows("list") if "Road transport" in r.get("categories", []))
    assert "road transport" not in (call["title"] + call.get("content", "")).lower(), call
    out = other.run("explain", call["opportunity"], "test-member").stdout
    assert "found in the category: [Road transport]" in out and "found in the programme: [Connecting]" in out, out
    assert out.startswith("Sent:"), out
    item = json.dumps({k: v for k, v in call.items() if k not in ("opportunity", "source")})
    hit = json.loads(other.run("match", "-", input=item).stdout)
    assert [(r["field"], r["text"]) for r in hit["reasons"]] == [
        ("programme", "Connecting"), ("category", "Road transport")], hit
    text = other.mails()[-1].get_body(("plain",)).get_content()
    assert "Suits you because: Connecting, Road transport" in text, text
    other.close()


def test_match_says_what_it_cannot_read():
    title, long = w.dir / "title", w.dir / "long"
    title.write_text(json.dumps({"title": "Cell therapy", "summary": "GMP manufacturing"}) + "\n")
    assert "celltech" in w.run("match", title).stdout
    long.write_text(json.dumps({"title": "Cell therapy", "summary": "x" * (4 << 20)}) + "\n\n" + title.read_text())
    out = w.run("match", long, ok=False)
    assert out.stderr.endswith("long:1: this line is longer than 4 MB\n"), out
    assert "celltech" in out.stdout, out
    assert "Is a directory" in w.run("match", w.dir, ok=False).stderr


tap.main(globals())
