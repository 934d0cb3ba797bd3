# What `kansoku` and `test` share: where builds go, what a machine needs for them, how the page is built.
# Sourced by bash.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kansoku
# Outside the clone, so that a fresh one finds its dependencies built.
export CARGO_TARGET_DIR=${KANSOKU_TARGET_DIR:-$cache/target}
needed_node=20.19

bold='' plain=''
if [ -t 2 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' plain=$'\e[0m'; fi

say() { printf '%skansoku: %s%s\n' "$bold" "$*" "$plain" >&2; }

fail() {
    say "$*"
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# packages COMMAND=PACKAGE…: installs the Debian packages whose command is missing.
packages() {
    local missing=() pair sudo=()
    for pair in "$@"; do
        has "${pair%%=*}" || missing+=("${pair#*=}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    has apt-get || fail "please install: ${missing[*]} (there is no apt-get here to do it with)"
    if [ "$(id -u)" -ne 0 ]; then
        has sudo || fail "please install as root: apt-get install ${missing[*]}"
        sudo=(sudo)
    fi
    say "installing with apt-get: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    "${sudo[@]}" apt-get install -y --no-install-recommends "${missing[@]}" >&2 ||
        { "${sudo[@]}" apt-get update >&2 && "${sudo[@]}" apt-get install -y --no-install-recommends "${missing[@]}" >&2; } ||
        fail "apt-get could not install ${missing[*]}"
}

# at_least HAVE WANT: whether the first version is not below the second.
at_least() { [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

need_rust() {
    local wanted have
    [ -d "$HOME/.cargo/bin" ] && PATH=$PATH:$HOME/.cargo/bin
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")
    has cargo || fail "Rust is missing. Install it, then start again:
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
    have=$(rustc --version | cut -d ' ' -f 2)
    at_least "$have" "$wanted" || fail "Rust $have is too old; $wanted is needed: rustup update stable"
    # The C parts of compression and TLS.
    packages cc=gcc cc=libc6-dev
    own_sources
}

# Clones share the folder of builds, and cargo tells our own crates apart by the age of files alone: after a build of
# another clone, older files of this one would pass for built.
own_sources() {
    local stamp=$CARGO_TARGET_DIR/.kansoku-clone
    [ "$(cat "$stamp" 2>/dev/null)" = "$root" ] && return
    find "$root"/crates "$root"/apps "$root"/benches "$root"/tests -type f -exec touch {} +
    mkdir -p "$CARGO_TARGET_DIR"
    printf '%s\n' "$root" >"$stamp"
}

need_node() {
    local have
    { has node && has npm; } || fail "Node.js $needed_node or newer with npm is missing: https://nodejs.org/en/download"
    have=$(node --version)
    at_least "${have#v}" "$needed_node" ||
        fail "Node.js ${have#v} is too old; $needed_node is needed: https://nodejs.org/en/download"
}

# hash_of PATH…: one hash of the names and contents of all files under the paths.
hash_of() {
    (cd "$root/ui" && find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1)
}

# The page's packages, as its lock file says; nothing to do when they are there already.
page_packages() {
    local stamp=$root/ui/node_modules/.kansoku-packages hash
    need_node
    hash=$(hash_of package.json package-lock.json)
    [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ] && return
    say "fetching the page's packages (npm ci)"
    (cd "$root/ui" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund >&2) ||
        fail "npm could not fetch the page's packages"
    printf '%s\n' "$hash" >"$stamp"
}

# The page's files in ui/dist, which the server's build takes in; nothing to do when no source changed.
build_page() {
    local stamp=$root/ui/node_modules/.kansoku-page hash sources
    page_packages
    mapfile -t sources < <(cd "$root/ui" && ls -d src public build index.html package-lock.json ./*.config.ts tsconfig.json 2>/dev/null)
    hash=$(hash_of "${sources[@]}")
    [ -f "$root/ui/dist/index.html" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ] && return
    say "building the page"
    (cd "$root/ui" && npm run --silent build >&2) || fail "the page could not be built"
    printf '%s\n' "$hash" >"$stamp"
}
