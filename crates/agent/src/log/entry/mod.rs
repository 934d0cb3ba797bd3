//! From the bytes of a log file to entries. No I/O, no clock: time is an argument.
