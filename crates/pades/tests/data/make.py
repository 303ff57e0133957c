"""Makes the sample papers beside it. Needs the Python package `typst`, `qpdf`, and Liberation Serif for typst.

    python make.py FONT_DIRECTORY
"""
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PAPER = """#set page(width: 210mm, height: 297mm, margin: 25mm)
#set text(font: "Liberation Serif", size: 13pt, lang: "vi")
#set document(title: "Quyết định", date: datetime(year: 2026, month: 1, day: 5))
#align(center)[*QUYẾT ĐỊNH*]
Về việc ban hành quy chế họp.
#pagebreak()
Điều 2. Quyết định này có hiệu lực kể từ ngày ký.
"""


def by_hand(name, objects, stray=False):
    """A file with a classic cross-reference table; `objects` are bodies, the first is the catalog.

    A stray entry is one more, at position 0, as Word writes it."""
    out, offsets = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    if stray:
        offsets.append(0)
    start = len(out)
    out += f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<</Size {len(offsets) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode()
    (HERE / name).write_bytes(out)


def stream(text):
    return f"<</Length {len(text)}>>\nstream\n{text}\nendstream"


HELVETICA = "<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
# A form of its own object; its /Fields and the first page's /Annots are objects too; the page is turned; one field
# is signed into below another, the other locks the text.
by_hand("form.pdf", [
    "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>",
    "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595.276 841.89]/Rotate 90>>",
    f"<</Type/Page/Parent 2 0 R/Annots 6 0 R/Contents 10 0 R/Resources{HELVETICA}>>",
    "<</Fields 5 0 R/DA(/Helv 0 Tf 0 g)>>",
    "[7 0 R 8 0 R]",
    "[7 0 R 9 0 R]",
    "<</Type/Annot/Subtype/Widget/FT/Tx/T(Note)/V(Gi\\341)/F 4/Rect[60 60 120 200]/P 3 0 R>>",
    "<</T(Cabinet)/Kids[9 0 R]>>",
    "<</Type/Annot/Subtype/Widget/FT/Sig/T(Chair)/Parent 8 0 R/F 4/Rect[300 500 420 780]/P 3 0 R"
    "/Lock<</Type/SigFieldLock/Action/Include/Fields[(Note)]>>>>",
    stream("BT /F 12 Tf 0 1 -1 0 100 100 Tm (A form on a turned page) Tj ET"),
])
# The form lies in the catalog, /Fields in the form, the crop box within the media box; the file ends without a line.
by_hand("form-direct.pdf", [
    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>",
    "<</Type/Pages/Count 1/Kids[3 0 R]>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[-20 -30 600 820]/CropBox[0 0 500 700]/Annots[4 0 R]/Contents 5 0 R"
    f"/Resources{HELVETICA}>>",
    "<</Type/Annot/Subtype/Widget/FT/Tx/T(Note)/F 4/Rect[60 60 200 80]/P 3 0 R>>",
    stream("BT /F 12 Tf 50 650 Td (A form in the catalog) Tj ET"),
])

# Nothing but a page, and an entry that leads back to the catalog.
by_hand("stray.pdf", [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595 842]>>",
    "<</Type/Page/Parent 2 0 R>>",
], stray=True)
# Certified, level 1: no change is allowed. (The certification itself is not a valid signature.)
by_hand("certified.pdf", [
    "<</Type/Catalog/Pages 2 0 R/Perms<</DocMDP 4 0 R>>>>",
    "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595 842]>>",
    "<</Type/Page/Parent 2 0 R>>",
    "<</Type/Sig/Reference[<</TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]>>",
])

import typst  # noqa: E402

(HERE / "paper.typ").write_text(PAPER)
typst.compile(str(HERE / "paper.typ"), output=str(HERE / "paper.pdf"), font_paths=[sys.argv[1]])
for name, mode in [("classic.pdf", "disable"), ("streams.pdf", "generate")]:
    subprocess.run(["qpdf", "--deterministic-id", f"--object-streams={mode}", HERE / "paper.pdf", HERE / name], check=True)
(HERE / "paper.typ").unlink()
(HERE / "paper.pdf").unlink()
