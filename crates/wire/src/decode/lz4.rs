//! How large an LZ4 frame may become, without unpacking it.
//!
//! Arrow reads an LZ4 frame to its end before it compares the length with the declared one, so a small buffer could
//! unfold into gigabytes. A block never becomes larger than the block size in the frame's descriptor (LZ4 frame
//! format 1.6.x), so counting the blocks bounds the whole.

const MAGIC: [u8; 4] = 0x184D_2204u32.to_le_bytes();

/// The most bytes that the frame can become, and the size of one block; `None` when it is no well-formed frame.
pub(super) fn bound(frame: &[u8]) -> Option<(u64, u64)> {
    let rest = frame.strip_prefix(&MAGIC)?;
    let (&flags, rest) = rest.split_first()?;
    let (&descriptor, rest) = rest.split_first()?;
    let block_size: u64 = match (descriptor >> 4) & 7 {
        4 => 64 << 10,
        5 => 256 << 10,
        6 => 1 << 20,
        7 => 4 << 20,
        _ => return None,
    };
    let has_block_checksums = flags & 0x10 != 0;
    let has_content_size = flags & 0x08 != 0;
    let has_dictionary_id = flags & 0x01 != 0;
    let optional = if has_content_size { 8 } else { 0 } + if has_dictionary_id { 4 } else { 0 };
    let mut rest = rest.get(optional + 1..)?; // and the header's checksum
    let mut blocks = 0u64;
    loop {
        let (word, after) = rest.split_first_chunk::<4>()?;
        let word = u32::from_le_bytes(*word);
        if word == 0 {
            return Some((blocks * block_size, block_size));
        }
        let length = (word & 0x7FFF_FFFF) as usize + if has_block_checksums { 4 } else { 0 };
        rest = after.get(length..)?;
        blocks += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_counted() {
        // One stored block of three bytes in a frame of 64 KiB blocks, then the end mark.
        let mut frame = MAGIC.to_vec();
        frame.extend([0x60, 0x40, 0x82]);
        frame.extend(0x8000_0003u32.to_le_bytes());
        frame.extend(b"abc");
        frame.extend([0; 4]);
        assert_eq!(bound(&frame), Some((64 << 10, 64 << 10)));
        for end in 0..frame.len() {
            assert_eq!(bound(&frame[..end]), None, "cut at {end}");
        }
    }
}
