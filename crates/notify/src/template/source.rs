//! One template: read, tried, rendered.

use std::sync::Arc;

use minijinja::{Environment, Error, UndefinedBehavior};

use super::bounds::{Bounded, forbidden};
use super::context::{Context, VARIABLES};
use super::{FUEL, LONGEST_SOURCE, LONGEST_TEXT, filters};

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct TemplateFault {
    /// The line in the template, from 1.
    pub line: usize,
    /// What, and what to write instead.
    pub message: String,
}

impl TemplateFault {
    fn of(error: &Error) -> TemplateFault {
        let kind = error.kind().to_string();
        TemplateFault {
            line: error.line().unwrap_or(1).max(1),
            message: match error.detail() {
                Some(detail) => format!("{kind}: {detail}"),
                None => kind,
            },
        }
    }
}

/// One template, read and tried.
#[derive(Debug, Clone)]
pub struct Template {
    environment: Arc<Environment<'static>>,
}

const NAME: &str = "template";

impl Template {
    /// Reads a template and tries it on changes of each kind, so that what is wrong is said when it is read.
    pub fn new(source: &str) -> Result<Template, TemplateFault> {
        let fault = |line, message| Err(TemplateFault { line, message });
        if source.len() > LONGEST_SOURCE {
            let length = source.len();
            return fault(
                1,
                format!("has {length} bytes; at most {LONGEST_SOURCE} are allowed"),
            );
        }
        if let Some((line, message)) = forbidden(source) {
            return fault(line, message);
        }
        let (template, error) = Template::compile(source);
        if let Some(error) = error {
            return Err(TemplateFault::of(&error));
        }
        if let Some((line, message)) = template.unknown_name(source) {
            return fault(line, message);
        }
        for context in Context::samples() {
            template.render(&context)?;
        }
        Ok(template)
    }

    /// One of ours. A test has tried it.
    pub(super) fn ours(source: &str) -> Template {
        Template::compile(source).0
    }

    /// What cannot be read fails again whenever it is rendered.
    fn compile(source: &str) -> (Template, Option<Error>) {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Lenient);
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(50);
        filters::add(&mut environment);
        let error = environment
            .add_template_owned(NAME, source.to_owned())
            .err();
        let environment = Arc::new(environment);
        (Template { environment }, error)
    }

    /// A variable that nobody fills in, with its line.
    fn unknown_name(&self, source: &str) -> Option<(usize, String)> {
        let template = self.environment.get_template(NAME).ok()?;
        let mut names: Vec<String> = template.undeclared_variables(false).into_iter().collect();
        names.sort();
        let name = names
            .into_iter()
            .find(|name| !VARIABLES.contains(&name.as_str()))?;
        let at = source.find(&name).unwrap_or(0);
        let line = source.get(..at).unwrap_or_default().matches('\n').count() + 1;
        let message = match catalogue::nearest(&name, VARIABLES) {
            Some(near) => format!("there is no variable '{name}'; did you mean {near}?"),
            None => format!(
                "there is no variable '{name}'; there are {}",
                VARIABLES.join(", ")
            ),
        };
        Some((line, message))
    }

    /// What it says. A text that grows too long is cut off.
    pub(super) fn render(&self, context: &Context) -> Result<String, TemplateFault> {
        let mut text = Bounded::new(LONGEST_TEXT);
        let template = self.environment.get_template(NAME);
        let rendered = template.and_then(|template| {
            template
                .render_captured_to(context.value(), &mut text)
                .map(drop)
        });
        match rendered {
            Err(error) if !text.is_full() => Err(TemplateFault::of(&error)),
            _ => Ok(text.into_text()),
        }
    }
}
