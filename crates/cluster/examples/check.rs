//! Runs the checks before an installation with a kubeconfig and prints them: `check [KUBECONFIG] [CONTEXT]`.
//! With `JSON=1` in the environment, as JSON.

use std::path::PathBuf;
use std::time::Instant;

use cluster::check::{Progress, Settings, grouped, run};
use cluster::{Connection, connect_with_authorities};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let connection = Connection::AsKubectl {
        kubeconfig: arguments.next().map(PathBuf::from),
        context: arguments.next(),
    };
    let (client, authorities) = connect_with_authorities(&connection).await?;
    let settings = Settings {
        authorities,
        ..Settings::default()
    };
    let begun = Instant::now();
    let tell = |step: Progress| eprintln!("{}/{} {}", step.done, step.total, step.what);
    let findings = run(&client, &settings, &tell).await;
    eprintln!("{} findings in {:?}", findings.len(), begun.elapsed());
    if std::env::var_os("JSON").is_some() {
        println!("{}", serde_json::to_string_pretty(&findings)?);
        return Ok(());
    }
    for group in grouped(&findings) {
        let finding = group.finding;
        println!(
            "{:8} {} ({}): {}",
            finding.result.word(),
            finding.title,
            group.subject(),
            finding.found
        );
        for line in finding.remedy.iter().flat_map(|remedy| remedy.lines()) {
            println!("         | {line}");
        }
    }
    Ok(())
}
