#!/bin/sh
# Downloads the wheels that a list names, compares their digests, and unpacks the libraries from them into a folder.
#   usage: fetch-libraries.sh gpu|cpu TARGET
# Needs Python with pip; a mirror is set as pip reads it (PIP_INDEX_URL).
set -eu
here=$(dirname "$0")
wheels=$(mktemp -d)
trap 'rm -rf "$wheels"' EXIT
# The tags that the wheels carry.
for tag in manylinux_2_27 manylinux_2_17 manylinux2014; do
  set -- "$@" --platform "${tag}_x86_64"
done
list=$1 target=$2
shift 2
python3 -m pip download --quiet --no-cache-dir --no-deps --only-binary :all: --implementation cp --python-version 3.12 \
  "$@" --dest "$wheels" --requirement "$here/libraries-$list.txt"
python3 "$here/unpack-libraries.py" "$target" "$wheels"/*.whl
