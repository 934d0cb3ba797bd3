//! Every key, declared once, in the order of the guide.

use crate::key::{Default, Key, Kind, Role};

const ALL_ROLES: &[Role] = &[Role::Agent, Role::Server, Role::Up];
const AGENT: &[Role] = &[Role::Agent, Role::Up];
const AGENT_ALONE: &[Role] = &[Role::Agent];
const SERVER: &[Role] = &[Role::Server, Role::Up];
const UP: &[Role] = &[Role::Up];

/// A key with neither an option nor a secret, which is most of them.
const fn key(
    path: &'static str,
    kind: Kind,
    default: Default,
    roles: &'static [Role],
    help: &'static str,
) -> Key {
    Key {
        path,
        kind,
        default,
        roles,
        option: None,
        secret: false,
        help,
    }
}

const fn option(key: Key, option: &'static str) -> Key {
    Key {
        option: Some(option),
        ..key
    }
}

const fn secret(key: Key) -> Key {
    Key {
        secret: true,
        ..key
    }
}

/// Declares the keys as statics, and [`ALL`] with the same keys in the same order.
macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident = $key:expr;)*) => {
        $($(#[$doc])* pub static $name: Key = $key;)*
        /// Every key.
        pub static ALL: &[&Key] = &[$(&$name),*];
    };
}

keys! {
    /// `cluster`
    CLUSTER = option(key(
        "cluster",
        Kind::Text,
        Default::Derived("`up`: the host's name; the agent needs one, and a server that watches the Kubernetes API"),
        ALL_ROLES,
        "The cluster's name, written into every row.",
    ), "cluster");
    /// `node`
    NODE = option(key(
        "node",
        Kind::Text,
        Default::Derived("the environment's NODE_NAME, K8S_NODE_NAME or HOST_NAME, else the host's name"),
        AGENT,
        "The node's name, written into every row. In a pod, set NODE_NAME from spec.nodeName.",
    ), "node");
    /// `data`
    DATA = option(key(
        "data",
        Kind::Path,
        Default::Derived("/var/lib/kansoku; `up`: $XDG_DATA_HOME/kansoku or ~/.local/share/kansoku"),
        ALL_ROLES,
        "The folder under which everything is kept that is not given a place of its own.",
    ), "data");
    /// `listen`
    LISTEN = option(key(
        "listen",
        Kind::Address,
        Default::Value("127.0.0.1:4780"),
        SERVER,
        "Where the server answers: page, API and ingest. An address other than loopback needs server.ingest.token_file \
         and server.people.token_file, or insecure = true. Port 0 takes a free one.",
    ), "listen");
    /// `insecure`
    INSECURE = option(key(
        "insecure",
        Kind::Flag,
        Default::Value("false"),
        SERVER,
        "Lets the server answer on an address other than loopback without asking anybody for a token: whoever reaches \
         the port reads everything and may write rows.",
    ), "insecure");
    /// `log`
    LOG = option(key(
        "log",
        Kind::Text,
        Default::Value("info"),
        ALL_ROLES,
        "What is written to stderr: error, warn, info, debug or trace, or a filter such as info,store=debug.",
    ), "log");

    /// `agent.server`
    AGENT_SERVER = option(key(
        "agent.server",
        Kind::Url,
        Default::Derived(
            "in a pod: the service kansoku-server of its namespace, else http://kansoku-server.kansoku:4780; elsewhere \
             http://127.0.0.1:4780",
        ),
        AGENT_ALONE,
        "The server that rows are sent to.",
    ), "server");
    /// `agent.interval`
    AGENT_INTERVAL = option(key(
        "agent.interval",
        Kind::Span { min: "1s", max: "5m" },
        Default::Value("10s"),
        AGENT,
        "How often everything is read. Ticks fall on whole multiples of it in UTC, so it must divide a minute, or be a \
         whole number of minutes.",
    ), "interval");
    /// `agent.flush_interval`
    AGENT_FLUSH_INTERVAL = key(
        "agent.flush_interval",
        Kind::Span { min: "0s", max: "5m" },
        Default::Value("0s"),
        AGENT,
        "How long the agent pauses between two rounds of sending; rows wait in the spool for so long at most. 0s sends \
         each tick's rows at once.",
    );
    /// `agent.listen`
    AGENT_LISTEN = option(key(
        "agent.listen",
        Kind::AddressOrOff,
        Default::Value("127.0.0.1:4781"),
        AGENT_ALONE,
        "Where the agent answers /metrics and /healthz about itself.",
    ), "agent-listen");
    /// `agent.host.proc`
    AGENT_HOST_PROC = key(
        "agent.host.proc",
        Kind::Path,
        Default::Derived("/proc, or /rootfs/proc where the host is mounted at /rootfs, as the CloudWatch agent's manifests do"),
        AGENT,
        "The host's /proc. In a container: where it is mounted, such as /host/proc.",
    );
    /// `agent.host.sys`
    AGENT_HOST_SYS = key(
        "agent.host.sys",
        Kind::Path,
        Default::Value("/sys"),
        AGENT,
        "The host's /sys.",
    );
    /// `agent.host.var_log`
    AGENT_HOST_VAR_LOG = key(
        "agent.host.var_log",
        Kind::Path,
        Default::Derived("/var/log, or /rootfs/var/log where the host is mounted at /rootfs, as the CloudWatch agent's manifests do"),
        AGENT,
        "The host's /var/log, for the names of pods and containers.",
    );
    /// `agent.host.root`
    AGENT_HOST_ROOT = key(
        "agent.host.root",
        Kind::Path,
        Default::Derived("/, or /rootfs where the host is mounted at /rootfs, as the CloudWatch agent's manifests do"),
        AGENT,
        "The host's root folder, under which its file systems are measured.",
    );
    /// `agent.host.mounted`
    AGENT_HOST_MOUNTED = key(
        "agent.host.mounted",
        Kind::Flag,
        Default::Value("true"),
        AGENT,
        "Whether the host's folders are seen where the keys above say. If not, as in a pod without host paths, the node's \
         CPU, memory and disks are read from the pod's own /proc, which shows them too; rows of pods, containers, file \
         systems and interfaces are made of what the kubelet answers, so agent.kubelet.enabled must be true.",
    );
    /// `agent.kubelet.enabled`
    AGENT_KUBELET_ENABLED = key(
        "agent.kubelet.enabled",
        Kind::Flag,
        Default::Value("false"),
        AGENT,
        "Whether the kubelet of this node is asked for /stats/summary: volumes, root file systems of containers, sizes \
         of their logs. Needs the right get on nodes/stats.",
    );
    /// `agent.kubelet.url`
    AGENT_KUBELET_URL = key(
        "agent.kubelet.url",
        Kind::Url,
        Default::Derived("port 10250 of the environment's HOST_IP or NODE_IP, else of `node`"),
        AGENT,
        "The kubelet of this node. In a pod, set HOST_IP from status.hostIP.",
    );
    /// `agent.kubelet.interval`
    AGENT_KUBELET_INTERVAL = key(
        "agent.kubelet.interval",
        Kind::Span { min: "10s", max: "5m" },
        Default::Value("1m"),
        AGENT,
        "How often the kubelet is asked. An answer costs it 100 to 300 ms of CPU with 75 pods; it measures volumes \
         itself once a minute.",
    );
    /// `agent.kubelet.token_file`
    AGENT_KUBELET_TOKEN_FILE = key(
        "agent.kubelet.token_file",
        Kind::Path,
        Default::Value("/var/run/secrets/kubernetes.io/serviceaccount/token"),
        AGENT,
        "A file with the token that is shown to the kubelet. It is read again each time, since Kubernetes renews it.",
    );
    /// `agent.kubelet.ca`
    AGENT_KUBELET_CA = key(
        "agent.kubelet.ca",
        Kind::Path,
        Default::Value("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"),
        AGENT,
        "PEM file of the authorities that may vouch for the kubelet. Many kubelets show a certificate that they signed \
         themselves: have the cluster sign it (serverTLSBootstrap), or name that certificate here.",
    );
    /// `agent.kubelet.insecure`
    AGENT_KUBELET_INSECURE = key(
        "agent.kubelet.insecure",
        Kind::Flag,
        Default::Value("false"),
        AGENT,
        "Whether any certificate of the kubelet is taken. Whoever can answer at its address then gets the token, and \
         can make up figures.",
    );
    /// `agent.cgroup_limit`
    AGENT_CGROUP_LIMIT = key(
        "agent.cgroup_limit",
        Kind::Count { min: 1, max: 100_000 },
        Default::Value("4096"),
        AGENT,
        "The most cgroups that are measured; further ones are counted and reported.",
    );
    /// `agent.partitions`
    AGENT_PARTITIONS = key(
        "agent.partitions",
        Kind::Flag,
        Default::Value("false"),
        AGENT,
        "Whether partitions have rows besides their disks.",
    );
    /// `agent.veth`
    AGENT_VETH = key(
        "agent.veth",
        Kind::Flag,
        Default::Value("false"),
        AGENT,
        "Whether the host's ends of pods' interfaces (veth…) have rows; the pods' own ends have theirs.",
    );
    /// `agent.network_filesystems`
    AGENT_NETWORK_FILESYSTEMS = key(
        "agent.network_filesystems",
        Kind::Flag,
        Default::Value("false"),
        AGENT,
        "Whether file systems on other machines (NFS and the like) are asked for their size.",
    );
    /// `agent.spool.dir`
    AGENT_SPOOL_DIR = key(
        "agent.spool.dir",
        Kind::Path,
        Default::Derived("`spool` under `data`"),
        AGENT,
        "Where rows wait until the server has them. One agent a folder.",
    );
    /// `agent.spool.max_bytes`
    AGENT_SPOOL_MAX_BYTES = key(
        "agent.spool.max_bytes",
        Kind::Size { min: "1MiB", max: "1TiB" },
        Default::Value("512MiB"),
        AGENT,
        "The most bytes that wait there, all tables together. When it is full, the oldest rows go and are counted.",
    );
    /// `agent.spool.refused_max_bytes`
    AGENT_SPOOL_REFUSED_MAX_BYTES = key(
        "agent.spool.refused_max_bytes",
        Kind::Size { min: "0B", max: "1TiB" },
        Default::Value("16MiB"),
        AGENT,
        "The most bytes of frames that the server refused and that are kept aside to be looked at.",
    );
    /// `agent.logs.enabled`
    AGENT_LOGS_ENABLED = key(
        "agent.logs.enabled",
        Kind::Flag,
        Default::Value("true"),
        AGENT,
        "Whether logs are read: of pods under agent.host.var_log/pods, of Docker's containers, and of the host.",
    );
    /// `agent.logs.include`
    AGENT_LOGS_INCLUDE = key(
        "agent.logs.include",
        Kind::List,
        Default::Nothing("all are read"),
        AGENT,
        "Which logs are read: those that one of these means. Each is one or more of namespace=, pod=, container= and \
         path= with a name in which * stands for any characters, such as \"namespace=shop container=web-*\".",
    );
    /// `agent.logs.exclude`
    AGENT_LOGS_EXCLUDE = key(
        "agent.logs.exclude",
        Kind::List,
        Default::Nothing("none is left out"),
        AGENT,
        "Which logs are not read, written as for agent.logs.include, which it overrides.",
    );
    /// `agent.logs.host`
    AGENT_LOGS_HOST = key(
        "agent.logs.host",
        Kind::Flag,
        Default::Value("true"),
        AGENT,
        "Whether the host's own logs are read: messages, syslog, kern.log, dmesg, secure, auth.log, and those of the \
         kubelet and the container runtime, under agent.host.var_log.",
    );
    /// `agent.logs.files`
    AGENT_LOGS_FILES = key(
        "agent.logs.files",
        Kind::List,
        Default::Nothing("none"),
        AGENT,
        "Paths of further log files of the host, with all that rotation makes of them.",
    );
    /// `agent.logs.journal`
    AGENT_LOGS_JOURNAL = key(
        "agent.logs.journal",
        Kind::Choice { words: &["auto", "on", "off"] },
        Default::Value("auto"),
        AGENT,
        "Whether the journal is read, with journalctl. auto: where there is one, and neither messages nor syslog, which \
         would have the same lines.",
    );
    /// `agent.logs.first_age`
    AGENT_LOGS_FIRST_AGE = key(
        "agent.logs.first_age",
        Kind::Span { min: "0s", max: "3650d" },
        Default::Value("24h"),
        AGENT,
        "At the first start, files are read from their beginning if they were written to within this time; older ones \
         are passed over, and their bytes counted.",
    );
    /// `agent.logs.max_line`
    AGENT_LOGS_MAX_LINE = key(
        "agent.logs.max_line",
        Kind::Size { min: "1KiB", max: "16MiB" },
        Default::Value("1MiB"),
        AGENT,
        "The most bytes of one entry. What is longer is cut off at the end, and how much that was is in its row.",
    );
    /// `agent.logs.multiline`
    AGENT_LOGS_MULTILINE = key(
        "agent.logs.multiline",
        Kind::List,
        Default::Nothing("the traces of Java, Python, Go and Node"),
        AGENT,
        "Own groups of lines that become one entry, each \"SELECTOR => START => CONTINUATION\": which logs, as for \
         agent.logs.include (may be left out), a regular expression for a group's first line, and one for further lines \
         (may be left out: every line that does not start a group).",
    );
    /// `agent.logs.redact`
    AGENT_LOGS_REDACT = key(
        "agent.logs.redact",
        Kind::List,
        Default::Nothing("nothing is masked"),
        AGENT,
        "What is masked on the node before anything is written: the name of a built-in, or \"REGEX => MASK\".",
    );
    /// `agent.logs.rate`
    AGENT_LOGS_RATE = key(
        "agent.logs.rate",
        Kind::SizeOrOff { min: "1KiB", max: "1TiB" },
        Default::Value("off"),
        AGENT,
        "The most bytes of messages a second of one log, with ten seconds' worth at once. What is above is left out, \
         and counted in the log's ledger.",
    );
    /// `agent.logs.held_max`
    AGENT_LOGS_HELD_MAX = key(
        "agent.logs.held_max",
        Kind::Size { min: "0B", max: "1TiB" },
        Default::Value("1GiB"),
        AGENT,
        "The most bytes of removed files that are held open until they are read. Above it the oldest go, and what was \
         not read of them is counted as lost.",
    );
    /// `agent.logs.cpu_limit`
    AGENT_LOGS_CPU_LIMIT = key(
        "agent.logs.cpu_limit",
        Kind::Share,
        Default::Value("100%"),
        AGENT,
        "The most of one core that reading logs may take. Above it reading waits; the files are the buffer.",
    );
    /// `agent.logs.spool.dir`
    AGENT_LOGS_SPOOL_DIR = key(
        "agent.logs.spool.dir",
        Kind::Path,
        Default::Derived("`spool-logs` under `data`"),
        AGENT,
        "Where entries of logs wait until the server has them, and how far each file was read. One agent a folder.",
    );
    /// `agent.logs.spool.max_bytes`
    AGENT_LOGS_SPOOL_MAX_BYTES = key(
        "agent.logs.spool.max_bytes",
        Kind::Size { min: "64MiB", max: "1TiB" },
        Default::Value("1GiB"),
        AGENT,
        "The most bytes that wait there. When it is full, reading waits; nothing is dropped.",
    );
    /// `agent.memory_limit`
    AGENT_MEMORY_LIMIT = key(
        "agent.memory_limit",
        Kind::Size { min: "16MiB", max: "1TiB" },
        Default::Value("128MiB"),
        AGENT_ALONE,
        "The most resident memory the agent may take. Above it, it ends itself in order, with the spool written; \
         whoever started it starts it again.",
    );
    /// `agent.cpu_limit`
    AGENT_CPU_LIMIT = key(
        "agent.cpu_limit",
        Kind::Share,
        Default::Value("5%"),
        AGENT,
        "The most of one core that reading may take, over a minute. Above it, the interval is stretched until it fits, \
         and that is counted and logged.",
    );
    /// `agent.compression`
    AGENT_COMPRESSION = key(
        "agent.compression",
        Kind::Count { min: 1, max: 19 },
        Default::Value("1"),
        AGENT,
        "zstd's level for rows on disk and on the way.",
    );
    /// `agent.timeout`
    AGENT_TIMEOUT = key(
        "agent.timeout",
        Kind::Span { min: "1s", max: "10m" },
        Default::Value("30s"),
        AGENT,
        "How long one request to the server may take before it is given up and sent again.",
    );
    /// `agent.proxy`
    AGENT_PROXY = key(
        "agent.proxy",
        Kind::Url,
        Default::Nothing("the environment's HTTPS_PROXY, HTTP_PROXY and NO_PROXY"),
        AGENT_ALONE,
        "The HTTP proxy on the way to the server.",
    );
    /// `agent.token_file`
    AGENT_TOKEN_FILE = key(
        "agent.token_file",
        Kind::Path,
        Default::Nothing("no token is sent"),
        AGENT_ALONE,
        "A file with the token that is shown to the server. It is read again before each round, so it may be renewed.",
    );
    /// `agent.token`
    AGENT_TOKEN = secret(key(
        "agent.token",
        Kind::Text,
        Default::Nothing("no token is sent"),
        AGENT_ALONE,
        "The token that is shown to the server, from the environment only; in a file, use agent.token_file.",
    ));
    /// `agent.tls.ca`
    AGENT_TLS_CA = key(
        "agent.tls.ca",
        Kind::Path,
        Default::Nothing("the well-known authorities"),
        AGENT_ALONE,
        "PEM file of the authorities that may vouch for the server, instead of the well-known ones.",
    );
    /// `agent.tls.cert`
    AGENT_TLS_CERT = key(
        "agent.tls.cert",
        Kind::Path,
        Default::Nothing("none is shown"),
        AGENT_ALONE,
        "PEM file of the certificate that the agent shows to the server, with agent.tls.key.",
    );
    /// `agent.tls.key`
    AGENT_TLS_KEY = key(
        "agent.tls.key",
        Kind::Path,
        Default::Nothing("none is shown"),
        AGENT_ALONE,
        "PEM file of that certificate's private key.",
    );
    /// `agent.cwagentconfig`
    AGENT_CWAGENTCONFIG = option(key(
        "agent.cwagentconfig",
        Kind::Path,
        Default::Derived("/etc/cwagentconfig/cwagentconfig.json if it exists and there is no file of our own"),
        AGENT_ALONE,
        "A file of the CloudWatch agent, taken as it is: cluster name, region, collection interval, flush interval, \
         enhanced and an endpoint that is not of AWS are used, every other key is named in the log. Our own keys override it.",
    ), "cwagentconfig");
    /// `agent.cloudwatch.region`
    AGENT_CLOUDWATCH_REGION = key(
        "agent.cloudwatch.region",
        Kind::Text,
        Default::Nothing("none is reported"),
        AGENT,
        "The AWS region that the node is said to be in, as CloudWatch's tools ask for it.",
    );
    /// `agent.cloudwatch.enhanced`
    AGENT_CLOUDWATCH_ENHANCED = key(
        "agent.cloudwatch.enhanced",
        Kind::Flag,
        Default::Value("false"),
        AGENT,
        "Whether CloudWatch's tools see the names of Container Insights with enhanced observability. What is measured \
         is the same.",
    );

    /// `server.tables`
    SERVER_TABLES = key(
        "server.tables",
        Kind::Location,
        Default::Derived("`tables` under `data`"),
        SERVER,
        "Where the tables are: a folder, or a bucket such as s3://bucket/folder.",
    );
    /// `server.s3.endpoint`
    SERVER_S3_ENDPOINT = key(
        "server.s3.endpoint",
        Kind::Url,
        Default::Nothing("AWS, or the environment's AWS_ENDPOINT_URL"),
        SERVER,
        "The address of an S3-compatible store other than AWS.",
    );
    /// `server.s3.region`
    SERVER_S3_REGION = key(
        "server.s3.region",
        Kind::Text,
        Default::Nothing("the environment's AWS_REGION"),
        SERVER,
        "The bucket's region.",
    );
    /// `server.s3.access_key_id`
    SERVER_S3_ACCESS_KEY_ID = key(
        "server.s3.access_key_id",
        Kind::Text,
        Default::Nothing("the environment's AWS_ACCESS_KEY_ID, or the machine's role"),
        SERVER,
        "The key id for the bucket, with server.s3.secret_access_key_file.",
    );
    /// `server.s3.secret_access_key`
    SERVER_S3_SECRET_ACCESS_KEY = secret(key(
        "server.s3.secret_access_key",
        Kind::Text,
        Default::Nothing("the environment's AWS_SECRET_ACCESS_KEY, or the machine's role"),
        SERVER,
        "The secret to that key id, from the environment only; in a file, use server.s3.secret_access_key_file.",
    ));
    /// `server.s3.secret_access_key_file`
    SERVER_S3_SECRET_ACCESS_KEY_FILE = key(
        "server.s3.secret_access_key_file",
        Kind::Path,
        Default::Nothing("the environment's AWS_SECRET_ACCESS_KEY, or the machine's role"),
        SERVER,
        "A file with that secret.",
    );
    /// `server.wal.dir`
    SERVER_WAL_DIR = key(
        "server.wal.dir",
        Kind::Path,
        Default::Derived("`wal` under `data`"),
        SERVER,
        "Where rows are written before they are acknowledged. A local disk; one server a folder.",
    );
    /// `server.wal.segment_bytes`
    SERVER_WAL_SEGMENT_BYTES = key(
        "server.wal.segment_bytes",
        Kind::Size { min: "1MiB", max: "1GiB" },
        Default::Value("64MiB"),
        SERVER,
        "How large one file of the log becomes. A file is removed when all of its rows are in tables.",
    );
    /// `server.wal.commit_wait`
    SERVER_WAL_COMMIT_WAIT = key(
        "server.wal.commit_wait",
        Kind::Span { min: "0s", max: "1s" },
        Default::Value("10ms"),
        SERVER,
        "How long a write may wait for others, so that one fsync serves them all.",
    );
    /// `server.hot.max_bytes`
    SERVER_HOT_MAX_BYTES = key(
        "server.hot.max_bytes",
        Kind::Size { min: "16MiB", max: "1TiB" },
        Default::Value("512MiB"),
        SERVER,
        "How much memory the newest rows may take; at this point they are written to tables early.",
    );
    /// `server.flush_interval`
    SERVER_FLUSH_INTERVAL = key(
        "server.flush_interval",
        Kind::Span { min: "10s", max: "1h" },
        Default::Value("10m"),
        SERVER,
        "How often rows go from the log into tables.",
    );
    /// `server.retention.raw`
    SERVER_RETENTION_RAW = key(
        "server.retention.raw",
        Kind::Span { min: "1h", max: "3650d" },
        Default::Value("7d"),
        SERVER,
        "How long rows are kept as they came.",
    );
    /// `server.retention.minute`
    SERVER_RETENTION_MINUTE = key(
        "server.retention.minute",
        Kind::Span { min: "6h", max: "3650d" },
        Default::Value("15d"),
        SERVER,
        "How long rows of one minute are kept; CloudWatch keeps them 15 days.",
    );
    /// `server.retention.five_minutes`
    SERVER_RETENTION_FIVE_MINUTES = key(
        "server.retention.five_minutes",
        Kind::Span { min: "1d", max: "3650d" },
        Default::Value("63d"),
        SERVER,
        "How long rows of five minutes are kept; CloudWatch keeps them 63 days.",
    );
    /// `server.retention.hour`
    SERVER_RETENTION_HOUR = key(
        "server.retention.hour",
        Kind::Span { min: "1d", max: "36500d" },
        Default::Value("455d"),
        SERVER,
        "How long rows of one hour are kept; CloudWatch keeps them 455 days.",
    );
    /// `server.logs.retention`
    SERVER_LOGS_RETENTION = key(
        "server.logs.retention",
        Kind::Span { min: "1h", max: "36500d" },
        Default::Value("7d"),
        SERVER,
        "How long log lines are kept.",
    );
    /// `server.logs.retention_by_namespace`
    SERVER_LOGS_RETENTION_BY_NAMESPACE = key(
        "server.logs.retention_by_namespace",
        Kind::Text,
        Default::Nothing("all are kept equally long"),
        SERVER,
        "How long log lines of some namespaces are kept instead: rules such as audit=90d, dev-*=1d, of which the first \
         that fits a namespace counts. A * stands for any characters; logs of hosts have no namespace.",
    );
    /// `server.logs.index_memory`
    SERVER_LOGS_INDEX_MEMORY = key(
        "server.logs.index_memory",
        Kind::Size { min: "1MiB", max: "1TiB" },
        Default::Value("128MiB"),
        SERVER,
        "How much memory the token indexes of log files may take, by which a search skips what it need not read. They \
         are about 3 % of the messages; one that is not in memory is read from its file first.",
    );
    /// `server.disk.budget`
    SERVER_DISK_BUDGET = key(
        "server.disk.budget",
        Kind::Size { min: "64MiB", max: "1024TiB" },
        Default::Nothing("no bound but server.disk.reserve"),
        SERVER,
        "The most bytes that log and tables may take together; above it, the oldest files go: raw rows and log lines \
         first, then rows of one minute, then coarser ones.",
    );
    /// `server.disk.reserve`
    SERVER_DISK_RESERVE = key(
        "server.disk.reserve",
        Kind::Size { min: "0B", max: "1TiB" },
        Default::Value("1GiB"),
        SERVER,
        "How much of the disk stays free: with less, new rows are answered 503 and wait in the agents' spools.",
    );
    /// `server.ingest.max_body`
    SERVER_INGEST_MAX_BODY = key(
        "server.ingest.max_body",
        Kind::Size { min: "1MiB", max: "1GiB" },
        Default::Value("32MiB"),
        SERVER,
        "The largest body of one frame as it comes, compressed.",
    );
    /// `server.ingest.token_file`
    SERVER_INGEST_TOKEN_FILE = key(
        "server.ingest.token_file",
        Kind::Path,
        Default::Nothing("no token is asked for"),
        SERVER,
        "A file with the tokens of agents, one a line; lines that begin with # are left out.",
    );
    /// `server.people.token_file`
    SERVER_PEOPLE_TOKEN_FILE = key(
        "server.people.token_file",
        Kind::Path,
        Default::Nothing("no token is asked for"),
        SERVER,
        "A file with the tokens of people and their tools, one a line; lines that begin with # are left out.",
    );
    /// `server.query.timeout`
    SERVER_QUERY_TIMEOUT = key(
        "server.query.timeout",
        Kind::Span { min: "100ms", max: "1h" },
        Default::Value("30s"),
        SERVER,
        "How long one question may take.",
    );
    /// `server.query.memory`
    SERVER_QUERY_MEMORY = key(
        "server.query.memory",
        Kind::Size { min: "16MiB", max: "1TiB" },
        Default::Value("1GiB"),
        SERVER,
        "How much memory all questions may take together.",
    );
    /// `server.query.max_rows`
    SERVER_QUERY_MAX_ROWS = key(
        "server.query.max_rows",
        Kind::Count { min: 1, max: 100_000_000 },
        Default::Value("100000"),
        SERVER,
        "The most rows of one answer.",
    );
    /// `server.query.concurrency`
    SERVER_QUERY_CONCURRENCY = key(
        "server.query.concurrency",
        Kind::Count { min: 1, max: 1024 },
        Default::Value("4"),
        SERVER,
        "How many questions are answered at once; further ones wait.",
    );
    /// `server.kubernetes.api`
    SERVER_KUBERNETES_API = key(
        "server.kubernetes.api",
        Kind::Text,
        Default::Value("auto"),
        SERVER,
        "The Kubernetes API that is watched, for names, states and events: auto (the pod's service account, where there \
         is one), off, in-cluster (that account, or the server does not start), or the path of a kubeconfig, of which \
         the current context is used.",
    );
    /// `server.kubernetes.interval`
    SERVER_KUBERNETES_INTERVAL = key(
        "server.kubernetes.interval",
        Kind::Span { min: "1s", max: "5m" },
        Default::Value("10s"),
        SERVER,
        "How often the state of every object is written. It must divide a minute, or be a whole number of minutes.",
    );
    /// `server.kubernetes.control_plane`
    SERVER_KUBERNETES_CONTROL_PLANE = key(
        "server.kubernetes.control_plane",
        Kind::Flag,
        Default::Value("false"),
        SERVER,
        "Reads the API server's own metrics once a minute (Container Insights' control plane metrics). Needs the right \
         to get the non-resource URL /metrics: deploy/kubernetes/optional/control-plane.yaml.",
    );
    /// `server.kubernetes.annotations`
    SERVER_KUBERNETES_ANNOTATIONS = key(
        "server.kubernetes.annotations",
        Kind::List,
        Default::Nothing("none"),
        SERVER,
        "The names of annotations that are kept with a pod, such as [\"team\", \"prometheus.io/scrape\"].",
    );
    /// `demo.enabled`
    DEMO_ENABLED = option(key(
        "demo.enabled",
        Kind::Flag,
        Default::Value("false"),
        UP,
        "Shows a simulated cluster, in a data folder of its own that begins anew at each start, instead of this machine: \
         docs/guide/demo.md.",
    ), "demo");
    /// `demo.scale`
    DEMO_SCALE = option(key(
        "demo.scale",
        Kind::Text,
        Default::Value("nodes=3,pods=40"),
        UP,
        "How large the simulated cluster is, such as nodes=200,pods=5000.",
    ), "demo-scale");
    /// `server.cost.prices`
    SERVER_COST_PRICES = key(
        "server.cost.prices",
        Kind::Path,
        Default::Nothing("the list prices that come with the program"),
        SERVER,
        "A file of prices for the estimate of what CloudWatch would charge: docs/guide/cost.md.",
    );
    /// `server.alarms.file`
    SERVER_ALARMS_FILE = key(
        "server.alarms.file",
        Kind::Path,
        Default::Nothing("alarms are made on the page, by the command line and over the API; nobody is told of them"),
        SERVER,
        "alarms.toml: alarms, receivers, routes and silences. It is read again when it changes: docs/guide/alarms.md.",
    );
    /// `server.alarms.starter`
    SERVER_ALARMS_STARTER = key(
        "server.alarms.starter",
        Kind::Flag,
        Default::Value("true"),
        SERVER,
        "Evaluate the starter set of alarms for Kubernetes. It tells nobody until an alarm's actions are switched on.",
    );
    /// `server.alarms.external_url`
    SERVER_ALARMS_EXTERNAL_URL = key(
        "server.alarms.external_url",
        Kind::Url,
        Default::Nothing("notifications have no links"),
        SERVER,
        "Where people find the page: the address that links in notifications begin with.",
    );
    /// `server.metrics_api.listen`
    SERVER_METRICS_API_LISTEN = key(
        "server.metrics_api.listen",
        Kind::AddressOrOff,
        Default::Value("off"),
        SERVER,
        "Where the Kubernetes metrics API (kubectl top, autoscalers) is served with TLS to the cluster's API server, and \
         to nobody else: deploy/kubernetes/optional/metrics-api.yaml.",
    );
    /// `server.metrics_api.cert`
    SERVER_METRICS_API_CERT = key(
        "server.metrics_api.cert",
        Kind::Path,
        Default::Nothing("one that is made at start and signed by itself"),
        SERVER,
        "PEM file of the certificate that is shown there, with server.metrics_api.key. It is read again when it changes.",
    );
    /// `server.metrics_api.key`
    SERVER_METRICS_API_KEY = key(
        "server.metrics_api.key",
        Kind::Path,
        Default::Nothing("one that is made at start"),
        SERVER,
        "PEM file of that certificate's private key.",
    );
}

/// The key of that path.
pub fn key_at(path: &str) -> Option<&'static Key> {
    ALL.iter().copied().find(|key| key.path == path)
}

/// The keys of a role, in the order of [`ALL`].
pub fn of(role: Role) -> impl Iterator<Item = &'static Key> {
    ALL.iter()
        .copied()
        .filter(move |key| key.roles.contains(&role))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique() {
        let mut seen = HashSet::new();
        for key in ALL {
            assert!(seen.insert(key.path.to_owned()), "{}", key.path);
            assert!(seen.insert(key.variable()), "{}", key.variable());
            assert!(
                key.option.is_none_or(|o| seen.insert(format!("--{o}"))),
                "{}",
                key.path
            );
            assert!(
                key.help.ends_with('.') && !key.roles.is_empty(),
                "{}",
                key.path
            );
        }
    }

    #[test]
    fn defaults_are_within_bounds() {
        for key in ALL {
            if let Default::Value(value) = key.default {
                assert_eq!(key.kind.check(value), Ok(()), "{}", key.path);
            }
            if let Kind::Span { min, max } | Kind::Size { min, max } = key.kind {
                assert_eq!(
                    (key.kind.check(min), key.kind.check(max)),
                    (Ok(()), Ok(())),
                    "{}",
                    key.path
                );
            }
        }
    }

    /// Kubernetes puts variables into every container for each service of the namespace. One for a service named
    /// `kansoku`, `kansoku-agent` or `kansoku-server` must not be taken for a key.
    #[test]
    fn no_variable_is_one_of_kubernetes_own() {
        for key in ALL {
            let variable = key.variable();
            assert!(
                !crate::source::is_kubernetes_service(&variable),
                "{variable}"
            );
        }
    }
}
