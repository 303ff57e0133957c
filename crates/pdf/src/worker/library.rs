use crate::fonts::Fonts;
use pdfium_render::prelude::Pdfium;
use std::path::{Path, PathBuf};

/// Loads pdfium for the whole life of the process. All that it will ever open is opened here.
pub(crate) fn bind() -> Result<&'static Pdfium, String> {
    let path = find()?;
    let bindings = Pdfium::bind_to_library(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut pdfium = Pdfium::new(bindings);
    // Also when there are no fonts: pdfium's own provider would look through the system's folders.
    pdfium.set_custom_font_provider(Box::new(Fonts::load()));
    Ok(Box::leak(Box::new(pdfium)))
}

/// By `ECABINET_PDFIUM` (a file or its folder), else `lib/` beside the program or beside its folder, else, in
/// development, `target/pdfium/` in a folder above.
fn find() -> Result<PathBuf, String> {
    let name = Pdfium::pdfium_platform_library_name();
    if let Some(given) = std::env::var_os("ECABINET_PDFIUM") {
        let given = PathBuf::from(given);
        return Ok(if given.is_dir() { given.join(name) } else { given });
    }
    let here = std::env::current_exe().map_err(|e| e.to_string())?;
    let dir = here.parent().unwrap_or(Path::new("/"));
    let installed = [dir.join("lib"), dir.join("../lib"), dir.join("../lib/ecabinet")].into_iter();
    let development = dir.ancestors().map(|up| up.join("target/pdfium"));
    let mut candidates = installed.chain(development).map(|dir| dir.join(&name));
    candidates
        .find(|path| path.is_file())
        .ok_or_else(|| format!("no {} near {}: run scripts/pdfium.sh", name.display(), here.display()))
}
