# SPDX-License-Identifier: MIT
"""TAP for integration tests: main(globals()) runs every test_* function in the order
of the file and prints "ok"/"not ok" with the traceback of a failure as comments."""

import sys
import traceback


def main(names):
    tests = [(n, f) for n, f in names.items() if n.startswith("test_") and callable(f)]
    failed = 0
    print("1..%d" % len(tests), flush=True)
    for i, (name, test) in enumerate(tests, 1):
        try:
            test()
            print("ok %d - %s" % (i, name.replace("_", " ")), flush=True)
        except Exception:
            failed += 1
            print("not ok %d - %s" % (i, name.replace("_", " ")))
            for line in traceback.format_exc().splitlines():
                print("# " + line)
            sys.stdout.flush()
    sys.exit(failed > 0)
