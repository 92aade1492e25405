#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Portals on loopback: serves the samples in the protocols of the real portals,
and refuses what those refuse.

    portal.py [--port 0] [--samples feeds/samples] [--now ISO] [--set SOURCE=FAULT ...]

Prints "listening PORT", then serves until it is killed.

    POST /search-api/prod/rest/search   eu-funding-tenders   JSON search, multipart
    GET  /hadea-news.xml                hadea-news           RSS, validators
    GET  /estban/feed/                  estban               WordPress RSS, validators
    GET  /innovate-uk/?page=N           innovate-uk          HTML listing, pages from 0
    GET  /ukri/feed/                    ukri                 RSS feed; its links lead to
    GET  /opportunity/NAME/             ukri-detail          the page of one call (always the same)
    POST /_control                      {"source": "hadea-news", "fault": "html"}
    GET  /_log                          requests so far, one JSON object a line

Faults: none; html (a maintenance page with status 200), empty (a well-formed answer
without items), truncate (the body breaks off), 503 (with Retry-After), stall,
half (the first half of the items), moved-deadline (of the first item with one, or
of the one that contains "id"; by "days", 14 unless told), and for the JSON search
unfiltered (millions of rows of other types).
"""

import argparse
import datetime
import email
import email.utils
import gzip
import hashlib
import http.server
import json
import pathlib
import re
import threading
import time
import urllib.parse

NOW = "2026-11-23T07:00:00Z"
PAGE_ROWS = 100  # the search gives no more on a page,
ROWS_MAX = 10000  # and nothing behind this row
STALL_SECONDS = 120
RETRY_AFTER = 120
GZIP_MIN = 200  # bytes; smaller bodies go as they are
BOTS = ("", "curl/", "python-", "wget/", "libwww-perl", "go-http-client", "java/")
CLAUSES = ("terms", "term", "range", "exists")
LOGGED = ("User-Agent", "Accept-Encoding", "If-None-Match", "If-Modified-Since", "Content-Type",
          "Cookie", "Referer", "Authorization")
MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MAINTENANCE = b"""<!DOCTYPE html>
<html><head><title>Scheduled maintenance</title></head>
<body><h1>We'll be back soon</h1><p>The site is down for maintenance.</p></body></html>
"""
SOURCES = ("eu-funding-tenders", "hadea-news", "estban", "innovate-uk", "ukri", "ukri-detail")
FAULTS = ("none", "html", "empty", "truncate", "503", "stall", "half", "moved-deadline", "unfiltered")

# One item of a feed, and of a listing (a list entry or article with a heading).
FEED_ITEM = re.compile(r"[ \t]*<item\b.*?</item>\s*", re.S)
LIST_ITEM = re.compile(r"[ \t]*<(li|article)\b(?:(?!<(?:li|article)\b).)*?<h[23]\b.*?</\1>\s*", re.S)
NEXT_LINK = re.compile(r"<a\b[^>]*\brel=[\"']?next\b.*?</a>", re.S)
DEADLINE = re.compile(
    r"(?i)\b((?:closes|closing|deadline|apply by|until)\b[^0-9]{0,80}?)"
    r"((?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?)"
    r"(\d{4}-\d{2}-\d{2}|\d{1,2} (?:" + "|".join(MONTHS) + r") \d{4})")


class State:
    def __init__(self, samples, now):
        self.samples = pathlib.Path(samples)
        self.now = now
        self.lock = threading.Lock()
        self.faults = {}
        self.log = []

    def set_fault(self, source, fault, **more):
        if source not in SOURCES or fault not in FAULTS:
            raise ValueError("source is one of %s; fault of %s" % (", ".join(SOURCES), ", ".join(FAULTS)))
        if fault == "unfiltered" and source != "eu-funding-tenders":
            raise ValueError("only eu-funding-tenders can be unfiltered")
        with self.lock:
            self.faults[source] = {"fault": fault, "changed": time.time(), **more}

    def fault(self, source):
        with self.lock:
            return self.faults.get(source, {"fault": "none"})

    def sample(self, name):
        """The text of a sample, or None."""
        path = self.samples / name
        return path.read_text(encoding="utf-8") if path.is_file() else None


def moved_date(text, days):
    """A date in the form it came in, `days` later; with its day of the week."""
    if text[4:5] == "-":
        day = datetime.date.fromisoformat(text) + datetime.timedelta(days)
        return day, day.isoformat()
    number, month, year = text.split(" ")
    day = datetime.date(int(year), [m.lower() for m in MONTHS].index(month.lower()) + 1, int(number))
    day += datetime.timedelta(days)
    return day, "%d %s %d" % (day.day, MONTHS[day.month - 1], day.year)


def move_in_text(text, wanted, days):
    """Moves the first deadline behind `wanted` (or of all) in a feed or page."""
    start = text.find(wanted) if wanted else 0
    match = DEADLINE.search(text, start) if start >= 0 else None
    if match is None:
        return text
    day, date = moved_date(match[3], days)
    weekday = re.sub("(?i)[a-z]+day", DAYS[day.weekday()], match[2])
    return text[:match.start()] + match[1] + weekday + date + text[match.end():]


def row_deadlines(row):
    """The dates of a row of the search, as ISO dates."""
    value = row.get("metadata", row).get("deadlineDate") or []
    return [v[:10] for v in ([value] if isinstance(value, str) else value)]


def move_in_rows(rows, wanted, days):
    """The rows with the dates of one moved wherever in that row they occur."""
    for i, row in enumerate(rows):
        text = json.dumps(row, ensure_ascii=False)
        if row_deadlines(row) and (not wanted or wanted in text):
            for date in sorted(set(row_deadlines(row)), reverse=days > 0):
                text = text.replace(date, moved_date(date, days)[1])
            return rows[:i] + [json.loads(text)] + rows[i + 1:]
    return rows


def changed_text(text, item, fault):
    """A feed or page as this fault leaves it."""
    if fault["fault"] == "moved-deadline":
        return move_in_text(text, fault.get("id", ""), fault.get("days", 14))
    items = [m.span() for m in item.finditer(text)]
    if fault["fault"] not in ("empty", "half") or not items:
        return text
    keep = 0 if fault["fault"] == "empty" else (len(items) + 1) // 2
    for start, end in reversed(items[keep:]):
        text = text[:start] + text[end:]
    return NEXT_LINK.sub("", text)


def clause_ok(clause):
    """Whether the search understands a clause of a query."""
    if not isinstance(clause, dict) or len(clause) != 1:
        return False
    (key, value), = clause.items()
    if key != "bool":
        return key in CLAUSES and isinstance(value, dict)
    lists = [v if isinstance(v, list) else [v] for v in value.values()] if isinstance(value, dict) else [[0]]
    return set(value) <= {"must", "must_not"} and all(clause_ok(c) for one in lists for c in one)


def other_rows(page):
    """What the search answers when it overlooked the query."""
    title = "How do I register?"
    return [{"apiVersion": "2.151", "reference": "%dFAQen" % (page * PAGE_ROWS + i), "url": None,
             "title": None, "language": "en", "summary": title, "content": title, "children": [],
             "metadata": {"type": ["3"], "DATASOURCE": ["SEDIA_FAQ"], "title": [title], "language": ["en"]}}
            for i in range(PAGE_ROWS)]


class Refused(Exception):
    """Ends a request: status, JSON body."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "portal"
    sys_version = ""
    state = None

    def log_message(self, *args):
        pass

    def date_time_string(self, timestamp=None):
        return email.utils.format_datetime(self.state.now, usegmt=True)

    # answers

    def begin(self, status, headers):
        """Logged before it is sent: who has the answer finds it in the log."""
        with self.state.lock:
            self.entry["status"] = status
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)

    def reply(self, body, kind, status=200, source=None, headers=()):
        """Sends a whole answer, or as much of it as the fault of `source` lets through."""
        if len(body) >= GZIP_MIN and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            headers = [*headers, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        self.begin(status, headers)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if source and self.state.fault(source)["fault"] == "truncate" and status == 200:
            body, self.close_connection = body[:len(body) // 2], True
        self.wfile.write(body)

    def reply_json(self, value, status=200, source=None):
        self.reply(json.dumps(value, ensure_ascii=False).encode(), "application/json", status, source)

    def reply_html(self, status, text):
        self.reply(("<!DOCTYPE html>\n<title>%s</title>\n<h1>%s</h1>\n" % (text, text)).encode(),
                   "text/html; charset=utf-8", status)

    def redirect(self, to):
        self.reply(b"", "text/html", 301, headers=[("Location", to)])

    def stall(self):
        """Headers and nothing more, until the fault changes or the client goes."""
        changed = self.state.fault(self.source)["changed"]
        self.begin(200, [("Content-Type", "text/plain"), ("Content-Length", "100000")])
        self.end_headers()
        self.close_connection = True
        until = time.monotonic() + STALL_SECONDS
        while time.monotonic() < until and self.state.fault(self.source)["changed"] == changed:
            time.sleep(0.1)

    def misbehave(self):
        """Whether the fault of this source took the whole request."""
        fault = self.state.fault(self.source)["fault"]
        if fault == "html":
            self.reply(MAINTENANCE, "text/html; charset=utf-8")
        elif fault == "503":
            self.reply(b"<h1>Service Unavailable</h1>", "text/html", 503,
                       headers=[("Retry-After", str(RETRY_AFTER))])
        elif fault == "stall":
            self.stall()
        else:
            return False
        return True

    def reply_validated(self, text):
        """A feed with a strong ETag and Last-Modified, or 304."""
        body = text.encode()
        packed = "gzip" in self.headers.get("Accept-Encoding", "") and len(body) >= GZIP_MIN
        etag = '"%s%s"' % (hashlib.sha256(body).hexdigest()[:32], "-gzip" if packed else "")
        moved = self.state.fault(self.source)["fault"] != "none"
        changed = self.state.now - datetime.timedelta(hours=0 if moved else 1)
        modified = email.utils.format_datetime(changed, usegmt=True)
        validators = [("ETag", etag), ("Last-Modified", modified)]
        match, since = self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
        if match == etag or (match is None and since == modified):
            self.begin(304, validators)
            self.end_headers()
        else:
            self.reply(body, "application/rss+xml; charset=UTF-8", 200, self.source, validators)

    # the portals

    def feed(self, query):
        if self.source == "estban" and query.get("paged", "1") != "1":
            return self.reply_html(404, "Page not found")
        text = self.state.sample(self.source + ".xml")
        if text is None:
            return self.reply_html(404, "No such sample")
        text = changed_text(text, FEED_ITEM, self.state.fault(self.source))
        if self.source == "ukri":  # its calls have their pages here too
            text = text.replace("https://www.ukri.org/opportunity/", "http://%s/opportunity/" % self.headers["Host"])
        return self.reply_validated(text)

    def detail(self, query):
        text = self.state.sample("detail/ukri.html")
        if text is None:
            return self.reply_html(404, "No such sample")
        if self.state.fault(self.source)["fault"] == "half":  # redesigned: nothing is where it was
            text = text.replace("dt", "h3").replace("dd", "p").replace("section-", "")
        return self.reply(text.encode(), "text/html; charset=utf-8", 200, self.source)

    def listing(self, query):
        page = query.get("page", "0")  # counted from 0, as its links are
        number = int(page) + 1 if page.isdigit() else 1
        text = self.state.sample("innovate-uk.%d.html" % number)
        fault = self.state.fault(self.source)
        if text is None:  # behind the last page: the page without its entries
            text, fault = self.state.sample("innovate-uk.1.html") or "", {"fault": "empty"}
        self.reply(changed_text(text, LIST_ITEM, fault).encode(), "text/html; charset=utf-8",
                   source=self.source)

    def search_parts(self, body):
        """The parts of a multipart body by name; None for any other body."""
        kind = self.headers.get("Content-Type", "")
        if not kind.startswith("multipart/form-data"):
            return None
        message = email.message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
        parts = {}
        for part in message.get_payload() if message.is_multipart() else []:
            if part.get("Content-Type", "").split(";")[0].strip() != "application/json":
                text = "Content-Type 'application/octet-stream' is not supported"
                raise Refused(500, {"type": "throwable", "message": text})
            name = part.get_param("name", header="content-disposition")
            try:
                parts[name] = json.loads(part.get_payload(decode=True))
            except ValueError:
                raise Refused(400, {"type": "businessError", "message": "Invalid %s format" % name}) from None
        return parts

    def search_rows(self, page, parts):
        """The rows of one page of the samples, as what is missing in the request distorts them."""
        text = self.state.sample("eu-funding-tenders.%d.json" % page)
        if text is None:
            return []
        rows = json.loads(text)["results"]
        if "sort" in parts:
            field = parts["sort"].get("field", "identifier")
            rows = [r for r in rows if field == "identifier" or field in r.get("metadata", r)]
        elif page > 1:  # pages overlap and miss rows
            before = json.loads(self.state.sample("eu-funding-tenders.%d.json" % (page - 1)))["results"]
            rows = before[-1:] + rows[1:]
        if "languages" not in parts:  # once per language
            rows = [dict(r, language=code) for r in rows for code in ("en", "de")]
        return rows

    def search(self, query, body):
        fault = self.state.fault(self.source)
        if query.get("apiKey") != "SEDIA":
            raise Refused(401, {"type": "businessError", "message": "Invalid API key"})
        page = int(query.get("pageNumber", "1")) if query.get("pageNumber", "1").isdigit() else 1
        size = min(int(query["pageSize"]) if query.get("pageSize", "").isdigit() else 50, PAGE_ROWS)
        if page * size > ROWS_MAX:
            raise Refused(400, {"type": "businessError", "message": "Result window is too large"})
        parts = self.search_parts(body)
        if parts is None or "query" not in parts or fault["fault"] == "unfiltered":
            rows, total = other_rows(page), 6420000
        elif not clause_ok(parts["query"]):
            raise Refused(400, {"type": "businessError", "message": "Invalid Query format"})
        else:
            rows = self.search_rows(page, parts)
            total = json.loads(self.state.sample("eu-funding-tenders.1.json") or "{}").get("totalResults", 0)
        if fault["fault"] == "empty":
            rows, total = [], 0
        elif fault["fault"] == "half":
            total = (total + 1) // 2
            rows = rows[:(len(rows) + 1) // 2]
        elif fault["fault"] == "moved-deadline":
            rows = move_in_rows(rows, fault.get("id", ""), fault.get("days", 14))
        self.reply_json({
            "apiVersion": "2.151", "terms": query.get("text", ""), "responseTime": 154, "totalResults": total,
            "pageNumber": page, "pageSize": size, "sort": None, "groupByField": None,
            "queryLanguage": {"language": "en", "probability": 0.99}, "spellingSuggestion": "",
            "bestBets": [], "warnings": [], "results": rows}, source=self.source)

    # requests

    def control(self, body):
        try:
            order = json.loads(body)
            self.state.set_fault(str(order.pop("source")), str(order.pop("fault")), **order)
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            return self.reply_json({"error": str(e)}, 400)
        return self.reply_json({"ok": True})

    def show_log(self):
        with self.state.lock:
            text = "".join(json.dumps(entry) + "\n" for entry in self.state.log)
        self.reply(text.encode(), "application/x-ndjson")

    def route(self, url, body):
        path = url.path
        query = {k: v[-1] for k, v in urllib.parse.parse_qs(url.query).items()}
        agent = self.headers.get("User-Agent", "").lower()
        if any(agent.startswith(bot) if bot else not agent for bot in BOTS):
            return self.reply_html(403, "Access denied")
        if path in ("/estban/feed", "/innovate-uk"):
            return self.redirect(path + "/")
        serve = {"/hadea-news.xml": ("hadea-news", self.feed), "/estban/feed/": ("estban", self.feed),
                 "/innovate-uk/": ("innovate-uk", self.listing), "/ukri/feed/": ("ukri", self.feed),
                 "/search-api/prod/rest/search": ("eu-funding-tenders", None)}.get(path)
        if path.startswith("/opportunity/"):
            serve = ("ukri-detail", self.detail)
        if serve is None:
            return self.reply_html(404, "Not found")
        self.source, portal = serve
        self.entry["source"] = self.source
        if self.command != ("GET" if portal else "POST"):
            return self.reply_json({"status": 405, "error": "Method Not Allowed", "path": path}, 405)
        if self.misbehave():
            return None
        return portal(query) if portal else self.search(query, body)

    def serve(self):
        self.source, start = None, time.time()
        self.entry = {"method": self.command, "path": self.path, "status": 0, "time": round(start, 3),
                      "seconds": 0, "headers": {h: self.headers[h] for h in LOGGED if h in self.headers}}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urllib.parse.urlsplit(self.path)
        if url.path == "/_log":
            return self.show_log()
        if url.path == "/_control":
            return self.control(body)
        with self.state.lock:
            self.state.log.append(self.entry)
        try:
            self.route(url, body)
        except Refused as refused:
            self.reply_json(refused.args[1], refused.args[0])
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with self.state.lock:
                self.entry["seconds"] = round(time.time() - start, 3)
        return None

    do_GET = do_POST = serve


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--port", type=int, default=0)
    args.add_argument("--samples", default="feeds/samples")
    args.add_argument("--now", default=NOW)
    args.add_argument("--set", action="append", default=[], metavar="SOURCE=FAULT")
    options = args.parse_args()
    now = datetime.datetime.fromisoformat(options.now.replace("Z", "+00:00"))
    Handler.state = State(options.samples, now.astimezone(datetime.timezone.utc))
    for setting in options.set:
        try:
            Handler.state.set_fault(*setting.split("=", 1))
        except (ValueError, TypeError) as e:
            args.error("--set %s: %s" % (setting, e))
    server = Server(("127.0.0.1", options.port), Handler)
    print("listening", server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
