use super::*;
use crate::source::FileText;
use crate::value::Size;

fn machine() -> Machine {
    Machine {
        hostname: "host".to_owned(),
        data_home: Some("/home/me/.local/share".into()),
        mounted_host: None,
    }
}

fn sources(
    file: &str,
    environment: &[(&str, &str)],
    command_line: &[(&str, &str, &str)],
) -> Sources {
    Sources {
        cloudwatch: None,
        file: Some(FileText {
            path: "k.toml".into(),
            text: file.to_owned(),
        }),
        environment: environment
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect(),
        command_line: command_line
            .iter()
            .map(|(o, p, v)| ((*o).to_owned(), (*p).to_owned(), (*v).to_owned()))
            .collect(),
    }
}

fn agent_faults(file: &str) -> Vec<String> {
    let faults = load_agent(&sources(file, &[], &[]), &machine()).unwrap_err();
    faults.0.iter().map(ToString::to_string).collect()
}

#[test]
fn defaults_are_enough_for_up() {
    let loaded = load_up(&Sources::default(), &machine()).unwrap();
    let UpConfig {
        agent,
        server,
        demo,
    } = &loaded.config;
    assert_eq!(*demo, None);
    assert_eq!(
        (agent.cluster.as_str(), agent.node.as_str()),
        ("host", "host")
    );
    assert_eq!(agent.server.as_str(), "http://127.0.0.1:4780");
    assert_eq!(agent.interval, Span::seconds(10));
    assert_eq!(agent.listen, None);
    assert_eq!(
        agent.spool.dir,
        PathBuf::from("/home/me/.local/share/kansoku/spool")
    );
    assert_eq!(
        server.wal.dir,
        PathBuf::from("/home/me/.local/share/kansoku/wal")
    );
    assert_eq!(
        server.tables.location,
        "/home/me/.local/share/kansoku/tables"
    );
    assert_eq!(server.listen.to_string(), "127.0.0.1:4780");
    assert_eq!(server.retention.hour, Span::seconds(455 * 86_400));
    assert_eq!(server.query.memory, Size::new(1 << 30));
    assert!(loaded.warnings.is_empty());
    // Every key of the role is shown.
    assert_eq!(loaded.values.len(), keys::of(Role::Up).count());
}

#[test]
fn a_demo_has_a_folder_of_its_own_and_other_files_may_not_be_half_given() {
    let loaded = load_up(&sources("demo.enabled = true", &[], &[]), &machine()).unwrap();
    let data = &loaded.config.server.data;
    assert_eq!(*data, PathBuf::from("/home/me/.local/share/kansoku-demo"));
    let demo = loaded.config.demo.unwrap();
    assert_eq!(demo.scale, "nodes=3,pods=40");
    let file = "[server.metrics_api]\ncert = \"/c\"\n";
    let faults = load_up(&sources(file, &[], &[]), &machine()).unwrap_err();
    let said = faults.0[0].to_string();
    assert!(
        said.contains("needs server.metrics_api.key beside it"),
        "{said}"
    );
}

#[test]
fn the_agent_s_defaults() {
    let loaded = load_agent(&sources("cluster = \"c\"", &[], &[]), &machine()).unwrap();
    assert_eq!(
        loaded.config.spool.dir,
        PathBuf::from("/var/lib/kansoku/spool")
    );
    assert_eq!(loaded.config.listen, Some(([127, 0, 0, 1], 4781).into()));
    assert_eq!(loaded.config.memory_limit, Some(Size::mebibytes(128)));
    assert_eq!(loaded.values.len(), keys::of(Role::Agent).count());
    let loaded = load_server(&Sources::default(), &machine()).unwrap();
    assert_eq!(loaded.config.data, PathBuf::from("/var/lib/kansoku"));
    assert_eq!(loaded.values.len(), keys::of(Role::Server).count());
}

#[test]
fn later_sources_override_earlier_ones() {
    let file = "cluster = \"file\"\nnode = \"file\"\nlog = \"warn\"\n[agent]\ninterval = \"20s\"\n";
    let environment = [
        ("KANSOKU_NODE", "environment"),
        ("KANSOKU_AGENT_INTERVAL", "30s"),
        ("NODE_NAME", "pod"),
    ];
    let line = [("--interval", "agent.interval", "1s")];
    let mut all = sources(file, &environment, &line);
    all.cloudwatch = Some(FileText {
        path: "cw.json".into(),
        text: r#"{"agent": {"region": "eu-west-1"},
                  "logs": {"metrics_collected": {"kubernetes": {"cluster_name": "cw"}}}}"#
            .to_owned(),
    });
    let loaded = load_agent(&all, &machine()).unwrap();
    assert_eq!(loaded.config.cluster, "file");
    assert_eq!(loaded.config.node, "environment");
    assert_eq!(loaded.config.interval, Span::seconds(1));
    assert_eq!(
        loaded.config.cloudwatch.region.as_deref(),
        Some("eu-west-1")
    );
    let printed = loaded.print();
    let line = |path: &str| {
        printed
            .lines()
            .find(|l| l.starts_with(path))
            .unwrap()
            .split_whitespace()
            .collect::<Vec<_>>()
    };
    assert_eq!(line("cluster "), ["cluster", "file", "k.toml:1"]);
    assert_eq!(
        line("node "),
        [
            "node",
            "environment",
            "environment",
            "variable",
            "KANSOKU_NODE"
        ]
    );
    assert_eq!(
        line("agent.interval "),
        ["agent.interval", "1s", "option", "--interval"]
    );
    assert_eq!(
        line("agent.cloudwatch.region ")[..3],
        ["agent.cloudwatch.region", "eu-west-1", "cw.json:"]
    );
    assert_eq!(
        line("agent.compression "),
        ["agent.compression", "1", "default"]
    );
}

#[test]
fn a_node_s_name_comes_from_its_pod() {
    let config = |environment: &[(&str, &str)]| {
        load_agent(&sources("cluster = \"c\"", environment, &[]), &machine())
            .unwrap()
            .config
            .node
    };
    assert_eq!(
        config(&[
            ("HOST_NAME", "c"),
            ("K8S_NODE_NAME", "b"),
            ("NODE_NAME", "a")
        ]),
        "a"
    );
    assert_eq!(config(&[("HOST_NAME", "c"), ("NODE_NAME", "")]), "c");
    assert_eq!(config(&[]), "host");
}

#[test]
fn all_faults_are_told_at_once() {
    let faults = agent_faults(
        "[agent]\ninterval = \"7s\"\ncpu_limit = \"200%\"\nserver = \"kansoku\"\n[agent.spool]\nmax_bytes = \"1kB\"\n\
         [agent.tls]\ncert = \"a.pem\"\n[server.query]\ntimeout = \"soon\"\n",
    );
    assert_eq!(
        faults,
        [
            "k.toml:3: agent.cpu_limit = \"200%\": write a percentage above 0% and up to 100%, such as 5% or 0.5%",
            "k.toml:4: agent.server = \"kansoku\": write an address such as http://kansoku:4780 or \
             https://kansoku.example.com",
            "k.toml:6: agent.spool.max_bytes = \"1kB\": must be 1MiB or more, and at most 1TiB",
            "k.toml:10: server.query.timeout = \"soon\": write a whole number and a unit, such as 500ms, 10s, 15m, 2h \
             or 63d",
            "cluster: must be set: cluster = \"…\" in the file, KANSOKU_CLUSTER in the environment, or --cluster on \
             the command line",
            "k.toml:2: agent.interval = \"7s\": must divide a minute, or be a whole number of minutes: 1s, 2s, 3s, 4s, \
             5s, 6s, 10s, 12s, 15s, 20s, 30s, 1m, 2m, 3m, 4m or 5m",
            "k.toml:8: agent.tls.cert = \"a.pem\": needs agent.tls.key beside it",
        ]
    );
    let error = load_agent(&sources("a = 1\nb = 2", &[], &[]), &machine())
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("the configuration has 3 faults:\n  k.toml:1: a: there is no such key"),
        "{error}"
    );
}

#[test]
fn others_reach_the_server_only_with_tokens() {
    let load = |file: &str| load_server(&sources(file, &[], &[]), &machine());
    let error = load("listen = \"0.0.0.0:4780\"").unwrap_err().to_string();
    assert_eq!(
        error,
        "the configuration has a fault: k.toml:1: listen = \"0.0.0.0:4780\": others than this machine reach 0.0.0.0, so \
         it needs server.ingest.token_file and server.people.token_file; listen on 127.0.0.1, or set insecure = true to \
         let everybody who reaches the port read all and write rows"
    );
    let both = "[server.ingest]\ntoken_file = \"/a\"\n[server.people]\ntoken_file = \"/b\"\n";
    assert!(
        load(&format!("listen = \"0.0.0.0:4780\"\n{both}"))
            .unwrap()
            .warnings
            .is_empty()
    );
    let error = load("listen = \"[::]:1\"\n[server.ingest]\ntoken_file = \"/a\"\n")
        .unwrap_err()
        .to_string();
    assert!(error.contains("needs server.people.token_file;"), "{error}");
    let loaded = load("listen = \"0.0.0.0:4780\"\ninsecure = true").unwrap();
    assert!(loaded.config.insecure && loaded.warnings.len() == 1);
    assert!(load("listen = \"[::1]:4780\"").is_ok());
}

#[test]
fn secrets_come_from_the_environment_and_are_not_shown() {
    let environment = [
        ("KANSOKU_AGENT_TOKEN", "hush"),
        ("KANSOKU_SERVER_S3_SECRET_ACCESS_KEY", "hush"),
    ];
    let loaded = load_up(&sources("", &environment, &[]), &machine()).unwrap();
    assert_eq!(
        loaded
            .config
            .server
            .tables
            .secret_access_key
            .as_ref()
            .unwrap()
            .reveal(),
        "hush"
    );
    assert!(!loaded.print().contains("hush") && !format!("{loaded:?}").contains("hush"));
    let loaded = load_agent(&sources("cluster = \"c\"", &environment, &[]), &machine()).unwrap();
    assert_eq!(loaded.config.token.as_ref().unwrap().reveal(), "hush");
    assert!(!loaded.print().contains("hush") && !format!("{loaded:?}").contains("hush"));

    let line = [("--set", "agent.token", "hush")];
    let error = load_agent(&sources("cluster = \"c\"", &[], &line), &machine())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("KANSOKU_AGENT_TOKEN") && !error.contains("hush"),
        "{error}"
    );
    let bad = [("KANSOKU_AGENT_TOKEN", "hush\u{1}")];
    let error = load_agent(&sources("cluster = \"c\"", &bad, &[]), &machine())
        .unwrap_err()
        .to_string();
    assert!(!error.contains("hush"), "{error}");
}

#[test]
fn a_token_is_not_sent_in_the_clear_without_a_warning() {
    let file = |server: &str| {
        sources(
            &format!("cluster = \"c\"\n[agent]\nserver = \"{server}\"\ntoken_file = \"/t\""),
            &[],
            &[],
        )
    };
    assert_eq!(
        load_agent(&file("http://kansoku:4780"), &machine())
            .unwrap()
            .warnings
            .len(),
        1
    );
    assert_eq!(
        load_agent(&file("http://127.0.0.1:4780"), &machine())
            .unwrap()
            .warnings
            .len(),
        0
    );
    assert_eq!(
        load_agent(&file("https://kansoku"), &machine())
            .unwrap()
            .warnings
            .len(),
        0
    );
}

#[test]
fn an_unknown_key_on_the_command_line_is_a_fault() {
    let line = [("--set", "agent.intervall", "1s")];
    let error = load_agent(&sources("cluster = \"c\"", &[], &line), &machine())
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with(
            "option --set: agent.intervall: there is no such key; did you mean agent.interval?"
        ),
        "{error}"
    );
}

#[test]
fn up_reaches_itself_by_the_port_it_got() {
    let loaded = load_up(
        &sources("listen = \"0.0.0.0:0\"\ninsecure = true", &[], &[]),
        &machine(),
    )
    .unwrap();
    let agent = loaded.config.agent_for(([0, 0, 0, 0], 5000).into());
    assert_eq!(agent.server.as_str(), "http://127.0.0.1:5000");
    let agent = loaded.config.agent_for("[::]:5000".parse().unwrap());
    assert_eq!(agent.server.as_str(), "http://[::1]:5000");
}

#[test]
fn intervals_fall_on_minutes() {
    let allowed: Vec<u64> = (0..=400).filter(|s| is_interval(*s)).collect();
    assert_eq!(
        allowed,
        [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 300]
    );
}

#[test]
fn an_agent_in_a_pod_finds_the_server_by_its_service() {
    let server = |environment: &[(&str, &str)]| {
        let sources = sources("cluster = \"demo\"", environment, &[]);
        load_agent(&sources, &machine()).unwrap().config.server
    };
    assert_eq!(server(&[]).as_str(), "http://127.0.0.1:4780");
    let pod = ("KUBERNETES_SERVICE_HOST", "10.96.0.1");
    assert_eq!(
        server(&[pod]).as_str(),
        "http://kansoku-server.kansoku:4780"
    );
    let service = [
        pod,
        ("KANSOKU_SERVER_SERVICE_HOST", "10.96.0.9"),
        ("KANSOKU_SERVER_SERVICE_PORT", "80"),
    ];
    assert_eq!(server(&service).as_str(), "http://10.96.0.9:80");
    assert_eq!(
        server(&[("KANSOKU_SERVER_SERVICE_HOST", "fd00::9")]).as_str(),
        "http://[fd00::9]:4780"
    );
    let typed = [
        service[1],
        ("KANSOKU_AGENT_SERVER", "https://k.example.com"),
    ];
    assert_eq!(server(&typed).as_str(), "https://k.example.com");
}

#[test]
fn the_kubelet_is_at_the_nodes_address_and_asked_only_when_wanted() {
    let agent = |text: &str, environment: &[(&str, &str)]| {
        let file = format!("cluster = \"demo\"\n{text}");
        load_agent(&sources(&file, environment, &[]), &machine())
    };
    assert_eq!(agent("", &[]).unwrap().config.kubelet, None);
    let on = "[agent.kubelet]\nenabled = true\n";
    let url = |environment: &[(&str, &str)]| {
        let kubelet = agent(on, environment).unwrap().config.kubelet.unwrap();
        assert!(!kubelet.insecure);
        kubelet.url.as_str().to_owned()
    };
    assert_eq!(url(&[]), "https://host:10250");
    assert_eq!(url(&[("NODE_NAME", "node-1")]), "https://node-1:10250");
    assert_eq!(
        url(&[("NODE_NAME", "node-1"), ("HOST_IP", "10.0.0.7")]),
        "https://10.0.0.7:10250"
    );
    assert_eq!(url(&[("HOST_IP", "fd00::7")]), "https://[fd00::7]:10250");
    let insecure = agent("[agent.kubelet]\nenabled = true\ninsecure = true\n", &[]).unwrap();
    assert!(
        insecure
            .warnings
            .iter()
            .any(|w| w.contains("is shown the token"))
    );
    // Without the host and without the kubelet no pod would have a row.
    let faults = agent("[agent.host]\nmounted = false\n", &[]).unwrap_err();
    assert!(
        faults.to_string().contains("no pod would be measured"),
        "{faults}"
    );
    let both = "[agent.host]\nmounted = false\n[agent.kubelet]\nenabled = true\n";
    assert!(!agent(both, &[]).unwrap().config.host.mounted);
}

#[test]
fn a_host_mounted_at_rootfs_is_found() {
    let machine = Machine {
        mounted_host: Some("/rootfs".into()),
        ..machine()
    };
    let host = |text: &str| {
        let file = format!("cluster = \"demo\"\n{text}");
        load_agent(&sources(&file, &[], &[]), &machine)
            .unwrap()
            .config
            .host
    };
    let found = host("");
    let paths = [&found.proc, &found.sys, &found.var_log, &found.root];
    assert_eq!(
        paths.map(|path| path.to_str().unwrap()),
        ["/rootfs/proc", "/sys", "/rootfs/var/log", "/rootfs"]
    );
    assert_eq!(
        host("[agent.host]\nproc = \"/p\"\n").proc,
        PathBuf::from("/p")
    );
}
