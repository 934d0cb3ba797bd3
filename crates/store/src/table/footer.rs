//! What a file says of itself: the key-value metadata in its footer.

use std::sync::Arc;

use hashbrown::HashMap;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use parquet::file::metadata::ParquetMetaDataReader;

/// Read at first: the whole footer of most files.
const GUESS: u64 = 128 << 10;
/// The length of the footer and the magic number.
const TAIL: u64 = 8;

/// The key-value metadata of a file of so many bytes.
pub(crate) async fn notes(
    store: &Arc<dyn ObjectStore>,
    path: &Path,
    bytes: u64,
) -> Result<HashMap<String, String>, String> {
    let from = bytes.saturating_sub(GUESS);
    let mut end = store
        .get_range(path, from..bytes)
        .await
        .map_err(|e| e.to_string())?;
    let (_, tail) = end.split_last_chunk::<8>().ok_or("it is no Parquet file")?;
    let [a, b, c, d, b'P', b'A', b'R', b'1'] = *tail else {
        return Err("it does not end as a Parquet file does".to_owned());
    };
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    if length + TAIL > bytes {
        return Err("its footer is longer than the file".to_owned());
    }
    if length + TAIL > end.len() as u64 {
        end = store
            .get_range(path, bytes - TAIL - length..bytes)
            .await
            .map_err(|e| e.to_string())?;
    }
    let upto = end.len() - TAIL as usize;
    let footer = end.slice(upto - length as usize..upto);
    let metadata = ParquetMetaDataReader::decode_metadata(&footer).map_err(|e| e.to_string())?;
    let pairs = metadata.file_metadata().key_value_metadata();
    Ok(pairs
        .into_iter()
        .flatten()
        .filter_map(|pair| Some((pair.key.clone(), pair.value.clone()?)))
        .collect())
}
