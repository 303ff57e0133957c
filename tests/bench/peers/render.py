"""Bare pdfium, by the C interface of the very library that the workers use: draws pages of a paper and says what it took.

render.py LIBRARY PAPER WIDTH [FIRST COUNT]: prints CPU seconds and wall seconds for drawing, without loading the library.
"""

import ctypes
import sys
import time

BGRX, WHITE, FOR_SCREENS = 3, 0xFFFFFFFF, 0x01 | 0x02


def main(library, paper, width, first="0", count=None):
    pdfium = ctypes.CDLL(library)
    pointer, number, real = ctypes.c_void_p, ctypes.c_int, ctypes.c_double
    for name, result, arguments in [
        ("FPDF_InitLibrary", None, []),
        ("FPDF_LoadDocument", pointer, [ctypes.c_char_p, ctypes.c_char_p]),
        ("FPDF_GetPageCount", number, [pointer]),
        ("FPDF_LoadPage", pointer, [pointer, number]),
        ("FPDF_GetPageWidth", real, [pointer]),
        ("FPDF_GetPageHeight", real, [pointer]),
        ("FPDFBitmap_CreateEx", pointer, [number, number, number, pointer, number]),
        ("FPDFBitmap_FillRect", None, [pointer, number, number, number, number, ctypes.c_uint32]),
        ("FPDF_RenderPageBitmap", None, [pointer, pointer] + [number] * 6),
        ("FPDFBitmap_Destroy", None, [pointer]),
        ("FPDF_ClosePage", None, [pointer]),
    ]:
        function = getattr(pdfium, name)
        function.restype, function.argtypes = result, arguments
    pdfium.FPDF_InitLibrary()
    cpu, wall = time.process_time(), time.perf_counter()
    document = pdfium.FPDF_LoadDocument(paper.encode(), None)
    first = int(first)
    last = first + int(count) if count else pdfium.FPDF_GetPageCount(document)
    for index in range(first, last):
        page = pdfium.FPDF_LoadPage(document, index)
        wide = int(width)
        high = round(pdfium.FPDF_GetPageHeight(page) / pdfium.FPDF_GetPageWidth(page) * wide)
        bitmap = pdfium.FPDFBitmap_CreateEx(wide, high, BGRX, None, 0)
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, wide, high, WHITE)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, wide, high, 0, FOR_SCREENS)
        pdfium.FPDFBitmap_Destroy(bitmap)
        pdfium.FPDF_ClosePage(page)
    print(time.process_time() - cpu, time.perf_counter() - wall)


main(*sys.argv[1:])
