# SPDX-License-Identifier: MIT
"""A whole installation in a temporary directory, for the demo and the integration
tests: replay portals and a real SMTP server on loopback, a configuration made from
the shipped conf/ and feeds/, and the program to run on it."""

import atexit
import email
import email.policy
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"
NOW = "2026-11-23T07:00:00Z"  # Monday, 09:00 in Tallinn: the clock of all samples
# The members of the story that demo and tests tell and count; the other profiles in conf/
# are examples to start from.
CAST = ("celltech", "medscan", "uni-genomics", "uni-materials", "coldchain", "test-member")
PATHS = {  # where the portal serves each source
    "eu-funding-tenders": None,  # its own path
    "hadea-news": "/hadea-news.xml",
    "estban": "/estban/feed/",
    "innovate-uk": "/innovate-uk/",
    "ukri": "/ukri/feed/",
}
STORY = tuple(PATHS)[:4]  # the portals of the story; the rest on demand


class Server:
    """A server of tests/replay: starts it, waits for its port, ends it."""

    def __init__(self, script, *args):
        self.process = subprocess.Popen([PYTHON, str(ROOT / "tests/replay" / script), *map(str, args)],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, text=True)
        line = self.process.stdout.readline().split()
        if not line or line[0] != "listening":
            raise RuntimeError("%s did not start" % script)
        self.port = int(line[1])
        atexit.register(self.stop)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        atexit.unregister(self.stop)


class World:
    def __init__(self, sources=STORY, profiles=CAST, smtp_args=(), variant=None):
        self.program = str(ROOT / "build" / (variant or os.environ.get("VARIANT", "release")) / "fundwatch")
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="fundwatch-"))
        self.conf = self.dir / "conf"
        self.maildir = self.dir / "mail"
        self.portal = Server("portal.py", "--samples", ROOT / "feeds/samples", "--now", NOW)
        self.smtp = Server("smtp_sink.py", "--maildir", self.maildir, *smtp_args)
        shutil.copytree(ROOT / "conf", self.conf, ignore=shutil.ignore_patterns("templates", "feeds.d", "README*"))
        (self.conf / "feeds.d").mkdir()
        for name in sources:
            self.copy_recipe(name)
        for f in (self.conf / "profiles.d").glob("*.conf"):
            if f.stem not in profiles:
                f.unlink()
        self.settings(sources=", ".join(sources))
        atexit.register(self.close)

    def close(self):
        self.portal.stop()
        self.smtp.stop()
        shutil.rmtree(self.dir, ignore_errors=True)
        atexit.unregister(self.close)

    def copy_recipe(self, name):
        """The catalogue's recipe, with the portal's address and a small minimum."""
        text = (ROOT / "feeds" / (name + ".conf")).read_text()
        base = "http://127.0.0.1:%d" % self.portal.port
        if PATHS[name]:
            query = re.search(r"^url:\s*\S*?(\?\S*)?$", text, re.M).group(1) or ""
            text = re.sub(r"^url:.*$", "url: " + base + PATHS[name] + query, text, flags=re.M)
        else:
            text = re.sub(r"^(url:\s*)https?://[^/]+", r"\g<1>" + base, text, flags=re.M)
        text = re.sub(r"^(at least|pause):.*\n", "", text, flags=re.M)
        text = re.sub(r"^(url:.*)$", r"\1\nat least: 1 items\npause: 0 s", text, count=1, flags=re.M)
        (self.conf / "feeds.d" / (name + ".conf")).write_text(text)

    def settings(self, **values):
        """Sets keys of fundwatch.conf (underscores for hyphens); the rest stays."""
        path = self.conf / "fundwatch.conf"
        text = path.read_text()
        first = {"database": str(self.dir / "fundwatch.db"), "catalogue": str(self.dir / "no-catalogue"),
                 "deliver": "on", "transport": "esmtp 127.0.0.1:%d" % self.smtp.port,
                 "allow-private": "127.0.0.0/8"}
        for key, value in {**first, **{k.replace("_", "-"): v for k, v in values.items()}}.items():
            line = "%s: %s" % (key, value)
            text, n = re.subn(r"^#?\s*%s:.*$" % re.escape(key), lambda m: line, text, count=1, flags=re.M)
            if n == 0:
                text += "\n" + line + "\n"
        path.write_text(text)

    def edit(self, name, old, new):
        """Replaces text in a file of the configuration."""
        path = self.conf / name
        text = path.read_text()
        assert old in text, "%s does not hold %r" % (name, old)
        path.write_text(text.replace(old, new, 1))

    def run(self, *args, now=NOW, ok=True, env=None, input=None):
        command = [self.program, "-c", str(self.conf), "--now", now, *map(str, args)]
        r = subprocess.run(command, capture_output=True, text=True, cwd=self.dir, timeout=300, input=input,
                           env=dict(os.environ, **(env or {})))
        if ok is not None and (r.returncode == 0) != ok:
            raise AssertionError("%s\nexit %d\n%s%s" % (" ".join(command), r.returncode, r.stdout, r.stderr))
        return r

    def rows(self, *args, **kw):
        """The objects of a verb's --json."""
        return [json.loads(line) for line in self.run(*args, "--json", **kw).stdout.splitlines()]

    def control(self, source, fault, **more):
        body = json.dumps({"source": source, "fault": fault, **more}).encode()
        request = urllib.request.Request("http://127.0.0.1:%d/_control" % self.portal.port, body, method="POST")
        urllib.request.urlopen(request).read()

    def requests(self):
        url = "http://127.0.0.1:%d/_log" % self.portal.port
        return [json.loads(line) for line in urllib.request.urlopen(url).read().splitlines()]

    def mails(self):
        """What the SMTP server took, oldest first, read by Python's email package."""
        files = sorted((self.maildir / "new").glob("*"), key=lambda f: f.stat().st_mtime_ns)
        return [email.message_from_bytes(f.read_bytes(), policy=email.policy.default) for f in files]


def text_part(mail):
    return mail.get_body(("plain",)).get_content()


def start_daemon(world, now=NOW):
    """`fundwatch run` in the background; its log goes to world.dir/daemon.log."""
    log = open(world.dir / "daemon.log", "w")
    process = subprocess.Popen([world.program, "-c", str(world.conf), "--now", now, "run"], stdout=log, stderr=log,
                               cwd=world.dir)
    log.close()

    def stop():
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
    atexit.register(stop)
    return process
