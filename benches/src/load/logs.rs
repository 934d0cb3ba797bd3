//! Seeded log lines: a node whose pods write what pods write.
//!
//! Four kinds of programs (an HTTP server's access log, a service that logs JSON with trace ids, a Kubernetes component
//! with klog, a Java service with stack traces), a kind for each pod. How much a pod writes is Pareto-distributed: a few
//! write most. The lines come in the order of their times, as the node's reader finds them.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Int32Array, Int64Array, RecordBatch, StringArray, StringBuilder,
    TimestampMicrosecondArray, new_null_array,
};
use arrow::datatypes::Int32Type;
use arrow::error::ArrowError;

use super::START_USEC;
use super::names::{EntityNames, entity_names};
use super::random::Random;

/// A word that one line in [`RARE_EVERY`] of the lines of each node has.
pub(crate) const RARE_WORD: &str = "quasarflux";
/// See [`RARE_WORD`].
pub(crate) const RARE_EVERY: u64 = 100_000;
/// A word that no line has.
pub(crate) const ABSENT_WORD: &str = "zyxomorphic";

/// The shape of a pod's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    /// The combined log format.
    Access,
    /// A JSON object a line, with trace and span ids.
    Json,
    /// `I1126 10:00:00.123456       1 file.go:12] words`.
    Klog,
    /// Logback's usual pattern, now and then with a stack trace as one entry.
    Java,
}

/// Who and when, of a line whose text is in the caller's buffer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// Which of the node's pods.
    pub(crate) pod: usize,
    /// µs since the epoch.
    pub(crate) time_usec: i64,
    /// Nanoseconds below the microsecond.
    pub(crate) nsec: i64,
    /// `stdout` or `stderr`.
    pub(crate) stream: &'static str,
    /// What the agent would find.
    pub(crate) level: Option<&'static str>,
    /// Lines of the file that it takes.
    pub(crate) lines: i64,
}

/// A pod that logs.
#[derive(Debug)]
pub(crate) struct LogPod {
    pub(crate) names: EntityNames,
    pub(crate) program: Program,
    /// The sum of shares up to and with its own.
    until: f64,
    offset: i64,
    sequence: i64,
}

/// The logs of one node.
#[derive(Debug)]
pub(crate) struct NodeLogs {
    pods: Vec<LogPod>,
    random: Random,
    time_nsec: i64,
    /// From line to line, on average.
    step_nsec: f64,
    written: u64,
    text: String,
}

impl NodeLogs {
    /// `pods` pods of node number `node` that write `lines_per_second` together, from [`START_USEC`] on.
    pub(crate) fn new(node: usize, pods: usize, lines_per_second: f64) -> NodeLogs {
        let mut random = Random::of(&[71, node as u64]);
        let mut sum = 0.0;
        let mut all: Vec<LogPod> = (0..pods)
            .map(|pod| {
                // Pareto with the exponent at which a fifth writes four fifths.
                sum += (1.0 - random.share()).powf(-1.0 / 1.16);
                let program = match random.below(100) {
                    0..35 => Program::Access,
                    35..70 => Program::Json,
                    70..85 => Program::Klog,
                    _ => Program::Java,
                };
                LogPod {
                    names: entity_names(node, pod, Some(0)),
                    program,
                    until: sum,
                    offset: 0,
                    sequence: 0,
                }
            })
            .collect();
        for pod in &mut all {
            pod.until /= sum;
        }
        NodeLogs {
            pods: all,
            random,
            time_nsec: START_USEC * 1000,
            step_nsec: 1e9 / lines_per_second.max(1e-6),
            written: 0,
            text: String::new(),
        }
    }

    /// Its pods.
    pub(crate) fn pods(&self) -> &[LogPod] {
        &self.pods
    }

    /// Appends the next line's text, without a newline at its end, to `out`.
    pub(crate) fn line(&mut self, out: &mut String) -> Line {
        let step = -(1.0 - self.random.share()).ln() * self.step_nsec;
        self.time_nsec += step as i64 + 1;
        self.written += 1;
        let at = self.random.share();
        let pod = self
            .pods
            .partition_point(|p| p.until < at)
            .min(self.pods.len().saturating_sub(1));
        let program = self.pods.get(pod).map_or(Program::Json, |p| p.program);
        let start = out.len();
        let mut line = Line {
            pod,
            time_usec: self.time_nsec / 1000,
            nsec: self.time_nsec % 1000,
            stream: "stdout",
            level: Some("info"),
            lines: 1,
        };
        let random = &mut self.random;
        match program {
            Program::Access => access(random, &mut line, out),
            Program::Json => json(random, &mut line, out),
            Program::Klog => klog(random, &mut line, out),
            Program::Java => java(random, &mut line, out),
        }
        if self.written.is_multiple_of(RARE_EVERY) {
            let _ = write!(out, " {RARE_WORD}");
        }
        if let Some(pod) = self.pods.get_mut(pod) {
            pod.sequence += 1;
            pod.offset += (out.len() - start + 40) as i64;
        }
        line
    }

    /// The next `rows` lines as an agent sends them.
    pub(crate) fn batch(&mut self, rows: usize) -> Result<RecordBatch, ArrowError> {
        let mut text = std::mem::take(&mut self.text);
        let mut messages = StringBuilder::with_capacity(rows, rows * 192);
        let mut lines = Vec::with_capacity(rows);
        let mut places = Vec::with_capacity(rows);
        for _ in 0..rows {
            text.clear();
            let line = self.line(&mut text);
            messages.append_value(&text);
            places.push(
                self.pods
                    .get(line.pod)
                    .map_or((0, 0), |p| (p.offset, p.sequence)),
            );
            lines.push(line);
        }
        self.text = text;
        let messages: ArrayRef = Arc::new(messages.finish());
        let schema = catalogue::tables::LOG.schema();
        let columns = schema
            .fields()
            .iter()
            .map(|field| -> Result<ArrayRef, ArrowError> {
                let number = |f: &dyn Fn(usize, &Line) -> Option<i64>| -> ArrayRef {
                    Arc::new(Int64Array::from_iter(
                        lines.iter().enumerate().map(|(at, line)| f(at, line)),
                    ))
                };
                Ok(match field.name().as_str() {
                    "time" => Arc::new(
                        TimestampMicrosecondArray::from_iter_values(
                            lines.iter().map(|l| l.time_usec),
                        )
                        .with_timezone("UTC"),
                    ),
                    "time_nsec" => number(&|_, l| Some(l.nsec)),
                    "offset" => number(&|at, _| places.get(at).map(|p| p.0)),
                    "sequence" => number(&|at, _| places.get(at).map(|p| p.1)),
                    "joined_lines" => number(&|_, l| (l.lines > 1).then_some(l.lines)),
                    "message" => Arc::clone(&messages),
                    "cluster" => self.names(&lines, |n| n.cluster.to_owned())?,
                    "node" => self.names(&lines, |n| n.node.clone())?,
                    "namespace" => self.names(&lines, |n| n.namespace.to_owned())?,
                    "pod" => self.names(&lines, |n| n.pod.clone())?,
                    "pod_uid" => self.names(&lines, |n| n.pod_uid.clone())?,
                    "container" => self.names(&lines, |n| {
                        n.container
                            .as_ref()
                            .map_or_else(String::new, |c| c.0.to_owned())
                    })?,
                    "container_id" => self.names(&lines, |n| {
                        n.container
                            .as_ref()
                            .map_or_else(String::new, |c| c.1.clone())
                    })?,
                    "file" => self.names(&lines, |n| {
                        let container = n.container.as_ref().map_or("", |c| c.0);
                        format!(
                            "/var/log/pods/{}_{}_{}/{container}/0.log",
                            n.namespace, n.pod, n.pod_uid
                        )
                    })?,
                    "stream" => text_column(lines.iter().map(|l| Some(l.stream))),
                    "level" => text_column(lines.iter().map(|l| l.level)),
                    _ => new_null_array(field.data_type(), rows),
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        RecordBatch::try_new(schema, columns)
    }

    /// A column that each pod has one value in.
    fn names(
        &self,
        lines: &[Line],
        name: impl Fn(&EntityNames) -> String,
    ) -> Result<ArrayRef, ArrowError> {
        let values = StringArray::from_iter_values(self.pods.iter().map(|p| name(&p.names)));
        let keys = Int32Array::from_iter_values(lines.iter().map(|l| l.pod as i32));
        Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(
            keys,
            Arc::new(values),
        )?))
    }
}

fn text_column<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<DictionaryArray<Int32Type>>())
}

fn pick<'a>(random: &mut Random, of: &[&'a str]) -> &'a str {
    of.get(random.below(of.len() as u64) as usize)
        .copied()
        .unwrap_or_default()
}

/// Like [`pick`], the first far more often than the last.
fn favour<'a>(random: &mut Random, of: &[&'a str]) -> &'a str {
    let at = (random.share() * random.share() * random.share() * of.len() as f64) as usize;
    of.get(at).copied().unwrap_or_default()
}

const PATHS: [&str; 14] = [
    "/api/v1/cart",
    "/healthz",
    "/api/v1/products",
    "/",
    "/api/v2/orders",
    "/static/app.js",
    "/api/v1/search",
    "/login",
    "/api/v1/users",
    "/static/style.css",
    "/metrics",
    "/api/v1/recommendations",
    "/favicon.ico",
    "/admin/reports",
];
const AGENTS: [&str; 6] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "kube-probe/1.34",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
    "Go-http-client/2.0",
    "curl/8.14.1",
];
const STATUS: [&str; 8] = ["200", "304", "201", "404", "302", "499", "500", "503"];
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "HEAD"];

fn clock(usec: i64) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp_micros(usec).unwrap_or_default()
}

fn access(random: &mut Random, line: &mut Line, out: &mut String) {
    let status = favour(random, &STATUS);
    line.level = match status {
        "500" | "503" => Some("error"),
        _ => None,
    };
    let ip = random.next();
    let _ = write!(
        out,
        "10.{}.{}.{} - - [{}] \"{} {}",
        ip & 3,
        (ip >> 8) & 0xff,
        (ip >> 16) & 0xff,
        clock(line.time_usec).format("%d/%b/%Y:%H:%M:%S +0000"),
        favour(random, &METHODS),
        favour(random, &PATHS),
    );
    if random.chance(0.5) {
        let _ = write!(
            out,
            "?id={}&page={}",
            random.below(2_000_000),
            random.below(40)
        );
    }
    let agent = favour(random, &AGENTS);
    let _ = write!(
        out,
        " HTTP/1.1\" {status} {} \"-\" \"{agent}\" {:.3}",
        random.log_between(120.0, 200_000.0) as u64,
        random.log_between(0.001, 3.0)
    );
}

const WORDS: [&str; 12] = [
    "request completed",
    "cache miss",
    "order accepted",
    "payment authorised",
    "retrying upstream call",
    "message published",
    "user session refreshed",
    "inventory reserved",
    "rate limit reached",
    "connection reset by peer",
    "deadline exceeded",
    "failed to decode body",
];
const LEVELS: [&str; 4] = ["info", "debug", "warn", "error"];
const CALLERS: [&str; 6] = [
    "handler/cart.go:118",
    "client/retry.go:67",
    "store/postgres.go:241",
    "bus/publisher.go:33",
    "auth/session.go:92",
    "middleware/log.go:25",
];

fn json(random: &mut Random, line: &mut Line, out: &mut String) {
    let level = favour(random, &LEVELS);
    line.level = Some(level);
    let (a, b, c) = (random.next(), random.next(), random.next());
    let _ = write!(
        out,
        "{{\"time\":\"{}\",\"level\":\"{level}\",\"msg\":\"{}\",\"trace_id\":\"{a:016x}{b:016x}\",\"span_id\":\"{c:016x}\",\
         \"http\":{{\"method\":\"{}\",\"path\":\"{}\",\"status\":{}}},\"duration_ms\":{:.2},\"user_id\":{},\"caller\":\"{}\"}}",
        clock(line.time_usec).format("%Y-%m-%dT%H:%M:%S%.6fZ"),
        favour(random, &WORDS),
        favour(random, &METHODS),
        favour(random, &PATHS),
        favour(random, &STATUS),
        random.log_between(0.2, 4000.0),
        random.below(500_000),
        favour(random, &CALLERS),
    );
}

const KLOG: [&str; 7] = [
    "\"SyncLoop (probe)\" probe=\"readiness\" status=\"ready\" pod=\"default/web-0\"",
    "\"Updating ready status of pod to false\" err=\"containers with unready status: [main]\"",
    "\"Observed pod startup duration\" podStartSLOduration=2.41 podStartE2EDuration=\"3.1s\"",
    "\"Started tearing down pod worker\"",
    "\"Trying to list endpoint slices\" resourceVersion=",
    "\"Caches are synced for node config controller\"",
    "\"Error syncing deployment, requeuing\" err=\"Operation cannot be fulfilled on deployments.apps: the object has been modified\" key=",
];
const FILES: [&str; 6] = [
    "kubelet.go:2405",
    "pod_startup_latency_tracker.go:104",
    "reflector.go:561",
    "controller.go:667",
    "proxier.go:812",
    "status_manager.go:895",
];

fn klog(random: &mut Random, line: &mut Line, out: &mut String) {
    line.stream = "stderr";
    let (letter, level) = match random.below(20) {
        0 => ('E', "error"),
        1 | 2 => ('W', "warn"),
        _ => ('I', "info"),
    };
    line.level = Some(level);
    let _ = write!(
        out,
        "{letter}{} {:>7} {}] {}{}",
        clock(line.time_usec).format("%m%d %H:%M:%S%.6f"),
        1 + random.below(3),
        favour(random, &FILES),
        favour(random, &KLOG),
        random.below(10_000_000),
    );
}

const CLASSES: [&str; 6] = [
    "c.e.shop.OrderService",
    "c.e.shop.PaymentGateway",
    "o.h.e.j.s.SqlExceptionHelper",
    "c.zaxxer.hikari.pool.HikariPool",
    "o.a.k.c.consumer.KafkaConsumer",
    "o.s.web.servlet.DispatcherServlet",
];
const SAID: [&str; 6] = [
    "Processed order in",
    "Fetched records from partition",
    "HikariPool-1 - Pool stats (total=10, active=3, idle=7) after",
    "Completed initialization in",
    "Committed offsets, lag",
    "Slow query took",
];
const FRAMES: [&str; 8] = [
    "com.example.shop.OrderService.place(OrderService.java:118)",
    "com.example.shop.OrderController.create(OrderController.java:57)",
    "jdk.internal.reflect.DirectMethodHandleAccessor.invoke(DirectMethodHandleAccessor.java:103)",
    "org.springframework.web.method.support.InvocableHandlerMethod.doInvoke(InvocableHandlerMethod.java:255)",
    "org.springframework.web.servlet.DispatcherServlet.doDispatch(DispatcherServlet.java:1089)",
    "org.apache.catalina.core.ApplicationFilterChain.internalDoFilter(ApplicationFilterChain.java:195)",
    "org.apache.tomcat.util.net.NioEndpoint$SocketProcessor.doRun(NioEndpoint.java:1741)",
    "java.base/java.lang.Thread.run(Thread.java:1583)",
];

fn java(random: &mut Random, line: &mut Line, out: &mut String) {
    let thrown = random.chance(0.02);
    let level = if thrown {
        "ERROR"
    } else {
        pick(random, &["INFO ", "INFO ", "DEBUG", "WARN "])
    };
    line.level = Some(match level {
        "ERROR" => "error",
        "DEBUG" => "debug",
        "WARN " => "warn",
        _ => "info",
    });
    let _ = write!(
        out,
        "{} {level} 1 --- [nio-8080-exec-{}] {:<40} : {} {}",
        clock(line.time_usec).format("%Y-%m-%d %H:%M:%S%.3f"),
        1 + random.below(16),
        favour(random, &CLASSES),
        favour(random, &SAID),
        random.below(100_000),
    );
    if thrown {
        out.push_str("\njava.lang.IllegalStateException: connection reset while reading response");
        for frame in FRAMES.iter().take(4 + random.below(5) as usize) {
            let _ = write!(out, "\n\tat {frame}");
            line.lines += 1;
        }
        line.lines += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::AsArray;

    #[test]
    fn lines_are_seeded_ordered_and_of_every_kind() {
        let take = |node| {
            let mut logs = NodeLogs::new(node, 30, 1000.0);
            logs.batch(5000).unwrap()
        };
        let (one, again, other) = (take(0), take(0), take(1));
        assert_eq!(one, again);
        assert_ne!(
            one.column_by_name("message"),
            other.column_by_name("message")
        );
        let messages = one.column_by_name("message").unwrap().as_string::<i32>();
        for part in [
            "HTTP/1.1\" 200",
            "\"trace_id\":\"",
            "kubelet.go:",
            "nio-8080-exec",
        ] {
            assert!(
                messages.iter().flatten().any(|m| m.contains(part)),
                "{part}"
            );
        }
        let bytes = messages.value_data().len() / one.num_rows();
        assert!((120..260).contains(&bytes), "{bytes} bytes a line");
        let times = one
            .column(0)
            .as_primitive::<arrow::datatypes::TimestampMicrosecondType>();
        assert!(times.values().is_sorted());
    }
}
