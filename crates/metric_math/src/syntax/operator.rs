//! Operators, and how tightly they bind.

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

/// How tightly unary minus binds: less than `^`, more than `*`.
pub(crate) const NEGATION: u8 = 7;

impl Operator {
    /// The higher, the tighter.
    pub(crate) fn binding(self) -> u8 {
        match self {
            Operator::Or => 1,
            Operator::And => 2,
            Operator::Equal | Operator::NotEqual => 3,
            Operator::Less
            | Operator::Greater
            | Operator::LessOrEqual
            | Operator::GreaterOrEqual => 4,
            Operator::Add | Operator::Subtract => 5,
            Operator::Multiply | Operator::Divide => 6,
            Operator::Power => 8,
        }
    }

    /// Whether `a ^ b ^ c` is `a ^ (b ^ c)`.
    pub(crate) fn groups_right(self) -> bool {
        self == Operator::Power
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Operator::Or => "OR",
            Operator::And => "AND",
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::Greater => ">",
            Operator::LessOrEqual => "<=",
            Operator::GreaterOrEqual => ">=",
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Power => "^",
        }
    }

    /// The result for two values; may be no finite number. Truth is 1, untruth 0.
    pub(crate) fn apply(self, left: f64, right: f64) -> f64 {
        let truth = |is: bool| f64::from(u8::from(is));
        match self {
            Operator::Or => truth(left != 0.0 || right != 0.0),
            Operator::And => truth(left != 0.0 && right != 0.0),
            Operator::Equal => truth(left == right),
            Operator::NotEqual => truth(left != right),
            Operator::Less => truth(left < right),
            Operator::Greater => truth(left > right),
            Operator::LessOrEqual => truth(left <= right),
            Operator::GreaterOrEqual => truth(left >= right),
            Operator::Add => left + right,
            Operator::Subtract => left - right,
            Operator::Multiply => left * right,
            Operator::Divide => left / right,
            Operator::Power => left.powf(right),
        }
    }
}
