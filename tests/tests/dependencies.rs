//! What the agent's binary is made of: it runs on every node, so what only the server needs stays out.
#![allow(clippy::unwrap_used)]

use std::process::Command;

#[test]
fn the_agent_links_no_query_engine_no_table_format_and_no_server() {
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--package",
            "kansoku-agent",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--offline",
            "--locked",
        ])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(
        tree.status.success(),
        "{}",
        String::from_utf8_lossy(&tree.stderr)
    );
    let tree = String::from_utf8(tree.stdout).unwrap();
    let crates: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    // So that the test fails when the listing changes its form.
    for there in ["kansoku-agent", "agent", "wire", "catalogue", "arrow-ipc"] {
        assert!(
            crates.contains(&there),
            "{there} is not in the tree:\n{tree}"
        );
    }
    let banned = [
        "datafusion",
        "parquet",
        "deltalake",
        "delta_kernel",
        "object_store",
        "kube",
        "k8s",
        "sqlparser",
    ];
    let ours = ["server", "store", "query"];
    for name in crates {
        assert!(
            !banned.iter().any(|banned| name.starts_with(banned)),
            "{name} is linked into the agent"
        );
        assert!(!ours.contains(&name), "{name} is linked into the agent");
    }
}
