//! Own price tables: what is taken, what is refused and how it is said.

use cost::{Item, PriceTable};

fn edited(from: &str, to: &str) -> String {
    let text = PriceTable::builtin_text();
    assert!(text.contains(from), "the table has no {from:?}");
    text.replacen(from, to, 1)
}

/// The faults, without the lines that they are in.
fn faults(text: &str) -> Vec<String> {
    let refused = PriceTable::parse(text).expect_err("it should be refused");
    let without_line = |mut fault: cost::PriceFault| {
        fault.line = None;
        fault.to_string()
    };
    refused.0.into_iter().map(without_line).collect()
}

#[test]
fn the_embedded_table_is_whole() {
    let table = PriceTable::builtin();
    assert_eq!(table.as_of(), "2026-09-01");
    let ids: Vec<&str> = table.regions().iter().map(cost::Region::id).collect();
    assert_eq!(ids, ["ap-northeast-1", "us-east-1"]);
    let home = table.region("us-east-1").unwrap();
    for (item, usd) in [
        (Item::CustomMetric, 0.30),
        (Item::Observation, 0.21),
        (Item::LogIngestion, 0.50),
        (Item::EnhancedPerformanceIngestion, 0.0),
        (Item::LogArchive, 0.03),
        (Item::InsightsScan, 0.005),
        (Item::Alarm, 0.10),
        (Item::HighResolutionAlarm, 0.30),
        (Item::Dashboard, 3.0),
    ] {
        assert_eq!(home.price(item).tiers()[0].usd, usd, "{}", item.key());
    }
    assert_eq!(home.price(Item::CustomMetric).tiers().len(), 4);
}

#[test]
fn an_own_price_is_taken() {
    let text = edited(
        "usd = 0.50, confirmed = true } # [1] [2]",
        "usd = 0.4_5, confirmed = true }",
    );
    let table = PriceTable::parse(&text).unwrap();
    let region = table.region("us-east-1").unwrap();
    assert_eq!(region.price(Item::LogIngestion).usd(10.0), 4.5);
    assert_eq!(region.name(), "US East (N. Virginia)");
    let dated = PriceTable::parse(&edited("\"2026-09-01\"", "2026-11-30")).unwrap();
    assert_eq!(dated.as_of(), "2026-11-30");
}

#[test]
fn wrong_numbers_are_refused_with_key_and_value() {
    for (written, said) in [
        (
            "-0.5",
            "regions.us-east-1.log_ingestion.usd = -0.5: must not be negative",
        ),
        (
            "nan",
            "regions.us-east-1.log_ingestion.usd = nan: must be finite; write a number, as in usd = 0.5",
        ),
        (
            "inf",
            "regions.us-east-1.log_ingestion.usd = inf: must be finite; write a number, as in usd = 0.5",
        ),
        (
            "\"0.5\"",
            "regions.us-east-1.log_ingestion.usd = \"0.5\": is no number; write a number, as in usd = 0.5",
        ),
        (
            "0x10",
            "regions.us-east-1.log_ingestion.usd = 0x10: is no number; write a number, as in usd = 0.5",
        ),
    ] {
        assert_eq!(
            faults(&edited("usd = 0.50", &format!("usd = {written}"))),
            [said]
        );
    }
    assert_eq!(
        faults(&edited("value = 1073741824", "value = 0")),
        [
            "counting.gigabyte_bytes = { value = 0, confirmed = false }: must be above 0; write 1073741824 or 1000000000"
        ]
    );
}

#[test]
fn unknown_and_missing_keys_are_refused() {
    let text = edited("dashboard = {", "dashbord = {");
    assert_eq!(
        faults(&text),
        [
            "regions.us-east-1.dashboard: is missing; write dashboard = { unit = \"dashboard-month\", usd = …, confirmed = true }; usd = 0 for what is not charged",
            "regions.us-east-1.dashbord: there is no such key here; did you mean dashboard?",
        ]
    );
    assert_eq!(
        faults(&edited("dashboards = 3", "dashboards = 3\nspeed = 1")),
        [
            "free_tier.speed: there is no such key here; known are custom_metrics, alarm_metrics, dashboards, log_gigabytes"
        ]
    );
    assert_eq!(
        faults(&edited("as_of = \"2026-09-01\"", "")),
        ["as_of: is missing; write the date of the prices, as in as_of = \"2026-09-01\""]
    );
    assert_eq!(
        faults(&edited("usd = 0.005, confirmed = true", "usd = 0.005")),
        [
            "regions.us-east-1.insights_scan.confirmed: is missing; write confirmed = true or confirmed = false"
        ]
    );
}

#[test]
fn shapes_are_checked() {
    assert_eq!(
        faults(&edited("\"2026-09-01\"", "\"2026-13-01\"")),
        ["as_of = \"2026-13-01\": write the date of the prices, as in as_of = \"2026-09-01\""]
    );
    assert_eq!(
        faults(&edited("unit = \"GB-month\"", "unit = \"GB\"")),
        [
            "regions.us-east-1.log_archive.unit = \"GB\": must be \"GB-month\", which the price is for"
        ]
    );
    assert_eq!(
        faults(&edited("up_to = 250_000", "up_to = 9_000")),
        [
            "regions.us-east-1.custom_metric.tiers[1].up_to = 9000: must be above 10000, where the tier before ends; tiers rise"
        ]
    );
    assert_eq!(
        faults(&edited(
            "{ usd = 0.02, confirmed = true }",
            "{ up_to = 2_000_000, usd = 0.02, confirmed = true }"
        )),
        [
            "regions.us-east-1.custom_metric.tiers[3].up_to = 2_000_000: the last tier has no end; leave up_to out of it"
        ]
    );
    let none = "as_of = \"2026-09-01\"\n[counting]\n[free_tier]\n[regions]\n";
    let said = faults(none);
    assert!(
        said.iter()
            .any(|it| it.starts_with("regions: holds no region")),
        "{said:?}"
    );
    assert!(
        said.iter()
            .any(|it| it.starts_with("counting.archive_ratio: is missing")),
        "{said:?}"
    );
    assert!(
        faults("prices")
            .iter()
            .all(|it| it.starts_with("not TOML: "))
    );
}

#[test]
fn every_fault_is_told_at_once_with_its_line() {
    let text =
        edited("usd = 0.03,", "usd = -1,").replacen("as_of = \"2026-09-01\"", "as_of = 3", 1);
    let told = PriceTable::parse(&text).unwrap_err().to_string();
    let line = |needle: &str| 1 + text.lines().position(|it| it.contains(needle)).unwrap();
    assert_eq!(
        told,
        format!(
            "the price table has 2 faults:\n  line {}: as_of = 3: write the date of the prices, as in as_of = \"2026-09-01\"\n  line {}: regions.us-east-1.log_archive.usd = -1: must not be negative",
            line("as_of ="),
            line("usd = -1"),
        )
    );
}
