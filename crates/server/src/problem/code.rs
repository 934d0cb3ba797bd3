//! The kinds of problem. A code is part of the interface: programs branch on it, so it is never renamed.

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $status:literal, $title:literal;)+) => {
        /// Which kind of problem it is; see each for when it happens.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Code] = &[$(Code::$variant,)+];

            /// Its name in the member `code`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)+ }
            }

            /// The HTTP status that goes with it.
            pub fn status(self) -> u16 {
                match self { $(Code::$variant => $status,)+ }
            }

            /// The member `title`: the same words for every problem of this kind.
            pub fn title(self) -> &'static str {
                match self { $(Code::$variant => $title,)+ }
            }

            /// When it happens, for the OpenAPI document.
            pub fn help(self) -> &'static str {
                match self { $(Code::$variant => concat!($($doc),+).trim_ascii_start(),)+ }
            }
        }
    };
}

codes! {
    /// The body is not JSON, or a parameter or a member has a name, type or value that is not taken; `position` says
    /// where when it is in the body.
    InvalidRequest = "invalid_request", 400, "The request is not valid";
    /// No metric of that name for the entity; `nearest` has names that are alike.
    UnknownMetric = "unknown_metric", 400, "No such metric";
    /// No statistic of that name.
    UnknownStatistic = "unknown_statistic", 400, "No such statistic";
    /// No column of that name; `nearest` has names that are alike.
    UnknownColumn = "unknown_column", 400, "No such column";
    /// The SQL text does not parse; `position` says where.
    SqlSyntax = "sql_syntax", 400, "The SQL text cannot be parsed";
    /// The SQL statement is not one of those that only read.
    SqlRefused = "sql_refused", 400, "Only statements that read are taken";
    /// The SQL text parses but means nothing: types, functions, grouping.
    SqlInvalid = "sql_invalid", 400, "The SQL statement is not valid";
    /// A value met while running does not fit the expression: a cast, an overflow, a division by zero.
    BadValue = "bad_value", 400, "A value does not fit the expression";
    /// A definition of an alarm, or a silence, is wrong; `faults` has everything that is, by key.
    InvalidDefinition = "invalid_definition", 400, "The definition is not valid";
    /// A header of a frame is missing or unreadable.
    MalformedHeader = "malformed_header", 400, "A header is missing or unreadable";
    /// The body of a frame is not the Arrow IPC stream that its headers announce.
    MalformedFrame = "malformed_frame", 400, "The frame cannot be read";
    /// Tokens are set up and the request carries none, or one that is not known for this purpose.
    Unauthorized = "unauthorized", 401, "A token is needed";
    /// A browser sends it for a page of another site.
    CrossSite = "cross_site", 403, "Pages of other sites may not do this";
    /// Rows of a table that the server writes itself, and takes from nobody.
    OwnTable = "own_table", 403, "The server writes this table itself";
    /// There is no such path.
    NotFound = "not_found", 404, "There is nothing here";
    /// No table has this name. In the body of a query the status is 400.
    UnknownTable = "unknown_table", 404, "No such table";
    /// No type of entity has this name. In the body of a query the status is 400.
    UnknownEntity = "unknown_entity", 404, "No such type of entity";
    /// No alarm has this name.
    UnknownAlarm = "unknown_alarm", 404, "No such alarm";
    /// No silence has this id.
    UnknownSilence = "unknown_silence", 404, "No such silence";
    /// No receiver has this name.
    UnknownReceiver = "unknown_receiver", 404, "No such receiver";
    /// The path exists, but not with this method; the header `Allow` lists those it has.
    MethodNotAllowed = "method_not_allowed", 405, "The method is not allowed here";
    /// The body did not arrive in the time that is allowed.
    BodyTimeout = "body_timeout", 408, "The body took too long to arrive";
    /// The connection ended in the middle of the body.
    BodyBroken = "body_broken", 408, "The body broke off";
    /// What is there stands against it; `detail` says what, and what to do first.
    Conflict = "conflict", 409, "It cannot be done as things are";
    /// A frame came whose predecessor is missing; `expected` is the number to go on from.
    OutOfOrder = "out_of_order", 409, "Frames are missing before this one";
    /// The body, or what it decompresses to, is larger than is taken.
    TooLarge = "too_large", 413, "The request is too large";
    /// The header `Content-Type` is not one that is read here.
    UnsupportedMediaType = "unsupported_media_type", 415, "The media type is not supported";
    /// The header `Host` names a host that this server does not answer for.
    HostNotAllowed = "host_not_allowed", 421, "This host name is not served here";
    /// A readable frame does not fit the table: a column that it does not have, a wrong type, a value out of range.
    SchemaMismatch = "schema_mismatch", 422, "The frame does not fit the table";
    /// The query would use more memory than it may.
    MemoryLimit = "memory_limit", 422, "The query needs too much memory";
    /// The answer has more rows than asked for, in a format that cannot say so.
    RowLimit = "row_limit", 422, "The answer has too many rows";
    /// The answer would have more values than it may.
    TooManySeries = "too_many_series", 422, "The answer has too many values";
    /// The data points of an alarm could not be found, so that it could not be replayed.
    NotReplayed = "not_replayed", 422, "The alarm could not be replayed";
    /// The agent has too many frames under way.
    TooManyRequests = "too_many_requests", 429, "Too many requests at once";
    /// Something went wrong here; the log has more.
    Internal = "internal", 500, "The server failed";
    /// The stored rows could not be read; the log has more.
    Storage = "storage", 500, "The storage failed";
    /// The server is starting: the write-ahead log is being replayed.
    NotReady = "not_ready", 503, "The server is not ready yet";
    /// Too many questions are asked at once; ask again.
    Overloaded = "overloaded", 503, "Too many questions at once";
    /// More frames come in at once than there is room for; send again.
    Pressure = "pressure", 503, "The server is under pressure";
    /// The disk is full, or its budget used up: nothing is taken, questions are still answered.
    StorageFull = "storage_full", 503, "The storage is full";
    /// The server is shutting down.
    ShuttingDown = "shutting_down", 503, "The server is shutting down";
    /// The answer was not ready in the time that is allowed.
    Timeout = "timeout", 504, "The answer took too long";
}
