//! Checks before an installation on a cluster.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;
use cluster::check::{Finding, Group, NAMESPACE, Outcome, Progress, Settings, grouped};
use cluster::{Connection, connect_with_authorities, in_cluster};
use serde_json::json;
use tokio::runtime::Builder;

use crate::ask::format::Format;
use crate::exit::Failure;
use crate::print::{Stdout, colour};

/// Which cluster, and as whom.
#[derive(Debug, Args)]
pub(super) struct ClusterArgs {
    /// The kubeconfig; else as kubectl finds it, or the pod's account
    #[arg(long, value_name = "FILE", requires = "cluster")]
    kubeconfig: Option<PathBuf>,

    /// A context of the kubeconfig; else the current one
    #[arg(long, value_name = "NAME", requires = "cluster")]
    context: Option<String>,

    /// The namespace that Kansoku is or will be in; else kansoku
    #[arg(long, value_name = "NAME", requires = "cluster")]
    namespace: Option<String>,
}

impl ClusterArgs {
    fn connection(&self) -> Connection {
        let named = self.kubeconfig.is_some()
            || self.context.is_some()
            || std::env::var_os("KUBECONFIG").is_some();
        if !named && in_cluster() {
            return Connection::InCluster;
        }
        Connection::AsKubectl {
            kubeconfig: self.kubeconfig.clone(),
            context: self.context.clone(),
        }
    }
}

pub(super) fn run(args: ClusterArgs, format: Format) -> Result<(), Failure> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::work(format!("no threads: {error}")))?;
    let findings = runtime.block_on(Box::pin(check(&args)))?;
    // A kubelet that does not answer must not be waited for once more.
    runtime.shutdown_background();
    let mut out = Stdout::lock();
    match format {
        Format::Json => out.line(&json!({ "findings": findings }).to_string())?,
        Format::Table => {
            for line in report(&findings, colour()) {
                out.line(&line)?;
            }
        }
    }
    out.flush()?;
    match count(&findings, Outcome::Failed) {
        0 => Ok(()),
        1 => Err(Failure::work("one check failed")),
        failed => Err(Failure::work(format!("{failed} checks failed"))),
    }
}

async fn check(args: &ClusterArgs) -> Result<Vec<Finding>, Failure> {
    let (client, authorities) = connect_with_authorities(&args.connection())
        .await
        .map_err(Failure::usage)?;
    let settings = Settings {
        namespace: args
            .namespace
            .clone()
            .unwrap_or_else(|| NAMESPACE.to_owned()),
        authorities,
        ..Settings::default()
    };
    let terminal = std::io::stderr().is_terminal() && colour();
    let tell = |step: Progress| {
        if terminal {
            let (done, total, what) = (step.done, step.total, plain(&step.what));
            let _ = write!(std::io::stderr(), "\r\x1b[K{done}/{total} {what}");
        }
    };
    let findings = cluster::check::run(&client, &settings, &tell).await;
    if terminal {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    }
    Ok(findings)
}

fn count(findings: &[Finding], outcome: Outcome) -> usize {
    let those = findings.iter().filter(|one| one.result == outcome);
    those.count()
}

/// A line for each check, with those nodes together that it says the same of; below it what to do.
fn report(findings: &[Finding], coloured: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for group in grouped(findings) {
        lines.push(head(&group, coloured));
        let remedy = group.finding.remedy.iter().flat_map(|text| text.lines());
        lines.extend(remedy.map(|line| format!("           {}", plain(line))));
    }
    let counts = [
        Outcome::Failed,
        Outcome::Warning,
        Outcome::Skipped,
        Outcome::Ok,
    ]
    .map(|outcome| format!("{} {}", count(findings, outcome), outcome.word()));
    lines.push(String::new());
    lines.push(format!("checks: {}", counts.join(", ")));
    lines
}

fn head(group: &Group<'_>, coloured: bool) -> String {
    let finding = group.finding;
    let word = format!("{:<9}", finding.result.word());
    let word = match finding.result {
        Outcome::Failed if coloured => format!("\x1b[31m{word}\x1b[0m"),
        Outcome::Warning if coloured => format!("\x1b[33m{word}\x1b[0m"),
        _ => word,
    };
    format!(
        "{word}  {}, {}: {}",
        finding.title,
        plain(&group.subject()),
        plain(&finding.found)
    )
}

/// Without control characters: texts are the API server's, and must not move the cursor.
fn plain(text: &str) -> String {
    text.replace(char::is_control, "?")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(subject: &str, result: Outcome, found: &str, remedy: Option<&str>) -> Finding {
        Finding {
            id: "node.rotation",
            title: "Rotation of logs",
            subject: subject.to_owned(),
            result,
            found: found.to_owned(),
            remedy: remedy.map(str::to_owned),
        }
    }

    #[test]
    fn nodes_of_which_the_same_is_said_are_one_line() {
        let low = |name| finding(name, Outcome::Warning, "3 MiB", Some("first\nsecond"));
        let findings = [
            low("n1"),
            finding("n2", Outcome::Ok, "50 MiB", None),
            low("n3"),
        ];
        assert_eq!(
            report(&findings, false),
            [
                "warning    Rotation of logs, n1, n3: 3 MiB",
                "           first",
                "           second",
                "ok         Rotation of logs, n2: 50 MiB",
                "",
                "checks: 0 failed, 2 warning, 0 skipped, 1 ok",
            ]
        );
        assert!(report(&findings, true)[0].starts_with("\x1b[33mwarning  \x1b[0m"));
    }

    #[test]
    fn what_the_server_said_cannot_move_the_cursor() {
        let findings = [finding("n", Outcome::Failed, "a\x1b[2Jb", None)];
        assert!(report(&findings, false)[0].ends_with("a?[2Jb"));
    }

    #[test]
    fn a_file_or_a_context_that_is_named_comes_before_the_pods_account() {
        let args = ClusterArgs {
            kubeconfig: None,
            context: Some("eu".to_owned()),
            namespace: None,
        };
        let expected = Connection::AsKubectl {
            kubeconfig: None,
            context: Some("eu".to_owned()),
        };
        assert_eq!(args.connection(), expected);
    }
}
