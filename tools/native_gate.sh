#!/bin/sh
# Usage: native_gate.sh BIN. Builds a native wheel, runs the tests of what it compiles, and compares all that
# native and pure code read and repair. -O0 compiles in a third of the time; the C is the same.
set -eu
python=$(cd "$1" && pwd)/python
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
MYPYC_OPT_LEVEL=${MYPYC_OPT_LEVEL:-0} HATCH_BUILD_HOOKS_ENABLE=1 \
    "$python" -m hatchling build -t wheel -d "$folder" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
mkdir "$folder/tree"
"$python" -m zipfile -e "$folder"/*.whl "$folder/tree"
# Without the folder `unioncrawl` of the checkout: Python must find the wheel's.
cp -R pyproject.toml docs tests bench tools spiders pipelines "$folder/tree"
"$python" -m bench.readings >"$folder/pure" &
pure=$!
cd "$folder/tree"
"$python" -m unioncrawl --version | grep -F '(native)'
"$python" -m bench.readings >"$folder/native"
wait $pure
cmp "$folder/pure" "$folder/native"
echo "$(wc -l <"$folder/native") readings and repairs: native and pure are the same"
# Tests of random input look for what no code answers; here two codes are compared.
"$python" -m pytest -q -n 2 -p no:cacheprovider -m "not hypothesis" \
    tests/test_native.py tests/test_markup.py tests/language tests/page tests/fields tests/extract \
    tests/archive/care/test_reprocess.py tests/repair/test_cases.py tests/repair/mirror \
    tests/repair/gbk_as_latin tests/repair/utf8_misread
