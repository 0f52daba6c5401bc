//! Every rule of every member.

use serde_json::json;

use super::*;

fn fault(task: Task, input: &Value) -> Option<String> {
    let input = input.as_object().expect("tests write objects");
    AdArgs::parse(task, input).err().map(|fault| fault.param)
}

#[test]
fn common_members_have_their_rules() {
    let id = "0198f7a0-0000-7000-8000-000000000001";
    let good = json!({
        "prompt": "A launch ad", "brand_id": id, "variant": 3, "require_model": true,
        "reference_images": ["https://a.example/b.jpg", format!("assets/{id}")],
        "brand_identity_json": {"name": "Kielwerk"}, "output": {"aspect_ratio": "auto"},
        "unknown": [1], "metadata": null,
    });
    assert_eq!(fault(Task::Campaign, &good), None);
    for (member, wrong, param) in [
        ("prompt", json!(""), "prompt"),
        ("prompt", json!("  "), "prompt"),
        ("prompt", json!("x".repeat(5_001)), "prompt"),
        ("prompt", json!(7), "prompt"),
        ("prompt", json!(null), "prompt"),
        ("brand_id", json!("kielwerk"), "brand_id"),
        ("variant", json!(-1), "variant"),
        ("variant", json!(1.5), "variant"),
        ("require_model", json!("yes"), "require_model"),
        ("reference_images", json!(7), "reference_images"),
        ("reference_images", json!(vec!["https://a.example/b.jpg"; 7]), "reference_images"),
        ("reference_images", json!(["https://a.example/b.jpg", "b"]), "reference_images[1]"),
        ("brand_identity_json", json!([]), "brand_identity_json"),
        ("brand_identity_json", json!({"primary_hex": "red"}), "brand_identity_json.primary_hex"),
        ("output", json!("square"), "output"),
        ("output", json!({"format": "postcard"}), "output.format"),
    ] {
        let mut input = good.clone();
        input[member] = wrong;
        for task in [Task::Image, Task::Campaign] {
            assert_eq!(fault(task, &input).as_deref(), Some(param), "{input}");
        }
    }
}

#[test]
fn an_edit_needs_its_source() {
    let id = "0198f7a0-0000-7000-8000-000000000001";
    let edit = |input: Value| fault(Task::Edit, &input);
    assert_eq!(edit(json!({"prompt": "shorter", "source_job_id": id})), None);
    assert_eq!(edit(json!({"prompt": "shorter"})).as_deref(), Some("source_job_id"));
    let wrong = json!({"prompt": "shorter", "source_job_id": "x"});
    assert_eq!(edit(wrong).as_deref(), Some("source_job_id"));
    assert_eq!(edit(json!({"source_job_id": id})).as_deref(), Some("prompt"));
}

#[test]
fn a_localization_names_one_source_and_its_readers() {
    let id = "0198f7a0-0000-7000-8000-000000000001";
    let good = json!({
        "source_job_id": id, "target_culture": "French urban premium", "target_language": "fr",
        "target_currency": "EUR",
    });
    assert_eq!(fault(Task::Localization, &good), None);
    let rate = json!({"rate": 0.92, "date": "2026-01-02", "source": "ECB"});
    for (member, wrong, param) in [
        ("source_image_url", json!("https://a.example/b.png"), "source_job_id"),
        ("source_job_id", json!(null), "source_job_id"),
        ("target_culture", json!(null), "target_culture"),
        ("target_culture", json!("x".repeat(201)), "target_culture"),
        ("target_language", json!("x".repeat(65)), "target_language"),
        ("target_language", json!("Klingonese"), "target_language"),
        ("target_currency", json!("EURO"), "target_currency"),
        ("target_currency", json!("x".repeat(17)), "target_currency"),
        ("composition", json!("free"), "composition"),
        ("currency_policy", json!("guess"), "currency_policy"),
        ("currency_policy", json!("convert"), "fx"),
        ("currency_policy", json!("price_list"), "price"),
        ("fx", json!({"rate": 0, "date": "2026-01-02", "source": "ECB"}), "fx"),
        ("fx", json!({"date": "2026-01-02", "source": "ECB"}), "fx.rate"),
        ("fx", json!({"rate": "0.92", "source": "ECB"}), "fx.date"),
        ("price", json!({"amount": "14,90", "currency": "EUR"}), "price.amount"),
        ("price", json!({"amount": "14.90", "currency": "USD"}), "price.currency"),
        ("price", json!({"amount": "14.90"}), "price.currency"),
        ("reference_images", json!(vec!["https://a.example/b.jpg"; 6]), "reference_images"),
    ] {
        let mut input = good.clone();
        input[member] = wrong;
        assert_eq!(fault(Task::Localization, &input).as_deref(), Some(param), "{input}");
    }
    let mut converted = good.clone();
    (converted["fx"], converted["currency_policy"]) = (rate, json!("convert"));
    assert_eq!(fault(Task::Localization, &converted), None);
    let mut implied = good;
    implied["target_language"] = Value::Null;
    assert_eq!(fault(Task::Localization, &implied), None);
    // Without a word for a language the source's own stays.
    implied["target_culture"] = json!("urban premium");
    assert_eq!(fault(Task::Localization, &implied), None);
}

#[test]
fn what_a_run_fills_in_counts_as_there() {
    let check = |task, input: Value, given: &[&str]| {
        let read = AdArgs::read(task, input.as_object().expect("an object"), given);
        read.map(drop).map_err(|fault| fault.param)
    };
    assert_eq!(check(Task::Campaign, json!({}), &["prompt", "brand_id"]), Ok(()));
    assert_eq!(check(Task::Edit, json!({"prompt": "shorter"}), &["source_job_id"]), Ok(()));
    let french = json!({"target_culture": "French"});
    assert_eq!(check(Task::Localization, french.clone(), &["source_job_id"]), Ok(()));
    let both = check(Task::Localization, french, &["source_job_id", "source_image_url"]);
    assert_eq!(both, Err("source_job_id".to_owned()));
    let readers = ["source_job_id", "target_culture", "target_language", "fx"];
    assert_eq!(check(Task::Localization, json!({"currency_policy": "convert"}), &readers), Ok(()));
    let beside = json!({"output": {"format": "postcard"}});
    let fault = check(Task::Campaign, beside, &["prompt"]);
    assert_eq!(fault, Err("output.format".to_owned()));
}
