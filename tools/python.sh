#!/bin/sh
# Prints the Python that Sixfold is built with: 3.11 or newer. $PYTHON decides where it is set.
set -u
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
  if command -v "$name" >/dev/null 2>&1 && "$name" -c "$new_enough" 2>/dev/null; then
    command -v "$name"
    exit 0
  fi
done
echo "Sixfold needs Python 3.11 or newer. On Debian 12 and later: apt-get install -y python3 python3-venv" >&2
echo "Where it has another name: make PYTHON=/path/to/python3.11 ..." >&2
exit 1
