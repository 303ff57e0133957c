#!/usr/bin/env bash
# Typesets the sample's papers: assets/sample/papers/<item>/<paper>.typ -> OUT/<item>/<paper>.pdf.
#   sample.sh [OUT]        the papers as first sent; OUT is target/sample/papers unless given
#   sample.sh --v2 [OUT]   the edition of the night before (target/sample/papers-v2): item 03's draft resolution with
#                          two paragraphs changed, every other file byte for byte the same
# Only what is older than its source is typeset; the same sources give the same bytes. A source <paper>.scan.typ
# becomes pictures without text, as a scanner leaves them. What the folders say of themselves (*.toml) is copied.
# ECABINET_FONTS names a directory with Liberation Serif 2.
set -euo pipefail

typst=0.15.2
pillow=13.0.0
root=$(cd "$(dirname "$0")/.." && pwd)
sample=$root/assets/sample
venv=$root/target/venv-typst
edition=1
if [ "${1-}" = --v2 ]; then
    edition=2
    shift
fi
case "${1-}" in
-*) echo "usage: sample.sh [--v2] [OUT]" >&2; exit 2 ;;
esac
if [ $edition = 2 ]; then
    "$0"
    out=${1:-$root/target/sample/papers-v2}
else
    out=${1:-$root/target/sample/papers}
fi
mkdir -p "$out"
out=$(cd "$out" && pwd)

# What was made here before stands in a list beside OUT, not in it: OUT holds the papers and nothing else.
list=$(dirname "$out")/.$(basename "$out").list
before=$(head -n 1 "$list" 2>/dev/null || true)
# The newest of what papers import.
shared=$(ls -t "$sample"/*.typ | head -n 1)
stale=()
made=()
while IFS= read -r -d '' source; do
    path=${source#"$sample/papers/"}
    path=${path%.typ}
    path=${path%.scan}.pdf
    made+=("$path")
    pdf=$out/$path
    editions=false
    if grep -q 'edition' "$source"; then editions=true; fi
    if [ $edition = 2 ] && [ $editions = false ]; then
        first=$root/target/sample/papers/$path
        if ! cmp -s "$first" "$pdf"; then
            mkdir -p "${pdf%/*}"
            cp -p "$first" "$pdf"
        fi
    elif [ ! -f "$pdf" ] || [ "$source" -nt "$pdf" ] || [ "$shared" -nt "$pdf" ] || [ "$0" -nt "$pdf" ] ||
        { [ $editions = true ] && [ "$before" != "edition $edition" ]; }; then
        stale+=("$source" "$pdf")
    fi
done < <(find "$sample/papers" -name '*.typ' -print0 | sort -z)
papers=${#made[@]}
while IFS= read -r -d '' source; do
    path=${source#"$sample/papers/"}
    made+=("$path")
    mkdir -p "$out/$(dirname "$path")"
    cmp -s "$source" "$out/$path" || cp "$source" "$out/$path"
done < <(find "$sample/papers" -name '*.toml' -print0 | sort -z)

if [ ${#stale[@]} -gt 0 ]; then
    if [ "$(cat "$venv/versions" 2>/dev/null)" != "$typst $pillow" ]; then
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary=:all: "typst==$typst" "pillow==$pillow" >&2
        echo "$typst $pillow" >"$venv/versions"
    fi
    SAMPLE=$sample EDITION=$edition "$venv/bin/python" - "${stale[@]}" <<'PYTHON'
import io, os, random, sys, tempfile
from multiprocessing import Pool
from pathlib import Path

import typst
from PIL import Image, ImageChops, ImageFilter, ImageFont

SAMPLE = Path(os.environ["SAMPLE"])
EDITION = os.environ["EDITION"]
DIRS = [
    os.environ.get("ECABINET_FONTS"),
    SAMPLE.parent / "fonts",
    "/usr/share/fonts/truetype/liberation2",
    "/usr/share/fonts/truetype/liberation",
    "/usr/share/fonts/liberation-serif",
]
DPI = 150


def fonts():
    """The first directory whose Liberation Serif draws Vietnamese (version 1 has no letters with stacked marks)."""
    for path in filter(None, DIRS):
        for file in Path(path).rglob("LiberationSerif-Regular.ttf"):
            font = ImageFont.truetype(file, 40)
            missing = bytes(font.getmask("\ufffe"))
            if all(bytes(font.getmask(letter)) != missing for letter in "ơưẤỆỗ"):
                return str(file.parent)
    sys.exit("sample.sh: Liberation Serif 2 not found (Debian: fonts-liberation2); name its directory in ECABINET_FONTS")


def typeset(root, source, **options):
    made, warnings = typst.compile_with_warnings(
        str(source), root=str(root), font_paths=[FONTS], ignore_system_fonts=True,
        sys_inputs={"edition": EDITION}, timestamp=0, **options)
    for warning in warnings:
        print(f"{source}: {warning.message}", file=sys.stderr)
    return made


def scanned(page, number):
    """A page as an office scanner leaves it: a little askew, grey, with grain. The same page gives the same picture."""
    dice = random.Random(number)
    image = Image.open(io.BytesIO(page)).convert("L")
    image = image.rotate(dice.uniform(-0.9, 0.9), Image.Resampling.BICUBIC, fillcolor=255)
    image = image.filter(ImageFilter.GaussianBlur(0.6)).point(lambda v: 24 + v * 224 // 255)
    grain = Image.frombytes("L", image.size, dice.randbytes(image.width * image.height))
    grain = grain.filter(ImageFilter.GaussianBlur(0.8)).point(lambda v: min(255, max(0, 128 + (v - 128) // 4)))
    return ImageChops.add(image, grain, 1, -128)


def scan(source):
    pages = typeset(SAMPLE, source, format="png", ppi=DPI)
    with tempfile.TemporaryDirectory() as work:
        lines = ["#set document(date: none)"]
        for number, page in enumerate(pages if isinstance(pages, list) else [pages], 1):
            image = scanned(page, number)
            image.save(f"{work}/{number}.jpg", quality=62, dpi=(DPI, DPI))
            lines.append(f'#page(width: {image.width * 72 / DPI}pt, height: {image.height * 72 / DPI}pt, margin: 0pt,'
                         f' image("{number}.jpg", width: 100%, height: 100%))')
        Path(work, "main.typ").write_text("\n".join(lines))
        return typeset(work, Path(work, "main.typ"), format="pdf")


def make(job):
    source, pdf = map(Path, job)
    try:
        made = scan(source) if source.name.endswith(".scan.typ") else typeset(SAMPLE, source, format="pdf")
    except Exception as error:
        return f"{source}: {error}"
    pdf.parent.mkdir(parents=True, exist_ok=True)
    part = pdf.with_name("." + pdf.name + ".part")
    part.write_bytes(made)
    part.replace(pdf)


FONTS = fonts()
jobs = list(zip(sys.argv[1::2], sys.argv[2::2]))
# Big ones first, so that the two ends meet.
jobs.sort(key=lambda job: (not job[0].endswith(".scan.typ"), -os.path.getsize(job[0])))
with Pool(2) as pool:
    failed = [error for error in pool.imap_unordered(make, jobs) if error]
sys.exit("\n".join(failed) if failed else 0)
PYTHON
fi

# A paper whose source is gone goes too, if it was made here.
if [ -f "$list" ]; then
    while IFS= read -r path; do
        [ ! -f "$out/$path" ] && continue
        rm "$out/$path"
        rmdir "$out/$(dirname "$path")" 2>/dev/null || true
    done < <(tail -n +2 "$list" | sort | comm -23 - <(printf '%s\n' "${made[@]}" | sort))
fi
{ echo "edition $edition"; printf '%s\n' "${made[@]}"; } >"$list"
echo "sample: $papers papers in ${out#"$root/"}, $((${#stale[@]} / 2)) typeset, the others up to date"
