//! Which logs are read.

use super::rules::RuleError;

/// What a log is called by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct SourceName<'a> {
    /// The pod's namespace; empty for a log of the host or of a container that is in no pod.
    pub(crate) namespace: &'a str,
    /// The pod's name; empty likewise.
    pub(crate) pod: &'a str,
    /// The container's name, or Docker's id; empty for a log of the host.
    pub(crate) container: &'a str,
    /// The file.
    pub(crate) path: &'a str,
}

/// `NAME=GLOB …`, all of which must hold: `namespace=kube-* container=istio-proxy`. Names are `namespace`, `pod`,
/// `container` and `path`; in a glob `*` stands for any characters, none and `/` included.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Selector {
    conditions: Vec<(Name, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Name {
    Namespace,
    Pod,
    Container,
    Path,
}

impl Selector {
    /// Reads one.
    pub(crate) fn parse(text: &str) -> Result<Selector, RuleError> {
        let mut conditions = Vec::new();
        for word in text.split([' ', '\t', ',']).filter(|w| !w.is_empty()) {
            let Some((name, glob)) = word.split_once('=') else {
                return Err(RuleError::new(text, format!("{word:?} is not NAME=GLOB")));
            };
            let name = match name {
                "namespace" => Name::Namespace,
                "pod" => Name::Pod,
                "container" => Name::Container,
                "path" => Name::Path,
                _ => {
                    let why = format!("{name:?} is none of namespace, pod, container, path");
                    return Err(RuleError::new(text, why));
                }
            };
            if glob.is_empty() {
                return Err(RuleError::new(text, format!("{word:?} names nothing")));
            }
            conditions.push((name, glob.to_owned()));
        }
        if conditions.is_empty() {
            return Err(RuleError::new(text, "it names nothing"));
        }
        Ok(Selector { conditions })
    }

    /// Whether it means this log. A log that has no such name (a host log has no pod) is not meant, not even by `*`.
    pub(crate) fn admits(&self, source: &SourceName<'_>) -> bool {
        self.conditions.iter().all(|(name, glob)| {
            let value = match name {
                Name::Namespace => source.namespace,
                Name::Pod => source.pod,
                Name::Container => source.container,
                Name::Path => source.path,
            };
            !value.is_empty() && matches(glob.as_bytes(), value.as_bytes())
        })
    }
}

/// Whether the whole text is as the glob says. Time is at most the product of both lengths.
fn matches(glob: &[u8], text: &[u8]) -> bool {
    let (mut g, mut t) = (0, 0);
    // Where to go on after the last `*`, should what follows it not fit.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match glob.get(g) {
            Some(b'*') => {
                star = Some((g + 1, t));
                g += 1;
            }
            Some(byte) if Some(byte) == text.get(t) => {
                g += 1;
                t += 1;
            }
            _ => match star {
                Some((after, at)) => {
                    star = Some((after, at + 1));
                    g = after;
                    t = at + 1;
                }
                None => return false,
            },
        }
    }
    glob.get(g..)
        .is_some_and(|rest| rest.iter().all(|&b| b == b'*'))
}

/// Include and exclude rules. A log is read if no exclude rule means it and, where there are include rules, one of them does.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Selection {
    include: Vec<Selector>,
    exclude: Vec<Selector>,
}

impl Selection {
    /// Reads the rules, or tells all that is wrong with them.
    pub(crate) fn parse<T: AsRef<str>>(
        include: &[T],
        exclude: &[T],
    ) -> Result<Selection, Vec<RuleError>> {
        let mut errors = Vec::new();
        let mut read = |texts: &[T]| {
            let mut selectors = Vec::new();
            for text in texts {
                match Selector::parse(text.as_ref()) {
                    Ok(selector) => selectors.push(selector),
                    Err(error) => errors.push(error),
                }
            }
            selectors
        };
        let selection = Selection {
            include: read(include),
            exclude: read(exclude),
        };
        if errors.is_empty() {
            Ok(selection)
        } else {
            Err(errors)
        }
    }

    /// Whether this log is read.
    pub(crate) fn admits(&self, source: &SourceName<'_>) -> bool {
        let means = |selectors: &[Selector]| selectors.iter().any(|s| s.admits(source));
        !means(&self.exclude) && (self.include.is_empty() || means(&self.include))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn globs() {
        for (glob, text, expected) in [
            ("*", "a", true),
            ("web-*", "web-1", true),
            ("web-*", "web-", true),
            ("web-*", "aweb-1", false),
            ("*-proxy", "istio-proxy", true),
            ("*-proxy", "istio-proxy-2", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("**a**", "bab", true),
            ("/var/log/pods/*/0.log", "/var/log/pods/x/y/0.log", true),
            ("a?c", "abc", false),
            ("é*", "ecole", false),
            ("é*", "élan", true),
        ] {
            assert_eq!(
                matches(glob.as_bytes(), text.as_bytes()),
                expected,
                "{glob} {text}"
            );
        }
    }

    #[test]
    fn exclude_is_stronger_and_a_host_log_has_no_pod() {
        let pod = |namespace, pod, container| SourceName {
            namespace,
            pod,
            container,
            path: "/var/log/pods/x/0.log",
        };
        let messages = SourceName {
            path: "/var/log/messages",
            ..SourceName::default()
        };
        let rules = Selection::parse(
            &["namespace=shop", "path=/var/log/messages"],
            &["namespace=shop,container=istio-*"],
        )
        .unwrap();
        assert!(rules.admits(&pod("shop", "web", "app")));
        assert!(!rules.admits(&pod("shop", "web", "istio-proxy")));
        assert!(!rules.admits(&pod("other", "web", "app")));
        assert!(rules.admits(&messages));
        let rules = Selection::parse(&["pod=*"], &[]).unwrap();
        assert!(!rules.admits(&messages));
        assert!(Selection::default().admits(&messages));
    }

    #[test]
    fn wrong_rules_are_all_told() {
        let errors = Selection::parse(&["namespace", "x=y", "", "pod=a"], &["pod="]).unwrap_err();
        let told: Vec<_> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                r#""namespace": "namespace" is not NAME=GLOB"#,
                r#""x=y": "x" is none of namespace, pod, container, path"#,
                r#""": it names nothing"#,
                r#""pod=": "pod=" names nothing"#,
            ]
        );
    }

    proptest! {
        #[test]
        fn a_glob_is_what_a_regex_of_it_is(glob in "[ab*]{0,8}", text in "[ab]{0,12}") {
            let regex = regex::Regex::new(&format!("^(?:{})$", glob.replace('*', ".*"))).unwrap();
            prop_assert_eq!(matches(glob.as_bytes(), text.as_bytes()), regex.is_match(&text));
        }
    }
}
