//! Writes what the fuzzer begins with: `ecabinet-fuzz-seeds CORPUS [EXPORT]...`, into a folder for each target.

use ecabinet_oracles::seeds;
use ecabinet_record::{export::Export, hash};
use std::path::{Path, PathBuf};

fn main() {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let corpus = args.next().expect("usage: ecabinet-fuzz-seeds CORPUS [EXPORT]...");
    write(&corpus, seeds::of_vectors());
    for path in args {
        let export = Export::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        write(&corpus, seeds::of_export(&export));
    }
}

fn write(corpus: &Path, seeds: seeds::Seeds) {
    for (target, bytes) in seeds {
        let folder = corpus.join(target);
        std::fs::create_dir_all(&folder).expect("a folder");
        let name = hash::sha256(&bytes).to_string();
        std::fs::write(folder.join(&name[..40]), bytes).expect("written");
    }
}
