//! How a webhook knows that a request is ours.
//!
//! With a `hmac_key_file` or `hmac_key_env` each request has the header
//!
//! ```text
//! Kansoku-Signature: t=1790000000,v1=5f2b…
//! ```
//!
//! where `t` is the time of sending in seconds since 1970 and `v1` the HMAC-SHA256, in lower-case hexadecimal digits, of the
//! text `t`, a full stop, and the body as it was received, under the shared key. To verify it: take `t` and `v1` from the
//! header; compute the HMAC over `t + "." + body`; compare it with `v1` in constant time; refuse a `t` that is more than
//! five minutes away, so that a recorded request cannot be sent again; and refuse a `Kansoku-Delivery` that was seen before.
//! In Python:
//!
//! ```text
//! parts = dict(part.split("=", 1) for part in header.split(","))
//! wanted = hmac.new(key, parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
//! genuine = hmac.compare_digest(wanted, parts["v1"]) and abs(time.time() - int(parts["t"])) < 300
//! ```

use ring::digest::{SHA256, digest};
use ring::hmac;

use crate::secret::Secret;

/// The value of `Kansoku-Signature` for a body sent at `at`, in microseconds since 1970.
pub(super) fn sign(key: &Secret, at: i64, body: &[u8]) -> String {
    let seconds = at.div_euclid(1_000_000);
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.reveal().as_bytes());
    let mut context = hmac::Context::with_key(&key);
    context.update(format!("{seconds}.").as_bytes());
    context.update(body);
    format!("t={seconds},v1={}", hex(context.sign().as_ref()))
}

/// A short name for a long one: the SHA-256 of it in hexadecimal digits.
pub(super) fn fingerprint(text: &str) -> String {
    hex(digest(&SHA256, text.as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_known_one() {
        // printf '1790000000.{"a":1}' | openssl dgst -sha256 -hmac key
        assert_eq!(
            sign(&Secret::new("key"), 1_790_000_000_999_999, b"{\"a\":1}"),
            "t=1790000000,v1=7a4d26944722100249410c8c7f2e76c3cc6e9735fcc98b39e44a122da5490ffc"
        );
        assert_eq!(
            fingerprint("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
