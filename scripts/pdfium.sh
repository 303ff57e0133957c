#!/bin/sh
# Brings pdfium into target/pdfium/ (library and licences) and prints the path of the library.
# It is the one that the PyPI wheel pypdfium2 carries, pinned by version and SHA-256. Safe to repeat.
set -eu

version=5.15.2
root=$(cd "$(dirname "$0")/.." && pwd)
dir=$root/target/pdfium

case "$(uname -s)-$(uname -m)" in
Linux-x86_64)
    platform=manylinux_2_17_x86_64
    sum=dc31aea5b0fb9fefc9b537a65f4113980b2c40798445736a7e6565bc85161e37
    ;;
Linux-aarch64)
    platform=manylinux_2_17_aarch64
    sum=dd46e93c0c3a73f6cea8489baff6d77a5d0759dd53fbbce0aeb49c91830176fc
    ;;
*)
    echo "pdfium.sh: no pinned wheel for $(uname -s) $(uname -m); set ECABINET_PDFIUM to a pdfium library" >&2
    exit 1
    ;;
esac

if [ "$(cat "$dir/wheel.sha256" 2>/dev/null)" = "$sum" ] && [ -f "$dir/libpdfium.so" ]; then
    echo "$dir/libpdfium.so"
    exit 0
fi

mkdir -p "$dir"
work=$(mktemp -d "$dir/tmp.XXXXXX")
trap 'rm -rf "$work"' EXIT
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    --platform "$platform" --dest "$work" "pypdfium2==$version" >&2
set -- "$work"/*.whl
echo "$sum  $1" | sha256sum --check --quiet - >&2 || {
    echo "pdfium.sh: the wheel is not the pinned one" >&2
    exit 1
}
python3 -m zipfile -e "$1" "$work/wheel"
rm -rf "$dir/licenses"
cp -R "$work"/wheel/pypdfium2-"$version".dist-info/licenses "$dir/licenses"
cp "$work/wheel/pypdfium2_raw/version.json" "$dir/version.json"
# Renamed into place, so that a run that breaks off leaves no half library.
mv "$work/wheel/pypdfium2_raw/libpdfium.so" "$dir/libpdfium.so"
echo "$sum" >"$dir/wheel.sha256"
echo "$dir/libpdfium.so"
