//! The services that the story is about: a web shop with its data, its batch work and what watches it.

use std::sync::Arc;

use super::{Claim, Controller, Habit, Part, Plan};
use crate::logs::Voice;

/// A part of which most is usual.
pub(super) fn part(
    name: &'static str,
    image: &'static str,
    tag: &'static str,
    voice: Voice,
    lines: f64,
) -> Part {
    Part {
        name,
        image,
        tag,
        cpu_request: 100,
        cpu_limit: None,
        memory_request: 128,
        memory_limit: Some(256),
        cores: 0.06,
        anon: 80.0,
        file: 30.0,
        writes: 2_000.0,
        processes: 1,
        habit: Habit::Steady,
        voice,
        lines,
    }
}

/// A deployment of which most is usual.
pub(super) fn deployment(namespace: &str, name: &str, replicas: u32, parts: Vec<Part>) -> Plan {
    Plan {
        controller: Controller::Deployment,
        namespace: namespace.into(),
        name: name.into(),
        replicas,
        parts: parts.into_iter().map(Arc::new).collect(),
        receives: 20_000.0,
        sends: 35_000.0,
        port: Some(8080),
        claim: None,
        host_network: false,
        priority: None,
        node: None,
    }
}

/// A deployment without pods, whose pods would ask for so many thousandths of a core: more than a node has.
pub(crate) fn reindex(cpu_request: u32) -> Plan {
    let part = Part {
        cpu_request,
        memory_request: 2048,
        memory_limit: None,
        ..part("reindex", "batch/reindex", "1.4.0", Voice::Silent, 0.0)
    };
    Plan {
        port: None,
        ..deployment("batch", "reindex", 0, vec![part])
    }
}

pub(super) fn all() -> Vec<Plan> {
    let mut all = shop();
    all.extend(payments_and_data());
    all.extend(behind_the_scenes());
    all
}

fn shop() -> Vec<Plan> {
    let web = Part {
        cpu_request: 150,
        cores: 0.16,
        anon: 70.0,
        file: 60.0,
        processes: 5,
        ..part("web", "shop/web", "5.2.1", Voice::Access, 0.6)
    };
    let exporter = Part {
        cpu_request: 10,
        memory_request: 32,
        memory_limit: Some(64),
        cores: 0.004,
        anon: 14.0,
        file: 8.0,
        writes: 0.0,
        ..part("exporter", "web-exporter", "0.9.0", Voice::Silent, 0.0)
    };
    let checkout = Part {
        cpu_request: 150,
        memory_request: 192,
        cores: 0.11,
        anon: 95.0,
        habit: Habit::Leaks,
        ..part("checkout", "shop/checkout", "3.4.1", Voice::Checkout, 0.35)
    };
    let recommender = Part {
        cpu_request: 200,
        memory_request: 384,
        memory_limit: Some(512),
        cores: 0.18,
        anon: 230.0,
        processes: 5,
        habit: Habit::LosesChildren,
        ..part(
            "recommender",
            "shop/recommender",
            "1.9.3",
            Voice::Recommender,
            0.2,
        )
    };
    let search = Part {
        cpu_request: 200,
        cpu_limit: Some(400),
        memory_limit: Some(512),
        cores: 0.39,
        anon: 310.0,
        file: 90.0,
        habit: Habit::Tight,
        ..part("search", "shop/search", "2.7.0", Voice::Search, 0.5)
    };
    let redis = Part {
        memory_limit: Some(512),
        cores: 0.05,
        anon: 210.0,
        file: 4.0,
        writes: 12_000.0,
        ..part("redis", "redis", "7.2.4", Voice::Redis, 0.05)
    };
    vec![
        Plan {
            receives: 90_000.0,
            sends: 420_000.0,
            ..deployment("shop", "web", 4, vec![web, exporter])
        },
        deployment(
            "shop",
            "cart",
            2,
            vec![part("cart", "shop/cart", "4.0.2", Voice::Cart, 0.35)],
        ),
        deployment("shop", "checkout", 2, vec![checkout]),
        deployment(
            "shop",
            "catalog",
            3,
            vec![part(
                "catalog",
                "shop/catalog",
                "2.14.3",
                Voice::Catalog,
                0.4,
            )],
        ),
        Plan {
            receives: 60_000.0,
            sends: 110_000.0,
            port: Some(6379),
            ..deployment("shop", "redis", 1, vec![redis])
        },
        Plan {
            port: Some(9000),
            ..deployment("shop", "recommender", 1, vec![recommender])
        },
        deployment("shop", "search", 1, vec![search]),
        deployment(
            "shop",
            "mail",
            1,
            vec![part("mail", "shop/mail", "1.1.0", Voice::Mail, 0.08)],
        ),
        Plan {
            sends: 600_000.0,
            ..deployment(
                "shop",
                "images",
                2,
                vec![part("images", "shop/images", "3.0.5", Voice::Access, 0.3)],
            )
        },
    ]
}

fn payments_and_data() -> Vec<Plan> {
    let api = Part {
        cpu_limit: Some(1000),
        cores: 0.12,
        anon: 120.0,
        ..part(
            "payments-api",
            "payments/api",
            "6.1.0",
            Voice::Payments,
            0.45,
        )
    };
    let fraud = Part {
        cores: 0.09,
        anon: 110.0,
        ..part(
            "fraud-check",
            "payments/fraud-check",
            "0.8.7",
            Voice::Fraud,
            0.15,
        )
    };
    let postgres = Part {
        cpu_request: 250,
        memory_request: 512,
        memory_limit: Some(1024),
        cores: 0.22,
        anon: 260.0,
        file: 520.0,
        writes: 900_000.0,
        processes: 14,
        ..part("postgres", "postgres", "16.4", Voice::Postgres, 0.12)
    };
    let store = Part {
        memory_limit: Some(512),
        cores: 0.05,
        anon: 140.0,
        file: 200.0,
        writes: 300_000.0,
        ..part(
            "object-store",
            "object-store",
            "2024.10",
            Voice::Quiet,
            0.03,
        )
    };
    vec![
        deployment("payments", "payments-api", 2, vec![api]),
        deployment("payments", "fraud-check", 1, vec![fraud]),
        deployment(
            "payments",
            "ledger",
            2,
            vec![part(
                "ledger",
                "payments/ledger",
                "2.2.0",
                Voice::Quiet,
                0.1,
            )],
        ),
        Plan {
            controller: Controller::StatefulSet,
            receives: 150_000.0,
            sends: 260_000.0,
            port: Some(5432),
            claim: Some(Claim {
                volume: "data",
                size: 20,
                used: 0.44,
                fills: true,
            }),
            ..deployment("data", "postgres", 2, vec![postgres])
        },
        Plan {
            controller: Controller::StatefulSet,
            port: Some(9000),
            claim: Some(Claim {
                volume: "objects",
                size: 50,
                used: 0.38,
                fills: false,
            }),
            ..deployment("data", "object-store", 1, vec![store])
        },
    ]
}

fn behind_the_scenes() -> Vec<Plan> {
    let video = Part {
        cpu_request: 200,
        memory_request: 256,
        memory_limit: None,
        cores: 0.12,
        anon: 240.0,
        file: 150.0,
        writes: 400_000.0,
        processes: 3,
        habit: Habit::Noisy,
        ..part("encode", "batch/video-encode", "1.0.9", Voice::Video, 0.1)
    };
    let metrics = Part {
        memory_request: 400,
        memory_limit: Some(1024),
        cores: 0.08,
        anon: 380.0,
        file: 160.0,
        writes: 120_000.0,
        ..part("metrics", "metrics-store", "2.53.1", Voice::Quiet, 0.04)
    };
    let log_search = Part {
        memory_request: 300,
        memory_limit: Some(768),
        cores: 0.07,
        anon: 290.0,
        file: 120.0,
        writes: 150_000.0,
        ..part("log-search", "log-search", "1.8.0", Voice::Quiet, 0.04)
    };
    let ingress = Part {
        cores: 0.1,
        anon: 90.0,
        processes: 4,
        ..part(
            "controller",
            "ingress/controller",
            "1.11.2",
            Voice::Access,
            1.4,
        )
    };
    let dns = Part {
        memory_limit: Some(170),
        cores: 0.02,
        anon: 28.0,
        file: 6.0,
        writes: 0.0,
        ..part("dns", "dns", "1.11.3", Voice::Dns, 0.06)
    };
    let server = Part {
        cores: 0.01,
        anon: 32.0,
        file: 10.0,
        writes: 0.0,
        ..part(
            "metrics-server",
            "metrics-server",
            "0.7.2",
            Voice::Quiet,
            0.01,
        )
    };
    let critical = Some("system-cluster-critical");
    vec![
        Plan {
            port: None,
            node: Some(1),
            ..deployment("batch", "video-encode", 1, vec![video])
        },
        Plan {
            controller: Controller::StatefulSet,
            port: Some(9090),
            claim: Some(Claim {
                volume: "series",
                size: 30,
                used: 0.52,
                fills: false,
            }),
            ..deployment("monitoring", "metrics", 1, vec![metrics])
        },
        deployment("monitoring", "log-search", 1, vec![log_search]),
        deployment(
            "monitoring",
            "dashboards",
            1,
            vec![part(
                "dashboards",
                "dashboards",
                "11.1.4",
                Voice::Quiet,
                0.03,
            )],
        ),
        Plan {
            receives: 500_000.0,
            sends: 520_000.0,
            port: Some(443),
            priority: critical,
            ..deployment("kube-system", "ingress", 2, vec![ingress])
        },
        Plan {
            port: Some(53),
            priority: critical,
            ..deployment("kube-system", "dns", 2, vec![dns])
        },
        Plan {
            priority: critical,
            ..deployment("kube-system", "metrics-server", 1, vec![server])
        },
    ]
}
