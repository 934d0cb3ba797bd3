//! Requests without a body: a browser sends those for a page of any site, without asking first.

use axum::http::{HeaderMap, header};

use crate::problem::{Code, Problem};

/// Whether a request may change something: it comes from no browser, or from a page of this host.
///
/// Browsers say so in `Sec-Fetch-Site` (Fetch Metadata Request Headers), and over plain HTTP to another machine in
/// `Origin` alone. What else asks has neither.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let is_own = match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = text(header::HOST.as_str()).unwrap_or("");
            let asking = origin.split_once("://").map_or("", |(_, host)| host);
            !host.is_empty() && asking.eq_ignore_ascii_case(host)
        }
        (None, None) => true,
    };
    match is_own {
        true => Ok(()),
        false => Err(Problem::new(
            Code::CrossSite,
            "the request was made by a page of another site: do it on Kansoku's own page, or with the command line",
        )),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn pages_of_other_sites_are_kept_out() {
        for (given, is_taken) in [
            (&[][..], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            // The browser knows better than the names behind a proxy.
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("origin", "https://kansoku.example"),
                ],
                true,
            ),
            (&[("origin", "http://KANSOKU:4780")], true),
            (&[("origin", "http://kansoku:4781")], false),
            (&[("origin", "http://elsewhere")], false),
            (&[("origin", "null")], false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("kansoku:4780"));
            for (name, value) in given {
                headers.insert(
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                );
            }
            let checked = check(&headers);
            assert_eq!(checked.is_ok(), is_taken, "{given:?}");
            if let Err(problem) = checked {
                assert_eq!(problem.to_json()["status"], 403);
            }
        }
    }
}
