//! The types of values, each with the one way it is written.

mod list;
mod secret;
mod share;
mod size;
mod span;
mod text;
mod url;

pub(crate) use list::List;
pub use secret::Secret;
pub use share::Share;
pub use size::Size;
pub use span::Span;
pub(crate) use text::FromText;
pub use url::HttpUrl;
