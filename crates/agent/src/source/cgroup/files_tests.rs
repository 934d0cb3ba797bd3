use super::*;
use crate::row::Measure;
use crate::source::options::Roots;
use proptest::prelude::*;

fn hierarchy(table: &str) -> Hierarchy {
    Hierarchy::detect(table.as_bytes(), &Roots::default(), |_| true)
}

const V1_TREES: &str = "1 0 0:1 / /c/cpu rw - cgroup c rw,cpu\n2 0 0:2 / /c/acct rw - cgroup c rw,cpuacct\n\
    3 0 0:3 / /c/mem rw - cgroup c rw,memory\n4 0 0:4 / /c/blk rw - cgroup c rw,blkio\n\
    5 0 0:5 / /c/pids rw - cgroup c rw,pids\n";
const V2_TREE: &str = "6 0 0:6 / /sys/fs/cgroup rw - cgroup2 c rw\n";

fn names(files: &[CgroupFile]) -> Vec<&'static str> {
    files.iter().map(|f| f.name).collect()
}

#[test]
fn a_hybrid_machine_reads_v1_and_the_pressure_of_v2() {
    let files = plan(&hierarchy(&format!("{V1_TREES}{V2_TREE}")), b"", true);
    let names = names(&files);
    assert!(names.contains(&"cpuacct.usage") && names.contains(&"cpu.pressure"));
    assert!(!names.contains(&"memory.current"));
    assert_eq!(
        files.iter().filter(|f| f.name == "cpu.stat").count(),
        1,
        "v1 has CPU time already"
    );
    let lists: Vec<_> = files
        .iter()
        .filter(|f| f.is_list())
        .map(|f| f.controller)
        .collect();
    assert_eq!(
        (lists[0], lists[lists.len() - 1]),
        (Controller::Pids, Controller::Unified)
    );
}

#[test]
fn a_controller_that_is_off_is_not_asked() {
    let files = plan(&hierarchy(V2_TREE), b"cpu memory\n", false);
    let names = names(&files);
    assert!(
        names.contains(&"memory.current")
            && names.contains(&"cpu.max")
            && names.contains(&"cpu.stat")
    );
    assert!(
        !names.contains(&"io.stat")
            && !names.contains(&"pids.current")
            && !names.contains(&"cpu.pressure")
    );
}

#[test]
fn hot_files_come_first() {
    let files = plan(&hierarchy(V1_TREES), b"", false);
    let first_slow = files.iter().position(|f| f.slow).unwrap();
    assert!(files[first_slow..].iter().all(|f| f.slow));
    assert_eq!(
        &names(&files)[..3],
        ["cpuacct.usage", "memory.stat", "memory.usage_in_bytes"]
    );
    let at = |name| files.iter().position(|f| f.name == name).unwrap();
    assert!(
        at("memory.limit_in_bytes") < at("memory.memsw.limit_in_bytes"),
        "the second needs the first"
    );
}

#[test]
fn between_both_versions_every_measure_is_filled() {
    let mut filled = 0u128;
    let mut read = |files: Vec<CgroupFile>| {
        // One text with every key, of which each parser takes its own.
        let text = "5 100\nuser 1\nsystem 1\nusage_usec 1\nuser_usec 1\nsystem_usec 1\nnr_periods 1\n\
            nr_throttled 1\nthrottled_usec 1\nnr_bursts 1\nburst_usec 1\nthrottled_time 1000\nburst_time 1000\n\
            anon 1\nfile 1\nkernel 1\nsock 1\nshmem 1\nfile_mapped 1\nfile_dirty 1\nfile_writeback 1\n\
            inactive_anon 1\nactive_anon 1\ninactive_file 1\nactive_file 1\nunevictable 1\nslab 1\n\
            workingset_refault_anon 1\nworkingset_refault_file 1\npgscan 1\npgsteal 1\npgfault 1\npgmajfault 1\n\
            high 1\nmax 1\noom_kill 1\noom_group_kill 1\n8:0 Read 1\n8:0 Write 1\n8:0 Discard 1\n\
            8:0 rbytes=1 wbytes=1 rios=1 wios=1 dbytes=1 dios=1\nsome total=1\nfull total=1\n7\n";
        let mut r = CgroupReading::empty();
        for file in files {
            (file.parse)(text.as_bytes(), &mut r);
        }
        derive(&mut r);
        for index in 0..Cgroup::COLUMNS.len() {
            filled |= u128::from(r.at(index).is_some()) << index;
        }
    };
    read(plan(&hierarchy(V1_TREES), b"", false));
    read(plan(&hierarchy(V2_TREE), b"cpu memory io pids", true));
    let missing: Vec<_> = (0..Cgroup::COLUMNS.len())
        .filter(|i| filled & (1 << i) == 0)
        .map(|i| Cgroup::COLUMNS[i])
        .collect();
    assert_eq!(
        missing,
        ["containers_running"],
        "counted over the tree, not read from a file"
    );
}

#[test]
fn throttling_is_null_without_a_quota_and_io_before_there_is_any() {
    let mut r = CgroupReading::empty();
    for m in [
        Cgroup::CpuPeriods,
        Cgroup::CpuThrottled,
        Cgroup::IoReads,
        Cgroup::IoReadBytes,
    ] {
        r.set(m, 0);
    }
    let without = shown(&r);
    assert!(without.is_empty());
    r.set(Cgroup::CpuQuota, 20_000);
    r.set(Cgroup::IoReads, 1);
    let with = shown(&r);
    assert_eq!(
        (with.get(Cgroup::CpuPeriods), with.get(Cgroup::IoReadBytes)),
        (Some(0), Some(0))
    );
}

#[test]
fn processes_out_of_sight_are_not_zero() {
    let mut r = CgroupReading::empty();
    r.set(Cgroup::ProcessCount, 0);
    r.set(Cgroup::PidsCurrent, 3);
    derive(&mut r);
    assert_eq!(r.get(Cgroup::ProcessCount), None);
    r.set(Cgroup::ProcessCount, 0);
    r.set(Cgroup::PidsCurrent, 0);
    derive(&mut r);
    assert_eq!(r.get(Cgroup::ProcessCount), Some(0));
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange(bytes: Vec<u8>) {
        for file in V1.iter().chain(V2).chain(PRESSURE) {
            let mut r = CgroupReading::empty();
            (file.parse)(&bytes, &mut r);
            derive(&mut r);
            let _ = shown(&r);
        }
    }
}
