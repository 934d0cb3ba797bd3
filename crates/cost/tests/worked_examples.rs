//! Bills that were worked out by hand, to the cent.

use cost::{
    EntityHours, EntityMinutes, Estimate, Line, LogVolume, Mode, PriceTable, Usage, estimate,
};

const GIB: u64 = 1 << 30;

/// The built-in table with the counts that AWS publishes: 6 for services and namespaces.
fn published_counts() -> PriceTable {
    let text = PriceTable::builtin_text();
    let edited = text
        .replace(
            "metrics_per_service = { value = 7",
            "metrics_per_service = { value = 6",
        )
        .replace(
            "metrics_per_namespace = { value = 7",
            "metrics_per_namespace = { value = 6",
        );
    assert_ne!(text, edited);
    PriceTable::parse(&edited).expect("the edit keeps the table whole")
}

fn line<'a>(estimate: &'a Estimate, item: &str) -> &'a Line {
    estimate
        .lines
        .iter()
        .find(|line| line.item == item)
        .unwrap_or_else(|| panic!("no line {item}"))
}

fn close(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 1e-9, "{found}, not {wanted}");
}

/// Volume whose bytes are these gigabytes together with the 26 bytes of its one event.
fn gigabytes(count: u64) -> LogVolume {
    LogVolume {
        bytes: count * GIB - 26,
        events: 1,
    }
}

/// 1 cluster, 3 nodes, 20 workloads, 10 services, 5 namespaces in all of `hours`.
fn whole_month(hours: u32) -> EntityHours {
    let all = |count: u64| count * u64::from(hours);
    EntityHours {
        hours,
        clusters: all(1),
        nodes: all(3),
        workloads: all(20),
        services: all(10),
        namespaces: all(5),
    }
}

#[test]
fn a_small_cluster_in_standard_mode() {
    let usage = Usage {
        entity_hours: whole_month(730),
        application_logs: gigabytes(50),
        retention_days: 730.0 / 24.0,
        alarm_metrics: 10.0,
        dashboards: 1.0,
        insights_scanned_gigabytes: 100.0,
        ..Usage::over(730.0)
    };
    let bill = estimate(&published_counts(), "us-east-1", Mode::Standard, &usage).unwrap();
    close(line(&bill, "Custom metrics").quantity, 318.0);
    close(line(&bill, "Custom metrics").usd_month, 95.40);
    close(line(&bill, "Application logs").usd_month, 25.00);
    close(line(&bill, "Log archive").usd_month, 0.225);
    close(line(&bill, "Alarms").usd_month, 1.00);
    close(line(&bill, "Dashboards").usd_month, 3.00);
    close(line(&bill, "Logs Insights searches").usd_month, 0.50);
    close(bill.total_usd_month, 125.125);
    assert_eq!(bill.free_tier_usd, 0.0);

    // By our own count services and namespaces have a seventh metric.
    let ours = estimate(PriceTable::builtin(), "us-east-1", Mode::Standard, &usage).unwrap();
    close(line(&ours, "Custom metrics").quantity, 333.0);
    let said = &line(&ours, "Custom metrics").assumption;
    assert!(said.contains("20 workloads with 9,"), "{said}");
    assert!(
        said.contains("5 namespaces with 7 (not confirmed) metrics each"),
        "{said}"
    );
    assert!(said.contains("scaled to a month of 730 hours"), "{said}");
}

#[test]
fn a_day_stands_for_a_month() {
    let day = Usage {
        entity_hours: whole_month(24),
        application_logs: gigabytes(24),
        retention_days: 730.0 / 24.0,
        ..Usage::over(24.0)
    };
    let bill = estimate(&published_counts(), "us-east-1", Mode::Standard, &day).unwrap();
    close(line(&bill, "Custom metrics").quantity, 318.0);
    close(line(&bill, "Application logs").quantity, 730.0);
    let said = &line(&bill, "Application logs").assumption;
    assert!(
        said.contains("Counted over 24 hours, scaled to a month of 730 hours"),
        "{said}"
    );
}

#[test]
fn tiers_are_of_the_whole_account() {
    // Nodes with 8 metrics: 37,500 make 300,000.
    let nodes = |count: u64| {
        let mut usage = Usage::over(1.0);
        usage.entity_hours.nodes = count;
        estimate(PriceTable::builtin(), "us-east-1", Mode::Standard, &usage).unwrap()
    };
    let bill = nodes(37_500);
    let metrics = line(&bill, "Custom metrics");
    close(metrics.usd_month, 29_500.0);
    assert_eq!(metrics.unit_price_usd, None);
    let parts: Vec<(f64, f64)> = metrics
        .tiers
        .iter()
        .map(|part| (part.quantity, part.unit_price_usd))
        .collect();
    assert_eq!(
        parts,
        [(10_000.0, 0.30), (240_000.0, 0.10), (50_000.0, 0.05)]
    );
    close(line(&nodes(150_000), "Custom metrics").usd_month, 68_500.0);
    let small = nodes(1_250);
    let edge = line(&small, "Custom metrics");
    assert_eq!((edge.unit_price_usd, edge.tiers.len()), (Some(0.30), 0));
}

#[test]
fn observations_cost_by_the_million() {
    // A control plane series is one observation a minute: 100 million of them in 730 hours.
    let usage = Usage {
        entity_minutes: EntityMinutes {
            control_plane_series: 100_000_000,
            ..EntityMinutes::default()
        },
        ..Usage::over(730.0)
    };
    let bill = estimate(PriceTable::builtin(), "us-east-1", Mode::Enhanced, &usage).unwrap();
    let observations = line(&bill, "Observations");
    close(observations.quantity, 100.0);
    close(observations.usd_month, 21.0);
    assert!(!observations.confirmed);
    assert!(bill.lines.iter().all(|line| line.item != "Custom metrics"));
}

#[test]
fn logs_cost_more_in_tokyo() {
    let usage = Usage {
        application_logs: gigabytes(50),
        ..Usage::over(730.0)
    };
    let bill = estimate(
        PriceTable::builtin(),
        "ap-northeast-1",
        Mode::Standard,
        &usage,
    )
    .unwrap();
    close(line(&bill, "Application logs").usd_month, 38.0);
    assert!(line(&bill, "Application logs").confirmed);
    assert!(!line(&bill, "Log archive").confirmed);
}

#[test]
fn a_metric_is_charged_for_the_hours_that_it_lived() {
    // One workload with 9 metrics in 73 of 730 hours: 0.9 metric-months, 3 cents for each of the nine.
    let mut usage = Usage::over(730.0);
    usage.entity_hours.workloads = 73;
    let bill = estimate(PriceTable::builtin(), "us-east-1", Mode::Standard, &usage).unwrap();
    close(line(&bill, "Custom metrics").quantity, 0.9);
    close(line(&bill, "Custom metrics").usd_month, 9.0 * 0.03);
}

#[test]
fn a_window_within_an_hour_counts_the_hour_whole() {
    // A node that is there all the time has 8 metric-months, however short one looked.
    let mut usage = Usage::over(0.25);
    usage.entity_hours.nodes = 1;
    usage.entity_minutes.nodes = 15;
    usage.host_logs = gigabytes(1);
    let bill = estimate(PriceTable::builtin(), "us-east-1", Mode::Standard, &usage).unwrap();
    close(line(&bill, "Custom metrics").quantity, 8.0);
    close(line(&bill, "Host logs").quantity, 2920.0);
    let bill = estimate(PriceTable::builtin(), "us-east-1", Mode::Enhanced, &usage).unwrap();
    close(
        line(&bill, "Observations").quantity,
        19.0 * 60.0 * 730.0 / 1e6,
    );
}

#[test]
fn nothing_costs_nothing() {
    for mode in [Mode::Standard, Mode::Enhanced] {
        for free_tier in [false, true] {
            let usage = Usage {
                free_tier,
                ..Usage::over(24.0)
            };
            let bill = estimate(PriceTable::builtin(), "us-east-1", mode, &usage).unwrap();
            assert_eq!((bill.total_usd_month, bill.free_tier_usd), (0.0, 0.0));
            assert!(bill.lines.iter().all(|line| line.quantity == 0.0));
            assert!(bill.lines.iter().all(|line| line.unit_price_usd.is_some()));
        }
    }
}

#[test]
fn performance_events_are_logs_in_standard_mode_only() {
    let mut usage = Usage::over(730.0);
    usage.entity_minutes.pods = 60 * 730 * 100;
    let standard = estimate(PriceTable::builtin(), "us-east-1", Mode::Standard, &usage).unwrap();
    let gigabyte_count = 100.0 * 60.0 * 730.0 * 2687.0 / GIB as f64;
    close(
        line(&standard, "Performance events").quantity,
        gigabyte_count,
    );
    close(
        line(&standard, "Performance events").usd_month,
        gigabyte_count * 0.50,
    );

    let enhanced = estimate(PriceTable::builtin(), "us-east-1", Mode::Enhanced, &usage).unwrap();
    let free = line(&enhanced, "Performance events");
    close(free.quantity, 100.0 * 60.0 * 730.0 * 3844.0 / GIB as f64);
    assert_eq!((free.usd_month, free.confirmed), (0.0, false));
    assert!(
        free.assumption
            .contains("Taken as part of the price of observations")
    );

    // Events that were rendered are taken as they are.
    usage.performance_logs = Some(gigabytes(3));
    let rendered = estimate(PriceTable::builtin(), "us-east-1", Mode::Standard, &usage).unwrap();
    close(line(&rendered, "Performance events").usd_month, 1.50);
}

#[test]
fn the_free_tier_takes_the_first_units_off() {
    let usage = Usage {
        entity_hours: whole_month(730),
        application_logs: gigabytes(3),
        host_logs: gigabytes(1),
        retention_days: 730.0 / 24.0,
        insights_scanned_gigabytes: 100.0,
        alarm_metrics: 12.0,
        high_resolution_alarm_metrics: 2.0,
        dashboards: 4.0,
        free_tier: true,
        ..Usage::over(730.0)
    };
    let bill = estimate(PriceTable::builtin(), "us-east-1", Mode::Standard, &usage).unwrap();
    // 10 metrics, 10 alarm metrics, 3 dashboards; 5 GB: 4 ingested, 0.6 kept, 0.4 searched.
    close(
        bill.free_tier_usd,
        10.0 * 0.30 + 10.0 * 0.10 + 3.0 * 3.0 + 4.0 * 0.50 + 0.6 * 0.03 + 0.4 * 0.005,
    );
    let lines: f64 = bill.lines.iter().map(|line| line.usd_month).sum();
    close(bill.total_usd_month, lines - bill.free_tier_usd);
}

#[test]
fn the_answer_has_the_fields_that_the_page_reads() {
    let bill = estimate(
        PriceTable::builtin(),
        "us-east-1",
        Mode::Enhanced,
        &Usage::over(24.0),
    )
    .unwrap();
    let json = serde_json::to_value(&bill).unwrap();
    assert_eq!(json["mode"], "enhanced");
    assert_eq!(json["region"], "us-east-1");
    assert_eq!(json["as_of"], "2026-09-01");
    assert_eq!(json["currency"], "USD");
    assert_eq!(json["window_hours"], 24.0);
    assert_eq!(json["month_hours"], 730.0);
    assert_eq!(json["free_tier_usd"], 0.0);
    assert_eq!(json["total_usd_month"], 0.0);
    assert_eq!(json["regions"][1]["id"], "us-east-1");
    let line = &json["lines"][0];
    let fields: Vec<&str> = line
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut wanted = vec![
        "item",
        "price",
        "quantity",
        "unit",
        "unit_price_usd",
        "tiers",
        "usd_month",
        "assumption",
        "confirmed",
    ];
    wanted.sort_unstable();
    let mut found = fields;
    found.sort_unstable();
    assert_eq!(found, wanted);
}

#[test]
fn sentences_say_what_was_counted() {
    let mut usage = Usage::over(1.0);
    let bill = estimate(PriceTable::builtin(), "us-east-1", Mode::Enhanced, &usage).unwrap();
    assert!(
        line(&bill, "Observations")
            .assumption
            .starts_with("No entity was counted. ")
    );
    assert!(
        line(&bill, "Host logs")
            .assumption
            .contains("None were counted.")
    );
    assert_eq!(line(&bill, "Alarms").assumption, "None were given.");
    usage.entity_minutes.nodes = 60;
    usage.entity_minutes.pods = 6_000;
    usage.host_logs = LogVolume {
        bytes: 1,
        events: 12_345,
    };
    usage.dashboards = 1.0;
    let bill = estimate(PriceTable::builtin(), "us-east-1", Mode::Enhanced, &usage).unwrap();
    let said = &line(&bill, "Observations").assumption;
    assert!(
        said.starts_with("About 1,919 a minute: 19 of nodes and 1,900 of pods. "),
        "{said}"
    );
    assert!(said.ends_with("Larger quantities cost less."), "{said}");
    let said = &line(&bill, "Host logs").assumption;
    assert!(
        said.contains("12,345 events with 26 bytes added to each."),
        "{said}"
    );
    assert!(
        line(&bill, "Dashboards")
            .assumption
            .starts_with("As given.")
    );
}
