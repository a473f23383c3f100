#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| test_support::fuzz::adapters::minchat_frame(data));
