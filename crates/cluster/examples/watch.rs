//! Watches the cluster of a kubeconfig for a while and prints how many rows came: `watch KUBECONFIG [SECONDS]`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use cluster::{Before, Cluster, Connection, Pace, Settings, connect};
use tokio::sync::mpsc::channel;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = PathBuf::from(arguments.next().ok_or("which kubeconfig?")?);
    let seconds = arguments.next().map_or(Ok(25), |text| text.parse())?;
    let client = connect(&Connection::Kubeconfig(path)).await?;
    let settings = Settings {
        cluster: "example".to_owned(),
        interval: Duration::from_secs(10),
        annotations: Vec::new(),
        control_plane: None,
        pace: Pace::default(),
    };
    let (sender, mut rows) = channel(64);
    let cluster = Cluster::start(&client, settings, Before::default(), sender);
    let mut batches: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let end = tokio::time::sleep(Duration::from_secs(seconds));
    tokio::pin!(end);
    loop {
        tokio::select! {
            () = &mut end => break,
            Some(batch) = rows.recv() => {
                batches.entry(batch.table.name).or_default().push(batch.batch.num_rows());
            }
        }
    }
    for (table, rows) in batches {
        println!("{table}: rows in each batch {rows:?}");
    }
    for (kind, watch) in cluster.status().watches {
        println!(
            "{}: {}, {} objects, {} lists, {} faults {}",
            kind.plural(),
            watch.state.word(),
            watch.objects,
            watch.lists,
            watch.faults,
            watch.state.detail().unwrap_or_default()
        );
    }
    cluster.stop().await;
    Ok(())
}
