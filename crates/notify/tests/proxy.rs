//! A proxy that the environment names. Variables of a process cannot be set safely while it runs, so the test runs itself.

#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;

use common::http::{Server, answer};
use common::{fired, now, receiver};
use notify::{Http, Notification, Proxies};

const TARGET: &str = "KANSOKU_TEST_TARGET";

#[tokio::test]
#[ignore = "run by the other test, with variables"]
async fn through_the_proxy() {
    let url = std::env::var(TARGET).unwrap();
    let text = format!("[[receiver]]\nname = \"ops\"\ntype = \"webhook\"\nurl = \"{url}\"\n");
    let ops = receiver(&text, Path::new("/"), &[]);
    let told = Notification::new("d-1", vec![fired("x")], now());
    ops.deliver(&told, &Http::new(Proxies::Environment))
        .await
        .unwrap();
}

async fn run(target: &str, proxy: &str, not_for: &str) {
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "through_the_proxy", "--ignored"])
        .env(TARGET, target)
        .env("HTTP_PROXY", proxy)
        .env("http_proxy", proxy)
        .env("NO_PROXY", not_for)
        .env("no_proxy", not_for)
        .spawn()
        .unwrap();
    assert!(child.wait().await.unwrap().success());
}

#[tokio::test]
async fn the_environments_proxy_is_gone_through() {
    let proxy = Server::start(vec![answer(200, "")]).await;
    let target = Server::start(vec![answer(200, "")]).await;
    run("http://receiver.invalid/in", &proxy.url(), "").await;
    assert_eq!(
        proxy.seen()[0].line,
        "POST http://receiver.invalid/in HTTP/1.1"
    );
    run(&target.url(), &proxy.url(), "127.0.0.1").await;
    assert_eq!((proxy.seen().len(), target.seen().len()), (1, 1));
}
