#!/usr/bin/python3
"""embed.py HEADER TABLE FILE...: writes C with the files as an array of struct embedded_file named TABLE."""
import os
import sys

header, table, files = sys.argv[1], sys.argv[2], sys.argv[3:]
print('#include "%s"\n' % header)
print("const struct embedded_file %s[] = {" % table)
for path in files:
    data = open(path, "rb").read()
    print('\t{"%s",' % os.path.basename(path))
    for line in data.splitlines(keepends=True) or [b""]:
        text = "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\\\?' else "\\%03o" % b for b in line)
        print('\t "%s"' % text)
    print("\t, %d}," % len(data))
print("};\nconst size_t %s_count = sizeof(%s) / sizeof(%s[0]);" % (table, table, table))
