#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A site redesign must alarm, not mislead. Every recipe's sample is changed in at least
twenty ways that portals change in: keys, elements and classes renamed, dates moved or their
day and month swapped, lists emptied, a login page, one more wrapper. Then either the poll
fails, or each item is right: its title, link and identity are those of before, and so are its
deadlines. A deadline may be gone only where the recipe finds them in prose and promises none
(`complete:` doesn't name them). Never is there a wrong one."""

import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).parent)]
import tap

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str(ROOT / "build" / os.environ.get("VARIANT", "release") / "fundwatch")
NOW = "2026-11-23T07:00:00Z"  # the clock of all samples
LEAST = 20  # mutations of a sample
LOGIN = ("<!DOCTYPE html><html lang='en'><head><title>Sign in</title></head><body><h1>Sign in</h1><form "
         "action='/login'><ul><li><label>Name</label></li></ul><a href='/register'>Register by 1 May 2030"
         "</a></form></body></html>")
NUMERIC = re.compile(r"\b(\d{1,2})([./] ?)(\d{1,2})\2(\d{4})\b")
ISO = re.compile(r"(?<![-\w/.])(20\d\d)-(\d\d)-(\d\d)(?!\d)")
WORDS = re.compile(r"\b(\d{1,2})(\.?) ([A-Z][a-zä]+) (20\d\d)\b")


# ---- what is done to any text ---------------------------------------------------

def day_and_month(text):
    """Every date in digits with its day and month swapped."""
    text = NUMERIC.sub(r"\3\2\1\2\4", text)
    return ISO.sub(r"\1-\3-\2", text)


def words_swapped(text):
    return WORDS.sub(r"\3 \1, \4", text)


def of_any(text):
    yield "login page", LOGIN
    yield "empty body", ""
    yield "an error as JSON", '{"status":"error","error":"unauthorized","message":"Sign in"}'
    yield "an empty feed", '<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>'
    yield "maintenance in words", "We are back soon: 1 May 2030."
    yield "day and month swapped", day_and_month(text)
    yield "the month before the day", words_swapped(text)
    yield "dates in two digits", NUMERIC.sub(lambda m: m.group(0)[:-4] + m.group(0)[-2:], text)


# ---- markup ---------------------------------------------------------------------

def renamed(text, name, new):
    return re.sub(r"(</?)%s(?=[\s/>])" % re.escape(name), r"\g<1>" + new, text)


def elements(text):
    found = dict.fromkeys(re.findall(r"<([a-zA-Z][\w:.-]*)", text))
    return [e for e in found if e not in ("html", "head", "meta", "body", "rss", "base", "br")]


def of_feed(text):
    for name in elements(text):
        yield "<%s> renamed" % name, renamed(text, name, name.split(":")[-1] + "Text")
    items = re.findall(r"<item>.*?</item>", text, re.S)
    yield "no items", re.sub(r"<item>.*</item>", "", text, flags=re.S)
    yield "items in one more element", text.replace("<item>", "<items><item>", 1).replace(
        "</channel>", "</items></channel>")
    yield "one more element in each item", text.replace("<item>", "<item><data>").replace("</item>", "</data></item>")
    yield "another sentence with a date", re.sub(
        r"(<description>(?:<!\[CDATA\[)?)", r"\g<1>Page of 3 January 2031. ", text)
    yield "publication date in the text", re.sub(
        r"(<content:encoded><!\[CDATA\[)", r"\g<1><p>Published 3 January 2031, updated 4 January 2031</p>", text)
    yield "the list in reverse", re.sub(r"<item>.*</item>", lambda m: "\n".join(reversed(items)), text, flags=re.S)
    yield "description emptied", re.sub(r"<description>.*?</description>", "<description/>", text, flags=re.S)
    yield "content emptied", re.sub(
        r"<content:encoded>.*?</content:encoded>", "<content:encoded></content:encoded>", text, flags=re.S)
    yield "links without an address", re.sub(r"(<item>.*?<link>)[^<]*", r"\1", text, flags=re.S)


def of_page(text):
    for token in dict.fromkeys(c for cs in re.findall(r'class="([^"]+)"', text) for c in cs.split()):
        yield "class %s renamed" % token, re.sub(
            r'class="([^"]+)"', lambda m: 'class="%s"' % " ".join(
                "c-new-block" if c == token else c for c in m.group(1).split()), text)
    for name in elements(text):
        yield "<%s> becomes <div>" % name, renamed(text, name, "div")
        yield "<%s> becomes <span>" % name, renamed(text, name, "span")
        yield "one more element in <%s>" % name, re.sub(
            r"(<%s(?:\s[^>]*)?>)(.*?)(</%s>)" % (name, name), r"\1<div class='inner'>\2</div>\3", text, flags=re.S)
    for label in dict.fromkeys(re.findall(r"<(?:dt|th)[^>]*>([^<]+)</", text)):
        yield "label %s reworded" % label, text.replace(">%s<" % label, ">Term %d<" % len(label))
    labels = list(dict.fromkeys(re.findall(r"<dt[^>]*>([^<]+)</", text)))
    for a, b in zip(labels, labels[1:]):
        yield "values of %s and %s change places" % (a, b), re.sub(
            r"(<dt[^>]*>%s</dt>)(<dd.*?</dd>)((?:(?!<dt|</dl>).)*)(<dt[^>]*>%s</dt>)(<dd.*?</dd>)" % (re.escape(a), re.escape(b)),
            r"\1\5\3\4\2", text, flags=re.S)
    yield "labels and values change places", renamed(renamed(renamed(text, "dt", "swap"), "dd", "dt"), "swap", "dd")
    yield "labels behind values", re.sub(r"(<dt.*?</dt>)\s*(<dd.*?</dd>)", r"\2\1", text, flags=re.S)
    yield "columns change places", re.sub(r"(<td>[^<]*</td>)(<td>[^<]*</td>)", r"\2\1", text)
    yield "columns and headings change places", re.sub(
        r"(<th>\w*</th>)(<th>\w*</th>)</tr>", r"\2\1</tr>", re.sub(r"(<td>[^<]*</td>)(<td>[^<]*</td>)", r"\2\1", text))
    yield "one more wrapper around all", re.sub(
        r"(<body[^>]*>)(.*)(</body>)", r"\1<div id='app'><section>\2</section></div>\3", text, flags=re.S)
    yield "an empty list", re.sub(r"(<h1.*?</h1>).*(</body>)", r"\1\2", text, flags=re.S)
    yield "drawn by a script", re.sub(r"(<body[^>]*>).*(</body>)", r"\1<div id='root'></div>\2", text, flags=re.S)
    yield "a period the wrong way round", re.sub(
        r"([0-9][0-9./ ]+20\d\d)( - | au )([0-9][0-9./ ]+20\d\d)", r"\3\2\1", text)
    yield "links without an address", re.sub(r'href="[^"]*"', "", text)
    yield "an extra date in front", re.sub(
        r"(<(?:article|li|section)[^>]*>)", r"\1<time datetime='2031-01-03'>3 January 2031</time> 03/01/2031 ", text)


# ---- JSON -----------------------------------------------------------------------

def walk(value, change):
    """A copy with change(object) applied to every object, innermost first."""
    if isinstance(value, list):
        return [walk(v, change) for v in value]
    if isinstance(value, dict):
        return change({k: walk(v, change) for k, v in value.items()})
    return value


def keys_of(value, into):
    if isinstance(value, list):
        for v in value:
            keys_of(v, into)
    elif isinstance(value, dict):
        for k, v in value.items():
            into.setdefault(k, []).append(v)
            keys_of(v, into)
    return into


def rows_of(doc):
    """The list of items: the longest list of objects."""
    best = []

    def look(value):
        nonlocal best
        if isinstance(value, list) and value and isinstance(value[0], dict) and len(value) > len(best):
            best = value
        for v in value if isinstance(value, list) else value.values() if isinstance(value, dict) else []:
            look(v)
    look(doc)
    return best


def of_json(text):
    doc = json.loads(text)
    keys = keys_of(doc, {})
    rows = rows_of(doc)

    def with_rows(new):
        other = copy.deepcopy(doc)
        rows_of(other)[:] = new
        return json.dumps(other)
    for key in keys:
        yield "key %s renamed" % key, json.dumps(walk(doc, lambda o: {
            (k + "V2" if k == key else k): v for k, v in o.items()}))
        if None not in keys[key] and "" not in keys[key]:
            yield "key %s is null" % key, json.dumps(walk(doc, lambda o: {
                k: (None if k == key else v) for k, v in o.items()}))
        yield "key %s is an object" % key, json.dumps(walk(doc, lambda o: {
            k: ({"value": v} if k == key else v) for k, v in o.items()}))
    dated = [k for k, vs in keys.items() if re.search(r"20\d\d-\d\d-|/20\d\d|\b1[78]\d{11}\b", json.dumps(vs))
             and not isinstance(vs[0], dict)]
    for a in dated:
        for b in dated:
            if a < b:
                yield "%s and %s change places" % (a, b), json.dumps(walk(doc, lambda o: (
                    {**o, a: o[b], b: o[a]} if a in o and b in o else o)))
    yield "no items", with_rows([])
    yield "each item in one more object", with_rows([{"node": r} for r in rows])
    yield "items are lists", with_rows([list(r.values()) for r in rows])
    yield "the document in one more object", json.dumps({"data": doc})
    yield "the document in a list", json.dumps([doc])
    yield "the list by itself", json.dumps(rows)
    yield "an empty object", "{}"
    yield "dates as day.month.year", ISO.sub(r"\3.\2.\1", text)
    yield "dates as month/day/year", ISO.sub(r"\2/\3/\1", text)
    yield "seconds for milliseconds", re.sub(r"\b(1[78]\d{8})000\b", r"\1", text)


OF = {"feed": of_feed, "xml": of_feed, "html": of_page, "json": of_json}


# ---- the judgement --------------------------------------------------------------

def extract(recipe, paths):
    r = subprocess.run([PROGRAM, "--now", NOW, "extract", str(recipe)] + [str(p) for p in paths],
                       capture_output=True, text=True, timeout=300)
    answers = [json.loads(line) for line in r.stdout.splitlines()]
    assert len(answers) == len(paths), (recipe.name, r.returncode, r.stderr[-2000:])
    return answers


def told_by(item):
    return item.get("link"), item.get("title")


def wrongs(name, answer, truth, promised):
    """What is wrong with items that the poll would have stored. A date that changed places
    with the opening date is seen only where it then lies behind the deadline."""
    compared = ("id", "call") if "change places" in name else ("id", "call", "opens")
    if "error" in answer or "refused" in answer or not answer["entries"]:
        return
    was = {told_by(i): i for i in truth}
    if len(answer["entries"]) != len(truth):
        yield "%d items instead of %d" % (len(answer["entries"]), len(truth))
    for item in answer["entries"]:
        old = was.get(told_by(item))
        if old is None:
            yield "an unknown item %r" % (told_by(item),)
            continue
        have, want = item.get("deadlines", []), old.get("deadlines", [])
        if have != want and (have or promised):
            yield "%s: %r instead of %r" % (item["title"], have, want)
        for key in compared:
            if item.get(key) != old.get(key) and key in item:
                yield "%s: %s %r instead of %r" % (item["title"], key, item[key], old.get(key))


def sample_of(recipe):
    samples = sorted(p for p in (ROOT / "feeds/samples").glob(recipe.stem + ".*") if p.suffix != ".expect")
    return next(p for p in samples if p.name[len(recipe.stem) + 1:].count(".") == 0 or ".1." in p.name)


def try_recipe(recipe):
    text = recipe.read_text()
    least = re.search(r"^at least:\s*(\d+)", text, re.M)
    assert least and int(least.group(1)) >= 1, "%s takes an empty list for an answer" % recipe.name
    promised = bool(re.search(r"^complete:.*\bdeadline", text, re.M))
    sample = sample_of(recipe)
    source = sample.read_text()
    fmt = re.search(r"^format:\s*(\w+)", text, re.M).group(1)
    mutations = [(name, new) for make in (of_any, OF[fmt]) for name, new in make(source) if new != source]
    assert len(mutations) >= LEAST, "%s: only %d mutations" % (recipe.name, len(mutations))
    with tempfile.TemporaryDirectory(prefix="fundwatch-") as d:
        paths = []
        for i, (name, new) in enumerate(mutations):
            paths.append(pathlib.Path(d) / ("%d%s" % (i, sample.suffix)))
            paths[-1].write_text(new)
        truth, *answers = extract(recipe, [sample] + paths)
    assert truth.get("entries") and "refused" not in truth, truth
    faults = [(name, w) for (name, _), a in zip(mutations, answers)
              for w in wrongs(name, a, truth["entries"], promised)]
    alarmed = sum(1 for a in answers if "error" in a or "refused" in a or not a["entries"])
    return len(mutations), alarmed, faults


def test_every_recipe():
    recipes = sorted((ROOT / "feeds").glob("*.conf"))
    assert len(recipes) >= 30, "only %d recipes" % len(recipes)
    total = alarms = 0
    faults = []
    for recipe in recipes:
        n, alarmed, wrong = try_recipe(recipe)
        total, alarms = total + n, alarms + alarmed
        faults += ["%s: %s: %s" % (recipe.stem, name, what) for name, what in wrong]
    print("# %d recipes, %d mutations: %d fail the poll, the items of %d are right" % (
        len(recipes), total, alarms, total - alarms - len({f.rsplit(": ", 1)[0] for f in faults})))
    assert not faults, "\n".join(faults)


tap.main(globals())
