# The developer's menu. `just` lists it.

_:
    @just --list --unsorted

# Everything that CI does.
check:
    ./test

# The same and the long tests: crashes and load.
long:
    ./test --long

# The fast half: format, lints, tests.
quick:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo test

# Known weaknesses of dependencies; needs the network.
advisories:
    cargo deny check advisories

# A brand from the built-in site, in the terminal.
demo:
    cargo run --release -- demo

# The pictures in `docs/`, drawn anew; needs a Chromium.
pictures:
    cargo test --test api pictures -- --ignored

# The server with its defaults.
serve:
    cargo run --release -- serve
