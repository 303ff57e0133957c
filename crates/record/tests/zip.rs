//! An export as a ZIP (rule 17): read as the folder is, and refused in every other form.

use ecabinet_record::Payload;
use ecabinet_record::export::Export;
use std::path::Path;

/// What a test changes in an export's files.
type Change<'a> = &'a dyn Fn(&mut Vec<File>);

/// A file as another program would pack it.
#[derive(Clone)]
struct File {
    name: Vec<u8>,
    content: Vec<u8>,
    flags: u16,
    method: u16,
    extra: Vec<u8>,
    /// In the directory instead of `name`.
    listed: Option<Vec<u8>>,
}

fn file(name: &str, content: &[u8]) -> File {
    let (name, content) = (name.into(), content.to_vec());
    File { name, content, flags: 0, method: 0, extra: Vec::new(), listed: None }
}

fn said(file: &File) -> Vec<u8> {
    let size = (file.content.len() as u32).to_le_bytes();
    let mut out = Vec::new();
    for field in [20, file.flags, file.method, 0x6000, 0x5b78] {
        out.extend(field.to_le_bytes());
    }
    out.extend([crc32fast::hash(&file.content).to_le_bytes(), size, size].concat());
    out.extend((file.name.len() as u16).to_le_bytes());
    out.extend((file.extra.len() as u16).to_le_bytes());
    out
}

fn zip(files: &[File]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for file in files {
        let at = (out.len() as u32).to_le_bytes();
        out.extend([b"PK\x03\x04", &said(file)[..], &file.name, &file.extra, &file.content].concat());
        let listed = file.listed.as_ref().unwrap_or(&file.name);
        let parts = [b"PK\x01\x02\x14\x03", &said(file)[..], &[0; 4], &[0; 6], &at, listed, &file.extra];
        directory.extend(parts.concat());
    }
    let (count, size, at) = (files.len() as u16, directory.len() as u32, out.len() as u32);
    out.extend([&directory[..], b"PK\x05\x06", &[0; 4]].concat());
    out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    out.extend([size.to_le_bytes(), at.to_le_bytes()].concat());
    out.extend([0; 2]);
    out
}

fn export() -> Export {
    let payload = Payload { salt: [7; 32], bytes: "Phiên họp".into() };
    Export {
        entries: vec![b"first".to_vec(), b"second".to_vec()],
        payloads: [(1, payload)].into(),
        checkpoint: "checkpoint".into(),
        results: b"{}".to_vec(),
        blobs: Vec::new(),
    }
}

fn files() -> Vec<File> {
    export().files().iter().map(|(name, content)| file(name, content)).collect()
}

/// The code of what keeps it from being read; none: it is read.
fn code(bytes: &[u8]) -> Option<&'static str> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("export.zip");
    std::fs::write(&path, bytes).unwrap();
    Export::read(&path).err().map(|error| error.code())
}

fn read(path: &Path) -> Export {
    Export::read(path).unwrap()
}

#[test]
fn a_stored_zip_says_what_its_folder_says() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, packed) = (dir.path().join("export"), dir.path().join("export.zip"));
    export().write(&folder).unwrap();
    let blob = ecabinet_record::hash::sha256(b"blob").to_string();
    std::fs::create_dir(folder.join("blobs")).unwrap();
    std::fs::write(folder.join("blobs").join(&blob), b"blob").unwrap();
    let mut all = files();
    all.push(file(&format!("blobs/{blob}"), b"blob"));
    all.reverse();
    all[0].flags = 1 << 11;
    std::fs::write(&packed, zip(&all)).unwrap();
    assert_eq!(format!("{:?}", read(&packed)), format!("{:?}", read(&folder)));
    assert_eq!(read(&packed).blobs.len(), 1);
}

#[test]
fn names_that_no_export_has_are_refused_wherever_they_point() {
    for name in [
        "notes.txt",
        "/FORMAT",
        "./FORMAT",
        "../FORMAT",
        "FORMAT/",
        "format",
        "blobs",
        "blobs/",
        "blobs/x",
        "blobs/../FORMAT",
        "C:\\FORMAT",
        "export/FORMAT",
        "",
        "FORMAT\0",
    ] {
        let mut all = files();
        all.push(file(name, b""));
        assert_eq!(code(&zip(&all)), Some("export.unknown_file"), "{name}");
    }
    let mut all = files();
    let upper = ecabinet_record::hash::sha256(b"x").to_string().to_uppercase();
    all.push(file(&format!("blobs/{upper}"), b"x"));
    assert_eq!(code(&zip(&all)), Some("export.unknown_file"));
    all.pop();
    all.push(file(&format!("blobs/{}", "0".repeat(64)), b"x"));
    assert_eq!(code(&zip(&all)), Some("export.malformed"));
}

#[test]
fn a_file_that_lacks_is_told_as_of_a_folder() {
    for at in 0..5 {
        let mut all = files();
        all.remove(at);
        assert_eq!(code(&zip(&all)), Some("export.io"));
    }
    assert_eq!(code(&zip(&[])), Some("export.io"));
}

#[test]
fn a_zip_that_two_programs_might_read_differently_is_refused() {
    assert_eq!(code(&zip(&files())), None);
    let changed = |change: Change| {
        let mut all = files();
        change(&mut all);
        code(&zip(&all))
    };
    let changes: [(&str, Change); 7] = [
        ("a name twice", &|all| all.push(all[1].clone())),
        ("a name twice, the same unknown one", &|all| all.extend([file("x", b""), file("x", b"")])),
        ("deflated", &|all| all[1].method = 8),
        ("encrypted", &|all| all[1].flags = 1),
        ("its length behind it", &|all| all[1].flags = 1 << 3),
        ("an extra field", &|all| all[1].extra = vec![1, 0, 0, 0]),
        ("another name in the directory", &|all| all[1].listed = Some(b"Entries".to_vec())),
    ];
    for (what, change) in changes {
        assert_eq!(changed(change), Some("export.malformed"), "{what}");
    }
    let whole = zip(&files());
    for (what, bytes) in [
        ("bytes behind it", [&whole[..], b"\n"].concat()),
        ("bytes before it", [b"#", &whole[..]].concat()),
        ("a second ZIP behind it", whole.repeat(2)),
        ("no ZIP", b"ecabinet-export 1\n".to_vec()),
        ("nothing", Vec::new()),
    ] {
        assert_eq!(code(&bytes), Some("export.malformed"), "{what}");
    }
    for len in 0..whole.len() {
        assert_eq!(code(&whole[..len]), Some("export.malformed"), "cut off at {len}");
    }
}

/// Versions, times and attributes say nothing of the content; every other byte is held to what the others say.
#[test]
fn no_byte_can_change_but_versions_times_and_attributes() {
    let whole = zip(&files());
    let read_as = |bytes: &[u8]| {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("zip"), bytes).unwrap();
        Export::read(&dir.path().join("zip")).map(|export| format!("{export:?}"))
    };
    let before = read_as(&whole).unwrap();
    let mut free = 0;
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        match read_as(&bytes) {
            Ok(after) => {
                assert_eq!(after, before, "byte {at} changes what is read");
                free += 1;
            }
            Err(error) => assert!(error.code().starts_with("export."), "{error}"),
        }
    }
    // Of each file's directory entry: the program that made it (2) and the attributes (6).
    assert_eq!(free, 5 * (2 + 6));
}
