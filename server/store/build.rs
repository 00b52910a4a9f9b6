//! The migrations are compiled in, so a change of them compiles this crate anew.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
