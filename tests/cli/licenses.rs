//! `tidemill licenses`: what the makers of the fonts and icons ask to be told.

use crate::process::{Place, out};

#[test]
fn every_maker_and_every_licence_is_named() {
    let output = Place::new().run(&["licenses"]);
    assert!(output.status.success());
    let text = out(&output);
    for line in [
        "Inter (font), OFL-1.1",
        "Copyright 2016 The Inter Project Authors",
        "Noto Sans Arabic (font), OFL-1.1",
        "SIL OPEN FONT LICENSE Version 1.1",
        "Copyright (c) 2023 Phosphor Icons",
        "Permission is hereby granted, free of charge",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert_eq!(text.matches("SIL OPEN FONT LICENSE Version 1.1 - ").count(), 1, "once for all");
}
