use query::{Periods, WindowSource, WindowsRequest};

use super::{Logs, line};

/// What lines are counted in: four minutes from where the lines begin.
async fn counted(logs: &Logs, filter: &str, group_by: &[&str]) -> Vec<(String, Vec<Option<f64>>)> {
    let request = WindowsRequest {
        source: WindowSource::Logs {
            filter: filter.to_owned(),
            group_by: group_by.iter().map(|name| (*name).to_owned()).collect(),
        },
        periods: Periods {
            start: super::START,
            seconds: 60,
            count: 4,
        },
    };
    let answers = logs.query.windows(&[request], super::START).await;
    let windows = answers.into_iter().next().unwrap().unwrap();
    let text = |labels: query::WindowLabels| labels.into_values().collect::<Vec<_>>().join("/");
    windows
        .into_iter()
        .map(|window| (text(window.labels), window.values))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_are_counted_by_period_and_columns() {
    let logs = Logs::new().await;
    let rows: Vec<_> = (0..18)
        .map(|n| {
            let message = if n % 3 == 0 { "failed to pay" } else { "paid" };
            line(["a", "b"][(n % 2) as usize], n, n * 10_000_000, message)
        })
        .collect();
    logs.write(&rows[..9]).await;
    logs.store.flush().await.unwrap();
    logs.write(&rows[9..]).await;
    let (two, none) = (Some(2.0), Some(0.0));
    // Six lines a minute, a third of which failed; no line in the fourth minute.
    assert_eq!(
        counted(&logs, "failed", &[]).await,
        [(String::new(), vec![two, two, two, none])]
    );
    let one = Some(1.0);
    assert_eq!(
        counted(&logs, "failed", &["pod"]).await,
        [
            ("a".to_owned(), vec![one, one, one, none]),
            ("b".to_owned(), vec![one, one, one, none])
        ]
    );
    assert_eq!(
        counted(&logs, "nothing like it", &[]).await,
        [(String::new(), vec![none; 4])]
    );
    assert!(counted(&logs, "nothing like it", &["pod"]).await.is_empty());
    assert_eq!(counted(&logs, "", &[]).await[0].1[0], Some(6.0));
}
