//! The page of this cluster in a browser, beside what kubectl says (`ui/tests/kubernetes`).

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use kansoku_tests::{Installed, Kubernetes, Rung};

/// Verdicts are made once a minute, and a crash loop needs a few ends.
const LONG: Duration = Duration::from_secs(240);

#[test]
fn the_page_shows_what_kubectl_shows() {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui");
    let chromium = std::env::var("KANSOKU_CHROMIUM").unwrap_or("/usr/bin/chromium".to_owned());
    if !ui.join("node_modules/@playwright/test").exists() || !Path::new(&chromium).exists() {
        println!(
            "skipped: there is no Chromium, or the page's packages are not installed; ./test browser installs both"
        );
        return;
    }
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    kubernetes.workloads();
    let installed = Installed::on(&kubernetes, Rung::Node);
    let http = installed.http();
    for (pod, words) in [
        ("crasher-%", "'crash-looping'"),
        ("oomer", "'oom-killed', 'crash-looping'"),
        ("childoom", "'oom-killed'"),
        ("noimage", "'image-pull'"),
        ("badconfig", "'cannot-start'"),
        ("unschedulable", "'pending'"),
        ("notready", "'not-ready'"),
    ] {
        installed.eventually(&format!("{pod} has no verdict of {words}"), LONG, || {
            let rows = http.sql(&format!(
                "SELECT word FROM verdict WHERE namespace = 'trouble' AND entity_kind = 'Pod' AND entity_name LIKE '{pod}' \
                 AND word IN ({words}) AND time > now() - interval '3 minutes'"
            ));
            (!rows.is_empty()).then_some(())
        });
    }
    let output = Command::new("npx")
        .args(["--no-install", "playwright", "test", "--config"])
        .arg("playwright.kubernetes.config.ts")
        .current_dir(&ui)
        .env("KANSOKU_URL", http.base())
        .env("KUBECONFIG", kubernetes.kubeconfig())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    println!("{said}");
}
