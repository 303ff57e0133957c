//! Writes views and commands as TypeScript. `TS_RS_EXPORT_DIR=<absolute path of ui/src/lib/bindings> cargo test -p
//! ecabinet-protocol bindings` writes them; without the variable the test fails when the committed ones are stale.

use super::{Changed, command};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use ts_rs::{Config, TS, TypeVisitor};

#[test]
fn bindings_are_up_to_date() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/bindings");
    if let Some(dir) = std::env::var_os("TS_RS_EXPORT_DIR") {
        return write(&PathBuf::from(dir));
    }
    let fresh = std::env::temp_dir().join(format!("ecabinet-bindings-{}", std::process::id()));
    write(&fresh);
    let (fresh_files, committed_files) = (read(&fresh), read(&committed));
    fs::remove_dir_all(&fresh).unwrap();
    assert_eq!(
        fresh_files.keys().collect::<Vec<_>>(),
        committed_files.keys().collect::<Vec<_>>(),
        "types came or went: run `make bindings`"
    );
    for (name, text) in fresh_files {
        assert_eq!(text, committed_files[&name], "{name} is stale: run `make bindings`");
    }
}

fn write(dir: &Path) {
    let _ = fs::remove_dir_all(dir);
    fs::create_dir_all(dir).unwrap();
    let config = Config::new().with_out_dir(dir);
    command::visit(&mut Export(&config));
    Changed::export_all(&config).unwrap();
    let types = read(dir)
        .into_keys()
        .map(|file| format!("export type * from \"./{}\";\n", file.trim_end_matches(".ts")));
    let index = types.collect::<String>() + "export * from \"./commands\";\n";
    fs::write(dir.join("index.ts"), index).unwrap();
    fs::write(dir.join("commands.ts"), commands(&config)).unwrap();
    fs::write(dir.join("errors.ts"), errors()).unwrap();
}

/// What codes mean where the interface has no better words.
fn errors() -> String {
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let rows = crate::words::all().map(|words| {
        format!("  {}: {{ vi: {}, en: {} }},\n", quoted(words.code), quoted(words.vi), quoted(words.en))
    });
    let head = "// Generated from the words in `crates/protocol`. Do not edit.\n\
                export const errors: Record<string, { vi: string; en: string }> = {\n";
    head.to_owned() + &rows.collect::<String>() + "};\n"
}

/// Exports types of our own; those of the language have no file.
struct Export<'a>(&'a Config);

impl TypeVisitor for Export<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_some() {
            T::export_all(self.0).unwrap();
        }
    }
}

fn commands(config: &Config) -> String {
    let mut body = String::new();
    let mut types = std::collections::BTreeSet::new();
    for (name, args, answer, doc) in command::list(config) {
        let answer = if answer == "null" { "void".to_owned() } else { answer };
        types.extend(args.iter().cloned().chain(words(&answer)));
        let (parameter, passed) = match &args {
            Some(args) => (format!("args: {args}"), ", args"),
            None => (String::new(), ""),
        };
        let function = camel(name);
        writeln!(body, "\n/** {doc} */\nexport const {function} = ({parameter}): Promise<{answer}> => call(\"{name}\"{passed});")
            .unwrap();
    }
    let mut head = "// Generated from the list of commands in `crates/protocol`. Do not edit.\n".to_owned();
    for name in types {
        writeln!(head, "import type {{ {name} }} from \"./{name}\";").unwrap();
    }
    head + "import { call } from \"../call\";\n" + &body
}

/// The names of our own types in a TypeScript type.
fn words(answer: &str) -> impl Iterator<Item = String> {
    let words = answer.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.starts_with(char::is_uppercase) && *word != "Array").map(str::to_owned)
}

fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + &part[..1].to_uppercase() + &part[1..])
}

fn read(dir: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(dir).into_iter().flatten().flatten();
    let named = files.map(|file| (file.file_name().to_string_lossy().into_owned(), file.path()));
    named.filter_map(|(name, path)| Some((name, fs::read_to_string(path).ok()?))).collect()
}
