#!/usr/bin/env python3
"""Makes a container image without Docker: a docker-archive for `ctr images import`.

mkimage.py OUT.tar REF ENTRYPOINT_JSON  FILE=PATH...  SYMLINK:path=target...  FOLDER:path=uid:gid:mode  USER=uid:gid
"""

import hashlib
import io
import json
import sys
import tarfile

FOLDERS = ("bin", "etc", "tmp", "proc", "sys", "dev", "var", "root")
MADE = "2026-01-01T00:00:00Z"


def add(archive, name, data, mode=0o644):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    info.mode = mode
    archive.addfile(info, io.BytesIO(data))


def layer(contents):
    """The one layer: some folders, the files, the links."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for folder in FOLDERS:
            info = tarfile.TarInfo(folder)
            info.type = tarfile.DIRTYPE
            info.mode = 0o1777 if folder == "tmp" else 0o755
            archive.addfile(info)
        for content in contents:
            source, target = content.split("=", 1)
            if source == "USER":
                continue
            if source.startswith("FOLDER:"):
                uid, gid, mode = target.split(":")
                info = tarfile.TarInfo(source.removeprefix("FOLDER:"))
                info.type = tarfile.DIRTYPE
                info.uid, info.gid, info.mode = int(uid), int(gid), int(mode, 8)
                archive.addfile(info)
                continue
            if source.startswith("SYMLINK:"):
                info = tarfile.TarInfo(source.removeprefix("SYMLINK:"))
                info.type = tarfile.SYMTYPE
                info.linkname = target
                archive.addfile(info)
                continue
            with open(source, "rb") as file:
                add(archive, target, file.read(), 0o644 if target.startswith("etc/") else 0o755)
    return buffer.getvalue()


def main():
    out, reference, entrypoint, *contents = sys.argv[1:]
    data = layer(contents)
    digest = hashlib.sha256(data).hexdigest()
    users = [content.removeprefix("USER=") for content in contents if content.startswith("USER=")]
    config = json.dumps({
        "architecture": "amd64",
        "os": "linux",
        "config": {
            "Entrypoint": json.loads(entrypoint),
            "Env": ["PATH=/bin:/usr/bin:/sbin"],
            "User": users[-1] if users else "",
        },
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + digest]},
        "history": [{"created": MADE, "created_by": "mkimage"}],
        "created": MADE,
    }).encode()
    name = hashlib.sha256(config).hexdigest() + ".json"
    manifest = [{"Config": name, "RepoTags": [reference], "Layers": [digest + "/layer.tar"]}]
    with tarfile.open(out, "w") as archive:
        add(archive, name, config)
        add(archive, digest + "/layer.tar", data)
        add(archive, "manifest.json", json.dumps(manifest).encode())


main()
