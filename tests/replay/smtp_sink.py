#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A mail relay that keeps everything: SMTP into a Maildir.

    smtp_sink.py --port 0 --maildir DIR [--refuse ADDRESS=550 ...] [--defer ADDRESS=451 ...] [--log FILE]

Prints "listening PORT", then serves 127.0.0.1 until SIGTERM. Each mail is one file in DIR/new, written
whole before it appears there: X-Envelope-From and X-Envelope-To lines, then the bytes as received. File
names sort in the order of arrival. The log has one JSON line a recipient refused or mail taken, with the
number of its connection.
"""
import argparse
import asyncio
import email.parser
import email.policy
import json
import os
import signal
import socket
import time

from aiosmtpd.smtp import SMTP


class Sink:
    """aiosmtpd's handler: one for all connections."""

    def __init__(self, maildir, answers, log):
        self.maildir, self.answers, self.log = maildir, answers, log
        self.connections, self.mails = {}, 0
        for sub in ("tmp", "new", "cur"):
            os.makedirs(os.path.join(maildir, sub), exist_ok=True)

    def note(self, session, **what):
        if self.log:
            number = self.connections.setdefault(session.peer, len(self.connections) + 1)
            self.log.write(json.dumps({"connection": number, **what}) + "\n")
            self.log.flush()

    async def handle_RCPT(self, server, session, envelope, address, options):
        code = self.answers.get(address.lower())
        if code:
            self.note(session, outcome=code, to=[address], **{"from": envelope.mail_from})
            return f"{code} <{address}>: not here" if code[0] == "5" else f"{code} <{address}>: try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails += 1
        name = f"{int(time.time())}.Q{self.mails:07d}P{os.getpid()}.{socket.gethostname()}"
        tmp = os.path.join(self.maildir, "tmp", name)
        with open(tmp, "wb") as f:
            f.write(f"X-Envelope-From: {envelope.mail_from or '<>'}\r\n".encode())
            for to in envelope.rcpt_tos:
                f.write(f"X-Envelope-To: {to}\r\n".encode())
            f.write(envelope.content)
            f.flush()
            os.fsync(f.fileno())
        os.rename(tmp, os.path.join(self.maildir, "new", name))
        head = email.parser.BytesHeaderParser(policy=email.policy.SMTP).parsebytes(envelope.content)
        self.note(session, outcome="250", to=envelope.rcpt_tos, message_id=head["message-id"], file=name,
                  **{"from": envelope.mail_from})
        return f"250 2.0.0 queued as {self.mails}"


def answers(refuse, defer):
    table = {}
    for pair in refuse + defer:
        address, _, code = pair.partition("=")
        table[address.lower()] = code or ("550" if pair in refuse else "451")
    return table


async def serve(args, log):
    sink = Sink(args.maildir, answers(args.refuse, args.defer), log)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for sig in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sig, stop.set)
    server = await loop.create_server(lambda: SMTP(sink, hostname="sink.example", loop=loop), "127.0.0.1", args.port)
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    await stop.wait()
    server.close()


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--port", type=int, default=0)
    p.add_argument("--maildir", required=True)
    p.add_argument("--refuse", action="append", default=[], metavar="ADDRESS=550")
    p.add_argument("--defer", action="append", default=[], metavar="ADDRESS=451")
    p.add_argument("--log")
    args = p.parse_args()
    log = open(args.log, "a", encoding="utf-8") if args.log else None
    asyncio.run(serve(args, log))


if __name__ == "__main__":
    main()
