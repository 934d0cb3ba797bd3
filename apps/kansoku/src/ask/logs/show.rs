//! Lines as they are shown.

use std::io;

use super::line::Line;
use super::{LogsArgs, Output, When, colour, text};
use crate::print::{self, Stdout};

/// Shows lines.
#[derive(Debug)]
pub(super) struct Show {
    output: Output,
    colours: bool,
    timestamps: bool,
    /// Whether the namespace says something.
    namespace: bool,
    prefix: bool,
    /// The first log seen: from a second one on, lines are told apart.
    first: Option<[String; 4]>,
    auto: bool,
}

impl Show {
    /// As the arguments want it; `one_namespace` when every line is of the same.
    pub(super) fn new(args: &LogsArgs, one_namespace: bool) -> Show {
        let colours = match args.color {
            _ if args.no_color => false,
            When::Always => true,
            When::Never => false,
            When::Auto => print::colour(),
        };
        Show {
            output: args.output,
            colours,
            timestamps: args.timestamps,
            namespace: !one_namespace,
            prefix: args.prefix == When::Always,
            first: None,
            auto: args.prefix == When::Auto,
        }
    }

    /// Looks at lines before they are shown: when they are of several logs, all of them get their prefix.
    pub(super) fn look(&mut self, lines: &[Line]) {
        if !self.auto || self.prefix {
            return;
        }
        for line in lines {
            let source = line.source();
            match &self.first {
                Some(first) => self.prefix |= first.iter().ne(source),
                None => self.first = Some(source.map(str::to_owned)),
            }
        }
    }

    /// Shows a line.
    pub(super) fn line(&self, line: &Line, out: &mut Stdout) -> io::Result<()> {
        match self.output {
            Output::Raw => out.line(line.message()),
            Output::Json => out.line(&line.json()),
            Output::Default | Output::Wide => self.written(line, out),
        }
    }

    /// Shows that something lies between the lines before and those after.
    pub(super) fn gap(&self, out: &mut Stdout) -> io::Result<()> {
        match self.output {
            Output::Json => Ok(()),
            _ => out.line("--"),
        }
    }

    fn written(&self, line: &Line, out: &mut Stdout) -> io::Result<()> {
        let head = self.head(line);
        let mut parts = line.message().split('\n').peekable();
        while let Some(part) = parts.next() {
            let mut shown = text::clean(part, self.colours);
            if self.colours {
                shown = colour::mark_level(shown, line.text("level"));
            }
            let cut = line.cut();
            if cut > 0 && parts.peek().is_none() {
                let said = format!(" … ({cut} bytes cut off)");
                shown.to_mut().push_str(&self.dim(&said));
            }
            out.line(&format!("{head}{shown}"))?;
        }
        Ok(())
    }

    fn dim(&self, text: &str) -> String {
        if self.colours {
            colour::paint("2", text)
        } else {
            text.to_owned()
        }
    }

    /// What stands before each part of a message.
    fn head(&self, line: &Line) -> String {
        let wide = self.output == Output::Wide;
        let mut head = String::new();
        let mut word = |text: &str| {
            head.push_str(text);
            head.push(' ');
        };
        if self.timestamps || wide {
            word(&self.dim(line.time()));
        }
        if wide {
            let level = line.text("level").unwrap_or("-");
            // Filled before it is coloured: what sets a colour has no width.
            let filled = format!("{level:<5}");
            match colour::of_level(level).filter(|_| self.colours) {
                Some(code) => word(&colour::paint(code, &filled)),
                None => word(&filled),
            }
            word(line.text("node").unwrap_or("-"));
        }
        if self.prefix || wide {
            let name = self.name(line, wide);
            if self.colours {
                let of = line.text("pod").or(line.text("node")).unwrap_or_default();
                word(&colour::paint(&colour::of_pod(of), &name));
            } else {
                word(&name);
            }
        }
        head
    }

    /// Pod and container, or node and log of the host.
    fn name(&self, line: &Line, wide: bool) -> String {
        let container = line.text("container").or(line.text("container_id"));
        let stream = line.text("stream").unwrap_or("-");
        match (line.text("pod"), container) {
            (Some(pod), container) => {
                let mut name = match line.text("namespace").filter(|_| self.namespace || wide) {
                    Some(namespace) => format!("{namespace}/{pod}"),
                    None => pod.to_owned(),
                };
                if let Some(container) = container {
                    name.push(' ');
                    name.push_str(container);
                }
                if wide {
                    name.push(' ');
                    name.push_str(stream);
                }
                name
            }
            (None, Some(container)) => format!("{container} {stream}"),
            // The node stands before it already.
            (None, None) if wide => stream.to_owned(),
            (None, None) => format!("{} {stream}", line.text("node").unwrap_or("-")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::parsed;
    use super::*;

    fn line(pod: &str) -> Line {
        Line::from(json!({
            "id": "1", "time": "2026-11-25T20:31:04.000000001Z", "node": "n1", "namespace": "shop", "pod": pod,
            "container": "app", "stream": "stdout", "level": "error", "message": "ERROR x",
        }))
    }

    fn heads(words: &[&str], one_namespace: bool, lines: &[Line]) -> Vec<String> {
        let mut show = Show::new(&parsed(words), one_namespace);
        show.look(lines);
        lines.iter().map(|line| show.head(line)).collect()
    }

    #[test]
    fn logs_are_told_apart_when_there_are_several() {
        let one = [line("web-1"), line("web-1")];
        let two = [line("web-1"), line("web-2")];
        assert_eq!(heads(&["--no-color"], true, &one), ["", ""]);
        assert_eq!(
            heads(&["--no-color"], true, &two),
            ["web-1 app ", "web-2 app "]
        );
        assert_eq!(
            heads(&["--no-color"], false, &two),
            ["shop/web-1 app ", "shop/web-2 app "]
        );
        assert_eq!(
            heads(&["--no-color", "--prefix", "never"], true, &two),
            ["", ""]
        );
        assert_eq!(
            heads(&["--no-color", "--prefix", "always"], true, &one[..1]),
            ["web-1 app "]
        );
    }

    #[test]
    fn wide_says_everything() {
        let all = [line("web-1")];
        assert_eq!(
            heads(&["-o", "wide", "--no-color"], true, &all),
            ["2026-11-25T20:31:04.000000001Z error n1 shop/web-1 app stdout "]
        );
        assert_eq!(
            heads(&["-t"], true, &all),
            ["2026-11-25T20:31:04.000000001Z "]
        );
        let coloured = heads(&["--color", "always", "-o", "wide"], true, &all);
        assert!(coloured[0].contains("\x1b[31merror\x1b[0m"), "{coloured:?}");
        let host = [Line::from(
            json!({"node": "n1", "stream": "messages", "message": "x"}),
        )];
        assert_eq!(
            heads(&["--prefix", "always"], true, &host),
            ["n1 messages "]
        );
    }
}
