//! The words of each voice.

use super::Voice;
use crate::random::Random;
use crate::time::{access_log, rfc3339, rfc3339_millis};

/// What a message may depend on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Teller {
    pub(crate) at: i64,
    /// Share of its memory limit that is used.
    pub(crate) memory: f64,
    /// Share of its processor limit that it wants, above 1 when it is held back.
    pub(crate) cpu: f64,
    /// Share of its volume that is used.
    pub(crate) volume: f64,
    /// 1 at a usual hour.
    pub(crate) visitors: f64,
}

/// Level, whether it goes to standard error, and the message.
pub(crate) type Said = (Option<&'static str>, bool, String);

const INFO: Option<&str> = Some("info");
const WARN: Option<&str> = Some("warn");
const ERROR: Option<&str> = Some("error");
const DEBUG: Option<&str> = Some("debug");

const PATHS: [&str; 8] = [
    "/",
    "/catalog/shoes",
    "/catalog/lamps",
    "/product/1184",
    "/product/207",
    "/cart",
    "/search?q=desk",
    "/account",
];
const BROWSERS: [&str; 3] = [
    "Mozilla/5.0 (X11; Linux x86_64)",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)",
    "shop-app/7.3",
];
const PRODUCTS: [&str; 6] = [
    "desk lamp",
    "oak chair",
    "wool rug",
    "tea pot",
    "bookcase",
    "wall clock",
];

/// One object as services log it.
fn json(at: i64, level: &str, service: &str, message: &str, more: &str) -> String {
    let time = rfc3339_millis(at);
    let comma = if more.is_empty() { "" } else { "," };
    format!(
        r#"{{"time":"{time}","level":"{level}","service":"{service}","msg":"{message}"{comma}{more}}}"#
    )
}

/// A line in a voice; `None` when it has nothing to say.
pub(crate) fn line(voice: Voice, teller: Teller, random: &mut Random) -> Option<Said> {
    let at = teller.at;
    let milliseconds = |random: &mut Random, usual: f64| {
        // Most answers take about as long as usual, a few much longer.
        (usual * (0.5 + random.unit()) / (1.0 - 0.97 * random.unit())).min(30.0 * usual) as i64
    };
    Some(match voice {
        Voice::Silent => return None,
        Voice::Access => access(teller, random),
        Voice::Cart => {
            let cart = random.hex(8);
            if random.chance(0.03) {
                let more = format!(r#""cart":"{cart}","try":{},"backend":"redis:6379""#, 1 + random.below(3));
                (WARN, false, json(at, "warn", "cart", "write took too long, trying again", &more))
            } else {
                let product = random.pick(&PRODUCTS);
                let more = format!(
                    r#""cart":"{cart}","product":"{product}","items":{},"ms":{}"#,
                    1 + random.below(6),
                    milliseconds(random, 9.0)
                );
                (INFO, false, json(at, "info", "cart", "item added", &more))
            }
        }
        Voice::Checkout => {
            if teller.memory > 0.8 && random.chance(0.5) {
                let more = format!(r#""used_percent":{:.0},"pause_ms":{}"#, teller.memory * 100.0, milliseconds(random, 180.0));
                (WARN, false, json(at, "warn", "checkout", "heap is nearly full after collection", &more))
            } else if random.chance(0.02) {
                let more = format!(r#""order":"o-{}","status":502"#, random.hex(7));
                (ERROR, true, json(at, "error", "checkout", "payment was not confirmed, order is kept open", &more))
            } else {
                let more = format!(
                    r#""order":"o-{}","total_cents":{},"items":{},"ms":{}"#,
                    random.hex(7),
                    900 + random.below(42_000),
                    1 + random.below(7),
                    milliseconds(random, 85.0)
                );
                (INFO, false, json(at, "info", "checkout", "order placed", &more))
            }
        }
        Voice::Catalog => {
            let more = format!(r#""category":"{}","rows":{},"ms":{}"#, random.pick(&["shoes", "lamps", "rugs", "desks"]), 12 + random.below(40), milliseconds(random, 14.0));
            match random.chance(0.12) {
                true => (DEBUG, false, json(at, "debug", "catalog", "cache miss", &more)),
                false => (INFO, false, json(at, "info", "catalog", "list served", &more)),
            }
        }
        Voice::Recommender => (
            INFO,
            false,
            format!(
                "{} INFO recommender worker={} scored {} candidates for session {} in {} ms",
                rfc3339_millis(at),
                1 + random.below(4),
                200 + random.below(800),
                random.hex(6),
                milliseconds(random, 40.0)
            ),
        ),
        Voice::Search => {
            let slow = if teller.cpu > 1.0 { 420.0 } else { 60.0 };
            let took = milliseconds(random, slow);
            let (level, word) = if took > 1000 { (WARN, "warn") } else { (INFO, "info") };
            let more = format!(r#""query":"{}","hits":{},"ms":{took}"#, random.pick(&PRODUCTS), random.below(300));
            let message = if took > 1000 { "slow query" } else { "query" };
            (level, false, json(at, word, "search", message, &more))
        }
        Voice::Redis => {
            let changes = 1000 + random.below(9000);
            (INFO, false, format!("1:M {} * {changes} changes in 300 seconds. Saving...", rfc3339_millis(at)))
        }
        Voice::Mail => match random.chance(0.06) {
            true => (WARN, true, json(at, "warn", "mail", "address is refused by its server, given up", r#""code":550"#)),
            false => {
                let more = format!(r#""order":"o-{}","template":"{}""#, random.hex(7), random.pick(&["confirmation", "shipped", "invoice"]));
                (INFO, false, json(at, "info", "mail", "mail sent", &more))
            }
        },
        Voice::Payments => {
            let payment = random.hex(10);
            if random.chance(0.015) {
                let more = format!(r#""payment":"{payment}","provider":"north","error":"deadline exceeded after 5s""#);
                (ERROR, true, json(at, "error", "payments-api", "provider does not answer", &more))
            } else if random.chance(0.05) {
                let more = format!(r#""payment":"{payment}","reason":"{}""#, random.pick(&["insufficient funds", "card expired", "limit reached"]));
                (WARN, false, json(at, "warn", "payments-api", "payment declined", &more))
            } else {
                let more = format!(r#""payment":"{payment}","provider":"{}","ms":{}"#, random.pick(&["north", "harbour"]), milliseconds(random, 120.0));
                (INFO, false, json(at, "info", "payments-api", "payment captured", &more))
            }
        }
        Voice::Fraud => (
            INFO,
            false,
            format!("{} INFO fraud_check.score: payment {} scored {:.3}", rfc3339_millis(at), random.hex(10), random.unit().powi(4)),
        ),
        Voice::Postgres => postgres(teller, random),
        Voice::Video => (
            INFO,
            true,
            format!("encode: clip {} segment {}/{} done at {:.1} frames/s", random.hex(6), 1 + random.below(80), 80, random.between(18.0, 96.0)),
        ),
        Voice::Dns => match random.chance(0.1) {
            true => (
                ERROR,
                false,
                "[ERROR] plugin/forward: no answer from upstream 10.0.0.2:53 within 2s for metrics.vendor.example. A".to_owned(),
            ),
            false => (
                INFO,
                false,
                format!("[INFO] 10.244.{}.{}:{} - {} \"A IN redis.shop.svc.cluster.local. udp 50\" NOERROR {:.6}s", random.below(3), 2 + random.below(30), 32_768 + random.below(28_000), random.below(65_000), random.between(0.0001, 0.002)),
            ),
        },
        Voice::NodeAgent => (INFO, true, format!("time={} level=INFO msg=\"rows sent\" rows={} lag_ms={}", rfc3339(at), 20 + random.below(60), 20 + random.below(90))),
        Voice::Quiet => (INFO, true, format!("{} INFO housekeeping done in {} ms", rfc3339_millis(at), milliseconds(random, 30.0))),
        Voice::Job => (INFO, false, format!("{} INFO batch: {} of {} done", rfc3339_millis(at), 10 + random.below(90), 100)),
        Voice::Service => {
            let more = format!(r#""request":"{}","status":{},"ms":{}"#, random.hex(12), random.pick(&["200", "200", "200", "204", "404"]), milliseconds(random, 25.0));
            match random.chance(0.02) {
                true => (WARN, false, json(at, "warn", "service", "request was slow", &more)),
                false => (INFO, false, json(at, "info", "service", "request served", &more)),
            }
        }
    })
}

fn access(teller: Teller, random: &mut Random) -> Said {
    let path = random.pick(&PATHS);
    let roll = random.unit();
    let busy = (teller.visitors - 1.0).max(0.0);
    let (level, status) = if roll < 0.004 + 0.01 * busy {
        (ERROR, 502)
    } else if roll < 0.02 {
        (WARN, 404)
    } else if roll < 0.12 {
        (INFO, 304)
    } else {
        (INFO, 200)
    };
    let bytes = if status == 304 {
        0
    } else {
        400 + random.below(48_000)
    };
    let browser = random.pick(&BROWSERS);
    let message = format!(
        "198.51.100.{} - - [{}] \"GET {path} HTTP/1.1\" {status} {bytes} \"-\" \"{browser}\" {:.3}",
        1 + random.below(250),
        access_log(teller.at),
        random.between(0.002, 0.25),
    );
    (level, false, message)
}

fn postgres(teller: Teller, random: &mut Random) -> Said {
    let time = rfc3339_millis(teller.at)
        .replace('T', " ")
        .replace('Z', " UTC");
    let process = 60 + random.below(20);
    if teller.volume > 0.85 && random.chance(0.5) {
        let free = (1.0 - teller.volume) * 100.0;
        let message = format!(
            "{time} [{process}] WARNING:  data directory has {free:.0} % of its volume left; old segments wait for the archive"
        );
        return (WARN, true, message);
    }
    let (level, text) = match random.below(5) {
        0 => (
            ERROR,
            "ERROR:  duplicate key value violates unique constraint \"orders_number\"".to_owned(),
        ),
        1 => (
            INFO,
            format!(
                "LOG:  duration: {}.{:03} ms  statement: select * from stock where product = $1",
                200 + random.below(900),
                random.below(1000)
            ),
        ),
        2 => (
            INFO,
            format!(
                "LOG:  automatic vacuum of table \"shop.public.carts\": index scans: 1, pages: {} removed",
                random.below(900)
            ),
        ),
        _ => (
            INFO,
            format!(
                "LOG:  checkpoint complete: wrote {} buffers ({:.1}%)",
                400 + random.below(2000),
                random.between(0.5, 9.0)
            ),
        ),
    };
    (level, true, format!("{time} [{process}] {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_in_json_are_json() {
        let mut random = Random::new(1);
        for voice in [
            Voice::Cart,
            Voice::Checkout,
            Voice::Catalog,
            Voice::Search,
            Voice::Mail,
            Voice::Payments,
            Voice::Service,
        ] {
            for at in 0..200 {
                let teller = Teller {
                    at: at * 1_000_000,
                    memory: 0.9,
                    cpu: 1.2,
                    volume: 0.9,
                    visitors: 1.0,
                };
                let (level, _, message) = line(voice, teller, &mut random).unwrap();
                let parsed: serde_json::Value =
                    serde_json::from_str(&message).unwrap_or_else(|e| panic!("{message}: {e}"));
                assert_eq!(parsed["level"].as_str(), level);
            }
        }
    }
}
