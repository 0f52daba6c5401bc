//! The API reference, judged by a validator of OpenAPI 3.1.

use std::process::Command;

use crate::peer;

#[test]
#[ignore = "needs a validator that ./test --peers brings"]
fn the_reference_is_openapi() {
    let Some(python) = peer::find("venv/bin/python") else { return };
    let output = Command::new(python)
        .args(["-m", "openapi_spec_validator"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json"))
        .output()
        .expect("the validator runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("OK"), "{said}");
}
