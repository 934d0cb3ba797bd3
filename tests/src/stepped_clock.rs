//! A program's clock that a test steps, so that an hour passes in seconds and at the times of a recording.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Both clocks of a program, wall and monotonic, by libfaketime: timers come due when it is stepped. The variant for threads:
/// the other one can be read while it changes, and a timer that once saw such a time comes due at every moment after.
#[derive(Debug)]
pub struct SteppedClock {
    library: PathBuf,
    file: PathBuf,
}

impl SteppedClock {
    /// A clock that stands in a file of this folder and begins at `micros` of the epoch.
    ///
    /// # Panics
    /// When libfaketime is not installed.
    pub fn new(folder: &Path, micros: i64) -> SteppedClock {
        let library = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
            .map(|arch| PathBuf::from(format!("/usr/lib/{arch}/faketime/libfaketimeMT.so.1")))
            .into_iter()
            .find(|path| path.exists());
        let clock = SteppedClock {
            library: library
                .expect("libfaketime is not installed: `./test rust` installs Debian's `faketime`"),
            file: folder.join("clock"),
        };
        clock.set(micros);
        clock
    }

    /// Steps to `micros` of the epoch; from there it goes on as the true clock does.
    pub fn set(&self, micros: i64) {
        let truth = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let truth = i64::try_from(truth.as_micros()).unwrap();
        let offset = Duration::from_micros(micros.abs_diff(truth));
        let sign = if micros < truth { '-' } else { '+' };
        let new = self.file.with_extension("new");
        fs::write(&new, format!("{sign}{:.6}\n", offset.as_secs_f64())).unwrap();
        // Renamed into place: the library may look at any moment.
        fs::rename(new, &self.file).unwrap();
    }

    /// The variables that a program is started with.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("LD_PRELOAD", self.library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
        ]
    }
}
