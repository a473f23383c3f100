#![no_main]

#[path = "../../tests/fuzz/bodies/mod.rs"]
mod bodies;
#[path = "../../tests/common/story/mod.rs"]
mod story;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::tale::update(data));
