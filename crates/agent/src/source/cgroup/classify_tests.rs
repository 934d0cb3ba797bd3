use proptest::prelude::*;

use super::*;

const ID: &str = "f082915216019d6aa38b1b00ed557f5ef745197c4fb977b8e446dd7ac0ff00b3";
const OTHER: &str = "a68fb03f20740e583db07bc92c06b5e3ace1c05104d24b4e41499a2d5af6721f";
const UID: &str = "4168fda1-c48f-416f-be5c-7cbd5689620c";
const FLAT: &str = "4168fda1_c48f_416f_be5c_7cbd5689620c";

fn container(path: &str) -> (Option<String>, String, Option<Runtime>) {
    match classify(path).kind {
        Kind::Container {
            pod_uid,
            id,
            runtime,
        } => (pod_uid, id, runtime),
        other => panic!("{path} is {other:?}"),
    }
}

fn pod(path: &str) -> (String, Option<Qos>) {
    match classify(path).kind {
        Kind::Pod { uid, qos } => (uid, qos),
        other => panic!("{path} is {other:?}"),
    }
}

#[test]
fn pods_of_both_drivers_and_all_classes() {
    for (path, qos) in [
        (format!("/kubepods/burstable/pod{UID}"), Qos::Burstable),
        (format!("/kubepods/besteffort/pod{UID}"), Qos::BestEffort),
        (format!("/kubepods/pod{UID}"), Qos::Guaranteed),
        (
            format!("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{FLAT}.slice"),
            Qos::Burstable,
        ),
        (
            format!(
                "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{FLAT}.slice/"
            ),
            Qos::BestEffort,
        ),
        (
            format!("kubepods.slice/kubepods-pod{FLAT}.slice"),
            Qos::Guaranteed,
        ),
        (
            format!(
                "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod{FLAT}.slice"
            ),
            Qos::Burstable,
        ),
        (
            format!("/docker/{OTHER}/kubelet/kubepods/besteffort/pod{UID}"),
            Qos::BestEffort,
        ),
        (
            format!(
                "/system.slice/docker-{OTHER}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod{FLAT}.slice"
            ),
            Qos::Guaranteed,
        ),
    ] {
        assert_eq!(pod(&path), (UID.to_owned(), Some(qos)), "{path}");
        assert!(classify(&path).descend, "{path}");
    }
}

#[test]
fn a_static_pod_has_the_hash_of_its_manifest() {
    let hash = "0123456789abcdef0123456789abcdef";
    assert_eq!(pod(&format!("/kubepods/burstable/pod{hash}")).0, hash);
    assert_eq!(pod("/kubepods/podmy-own-uid").0, "my-own-uid");
}

#[test]
fn podman_and_other_names_that_begin_like_a_pod_are_none() {
    for path in [
        "/podman",
        "/pods",
        "/system.slice/podman.service",
        "/podruntime.slice",
        "/user.slice/x-pod1.slice",
    ] {
        assert!(!matches!(classify(path).kind, Kind::Pod { .. }), "{path}");
    }
}

#[test]
fn containers_of_pods() {
    for (path, runtime) in [
        (format!("/kubepods/burstable/pod{UID}/{ID}"), None),
        (format!("/kubepods/pod{UID}/crio-{ID}"), Some(Runtime::Crio)),
        (
            format!("/kubepods.slice/kubepods-pod{FLAT}.slice/cri-containerd-{ID}.scope"),
            Some(Runtime::Containerd),
        ),
        (
            format!("/kubepods.slice/kubepods-pod{FLAT}.slice/crio-{ID}.scope"),
            Some(Runtime::Crio),
        ),
        (
            format!("/kubepods.slice/kubepods-pod{FLAT}.slice/docker-{ID}.scope"),
            Some(Runtime::Docker),
        ),
        (
            format!(
                "/system.slice/containerd.service/kubepods-burstable-pod{FLAT}.slice:cri-containerd:{ID}"
            ),
            Some(Runtime::Containerd),
        ),
        (
            format!("/docker/{OTHER}/kubelet/kubepods/pod{UID}/{ID}"),
            None,
        ),
        (format!("/../../pod{UID}/{ID}"), None),
    ] {
        assert_eq!(
            container(&path),
            (Some(UID.to_owned()), ID.to_owned(), runtime),
            "{path}"
        );
        assert!(
            !classify(&path).descend,
            "what is below a pod's container is its own: {path}"
        );
    }
}

#[test]
fn what_is_below_a_pods_container_is_part_of_it() {
    for below in [
        format!("docker/{OTHER}"),
        "container".into(),
        "system.slice/x.service".into(),
    ] {
        let class = classify(&format!("/kubepods/pod{UID}/{ID}/{below}"));
        assert_eq!((class.kind, class.descend), (Kind::Inner, false), "{below}");
    }
}

#[test]
fn containers_without_a_pod() {
    for (path, runtime) in [
        (format!("/docker/{ID}"), Some(Runtime::Docker)),
        (
            format!("/system.slice/docker-{ID}.scope"),
            Some(Runtime::Docker),
        ),
        (
            format!("/machine.slice/libpod-{ID}.scope"),
            Some(Runtime::Podman),
        ),
        (format!("/libpod_parent/libpod-{ID}"), Some(Runtime::Podman)),
        (
            format!("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{ID}.scope"),
            Some(Runtime::Podman),
        ),
        (
            format!("/system.slice/nerdctl-{ID}.scope"),
            Some(Runtime::Containerd),
        ),
        (format!("/ecs/0a1b/{ID}"), None),
    ] {
        assert_eq!(container(&path), (None, ID.to_owned(), runtime), "{path}");
        assert!(classify(&path).descend, "kind keeps pods below: {path}");
    }
    assert_eq!(
        classify(&format!("/machine.slice/libpod-{ID}.scope/container")).kind,
        Kind::Inner
    );
    assert_eq!(
        container(&format!("/docker/{OTHER}/docker/{ID}")).1,
        ID,
        "Docker within Docker"
    );
}

#[test]
fn machines_and_lxc() {
    assert_eq!(
        container("/lxc/web"),
        (None, "web".into(), Some(Runtime::Lxc))
    );
    assert_eq!(
        container("/lxc.payload.web"),
        (None, "web".into(), Some(Runtime::Lxc))
    );
    assert_eq!(classify("/lxc.monitor.web").kind, Kind::Scope);
    assert_eq!(
        container("/machine.slice/machine-debian.scope"),
        (None, "debian".into(), Some(Runtime::Nspawn))
    );
    assert_eq!(
        container("/machine.slice/machine-qemu\\x2d1\\x2dvm.scope"),
        (None, "qemu-1-vm".into(), Some(Runtime::Libvirt))
    );
    assert_eq!(
        container("/machine.slice/systemd-nspawn@deb\\x2dian.service"),
        (None, "deb-ian".into(), Some(Runtime::Nspawn))
    );
}

#[test]
fn units_of_systemd_and_cgroups_of_nobody() {
    for (path, kind, systemd) in [
        ("/system.slice/ssh.service", Kind::Unit, true),
        ("/system.slice/var-lib.mount", Kind::Unit, true),
        ("/init.scope", Kind::Scope, true),
        ("/system.slice", Kind::Slice, true),
        (
            "/kubepods.slice/kubepods-burstable.slice",
            Kind::Slice,
            true,
        ),
        ("/kubepods/burstable", Kind::Slice, false),
        ("/docker", Kind::Slice, false),
        ("/batch/job_7", Kind::Scope, false),
        (
            "/kubepods/podX/crio-conmon-f082915216019d6aa38b1b00ed557f5ef745197c4fb977b8e446dd7ac0ff00b3.scope",
            Kind::Scope,
            true,
        ),
    ] {
        let class = classify(path);
        assert_eq!((class.kind, class.systemd), (kind, systemd), "{path}");
    }
    assert_eq!(classify("").kind, Kind::Scope);
}

proptest! {
    #[test]
    fn no_path_is_too_strange(path in "\\PC{0,120}") {
        let _ = classify(&path);
    }

    #[test]
    fn no_likely_path_is_too_strange(path in "(/|pod|kubepods|[-_:.]|[0-9a-f]{8}|[0-9a-f]{64}|\\.slice|\\.scope|\\.service|docker|lxc|machine-|\\\\x2d|é){0,12}") {
        let _ = classify(&path);
    }

    /// A real container stays one whatever it is nested in, unless that is a pod's container.
    #[test]
    fn nesting_does_not_hide_a_pods_container(above in "(/[a-z]{1,12}(\\.slice|\\.service)?){0,4}") {
        let path = format!("{above}/kubepods/burstable/pod{UID}/{ID}");
        prop_assert_eq!(container(&path), (Some(UID.to_owned()), ID.to_owned(), None));
    }
}
