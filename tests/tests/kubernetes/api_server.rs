//! The API server goes away and comes back: nothing ends because of it, and the watches go on.

use std::time::Duration;

use kansoku_tests::{Installed, Kubernetes, Rung};

const SOON: Duration = Duration::from_secs(90);

#[test]
fn an_api_server_that_is_killed_ends_no_pod() {
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    kubernetes.workloads();
    let installed = Installed::on(&kubernetes, Rung::Node);
    let http = installed.http();
    let state = || {
        let sources = http.get("/api/sources").json()["sources"].clone();
        let pods = sources
            .as_array()?
            .iter()
            .find(|source| source["path"] == "/api/v1/pods")?;
        pods["state"].as_str().map(str::to_owned)
    };
    let count = |question: &str| http.sql(question)[0]["n"].as_i64().unwrap();
    installed.eventually("pods are not watched", SOON, || {
        (state()? == "ok").then_some(())
    });
    // Of pods that nothing takes away meanwhile.
    let steady = "namespace IN ('shop', 'data', 'load', 'kube-system', 'kansoku')";
    let deleted = format!("SELECT count(*) AS n FROM identity WHERE deleted AND {steady}");
    let before = count(&deleted);

    let measured = "SELECT count(*) AS n FROM pod WHERE pod = 'burner' AND time > now() - interval '15 seconds'";
    // An agent that waited for a server that was not there yet tries again by and by.
    installed.eventually("the pod is not measured", SOON, || {
        (count(measured) > 0).then_some(())
    });
    kubernetes.kill("kube-apiserver");
    for _ in 0..4 {
        std::thread::sleep(Duration::from_secs(5));
        // Agents ask it nothing.
        assert!(count(measured) > 0, "measuring waits for the API server");
    }
    let failing = state();
    kubernetes.start();
    assert_eq!(
        failing.as_deref(),
        Some("unreadable"),
        "nothing tells of it"
    );
    installed.eventually("the watches did not come back", SOON, || {
        (state()? == "ok").then_some(())
    });
    // What changes after it is seen again.
    let label = format!("seen-{}", std::process::id());
    kubernetes.kubectl(
        &[
            "-n",
            "load",
            "label",
            "pod",
            "burner",
            &format!("kansoku-test={label}"),
            "--overwrite",
        ],
        "",
    );
    installed.eventually("changes are not seen any more", SOON, || {
        let question = format!(
            "SELECT count(*) AS n FROM identity WHERE pod = 'burner' AND labels['kansoku-test'] = '{label}'"
        );
        (count(&question) > 0).then_some(())
    });
    let objects = "SELECT count(*) AS n FROM object WHERE object_kind = 'Pod' AND time > now() - interval '15 seconds'";
    installed.eventually("objects have no rows any more", SOON, || {
        (count(objects) > 0).then_some(())
    });
    assert_eq!(count(&deleted), before, "pods were taken for deleted");
}
