#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A mail relay that fails on purpose.

    smtp_faulty.py --port 0 [--fault NAME [--on N]] [--chunking] [--no-pipelining] [--dsn] [--log FILE]

Prints "listening PORT", then serves 127.0.0.1 until SIGTERM. A fault strikes the N-th mail (MAIL commands
counted over all connections; every mail without --on), or any mail whose sender or recipient has the fault's
name as its local part. Greeting faults strike the N-th connection. `refuse` closes the port at once.
The log has one JSON line a mail: what was queued, whatever the client was told, and the parameters that MAIL
and RCPT had.
"""
import argparse
import json
import os
import signal
import socket
import struct
import threading

GREETING = {"greeting-554": "554 5.3.2 no service here", "greeting-421": "421 4.3.2 shutting down"}
AT_MAIL = {"550-at-mail": "550 5.7.1 sender refused", "421-at-mail": "421 4.7.0 too much, goodbye", "drop-at-mail": ""}
AT_RCPT = {"550-at-rcpt": "550 5.1.1 no such user", "450-at-rcpt": "450 4.2.0 greylisted"}
AT_DATA = {"451-at-data": "451 4.3.0 not now", "554-at-data": "554 5.5.1 no"}
AFTER_DOT = {"451-after-dot": "451 4.3.0 disk full", "554-after-dot": "554 5.6.0 looks like spam",
             "421-after-dot": "421 4.3.2 shutting down", "garbage-after-dot": "what?",
             "mismatch-after-dot": "250-2.0.0 ok\r\n251 2.0.0 or not", "drop-after-dot": "", "reset-after-dot": "",
             "silent-after-dot": ""}
FAULTS = [*GREETING, *AT_MAIL, *AT_RCPT, *AT_DATA, *AFTER_DOT, "drop-mid-data", "refuse"]
TAKEN_ANYWAY = {"drop-after-dot", "reset-after-dot", "silent-after-dot", "garbage-after-dot", "mismatch-after-dot"}


class Gone(Exception):
    """The connection is to end now."""


class Relay:
    """What all connections share."""

    def __init__(self, args):
        self.args, self.lock = args, threading.Lock()
        self.mails = self.connections = 0
        self.log = open(args.log, "a", encoding="utf-8") if args.log else None

    def count(self, what):
        with self.lock:
            setattr(self, what, getattr(self, what) + 1)
            return getattr(self, what)

    def note(self, **what):
        with self.lock:
            if self.log:
                self.log.write(json.dumps(what) + "\n")
                self.log.flush()

    def general_fault(self, number):
        return self.args.fault if self.args.on in (0, number) else None


class Dialogue:
    """One connection."""

    def __init__(self, relay, sock):
        self.relay, self.sock, self.file = relay, sock, sock.makefile("rb")
        self.number = relay.count("connections")
        self.reset()

    def reset(self):
        self.mail, self.rcpt, self.fault, self.nth, self.data, self.asked = None, [], None, 0, b"", []

    def say(self, line):
        self.sock.sendall(line.encode() + b"\r\n")
        if line.startswith("421"):
            raise Gone

    def address(self, rest):
        """The address of a command; a local part that names a fault plans it."""
        address = rest.partition("<")[2].partition(">")[0]
        local = address.partition("@")[0]
        if local in FAULTS:
            self.fault = local
        return address

    def strikes(self, table):
        return self.fault if self.fault in table else None

    def run(self):
        greeting = self.relay.general_fault(self.number)
        try:
            self.say(GREETING.get(greeting, "220 faulty.example ESMTP"))
            while greeting not in GREETING and (line := self.file.readline()):
                verb, _, rest = line.decode("latin-1").strip().partition(" ")
                handler = getattr(self, "do_" + verb.lower(), None)
                handler(rest) if handler else self.say("500 5.5.2 what?")
        except (Gone, OSError):
            pass
        self.file.close()
        self.sock.close()

    def do_ehlo(self, rest):
        args = self.relay.args
        words = ["faulty.example", "SIZE 10000000", "ENHANCEDSTATUSCODES"]
        words += [] if args.no_pipelining else ["PIPELINING"]
        words += ["CHUNKING"] if args.chunking else []
        words += ["DSN"] if args.dsn else []
        self.sock.sendall("".join(f"250-{w}\r\n" for w in words[:-1]).encode() + f"250 {words[-1]}\r\n".encode())

    def do_rset(self, rest):
        self.reset()
        self.say("250 2.0.0 ok")

    def do_quit(self, rest):
        self.say("221 2.0.0 bye")
        raise Gone

    def do_mail(self, rest):
        self.reset()
        self.nth = self.relay.count("mails")
        self.fault = self.relay.general_fault(self.nth)
        sender = self.address(rest)
        self.asked = [rest.partition(">")[2].strip()]
        fault = self.strikes(AT_MAIL)
        if fault == "drop-at-mail":
            raise Gone
        if not fault:
            self.mail = sender
        self.say(AT_MAIL.get(fault, "250 2.1.0 ok"))

    def do_rcpt(self, rest):
        recipient = self.address(rest)
        self.asked.append(rest.partition(">")[2].strip())
        fault = self.strikes(AT_RCPT)
        if not fault:
            self.rcpt.append(recipient)
        self.say(AT_RCPT.get(fault, "250 2.1.5 ok"))

    def do_data(self, rest):
        if not self.rcpt:
            return self.say("503 5.5.1 no recipients")
        if self.strikes(AT_DATA):
            return self.say(AT_DATA[self.fault])
        self.say("354 go ahead")
        while (line := self.file.readline()) not in (b".\r\n", b""):
            self.data += line[1:] if line.startswith(b".") else line
            if self.fault == "drop-mid-data":
                self.end(False)
                raise Gone
        if not line:
            raise Gone
        self.finish()

    def do_bdat(self, rest):
        size, _, last = rest.partition(" ")
        chunk = self.file.read(int(size))
        if not self.rcpt:
            return self.say("503 5.5.1 no recipients")
        if self.strikes(AT_DATA):
            return self.say(AT_DATA[self.fault])
        self.data += chunk
        if self.fault == "drop-mid-data":
            self.end(False)
            raise Gone
        if last.strip().upper() == "LAST":
            return self.finish()
        self.say(f"250 2.0.0 {size} bytes")

    def end(self, queued):
        head = self.data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        ids = [h[11:].strip() for h in head if h.lower().startswith("message-id:")]
        self.relay.note(mail=self.nth, connection=self.number, sender=self.mail, to=self.rcpt, fault=self.fault,
                        queued=queued, bytes=len(self.data), message_id=ids[0] if ids else None, asked=self.asked)

    def finish(self):
        fault = self.fault if self.fault in AFTER_DOT else None
        self.end(fault is None or fault in TAKEN_ANYWAY)
        if fault == "reset-after-dot":
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if fault == "silent-after-dot":
            self.file.read(1)  # until the client goes
        if fault in ("drop-after-dot", "reset-after-dot", "silent-after-dot"):
            raise Gone
        nth = self.nth
        self.reset()
        self.say(AFTER_DOT.get(fault, f"250 2.0.0 queued as {nth}"))


def serve(listener, relay):
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=Dialogue(relay, sock).run, daemon=True).start()


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--port", type=int, default=0)
    p.add_argument("--fault", choices=FAULTS)
    p.add_argument("--on", type=int, default=0, metavar="N")
    p.add_argument("--chunking", action="store_true")
    p.add_argument("--no-pipelining", action="store_true")
    p.add_argument("--dsn", action="store_true")
    p.add_argument("--log")
    args = p.parse_args()
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # a handler could miss one that comes just before accept()
    listener = socket.create_server(("127.0.0.1", args.port))
    port = listener.getsockname()[1]
    if args.fault == "refuse":
        listener.close()
    print("listening", port, flush=True)
    if args.fault != "refuse":
        threading.Thread(target=serve, args=(listener, Relay(args)), daemon=True).start()
    signal.sigwait(ends)
    os._exit(0)  # without waiting for threads that sit in a read


if __name__ == "__main__":
    main()
