use super::*;
use std::path::Path;

fn toml(text: &str) -> Read {
    read_file(&FileText {
        path: "kansoku.toml".into(),
        text: text.to_owned(),
    })
}

fn cloudwatch(text: &str) -> Read {
    read_cloudwatch(&FileText {
        path: "cwagentconfig.json".into(),
        text: text.to_owned(),
    })
}

fn given(read: &Read) -> Vec<(&str, &str)> {
    read.given
        .iter()
        .map(|given| (given.key.path, given.text.as_str()))
        .collect()
}

fn faults(read: &Read) -> Vec<String> {
    read.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn values_of_the_file_know_their_lines() {
    let read = toml(
        "cluster = \"demo\"\n\n[agent]\ninterval = \"5s\"\n[agent.spool]\nmax_bytes = 1_048_576\n",
    );
    assert_eq!(faults(&read), [""; 0]);
    let mut lines: Vec<(String, &str)> = read
        .given
        .iter()
        .map(|g| (g.origin.to_string(), g.text.as_str()))
        .collect();
    lines.sort();
    assert_eq!(
        lines,
        [
            ("kansoku.toml:1".to_owned(), "demo"),
            ("kansoku.toml:4".to_owned(), "5s"),
            ("kansoku.toml:6".to_owned(), "1048576")
        ]
    );
}

#[test]
fn every_fault_of_a_file_is_told_with_its_line() {
    let read = toml(
        "clustre = \"demo\"\ninsecure = \"maybe\"\nlisten = 4780\ninterval = \"5s\"\n[agent]\nintervall = \"5s\"\n\
         token = \"secret\"\nspool = 3\n[nothing.like.it]\na = 1\n[server]\nretention = [1, 2]\n",
    );
    assert_eq!(
        faults(&read),
        [
            "kansoku.toml:1: clustre: there is no such key; did you mean cluster?",
            "kansoku.toml:3: listen: is an integer; write listen = \"127.0.0.1:4780\"",
            "kansoku.toml:4: interval: there is no such key; did you mean agent.interval?",
            "kansoku.toml:6: agent.intervall: there is no such key; did you mean agent.interval?",
            "kansoku.toml:7: agent.token: a secret does not belong into this file; use the environment variable \
             KANSOKU_AGENT_TOKEN",
            "kansoku.toml:8: agent.spool: is a table of keys; write [agent.spool] and them below it",
            "kansoku.toml:9: nothing: there is no such key",
            "kansoku.toml:12: server.retention: is a table of keys; write [server.retention] and them below it",
        ]
    );
    // Whether "maybe" is a flag is for the one who knows the kinds.
    assert_eq!(given(&read), [("insecure", "maybe")]);
}

#[test]
fn what_is_not_toml_is_told_with_its_line() {
    let read = toml("cluster = \"demo\"\nlisten = \n[agent\n");
    let faults = faults(&read);
    assert!(faults.len() >= 2, "{faults:?}");
    assert!(
        faults[0].starts_with("kansoku.toml:2: not TOML: "),
        "{faults:?}"
    );
    assert_eq!(given(&read)[0], ("cluster", "demo"));
}

#[test]
fn the_environment_is_read_and_kubernetes_own_variables_are_left_alone() {
    let read = read_environment(
        &[
            ("KANSOKU_AGENT_SPOOL_MAX_BYTES", "1GiB"),
            ("KANSOKU_LISTEN", ""),
            ("KANSOKU_CONFIG", "/etc/x"),
            ("KANSOKU_AGENT_INTERVALL", "5s"),
            ("KANSOKU_PORT", "tcp://10.0.0.1:4780"),
            ("KANSOKU_SERVICE_HOST", "10.0.0.1"),
            ("KANSOKU_SERVER_PORT_4780_TCP_ADDR", "10.0.0.1"),
            ("PATH", "/bin"),
        ]
        .map(|(n, v)| (n.to_owned(), v.to_owned())),
    );
    assert_eq!(given(&read), [("agent.spool.max_bytes", "1GiB")]);
    assert_eq!(
        read.warnings,
        [
            "environment variable KANSOKU_AGENT_INTERVALL is not used; did you mean KANSOKU_AGENT_INTERVAL?"
        ]
    );
}

#[test]
fn the_cloudwatch_agent_s_file_is_taken_as_it_is() {
    let read = cloudwatch(
        r#"{"agent": {"region": "us-east-1", "debug": true, "credentials": {"role_arn": "arn:aws:iam::1:role/x"}},
            "logs": {"metrics_collected": {"kubernetes": {"cluster_name": "demo", "metrics_collection_interval": 45,
                "enhanced_container_insights": true, "tag_service": false}}, "force_flush_interval": 5}}"#,
    );
    assert_eq!(faults(&read), [""; 0]);
    assert_eq!(
        given(&read),
        [
            ("cluster", "demo"),
            ("agent.cloudwatch.region", "us-east-1"),
            ("agent.interval", "30s"),
            ("agent.flush_interval", "5s"),
            ("agent.cloudwatch.enhanced", "true"),
        ]
    );
    assert_eq!(
        read.given[2].origin.to_string(),
        format!(
            "cwagentconfig.json: {}",
            "logs.metrics_collected.kubernetes.metrics_collection_interval"
        )
    );
    assert_eq!(
        read.warnings,
        [
            "cwagentconfig.json: logs.metrics_collected.kubernetes.metrics_collection_interval = 45 is taken as 30 seconds",
            "cwagentconfig.json: not used here: agent.credentials.role_arn, agent.debug, \
             logs.metrics_collected.kubernetes.tag_service",
        ]
    );
}

#[test]
fn the_cloudwatch_agent_s_defaults_hold_for_its_file() {
    let read = cloudwatch(r#"{"logs": {"metrics_collected": {"kubernetes": {}}}}"#);
    assert_eq!(
        given(&read),
        [("agent.interval", "60s"), ("agent.flush_interval", "5s")]
    );
    assert_eq!((faults(&read).len(), read.warnings.len()), (0, 0));
    // The agent's own interval counts where kubernetes has none; 172800 is the longest there.
    let read = cloudwatch(r#"{"agent": {"metrics_collection_interval": 172800}}"#);
    assert_eq!(given(&read)[0], ("agent.interval", "300s"));
}

#[test]
fn an_endpoint_of_ones_own_is_the_server_and_one_of_aws_is_not() {
    let server = |endpoint: &str| {
        let read = cloudwatch(&format!(
            r#"{{"logs": {{"endpoint_override": "{endpoint}"}}}}"#
        ));
        assert_eq!(faults(&read), [""; 0]);
        let given = read
            .given
            .into_iter()
            .find(|g| g.key.path == "agent.server");
        // What is not taken is told of.
        assert_eq!(given.is_none(), read.warnings.len() == 1, "{endpoint}");
        given.map(|given| given.text)
    };
    let own = "http://kansoku-server.kansoku:4780";
    assert_eq!(server(own).as_deref(), Some(own));
    for other in [
        "https://logs.eu-west-1.amazonaws.com",
        "https://vpce-1.logs.cn-north-1.vpce.amazonaws.com.cn/x",
        "logs.us-east-1.amazonaws.com",
        "kansoku:4780",
    ] {
        assert_eq!(server(other), None, "{other}");
    }
}

#[test]
fn faults_of_the_cloudwatch_agent_s_file_name_its_keys() {
    let read = cloudwatch(
        r#"{"agent": {"region": 3}, "logs": {"force_flush_interval": 0, "metrics_collected": {"kubernetes":
            {"enhanced_container_insights": "yes", "metrics_collection_interval": -1}}}}"#,
    );
    assert_eq!(
        faults(&read),
        [
            "cwagentconfig.json: agent.region: is 3, and must be a string",
            "cwagentconfig.json: logs.metrics_collected.kubernetes.metrics_collection_interval: is -1, and must be a \
             whole number of seconds from 1 on",
            "cwagentconfig.json: logs.force_flush_interval: is 0, and must be a whole number of seconds from 1 on",
            "cwagentconfig.json: logs.metrics_collected.kubernetes.enhanced_container_insights: is \"yes\", and must \
             be true or false",
        ]
    );
    assert_eq!(
        faults(&cloudwatch("[]")),
        ["cwagentconfig.json: the file: is not a JSON object"]
    );
    assert!(
        faults(&cloudwatch("{"))[0].starts_with("cwagentconfig.json: the file: is not JSON: EOF")
    );
}

#[test]
fn files_are_gathered_and_named_ones_must_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kansoku.toml");
    let json = folder.path().join("cwagentconfig.json");
    std::fs::write(
        &path,
        format!(
            "[agent]\ncwagentconfig = {:?}\n",
            json.display().to_string()
        ),
    )
    .unwrap();

    let error = Sources::gather(crate::Role::Agent, Some(&path), Vec::new())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("kansoku.toml:2: file = ") && error.contains("cannot be read: No such file"),
        "{error}"
    );

    std::fs::write(&json, "{}").unwrap();
    let sources = Sources::gather(crate::Role::Agent, Some(&path), Vec::new()).unwrap();
    assert_eq!(sources.cloudwatch.unwrap().text, "{}");
    assert!(sources.file.is_some());

    let sources = Sources::gather(crate::Role::Agent, Some(&json), Vec::new()).unwrap();
    assert_eq!(
        (sources.cloudwatch.is_some(), sources.file.is_some()),
        (true, false)
    );

    let error = Sources::gather(
        crate::Role::Server,
        Some(Path::new("nowhere.toml")),
        Vec::new(),
    )
    .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("option --config: file = \"nowhere.toml\": cannot be read"),
        "{error}"
    );
}
