//! What agents and the server read, from where, as whom and by which right; what is dark, and what would light it.

use serde_json::Value;

use super::DoctorArgs;
use crate::ask::client::Client;
use crate::ask::format::Format;
use crate::exit::Failure;
use crate::print::{Align, Stdout, TextTable, bytes, count};

pub(super) fn run(args: DoctorArgs) -> Result<(), Failure> {
    let client = Client::new(&args.server)?;
    let said = client.get("/api/sources")?;
    let of_node = |value: &&Value| {
        args.node
            .as_deref()
            .is_none_or(|node| value["node"] == node)
    };
    let agents: Vec<&Value> = list(&said, "agents").filter(of_node).collect();
    let sources: Vec<&Value> = list(&said, "sources").filter(of_node).collect();
    let rungs: Vec<&Value> = list(&said, "rungs").filter(of_node).collect();
    let mut out = Stdout::lock();
    match args.format {
        Format::Json => out.line(&said.to_string())?,
        Format::Table => {
            for line in report(&agents, &rungs, &sources, args.all) {
                out.line(&line)?;
            }
        }
    }
    out.flush()?;
    if agents.is_empty() {
        let whose = args
            .node
            .map_or(String::new(), |node| format!(" of node {node}"));
        return Err(Failure::work(format!(
            "no agent{whose} has reported what it reads; an agent does so within a minute of its start"
        )));
    }
    match sources
        .iter()
        .filter(|source| state(source) == "unreadable")
        .count()
    {
        0 => Ok(()),
        unreadable => Err(Failure::work(format!(
            "{unreadable} sources cannot be read"
        ))),
    }
}

fn list<'v>(said: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    said[name].as_array().into_iter().flatten()
}

fn state(source: &Value) -> &str {
    source["state"].as_str().unwrap_or("-")
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or("-")
}

fn report(agents: &[&Value], rungs: &[&Value], sources: &[&Value], all: bool) -> Vec<String> {
    let mut lines: Vec<String> = agents.iter().map(|agent| who(agent)).collect();
    lines.extend(rungs.iter().flat_map(|rung| standing(rung)));
    for agent in agents {
        let missing = list(agent, "features").filter(|feature| feature["present"] == false);
        lines.extend(missing.map(|feature| {
            let (name, meaning) = (text(feature, "name"), text(feature, "meaning"));
            format!("{}: no {name}: {meaning}", text(agent, "node"))
        }));
    }
    let counts = ["unreadable", "absent", "untried", "ok"].map(|word| {
        let count = sources
            .iter()
            .filter(|source| state(source) == word)
            .count();
        format!("{count} {}", spoken(word))
    });
    lines.push(format!("sources: {}", counts.join(", ")));
    let shown: Vec<&&Value> = sources
        .iter()
        .filter(|source| all || matches!(state(source), "unreadable" | "absent"))
        .collect();
    if !shown.is_empty() {
        lines.push(String::new());
        lines.extend(table(&shown).lines());
    }
    lines
}

/// The agent, and as whom it reads.
fn who(agent: &Value) -> String {
    let number = |name: &str| {
        agent[name]
            .as_u64()
            .map_or("-".to_owned(), |n| n.to_string())
    };
    let capabilities: Vec<&str> = list(agent, "capabilities")
        .filter_map(Value::as_str)
        .collect();
    let capabilities = match capabilities.as_slice() {
        [] => "no capability".to_owned(),
        some => some.join(", "),
    };
    format!(
        "{}: agent {} as user {}, group {}, {capabilities}; cgroups {}; last seen {}",
        text(agent, "node"),
        text(agent, "version"),
        number("uid"),
        number("gid"),
        text(agent, "cgroup_version"),
        text(agent, "last_seen"),
    )
}

/// The rung of rights in force, what is dark on it, and what the next one would add.
fn standing(rung: &Value) -> Vec<String> {
    let node = text(rung, "node");
    let mut lines = vec![format!(
        "{node}: rung {}: {}",
        text(rung, "in_force"),
        text(rung, "title")
    )];
    lines.extend(list(rung, "lacks").map(|lack| {
        let (what, how) = (text(lack, "what"), text(lack, "how"));
        format!("{node}: dark on this rung: {what}; {how}")
    }));
    let next = &rung["next"];
    if next.is_object() {
        let adds: Vec<&str> = list(next, "adds").filter_map(Value::as_str).collect();
        lines.push(format!(
            "{node}: rung {} would add {}. It needs {}: {}",
            text(next, "rung"),
            adds.join("; "),
            text(next, "needs"),
            text(next, "how"),
        ));
    }
    lines
}

fn spoken(state: &str) -> &str {
    match state {
        "ok" => "read",
        "untried" => "not needed yet",
        other => other,
    }
}

fn table(sources: &[&&Value]) -> TextTable {
    let head = |head: &str, align| (head.to_owned(), align);
    let mut table = TextTable::new([
        head("READ BY", Align::Left),
        head("STATE", Align::Left),
        head("PATH", Align::Left),
        head("MODE", Align::Left),
        head("OWNER", Align::Left),
        head("READS", Align::Right),
        head("BYTES", Align::Right),
        head("FEEDS", Align::Left),
        head("WHAT IS MISSING", Align::Left),
    ]);
    for source in sources {
        let why = [&source["reason"], &source["missing_right"]];
        let why: Vec<&str> = why.into_iter().filter_map(Value::as_str).collect();
        table.row(vec![
            source["node"].as_str().unwrap_or("server").to_owned(),
            spoken(state(source)).to_owned(),
            text(source, "path").to_owned(),
            text(source, "mode").to_owned(),
            text(source, "owner").to_owned(),
            count(source["reads"].as_f64()),
            bytes(source["bytes"].as_f64()),
            text(source, "feeds").to_owned(),
            match why.as_slice() {
                [] => "-".to_owned(),
                some => some.join(". "),
            },
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_dark_comes_with_what_would_light_it() {
        let agent = json!({"node": "n1", "version": "0.1.0", "uid": 65534, "gid": 0, "capabilities": [],
            "cgroup_version": "v2", "last_seen": "2026-01-01T00:00:00Z",
            "features": [{"name": "kubelet", "present": false, "meaning": "volumes are dark"},
                         {"name": "cgroups", "present": true, "meaning": ""}]});
        let read = json!({"node": "n1", "path": "/proc/stat", "state": "ok", "feeds": "CPU", "reads": 5, "bytes": 2048});
        let dark = json!({"node": null, "path": "/api/v1/pods", "state": "unreadable", "feeds": "names", "reads": 0,
            "bytes": null, "reason": "forbidden", "missing_right": "list and watch on pods"});
        let lines = report(&[&agent], &[], &[&read, &dark], false);
        assert_eq!(
            lines[0],
            "n1: agent 0.1.0 as user 65534, group 0, no capability; cgroups v2; last seen 2026-01-01T00:00:00Z"
        );
        assert_eq!(lines[1], "n1: no kubelet: volumes are dark");
        assert_eq!(
            lines[2],
            "sources: 1 unreadable, 0 absent, 0 not needed yet, 1 read"
        );
        assert!(
            lines[5].starts_with("server")
                && lines[5].ends_with("forbidden. list and watch on pods")
        );
        assert_eq!(lines.len(), 6);
        assert_eq!(report(&[&agent], &[], &[&read, &dark], true).len(), 7);
        assert_eq!(report(&[&agent], &[], &[&read], false).len(), 3);
    }

    #[test]
    fn the_rung_in_force_comes_with_what_the_next_one_adds() {
        let rung = json!({"node": "n1", "in_force": "2", "title": "cgroups and logs", "has": ["lines"],
            "lacks": [{"what": "lines", "how": "run as group 0"}],
            "next": {"rung": "2 and volumes", "adds": ["volumes", "sizes"], "needs": "a right", "how": "kubectl apply"}});
        assert_eq!(
            report(&[], &[&rung], &[], false)[..3],
            [
                "n1: rung 2: cgroups and logs",
                "n1: dark on this rung: lines; run as group 0",
                "n1: rung 2 and volumes would add volumes; sizes. It needs a right: kubectl apply",
            ]
        );
        let last = json!({"node": "n1", "in_force": "2 and volumes", "title": "all", "lacks": [], "next": null});
        assert_eq!(standing(&last), ["n1: rung 2 and volumes: all"]);
    }
}
