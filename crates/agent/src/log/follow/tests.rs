//! What the follower keeps track of; whole histories are in the reader's tests.

use super::*;

#[test]
fn a_file_that_is_known_reads_back_from_its_checkpoint() {
    let at = crate::log::checkpoint::note::FileAt {
        source: 3,
        inode: (1, 2),
        print: Print::of(b"head"),
        is_compressed: false,
        resume: crate::log::entry::Resume {
            stdout: 40,
            stderr: 30,
        },
        sequence: 7,
        read_to: 50,
        written_to: 60,
    };
    let file = Instance::restored(9, &at);
    assert_eq!(file.checkpoint(), at);
    assert_eq!(
        (file.position, file.unread(), file.is_located),
        (30, 10, false)
    );
}
