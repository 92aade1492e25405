#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Second pages: asked for once and only for calls that suit somebody; what they say fills
what the list left open and is matched again; what fails changes nothing and is said."""

import json
import pathlib
import re
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "replay")]
import tap
from world import World

PROFILE = """[profile fellow]
name: Fellow
kind: research
email: fellow@fellow.example
digest: daily 08:00 Europe/Tallinn
match: fellowship OR "biomedical imaging"
"""
FELLOWSHIP, IMAGING, HUBS = "Open fellowship: outline stage", "Biomedical imaging – new methods", "Engineering biology hubs"
LATER = "2026-11-23T07:%02d:00Z"


def world(page=None):
    """Three calls, of which two suit the one profile; `page` replaces lines of the recipe."""
    w = World(sources=("ukri",), profiles=())
    (w.conf / "profiles.d/fellow.conf").write_text(PROFILE)
    path = w.conf / "feeds.d/ukri.conf"
    path.write_text(re.sub(*page, path.read_text(), flags=re.M) if page else path.read_text())
    w.settings(sources="ukri", deliver="off")
    return w


def asked(w):
    return [r["path"] for r in w.requests() if r["source"] == "ukri-detail"]


def calls(w):
    return {r["title"]: r for r in w.rows("list", "--all")}


def state(w, **kw):
    return w.rows("sources", **kw)[0]["state"]


def test_only_what_suits_is_asked_for_and_once():
    w = world()
    r = w.run("poll")
    assert "details: 2 calls asked for, 2 told more, 0 failed" in r.stdout, r.stdout
    assert sorted(asked(w)) == ["/opportunity/biomedical-imaging-2027/", "/opportunity/open-fellowship/"], asked(w)
    w.run("run", "--once")
    w.run("poll", "--force", now="2026-11-25T07:00:00Z")
    assert len(asked(w)) == 2, asked(w)
    found = calls(w)
    assert found[FELLOWSHIP]["deadlines"] == [{"date": "2027-02-09", "time": "16:00", "zone": "Europe/London"}]
    assert found[FELLOWSHIP]["budget"]["max"] == 25000000 and "UK research" in found[FELLOWSHIP]["eligibility"]
    assert found[IMAGING]["deadlines"][0]["date"] == "2026-12-15", "the list's own deadline stands"
    assert "opens" in found[IMAGING] and "eligibility" not in found[HUBS], found
    shown = w.run("show", found[FELLOWSHIP]["opportunity"]).stdout
    assert re.search(r"^Details: +ukri, .*: deadline, opens, budget, eligibility$", shown, re.M), shown
    assert state(w) == "ok"


def test_a_list_read_again_takes_nothing_back():
    w = world()
    w.run("poll")
    before = calls(w)
    w.control("ukri", "moved-deadline", id="<content:encoded>", days=1)  # another text: the feed is not 'not modified'
    r = w.run("poll", "--force", now="2026-11-24T07:00:00Z")
    assert "1 changed" in r.stdout, r.stdout
    after = calls(w)
    assert after[FELLOWSHIP] == before[FELLOWSHIP], after[FELLOWSHIP]
    assert after[IMAGING]["deadlines"][0]["date"] == "2026-12-16"
    assert after[IMAGING]["eligibility"] == before[IMAGING]["eligibility"]
    assert len(asked(w)) == 2


def test_the_digest_knows_the_details():
    w = world()
    w.settings(sources="ukri", deliver="on")
    w.run("run", "--once")
    mail, = w.mails()
    assert "9 February 2027" in mail.get_body(("plain",)).get_content()


def test_what_the_page_says_is_matched():
    w = world()
    w.edit("profiles.d/fellow.conf", "match:", "budget: <= 1M GBP, unknown ok\nmatch:")
    r = w.run("poll")  # the list names no sum, the page one that is too large
    assert "2 told more" in r.stdout and ", 0 hits" in w.run("status").stdout, w.run("status").stdout


def test_a_failing_portal_is_left_alone():
    w = world()
    w.control("ukri-detail", "503")
    r = w.run("poll")
    assert "1 calls asked for, 0 told more, 1 failed" in r.stdout, "the second is not tried in vain: " + r.stdout
    assert "details of 1 call failed" in state(w) and "503" in state(w), state(w)
    assert "deadlines" not in calls(w)[FELLOWSHIP]
    w.control("ukri-detail", "none")
    w.run("poll", now=LATER % 10)
    assert len(asked(w)) == 1, "within the quarter of an hour: " + str(asked(w))
    r = w.run("poll", now=LATER % 16)
    assert "2 calls asked for, 2 told more, 0 failed" in r.stdout, r.stdout
    assert state(w) == "ok" and "deadlines" in calls(w)[FELLOWSHIP]


def test_a_redesigned_page_changes_nothing():
    for fault, why in (("half", "not what the recipe expects"), ("html", "not what the recipe expects"),
                       ("truncate", "")):
        w = world()
        w.control("ukri-detail", fault)
        r = w.run("poll")
        assert "0 told more" in r.stdout and why in state(w), (fault, r.stdout, state(w))
        assert "deadlines" not in calls(w)[FELLOWSHIP] and "eligibility" not in calls(w)[FELLOWSHIP]
        n = len(asked(w))
        w.run("run", "--once", now=LATER % 5)
        assert len(asked(w)) == n, "asked again at once"
        shown = w.run("show", calls(w)[FELLOWSHIP]["opportunity"]).stdout
        assert fault == "truncate" or "failed (" in shown, shown


def test_a_page_without_a_test_of_its_own_is_doubted_too():
    for pattern, why in ((r"Closing date", "nothing of what is looked for"), (r"", "can't be read")):
        w = world((r"^detail expect:.*\n", ""))
        path = w.conf / "feeds.d/ukri.conf"
        text = re.sub(r"^detail (opens|budget|eligibility):.*\n", "", path.read_text(), flags=re.M)
        text = text.replace("Closing date", "Ends on") if pattern else re.sub(
            r"^(detail deadline:).*$", r"\1 //time[1]/@datetime ~ /^20(.*)$/", text, flags=re.M)
        path.write_text(text)
        w.run("poll")
        assert why in state(w), (pattern, state(w))
        assert "deadlines" not in calls(w)[FELLOWSHIP]


def test_a_url_made_of_the_call():
    w = world((r"^detail: .*$", "detail: http://127.0.0.1:PORT/opportunity/x?id={id}&from={link}"))
    w.edit("feeds.d/ukri.conf", "PORT", str(w.portal.port))
    w.run("poll")
    ids = [re.search(r"post_type%3Dopportunity%26p%3D([0-9]+)&from=http%3A%2F%2F127", p).group(1) for p in asked(w)]
    assert sorted(ids) == ["78055", "78112"], asked(w)
    w2 = world((r"^detail: .*$", "detail: https://x.example/{call}"))
    w2.run("poll")
    assert "the call has nothing for {call}" in state(w2), state(w2)


def test_fields_by_jq():
    w = world()
    recipe = w.dir / "j.conf"
    recipe.write_text("""[source j]
format: json
url: https://x.example/list
items: .[] | {id: .id, title: .t}
detail: https://x.example/{id}
detail format: json
detail expect: .v == 2
detail deadline: .closing, .second
detail budget: {max: .sum, currency: "EUR"}
detail eligibility: .who # nothing else
detail country: .where
""")
    page = w.dir / "page.json"
    page.write_text('{"v": 2, "closing": "2027-03-01", "second": "2027-09-01", "sum": 5, "who": "SMEs", "where": ["EE"]}')
    item = json.loads(w.run("extract", recipe, page, "--detail").stdout)["entries"][0]
    assert [d["date"] for d in item["deadlines"]] == ["2027-03-01", "2027-09-01"], item
    assert item["budget"] == {"max": 5, "currency": "EUR"} and item["countries"] == ["EE"], item
    assert item["eligibility"] == "SMEs"
    recipe.write_text(recipe.read_text().replace(".closing, .second", ".closing,, .second"))
    r = w.run("check", recipe, ok=False)
    assert "j.conf:8" in r.stderr and "deadline" in r.stderr, r.stderr


tap.main(globals())
