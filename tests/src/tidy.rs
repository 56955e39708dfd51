//! The rules of the house that a machine can check: what files look like, and who may name what.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of ours, with its path from the repository's root.
struct File {
    path: String,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package lies in the repository")
        .to_owned()
}

/// Every file with this ending in the folders that hold our code.
fn files(ending: &str) -> Vec<File> {
    let mut found = Vec::new();
    for folder in ["api", "worker", "shared", "tests", "migrations"] {
        collect(&root().join(folder), ending, &mut found);
    }
    assert!(!found.is_empty(), "there is no file {ending}");
    found
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            collect(&path, ending, found);
        } else if path.to_string_lossy().ends_with(ending) {
            let inside = path
                .strip_prefix(root())
                .expect("it lies in the repository");
            found.push(File {
                path: inside.to_string_lossy().into_owned(),
                text: fs::read_to_string(&path).expect("our files are UTF-8"),
            });
        }
    }
}

impl File {
    fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }

    /// Lines that are not comments.
    fn code(&self) -> impl Iterator<Item = &str> {
        self.text
            .lines()
            .filter(|line| !line.trim_start().starts_with(['/', '#']) || line.contains("#["))
    }

    fn names(&self, word: &str) -> bool {
        self.code().any(|line| contains_word(line, word))
    }
}

/// `sqlx` is in `sqlx::query`, not in `rookery_sqlx_free`.
fn contains_word(line: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// Fails with every file that breaks a rule, not only the first.
fn assert_none(rule: &str, broken: impl Iterator<Item = String>) {
    let broken: Vec<String> = broken.collect();
    assert!(broken.is_empty(), "{rule}: {broken:#?}");
}

#[test]
fn every_file_says_what_is_in_it() {
    let silent = files(".rs").into_iter().filter(|file| {
        let first = file.text.split("\n\n").next().unwrap_or_default();
        let sentence = first
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .take_while(|line| !line.is_empty())
            .collect::<String>();
        // Long enough to say something, and ended: a sentence.
        sentence.len() < 12 || !sentence.contains('.')
    });
    assert_none(
        "a file opens with a sentence in //!",
        silent.map(|file| file.path),
    );
}

#[test]
fn no_file_is_longer_than_its_subject() {
    const MOST_LINES: usize = 500;
    let long = files(".rs")
        .into_iter()
        .map(|file| (file.text.lines().count(), file.path))
        .filter(|(lines, _)| *lines > MOST_LINES);
    assert_none(
        "a file has at most 500 lines",
        long.map(|(lines, path)| format!("{path}: {lines}")),
    );
}

#[test]
fn nothing_is_named_for_being_a_rest() {
    let rests = files(".rs").into_iter().filter(|file| {
        ["utils", "util", "helpers", "common", "misc"]
            .iter()
            .any(|rest| {
                file.path
                    .split(['/', '.'])
                    .any(|part| part.eq_ignore_ascii_case(rest))
            })
    });
    assert_none(
        "a file is named for what it does",
        rests.map(|file| file.path),
    );
}

#[test]
fn lints_are_expected_and_never_allowed() {
    // Put together here, or this file would find itself.
    let attribute = ["allow", "("].concat();
    let allowing = files(".rs").into_iter().filter(|file| {
        file.text.lines().any(|line| {
            let line = line.trim_start();
            (line.starts_with("#[") || line.starts_with("#![")) && line.contains(&attribute)
        })
    });
    assert_none(
        "`expect` a lint, with its reason",
        allowing.map(|file| file.path),
    );
}

#[test]
fn only_the_shared_crates_know_sql() {
    let may = |file: &File| {
        file.is_in("tests/") || file.is_in("shared/") && !file.is_in("shared/engines/")
    };
    let naming = files(".rs")
        .into_iter()
        .chain(files("Cargo.toml"))
        .filter(|file| !may(file) && file.names("sqlx"));
    assert_none("only shared/ names sqlx", naming.map(|file| file.path));
}

#[test]
fn only_the_queue_knows_apalis() {
    // The benchmark measures the stock storage as a peer.
    let may = |file: &File| {
        file.is_in("shared/queue/") || file.is_in("tests/bench/") || file.is_in("tests/Cargo.toml")
    };
    let naming = files(".rs")
        .into_iter()
        .chain(files("Cargo.toml"))
        .filter(|file| !may(file) && !file.is_in("tests/src/tidy.rs"))
        .filter(|file| {
            ["apalis", "apalis_core", "apalis_redis", "apalis-redis"]
                .iter()
                .any(|word| file.names(word))
        });
    assert_none(
        "only shared/queue names apalis",
        naming.map(|file| file.path),
    );
}

#[test]
fn engines_know_no_world_around_them() {
    let outside = [
        "SystemTime",
        "Instant",
        "std::env",
        "std::fs",
        "std::net",
        "std::process",
        "tokio",
        "thread_rng",
        "rand::rng",
        "from_os_rng",
    ];
    // A program around an engine (a UCI front end) is its world: that one may.
    let engines = files(".rs").into_iter().filter(|file| {
        file.is_in("shared/engines/")
            && file.path.contains("/src/")
            && !file.path.contains("/src/bin/")
    });
    let knowing = engines.flat_map(|file| {
        outside
            .iter()
            .filter(|word| file.names(word))
            .map(|word| format!("{}: {word}", file.path))
            .collect::<Vec<_>>()
    });
    assert_none(
        "an engine gets time, seeds and the stop flag as arguments",
        knowing,
    );
}

/// The crates of ours that each folder's manifest may depend on: one way, as the design says.
const ALLOWED: &[(&str, &[&str])] = &[
    (
        "api/",
        &[
            "rookery-shared",
            "rookery-queue",
            "rookery-theory",
            "rookery-chess",
            "rookery-characters",
        ],
    ),
    (
        "worker/",
        &[
            "rookery-shared",
            "rookery-queue",
            "rookery-theory",
            "rookery-chess",
            "rookery-characters",
        ],
    ),
    (
        "shared/Cargo.toml",
        &[
            "rookery-queue",
            "rookery-theory",
            "rookery-chess",
            "rookery-characters",
        ],
    ),
    ("shared/queue/", &[]),
    ("shared/engines/", &[]),
];

#[test]
fn dependencies_run_one_way() {
    let mut judged = 0;
    let mut broken = Vec::new();
    for file in files("Cargo.toml") {
        let Some((_, allowed)) = ALLOWED.iter().find(|(folder, _)| file.is_in(folder)) else {
            assert!(file.is_in("tests/"), "{} is not in the table", file.path);
            continue;
        };
        judged += 1;
        for line in file.code().filter(|line| line.starts_with("rookery-")) {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if !allowed.contains(&name) {
                broken.push(format!("{}: {name}", file.path));
            }
        }
    }
    assert!(judged >= ALLOWED.len(), "a folder of the table is gone");
    assert_none("dependencies run one way", broken.into_iter());
}

#[test]
fn migrations_are_named_by_time_and_deed() {
    let mut times = Vec::new();
    let misnamed = files(".sql").into_iter().filter(|file| {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let (time, deed) = name.split_once('_').unwrap_or_default();
        times.push(time.to_owned());
        let is_time = time.len() == 14 && time.bytes().all(|byte| byte.is_ascii_digit());
        let deed = deed.trim_end_matches(".sql");
        let words = deed.split('_');
        let is_deed = deed.contains('_')
            && words.clone().all(|word| {
                !word.is_empty()
                    && word
                        .bytes()
                        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            });
        !is_time || !is_deed
    });
    assert_none(
        "a migration is named YYYYMMDDHHMMSS_verb_area_object.sql",
        misnamed.map(|file| file.path),
    );
    let all = times.len();
    times.sort();
    times.dedup();
    assert_eq!(times.len(), all, "two migrations have the same time");
}
