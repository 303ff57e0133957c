//! Fonts for papers that name Times New Roman, Arial or Courier New without embedding them. The letters that pdfium
//! has built in for these have no Vietnamese; the Liberation fonts do, with the same widths.

use ecabinet_wall::memory::FileView;
use pdfium_render::prelude::*;
use std::collections::HashMap;
use std::fs::File;
use std::path::PathBuf;

/// Font files by name (`Serif-Bold`), opened before the wall goes up; most papers bring their own and need none of them.
pub(crate) struct Fonts {
    files: HashMap<String, FileView>,
    given: PdfiumCustomFontHandle,
}

const FAMILIES: [&str; 3] = ["Serif", "Sans", "Mono"];
const STYLES: [&str; 4] = ["Regular", "Bold", "Italic", "BoldItalic"];

impl Fonts {
    pub(crate) fn load() -> Self {
        let mut files = HashMap::new();
        let Some(folder) =
            folders().into_iter().find(|dir| dir.join("LiberationSerif-Regular.ttf").is_file())
        else {
            return Self { files, given: 0 };
        };
        for name in
            FAMILIES.iter().flat_map(|family| STYLES.iter().map(move |style| format!("{family}-{style}")))
        {
            let file = File::open(folder.join(format!("Liberation{name}.ttf")));
            if let Ok(font) = file.and_then(|file| FileView::of(&file)) {
                files.insert(name, font);
            }
        }
        Self { files, given: 0 }
    }
}

impl PdfiumCustomFontProvider for Fonts {
    fn provide(
        &mut self,
        request: PdfiumCustomFontProviderRequest,
    ) -> Option<PdfiumCustomFontProviderResponse> {
        let face = request.font_face.to_ascii_lowercase();
        let bold = face.contains("bold") || weight(&request.weight) >= 600;
        let italic = request.is_italic || face.contains("italic") || face.contains("oblique");
        let style = STYLES[usize::from(bold) + 2 * usize::from(italic)];
        let name = format!("{}-{style}", family(&face, &request));
        let data = self.files.get(&name)?.to_vec();
        // A new handle each time: pdfium deletes them one by one.
        self.given += 1;
        Some(PdfiumCustomFontProviderResponse {
            id: self.given,
            font_face: format!("Liberation {}", name.replace('-', " ")),
            character_set: request.character_set,
            data,
        })
    }
}

fn family(face: &str, request: &PdfiumCustomFontProviderRequest) -> &'static str {
    let named = |names: &[&str]| names.iter().any(|name| face.contains(name));
    if request.is_fixed_pitch || named(&["courier", "mono", "consol"]) {
        "Mono"
    } else if named(&["arial", "helvetica", "sans", "calibri", "verdana", "tahoma", "segoe", "roboto"]) {
        "Sans"
    } else {
        // What official papers are set in.
        "Serif"
    }
}

fn weight(weight: &PdfFontWeight) -> u32 {
    match weight {
        PdfFontWeight::Weight100 => 100,
        PdfFontWeight::Weight200 => 200,
        PdfFontWeight::Weight300 => 300,
        PdfFontWeight::Weight400Normal => 400,
        PdfFontWeight::Weight500 => 500,
        PdfFontWeight::Weight600 => 600,
        PdfFontWeight::Weight700Bold => 700,
        PdfFontWeight::Weight800 => 800,
        PdfFontWeight::Weight900 => 900,
        PdfFontWeight::Custom(weight) => *weight,
    }
}

/// By `ECABINET_FONTS`, else beside the program, else in `assets/fonts` above it, else where Debian puts them.
fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        std::env::var_os("ECABINET_FONTS").map(PathBuf::from).into_iter().collect();
    if let Some(dir) = std::env::current_exe().ok().and_then(|here| Some(here.parent()?.to_owned())) {
        folders.extend([dir.join("fonts"), dir.join("../lib/fonts"), dir.join("../lib/ecabinet/fonts")]);
        folders.extend(dir.ancestors().map(|up| up.join("assets/fonts")));
    }
    folders.push("/usr/share/fonts/truetype/liberation2".into());
    folders.push("/usr/share/fonts/truetype/liberation".into());
    folders
}
