"""Makes the files beside it. `pip install typst pikepdf pillow` and qpdf; then `python3 make.py`."""
import io, pathlib, subprocess
import pikepdf, typst
from PIL import Image, ImageDraw, ImageFilter
from pikepdf import Array, Dictionary, Name, String

here = pathlib.Path(__file__).parent
paper = here / "paper.pdf"
typst.compile(str(here / "paper.typ"), output=str(paper))
whole = paper.read_bytes()
typst.compile(str(here / "columns.typ"), output=str(here / "columns.pdf"))

# Cut off, as by a download that broke.
(here / "truncated.pdf").write_bytes(whole[: len(whole) * 6 // 10])

# Needs a password / has only an owner's password, so that everybody can read it.
for name, user in (("encrypted.pdf", "mat-khau"), ("owner-locked.pdf", "")):
    subprocess.run(["qpdf", "--encrypt", user, "chu", "256", "--", str(paper), str(here / name)], check=True)

# A scan: one grey picture and no text.
page = Image.new("L", (620, 877), 245)
pen = ImageDraw.Draw(page)
for y in range(80, 800, 26):
    for x in range(70, 540, 9 + y % 7):
        pen.rectangle((x, y, x + 5, y + 9), fill=60)
scan = io.BytesIO()
page.filter(ImageFilter.GaussianBlur(0.8)).save(scan, "PDF", resolution=75, quality=60)
(here / "scan.pdf").write_bytes(scan.getvalue())

# Page 2 of the paper turned by /Rotate and cropped off the origin.
with pikepdf.open(paper) as pdf:
    del pdf.pages[2], pdf.pages[0]
    pdf.pages[0].Rotate = 90
    pdf.pages[0].CropBox = Array([30, 200, 560, 800])
    pdf.save(here / "rotated.pdf", deterministic_id=True)

# A signature field with contents (the bytes are no real CMS: only its presence is read here).
with pikepdf.open(paper) as pdf:
    value = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), SubFilter=Name("/ETSI.CAdES.detached"),
                       ByteRange=Array([0, 1, 2, 3]), Contents=String("0000"))
    field = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String("Signature1"),
                                         F=132, Rect=Array([0, 0, 0, 0]), P=pdf.pages[0].obj, V=pdf.make_indirect(value)))
    pdf.pages[0].Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
    pdf.save(here / "signed.pdf", deterministic_id=True)

# Names Times New Roman without embedding it; its letters are Vietnamese by glyph name.
pdf = pikepdf.new()
pdf.add_blank_page(page_size=(300, 100))
letters = ["N", "g", "h", "uni1ECB", "space", "q", "u", "y", "uni1EBF", "t", "space", "uni01B0", "uni01A1", "dcroat"]
font = pdf.make_indirect(Dictionary(
    Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.TimesNewRomanPSMT, FirstChar=65,
    LastChar=64 + len(letters), Widths=Array([556] * len(letters)),
    FontDescriptor=Dictionary(Type=Name.FontDescriptor, FontName=Name.TimesNewRomanPSMT, Flags=34, ItalicAngle=0,
                              Ascent=891, Descent=-216, CapHeight=662, StemV=80, FontBBox=Array([-568, -307, 2046, 1040])),
    Encoding=Dictionary(Type=Name.Encoding, BaseEncoding=Name.WinAnsiEncoding,
                        Differences=Array([65, *[Name("/" + n) for n in letters]]))))
pdf.pages[0].Resources = Dictionary(Font=Dictionary(F1=font))
shown = "".join(chr(65 + i) for i in range(len(letters)))
pdf.pages[0].Contents = pdf.make_stream(f"BT /F1 24 Tf 20 40 Td ({shown}) Tj ET".encode())
pdf.save(here / "not-embedded.pdf", deterministic_id=True)

(here / "text.pdf").write_text("Đây là một tệp văn bản mang đuôi .pdf.\n" * 20)
