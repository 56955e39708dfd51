//! A Python peer: installed once, then a process that answers one question per line, each with its own processor time.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::Context;
use serde_json::Value;

use crate::machine::Machine;

/// What a peer consists of: packages at fixed versions, and our script that asks them.
pub struct Recipe {
    pub name: &'static str,
    /// As pip takes them, one list per call: a list that begins with `--no-deps` brings nothing else along.
    pub packages: &'static [&'static [&'static str]],
    pub script: &'static str,
}

pub struct Peer {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    pub fn start(machine: &Machine, recipe: &Recipe) -> anyhow::Result<Self> {
        let folder = installed(machine, recipe)
            .with_context(|| format!("{} cannot be installed", recipe.name))?;
        let script = folder.join("peer.py");
        std::fs::write(&script, recipe.script)?;
        let mut child = Command::new(folder.join("bin/python"))
            .arg(script)
            // One thread, as ours.
            .env("OMP_NUM_THREADS", "1")
            .env("OPENBLAS_NUM_THREADS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} does not start", recipe.name))?;
        let questions = child.stdin.take().context("no standard input")?;
        let answers = child.stdout.take().context("no standard output")?;
        Ok(Self {
            child,
            questions,
            answers: BufReader::new(answers),
        })
    }

    /// The answer's fields; an `error` among them is one.
    pub fn ask(&mut self, question: &Value) -> anyhow::Result<Value> {
        writeln!(self.questions, "{question}")?;
        let mut line = String::new();
        loop {
            line.clear();
            let read = self.answers.read_line(&mut line)?;
            anyhow::ensure!(read > 0, "the peer has ended");
            // Libraries print greetings of their own.
            if line.starts_with('{') {
                break;
            }
        }
        let answer: Value = serde_json::from_str(&line)?;
        if let Some(error) = answer["error"].as_str() {
            anyhow::bail!("the peer failed: {error}");
        }
        Ok(answer)
    }

    pub fn number(&mut self, question: &Value, field: &str) -> anyhow::Result<f64> {
        let answer = self.ask(question)?;
        answer[field]
            .as_f64()
            .with_context(|| format!("the peer did not say {field}"))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself, and there is no one left to tell.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn installed(machine: &Machine, recipe: &Recipe) -> anyhow::Result<PathBuf> {
    let folder = machine.peer_folder(recipe.name)?;
    let stamp = folder.join("installed");
    let wanted = format!("{:?}\n", recipe.packages);
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(folder);
    }
    eprintln!("bench: installing {}", recipe.name);
    succeeded(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    for packages in recipe.packages {
        let mut pip = Command::new(folder.join("bin/python"));
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]);
        succeeded(pip.args(*packages))?;
    }
    std::fs::write(stamp, wanted)?;
    Ok(folder)
}

fn succeeded(command: &mut Command) -> anyhow::Result<()> {
    let program = command.get_program().display().to_string();
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{program} does not start"))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    let complaint = complaint.lines().last().unwrap_or_default();
    anyhow::ensure!(output.status.success(), "{program} failed: {complaint}");
    Ok(())
}
