use crate::people::secret_file;
use crate::{Person, Ran, program, run};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// `ecabinet` on somebody's home.
pub struct Cli {
    pub home: PathBuf,
    pub secret: PathBuf,
}

impl Cli {
    /// Takes over a person's home: his app is closed.
    pub fn of(person: &mut Person) -> Cli {
        person.close();
        Cli { home: person.home.clone(), secret: person.secret_file() }
    }

    /// Of a home whose passphrase is the storytellers'.
    pub fn at(home: &Path) -> Cli {
        Cli { home: home.to_owned(), secret: secret_file(home) }
    }

    /// The command as its person would type it.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program("ecabinet"));
        command.args(args).args(["--json", "--home"]).arg(&self.home).arg("--secret-file").arg(&self.secret);
        command.env_remove("ECABINET_HOME").env_remove("ECABINET_SECRET_FILE").env_remove("ECABINET_LOG");
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        run(&mut self.command(args))
    }

    /// Runs a command that must be done; gives its answer, of the schema `<name>/1`.
    pub fn done(&self, name: &str, args: &[&str]) -> Value {
        let ran = self.run(args);
        assert_eq!(ran.exit, 0, "{args:?}: {}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.stdout.lines().count(), 1, "one object: {}", ran.stdout);
        assert_eq!(ran.json["schema"], format!("{name}/1"), "{}", ran.json);
        ran.json
    }

    /// Runs a command that must fail with this exit status; gives the error's code.
    pub fn fails(&self, exit: i32, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.exit, exit, "{args:?}: {}{}", ran.stdout, ran.stderr);
        ran.code()
    }
}

impl Ran {
    /// The code of the failure that was answered.
    pub fn code(&self) -> String {
        let error = &self.json["error"];
        assert!(
            error["params"].is_object() && error["text"].is_string(),
            "a failure in JSON: {}",
            self.stdout
        );
        error["code"].as_str().expect("a code").to_owned()
    }
}
