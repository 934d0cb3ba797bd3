//! `kansoku logs`: lines of pods and nodes, as users of `kubectl logs` and `stern` know them.

mod asked;
mod colour;
mod context;
mod follow;
mod history;
mod ledger;
mod line;
mod loss;
mod names;
mod seen;
mod show;
mod sse;
mod summary;
mod text;

use clap::{Args, ValueEnum};

use super::client::{Client, ServerArgs};
use crate::exit::Failure;
use crate::print::Stdout;
use asked::Asked;
use show::Show;

/// Lines shown when nothing else is said.
const TAIL: u64 = 1000;
/// The same with `--follow`, where what comes is wanted more than what was.
const TAIL_BEFORE_FOLLOW: u64 = 100;
/// The same with `--context`, of which each hit brings several lines.
const TAIL_IN_CONTEXT: u64 = 20;

/// What the command takes.
#[derive(Debug, Args)]
pub(crate) struct LogsArgs {
    /// Pods: a name or its beginning, a pattern with *, or deployment/NAME (also statefulset, daemonset, job); all when
    /// none is named
    #[arg(value_name = "POD")]
    pods: Vec<String>,

    /// Only this namespace; * stands for any characters; may be repeated, as all of these may
    #[arg(long, short, value_name = "NAMESPACE")]
    namespace: Vec<String>,

    /// Only containers of this name
    #[arg(long, short, value_name = "NAME")]
    container: Vec<String>,

    /// Only lines whose column is this: COLUMN=VALUE or COLUMN!=VALUE
    #[arg(long, short = 'l', value_name = "COLUMN=VALUE", value_delimiter = ',')]
    selector: Vec<String>,

    /// Only this node
    #[arg(long, value_name = "NAME")]
    node: Vec<String>,

    /// Only this stream: stdout, stderr, or a log of the host such as messages or kubelet
    #[arg(long, value_name = "NAME")]
    stream: Vec<String>,

    /// Only this level, such as error, or error,warn; warn+ is warn and worse
    #[arg(long, value_name = "LEVEL", value_delimiter = ',')]
    level: Vec<String>,

    /// From when on: a span such as 90s, 15m, 1h or 2d before now, or a time such as 2026-11-23T08:00:00Z [default: a
    /// day]
    #[arg(long, value_name = "TIME", alias = "since-time")]
    since: Option<String>,

    /// Until when, written in the same ways [default: now]
    #[arg(long, value_name = "TIME", conflicts_with = "follow")]
    until: Option<String>,

    /// The newest so many lines; all (or -1) for every line [default: 1000; with --follow 100, with --context 20]
    #[arg(
        long,
        value_name = "NUMBER",
        alias = "limit",
        allow_hyphen_values = true
    )]
    tail: Option<String>,

    /// Go on with lines as they come, until Ctrl-C
    #[arg(long, short)]
    follow: bool,

    /// With --follow: at most so many lines a second; how many were left out is said
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..=2000), requires = "follow")]
    rate: Option<u64>,

    /// Only lines in which this regular expression matches; of several, any
    #[arg(long, short, value_name = "RE")]
    grep: Vec<String>,

    /// Upper and lower case are the same to --grep and --exclude
    #[arg(long, short)]
    ignore_case: bool,

    /// Leave out lines in which this regular expression matches
    #[arg(long, short = 'e', value_name = "RE")]
    exclude: Vec<String>,

    /// Only lines that fit this text: words, "a phrase", /re/, name:value, http.status:>=500, -not, OR
    #[arg(long, short, value_name = "TEXT")]
    query: Option<String>,

    /// Also so many lines before and after each hit, of the same log
    #[arg(long, short = 'C', value_name = "NUMBER", conflicts_with = "follow", value_parser = clap::value_parser!(u64).range(0..=1000))]
    context: Option<u64>,

    /// Also so many lines before each hit
    #[arg(long, short = 'B', value_name = "NUMBER", conflicts_with = "follow", value_parser = clap::value_parser!(u64).range(0..=1000))]
    before: Option<u64>,

    /// Also so many lines after each hit
    #[arg(long, short = 'A', value_name = "NUMBER", conflicts_with = "follow", value_parser = clap::value_parser!(u64).range(0..=1000))]
    after: Option<u64>,

    /// Show when each line was written
    #[arg(long, short)]
    timestamps: bool,

    /// How to show lines
    #[arg(long, short, value_enum, default_value_t = Output::Default)]
    output: Output,

    /// Whether the line's pod and container stand before it
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    prefix: When,

    /// Whether to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    color: When,

    /// The same as --color never
    #[arg(long, conflicts_with = "color")]
    no_color: bool,

    /// Instead of lines: how many there were, by time and level
    #[arg(long, conflicts_with_all = ["follow", "patterns", "ledger"])]
    histogram: bool,

    /// Instead of lines: what they are like, numbers and names left out, the most frequent first
    #[arg(long, conflicts_with_all = ["follow", "ledger"])]
    patterns: bool,

    /// Instead of lines: what became of each log, from the bytes written to the lines stored, and what was lost where
    #[arg(long, conflicts_with_all = ["follow", "grep", "exclude", "query", "level", "stream"])]
    ledger: bool,

    #[command(flatten)]
    server: ServerArgs,
}

/// How lines are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// The message, after pod and container where there are several
    Default,
    /// The message as it is stored, nothing else
    Raw,
    /// The server's JSON, one line each
    Json,
    /// Time, level, node, pod, container and stream before the message
    Wide,
}

/// When something is done that could be left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    /// When it is useful
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How many lines before and after a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Around {
    before: u64,
    after: u64,
}

/// How many lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tail {
    Newest(u64),
    All,
}

pub(crate) fn run(args: LogsArgs) -> Result<(), Failure> {
    let client = Client::new(&args.server)?;
    let tail = tail(&args)?;
    let around = around(&args);
    let mut asked = Asked::new(&args)?;
    asked.settle_names(&client)?;
    let mut out = Stdout::lock();
    if args.ledger {
        return ledger::run(&client, &asked, args.output, &mut out);
    }
    if args.histogram || args.patterns {
        return summary::run(&client, &asked, &args, &mut out);
    }
    let mut show = Show::new(&args, asked.one_namespace());
    if let Some(around) = around {
        context::run(&client, &asked, tail, around, &mut show, &mut out)?;
        return loss::tell(&client, &asked);
    }
    let seen = history::run(&client, &asked, tail, &mut show, &mut out)?;
    if args.follow {
        return follow::run(&client, &asked, args.rate, seen, &mut show, &mut out);
    }
    loss::tell(&client, &asked)
}

fn around(args: &LogsArgs) -> Option<Around> {
    if args.context.is_none() && args.before.is_none() && args.after.is_none() {
        return None;
    }
    let both = args.context.unwrap_or(0);
    Some(Around {
        before: args.before.unwrap_or(both),
        after: args.after.unwrap_or(both),
    })
}

fn tail(args: &LogsArgs) -> Result<Tail, Failure> {
    let Some(text) = args.tail.as_deref() else {
        return Ok(Tail::Newest(if args.follow {
            TAIL_BEFORE_FOLLOW
        } else if around(args).is_some() {
            TAIL_IN_CONTEXT
        } else {
            TAIL
        }));
    };
    match text {
        "all" | "-1" => Ok(Tail::All),
        _ => text
            .parse()
            .map(Tail::Newest)
            .map_err(|_| Failure::usage(format!("--tail {text}: a number of lines, or all"))),
    }
}

#[cfg(test)]
pub(in crate::ask::logs) fn parsed(words: &[&str]) -> LogsArgs {
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Only {
        #[command(flatten)]
        logs: LogsArgs,
    }
    Only::try_parse_from([&["logs"], words].concat())
        .unwrap_or_else(|error| panic!("{words:?}: {error}"))
        .logs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_lines() {
        let of = |words: &[&str]| tail(&parsed(words)).unwrap();
        assert_eq!(of(&[]), Tail::Newest(1000));
        assert_eq!(of(&["-f"]), Tail::Newest(100));
        assert_eq!(of(&["-C", "3"]), Tail::Newest(20));
        assert_eq!(of(&["--tail", "5", "-f"]), Tail::Newest(5));
        assert_eq!(of(&["--limit", "5"]), Tail::Newest(5));
        assert_eq!(of(&["--tail=-1"]), Tail::All);
        assert_eq!(of(&["--tail", "all"]), Tail::All);
        assert!(tail(&parsed(&["--tail", "few"])).is_err());
    }

    #[test]
    fn context_is_as_of_grep() {
        let of = |words: &[&str]| around(&parsed(words)).map(|a| (a.before, a.after));
        assert_eq!(of(&["-C", "3"]), Some((3, 3)));
        assert_eq!(of(&["-C", "3", "-A", "1"]), Some((3, 1)));
        assert_eq!(of(&["-B", "2"]), Some((2, 0)));
        assert_eq!(of(&[]), None);
    }
}
