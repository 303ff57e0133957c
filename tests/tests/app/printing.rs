//! A member prints a paper with what he wrote on it, by the system's own dialog.

use super::{enrol, shots};
use ecabinet_pdf::{Format, Program, Render, Rotation, Worker};
use ecabinet_tests::{App, Cabinet, DRAFT, DYKES, Folder, program};
use std::sync::Arc;

const SHEET: &str = "section.sheet .words.text";

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_is_printed_with_its_marks_and_the_app_goes_on() {
    let mut cabinet = Cabinet::open().await;
    let (home, shots, desktop) = (cabinet.path("minister"), shots("printing"), cabinet.path("desktop"));
    // Where the desktop keeps documents: the dialog's printer into a file begins there.
    std::fs::create_dir_all(&desktop).expect("a folder");
    let documents = format!("XDG_DOCUMENTS_DIR=\"{}\"\n", desktop.display());
    std::fs::write(desktop.join("user-dirs.dirs"), documents).expect("written");
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let environment = [("XDG_CONFIG_HOME", desktop.clone())];
    let mut app = App::open_with(&program("ecabinet-desktop"), &[], &home, &shots, &environment, None).await;
    app.type_into("textarea", &ticket.typed()).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, "Thành viên Mẫu 2").await;
    let folder = Folder::new(cabinet.path("papers"), &[DYKES]);
    cabinet.publish_folder(&folder, None, "");
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.read("đọc được khi không có mạng").await;
    app.press("Củng cố đê điều").await;
    app.press("Dự thảo nghị quyết").await;
    app.see(SHEET).await;
    app.settle().await;
    app.drag(SHEET, (220.0, 436.0), (700.0, 438.0)).await;
    app.click("section.sheet [role=toolbar] button[aria-label='Tô màu xanh lá']").await;

    app.press("Thêm").await;
    app.look("menu").await;
    app.click("[role=menuitem]:has(.lucide-printer)").await;
    let printed = app.print_to_file(&desktop).await;
    app.read("Đã chuyển tới máy in").await;
    app.look("printed").await;

    let mut paper = opened(std::fs::read(&printed).expect("a file"));
    let mut original = opened(folder.read(DYKES, DRAFT));
    assert_eq!(paper.info().pages.len(), original.info().pages.len());
    let (green, before) = (green(&mut paper), green(&mut original));
    assert!(green > 500 && before == 0, "what he marked is green on paper: {green}, {before}");

    // He thinks better of it: nothing is said, and nothing is printed.
    std::fs::remove_file(&printed).expect("removed");
    app.chord(&["ctrl"], "p").await;
    app.give_up_dialog().await;
    app.read_not("Đã chuyển tới máy in").await;
    app.see(SHEET).await;
    assert!(!printed.exists());
    app.close().await;
}

fn opened(bytes: Vec<u8>) -> Worker {
    let program = Program::at(program("ecabinet-pdf-worker"));
    Worker::open(&program, Arc::new(bytes)).expect("a paper")
}

/// Pixels of the first page that are as green as a marked line.
fn green(paper: &mut Worker) -> usize {
    let render = Render { page: 0, width: 800, rotation: Rotation::None, format: Format::Rgba };
    let image = paper.render(render).expect("drawn");
    let is_green = |pixel: &&[u8]| pixel[1] > 200 && pixel[1] - 25 > pixel[0].max(pixel[2]);
    image.bytes.chunks_exact(4).filter(is_green).count()
}
