/// A sound PDF of one page that says these words, not packed.
pub fn text_pdf(words: &[&str]) -> Vec<u8> {
    let lines = words.chunks(5).map(|line| format!("({}) Tj 0 -14 Td ", line.join(" ")));
    let text = format!("BT /F 10 Tf 40 800 Td {}ET", lines.collect::<String>());
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>stream\n{text}\nendstream", text.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    file(&objects)
}

/// Pages by what is between `BT` and `ET`; and, as `/X`, forms that each draw the next one ten times, so that a small file takes
/// for ever.
pub fn endless_pdf(pages: &[impl AsRef<str>], nested: usize) -> Vec<u8> {
    let first_form = 4 + 2 * pages.len();
    let kids: String = (0..pages.len()).map(|at| format!("{} 0 R ", 4 + 2 * at)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Kids[{kids}]/Count {}/MediaBox[0 0 595 842]>>", pages.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let stream =
        |head: &str, body: &str| format!("<<{head}/Length {}>>stream\n{body}\nendstream", body.len());
    for (at, text) in pages.iter().enumerate() {
        let forms = if nested > 0 { format!("/XObject<</X {first_form} 0 R>>") } else { String::new() };
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/Contents {} 0 R/Resources<</Font<</F 3 0 R>>{forms}>>>>",
            5 + 2 * at
        ));
        objects.push(stream("", &format!("BT /F 24 Tf 72 720 Td {} ET", text.as_ref())));
    }
    for at in 0..nested {
        let head = format!(
            "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X {} 0 R>>>>",
            first_form + at + 1
        );
        objects.push(stream(&head, &"/X Do ".repeat(10)));
    }
    if nested > 0 {
        objects
            .push(stream("/Type/XObject/Subtype/Form/BBox[0 0 595 842]", &"0 0 m 500 700 l S ".repeat(10)));
    }
    file(&objects)
}

/// The objects, numbered from 1, as a file.
fn file(objects: &[String]) -> Vec<u8> {
    let (mut file, mut offsets) = ("%PDF-1.4\n".to_owned(), Vec::new());
    for (at, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", at + 1);
    }
    let start = file.len();
    file += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        file += &format!("{offset:010} 00000 n \n");
    }
    file += &format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    file.into_bytes()
}
