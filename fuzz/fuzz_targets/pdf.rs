#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ecabinet_oracles::Target::named("pdf").look(bytes));
