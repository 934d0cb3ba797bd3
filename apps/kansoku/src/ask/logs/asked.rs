//! From words on the command line to the body of a request.

use serde_json::{Map, Value, json};

use super::LogsArgs;
use super::names::PodName;
use crate::ask::client::{AskError, Client};
use crate::ask::moment::moment;
use crate::exit::Failure;

/// How far back lines are looked for when nothing else is said.
const SINCE: &str = "-24h";
/// Levels, the worst last.
const LEVELS: &[&str] = &["trace", "debug", "info", "warn", "error", "fatal"];
/// What the ledger can be filtered by, too.
const LEDGER_COLUMNS: &[&str] = &[
    "cluster",
    "node",
    "namespace",
    "pod",
    "pod_uid",
    "container",
];

/// What is asked for, whichever route it goes to.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// Conditions on columns, without pods.
    filters: Map<String, Value>,
    pods: Vec<PodName>,
    /// The text of all conditions on messages; empty for none.
    query: String,
    start: String,
    end: Option<String>,
}

impl Asked {
    /// Reads the arguments.
    pub(super) fn new(args: &LogsArgs) -> Result<Asked, Failure> {
        let pods = args.pods.iter().map(|word| {
            PodName::parse(word).ok_or_else(|| {
                Failure::usage(format!(
                    "{word}: name pods, or deployment/NAME, statefulset/NAME, daemonset/NAME or job/NAME"
                ))
            })
        });
        Ok(Asked {
            filters: filters(args)?,
            pods: pods.collect::<Result<_, _>>()?,
            query: query(args)?,
            start: args
                .since
                .as_deref()
                .map_or_else(|| SINCE.to_owned(), moment),
            end: args.until.as_deref().map(moment),
        })
    }

    /// Finds out which words are whole names: `web-1` is that pod and not `web-10` too, if there is a `web-1`.
    pub(super) fn settle_names(&mut self, client: &Client) -> Result<(), AskError> {
        for at in 0..self.pods.len() {
            let PodName::Either(name) = &self.pods[at] else {
                continue;
            };
            let mut filters = self.filters.clone();
            filters.insert("pod".to_owned(), json!(name));
            let mut body = json!({"start": self.start, "filters": filters, "limit": 1});
            if let Some(end) = &self.end {
                body["end"] = json!(end);
            }
            let answer = client.post("/api/logs", body.to_string().as_bytes())?;
            let there = answer["lines"]
                .as_array()
                .is_some_and(|lines| !lines.is_empty());
            self.pods[at] = if there {
                PodName::Exact(name.clone())
            } else {
                PodName::Pattern(format!("{name}*"))
            };
        }
        Ok(())
    }

    /// Whether everything is of one namespace.
    pub(super) fn one_namespace(&self) -> bool {
        self.filters
            .get("namespace")
            .and_then(Value::as_array)
            .is_some_and(|names| {
                names.len() == 1
                    && names
                        .iter()
                        .all(|name| name.as_str().is_some_and(|name| !name.contains('*')))
            })
    }

    /// Since when, as the server reads it.
    pub(super) fn start(&self) -> &str {
        &self.start
    }

    /// Conditions and text, for a live tail.
    pub(super) fn conditions(&self) -> Map<String, Value> {
        let mut body = Map::new();
        let mut filters = self.filters.clone();
        if !self.pods.is_empty() {
            filters.insert("pod".to_owned(), self.pod_filter());
        }
        if !filters.is_empty() {
            body.insert("filters".to_owned(), Value::Object(filters));
        }
        if !self.query.is_empty() {
            body.insert("query".to_owned(), json!(self.query));
        }
        body
    }

    /// Conditions, text and range of time, for lines and what is counted of them.
    pub(super) fn body(&self) -> Map<String, Value> {
        let mut body = self.conditions();
        self.range(&mut body);
        body
    }

    /// Range and those conditions that the ledger has columns for.
    pub(super) fn ledger_body(&self) -> Map<String, Value> {
        let mut body = self.conditions();
        body.remove("query");
        if let Some(Value::Object(filters)) = body.get_mut("filters") {
            filters.retain(|column, _| LEDGER_COLUMNS.contains(&column.as_str()));
        }
        self.range(&mut body);
        body
    }

    fn range(&self, body: &mut Map<String, Value>) {
        body.insert("start".to_owned(), json!(self.start));
        if let Some(end) = &self.end {
            body.insert("end".to_owned(), json!(end));
        }
    }

    fn pod_filter(&self) -> Value {
        let names = self.pods.iter().map(|pod| match pod {
            PodName::Exact(name) | PodName::Pattern(name) => name.clone(),
            PodName::Either(name) => format!("{name}*"),
        });
        json!(names.collect::<Vec<_>>())
    }
}

fn filters(args: &LogsArgs) -> Result<Map<String, Value>, Failure> {
    let mut any: Vec<(String, Vec<String>)> = Vec::new();
    let mut none: Vec<(String, Vec<String>)> = Vec::new();
    let mut add = |to_none: bool, column: &str, value: &str| {
        let all = if to_none { &mut none } else { &mut any };
        match all.iter_mut().find(|(known, _)| known == column) {
            Some((_, values)) => values.push(value.to_owned()),
            None => all.push((column.to_owned(), vec![value.to_owned()])),
        }
    };
    for (column, values) in [
        ("namespace", &args.namespace),
        ("container", &args.container),
        ("node", &args.node),
        ("stream", &args.stream),
    ] {
        for value in values {
            add(false, column, value);
        }
    }
    for word in &args.level {
        for level in levels(word)? {
            add(false, "level", level);
        }
    }
    for selector in &args.selector {
        let (column, value, not) = selected(selector).ok_or_else(|| {
            Failure::usage(format!(
                "--selector {selector}: write COLUMN=VALUE or COLUMN!=VALUE, such as stream=stderr"
            ))
        })?;
        add(not, column, value);
    }
    let mut filters = Map::new();
    for (column, values) in any {
        filters.insert(column, json!(values));
    }
    for (column, values) in none {
        if filters.contains_key(&column) {
            return Err(Failure::usage(format!(
                "{column} is asked for and left out at the same time: say one of them in --query, as -{column}:{}",
                values.join(",")
            )));
        }
        filters.insert(column, json!({"not": values}));
    }
    Ok(filters)
}

/// Column, value and whether it is left out.
fn selected(text: &str) -> Option<(&str, &str, bool)> {
    let (column, value) = text.split_once('=')?;
    let (column, not) = match column.strip_suffix('!') {
        Some(column) => (column, true),
        None => (column, false),
    };
    let value = value.strip_prefix('=').unwrap_or(value);
    (!column.trim().is_empty()).then_some((column.trim(), value.trim(), not))
}

fn levels(word: &str) -> Result<Vec<&'static str>, Failure> {
    let word = word.trim().to_ascii_lowercase();
    let (name, worse) = match word.strip_suffix('+') {
        Some(name) => (name, true),
        None => (word.as_str(), false),
    };
    let name = if name == "warning" { "warn" } else { name };
    let at = LEVELS
        .iter()
        .position(|level| *level == name)
        .ok_or_else(|| {
            Failure::usage(format!(
                "--level {word}: one of {}, with + for worse ones too",
                LEVELS.join(", ")
            ))
        })?;
    let to = if worse { LEVELS.len() } else { at + 1 };
    Ok(LEVELS.get(at..to).unwrap_or_default().to_vec())
}

/// All conditions on messages as one text of the language of /api/logs.
fn query(args: &LogsArgs) -> Result<String, Failure> {
    let mut parts = Vec::new();
    let text = args.query.as_deref().unwrap_or_default().trim();
    let alone = args.grep.is_empty() && args.exclude.is_empty();
    if !text.is_empty() {
        // The text as it is, where that means the same, so that a fault's place is one in what was typed.
        parts.push(if alone || !text.contains("OR") {
            text.to_owned()
        } else {
            format!("({text})")
        });
    }
    let grep: Vec<String> = args
        .grep
        .iter()
        .map(|re| expression("--grep", re, args.ignore_case))
        .collect::<Result<_, _>>()?;
    match grep.as_slice() {
        [] => {}
        [one] => parts.push(one.clone()),
        more => parts.push(format!("({})", more.join(" OR "))),
    }
    for re in &args.exclude {
        parts.push(format!(
            "-{}",
            expression("--exclude", re, args.ignore_case)?
        ));
    }
    Ok(parts.join(" "))
}

/// A regular expression between slashes.
fn expression(option: &str, re: &str, ignore_case: bool) -> Result<String, Failure> {
    if re.is_empty() {
        return Err(Failure::usage(format!(
            "{option}: an empty expression matches every line"
        )));
    }
    let mut text = String::with_capacity(re.len() + 3);
    text.push('/');
    let mut escaped = false;
    for c in re.chars() {
        if c == '/' && !escaped {
            text.push('\\');
        }
        escaped = c == '\\' && !escaped;
        text.push(c);
    }
    if escaped {
        return Err(Failure::usage(format!(
            "{option} {re}: ends in the middle of an escape"
        )));
    }
    text.push_str(if ignore_case { "/i" } else { "/" });
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::super::parsed;
    use super::*;

    fn body(words: &[&str]) -> Value {
        match Asked::new(&parsed(words)) {
            Ok(asked) => Value::Object(asked.body()),
            Err(failure) => panic!("{words:?}: {failure:?}"),
        }
    }

    #[test]
    fn options_become_filters() {
        assert_eq!(
            body(&[
                "-n",
                "shop",
                "web",
                "deploy/api",
                "--level",
                "warn+",
                "-l",
                "cluster=a,stream!=stdout",
                "--since",
                "1h30m"
            ]),
            json!({
                "start": "-5400s",
                "filters": {
                    "namespace": ["shop"], "pod": ["web*", "api-*"], "level": ["warn", "error", "fatal"],
                    "cluster": ["a"], "stream": {"not": ["stdout"]},
                },
            })
        );
        assert_eq!(body(&[]), json!({"start": "-24h"}));
        assert_eq!(
            body(&["--since", "2026-11-23T08:00:00Z", "--until", "5m"]),
            json!({"start": "2026-11-23T08:00:00Z", "end": "-300s"})
        );
    }

    #[test]
    fn expressions_become_one_text() {
        let text = |words: &[&str]| body(words)["query"].as_str().unwrap().to_owned();
        assert_eq!(text(&["-g", "a/b", "-i"]), r"/a\/b/i");
        assert_eq!(text(&["-g", r"a\/b\\"]), r"/a\/b\\/");
        assert_eq!(
            text(&["-g", "a", "-g", "b", "-e", "c"]),
            "(/a/ OR /b/) -/c/"
        );
        assert_eq!(text(&["-q", "a OR b"]), "a OR b");
        assert_eq!(text(&["-q", "a OR b", "-e", "c"]), "(a OR b) -/c/");
        assert_eq!(text(&["-q", "a b", "-g", "c"]), "a b /c/");
    }

    #[test]
    fn the_ledger_is_asked_by_its_own_columns() {
        let asked = Asked::new(&parsed(&[
            "-n", "shop", "web-*", "--level", "error", "-g", "x",
        ]));
        let body = asked.map(|a| Value::Object(a.ledger_body())).ok();
        assert_eq!(
            body,
            Some(json!({"start": "-24h", "filters": {"namespace": ["shop"], "pod": ["web-*"]}}))
        );
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for words in [
            &["--level", "loud"][..],
            &["-l", "nothing"],
            &["-l", "=x"],
            &["-l", "node=a", "-l", "node!=b"],
            &["-g", ""],
            &["-g", r"a\"],
            &["service/web"],
        ] {
            assert!(Asked::new(&parsed(words)).is_err(), "{words:?}");
        }
    }

    #[test]
    fn one_namespace_is_one_name() {
        let one = |words: &[&str]| Asked::new(&parsed(words)).is_ok_and(|a| a.one_namespace());
        assert!(one(&["-n", "shop"]));
        assert!(!one(&["-n", "shop*"]));
        assert!(!one(&["-n", "a", "-n", "b"]));
        assert!(!one(&[]));
    }
}
