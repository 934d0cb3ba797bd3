//! The page of the guide, from the declared keys.

use std::fmt::Write as _;

use crate::key::{Default, Key, Kind, Role};
use crate::keys;

const HEAD: &str = "\
# Configuration

<!-- Written by a test of crates/config from the keys that are declared there: KANSOKU_UPDATE=1 cargo test -p config -->

Every key is optional; the agent alone needs the cluster's name. A value is taken from the first of these that has it:

1. the command line: the option of the key, or `--set key=value` for any key;
2. the environment: the variable of the key;
3. the file: `--config FILE`, or what `KANSOKU_CONFIG` names, or `/etc/kansoku/kansoku.toml`
   (`kansoku up`: `kansoku/kansoku.toml` under `$XDG_CONFIG_HOME` or `~/.config`);
4. the CloudWatch agent's file (below);
5. the default.

The file is [TOML](https://toml.io). `agent.spool.max_bytes` is the key `max_bytes` in the table `[agent.spool]`. One
file may serve agent and server. A key that does not exist is an error that names the nearest one; all faults are
reported at once. `kansoku config print` and `kansoku-agent config print` show every key as resolved, and where its value
came from.

    cluster = \"demo\"

    [agent]
    server = \"https://kansoku.example.com\"
    interval = \"10s\"

    [server.retention]
    raw = \"7d\"

| kind | how it is written |
| --- | --- |
| duration | a whole number and a unit, `ms`, `s`, `m`, `h` or `d`: `\"10s\"`, `\"15m\"`, `\"63d\"` |
| size | a whole number of bytes, or with a unit, `KiB`, `MiB`, `GiB`, `TiB`, `kB`, `MB`, `GB` or `TB`: `\"64MiB\"` |
| percentage | `\"5%\"` |
| list | `[\"one\", \"two\"]`, on the command line and in the environment too; one text may stand alone there |
| address:port | `\"127.0.0.1:4780\"`, `\"[::1]:4780\"`, `\"0.0.0.0:4780\"` |

Secrets come from files or from the environment, and are never shown.
";

const CLOUDWATCH: &str = "\
## The CloudWatch agent's file

The agent takes a `cwagentconfig.json` as it is: named by `agent.cwagentconfig` or by `--config FILE.json`, or found at
`/etc/cwagentconfig/cwagentconfig.json` when there is no file of our own. These keys of it are used; every other one is
named in the log as not used. Our own keys override them.

| its key | ours | |
| --- | --- | --- |
| `logs.metrics_collected.kubernetes.cluster_name` | `cluster` | |
| `agent.region` | `agent.cloudwatch.region` | |
| `logs.metrics_collected.kubernetes.metrics_collection_interval`, `agent.metrics_collection_interval` | `agent.interval` | 60 when neither is there; brought down to the next interval that divides a minute, and to 5 minutes at most |
| `logs.force_flush_interval` | `agent.flush_interval` | 5 when it is not there |
| `logs.metrics_collected.kubernetes.enhanced_container_insights` | `agent.cloudwatch.enhanced` | |
| `logs.endpoint_override` | `agent.server` | when it is a URL, and none of AWS |
";

/// The text of `docs/guide/configuration.md`.
pub fn render_reference() -> String {
    let mut out = HEAD.to_owned();
    for (title, prefix) in [
        ("Everywhere", ""),
        ("The agent", "agent."),
        ("The server", "server."),
    ] {
        let _ = write!(out, "\n## {title}\n");
        for key in keys::ALL.iter().filter(|key| section(key) == prefix) {
            render(&mut out, key);
        }
    }
    out.push('\n');
    out.push_str(CLOUDWATCH);
    out
}

fn section(key: &Key) -> &'static str {
    ["agent.", "server."]
        .into_iter()
        .find(|prefix| key.path.starts_with(prefix))
        .unwrap_or_default()
}

fn render(out: &mut String, key: &Key) {
    let default = match key.default {
        Default::Value(value) => format!("`{value}`"),
        Default::Derived(words) | Default::Nothing(words) => words.to_owned(),
    };
    let bounds = key.kind.bounds();
    let kind = match key.kind {
        Kind::Count { .. }
        | Kind::Span { .. }
        | Kind::Size { .. }
        | Kind::SizeOrOff { .. }
        | Kind::Choice { .. } => {
            format!("{}, {bounds}", key.kind.word())
        }
        kind => kind.word().to_owned(),
    };
    let roles: Vec<&str> = key.roles.iter().copied().map(Role::word).collect();
    let option = key.option.map_or(String::new(), |option| {
        format!(", `--{option} {}`", key.kind.placeholder())
    });
    let place = if key.secret { "environment only: " } else { "" };
    let _ = write!(
        out,
        "\n### `{}`\n\n{}\n\n- {kind}; default: {default}\n- read by {}; {place}`{}`{option}\n",
        key.path,
        key.help,
        roles.join(", "),
        key.variable()
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page says what the code does. `KANSOKU_UPDATE=1` writes it anew.
    #[test]
    fn the_page_is_true() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../docs/guide/configuration.md"
        );
        let rendered = render_reference();
        if std::env::var_os("KANSOKU_UPDATE").is_some() {
            std::fs::write(path, &rendered).unwrap();
        }
        let written = std::fs::read_to_string(path).unwrap();
        assert!(
            written == rendered,
            "{path} is not what the keys say: run KANSOKU_UPDATE=1 cargo test -p config"
        );
    }
}
