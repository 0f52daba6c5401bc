//! `PATCH /brands/:id`: what a person sets, and no extraction overwrites.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value};

use crate::assets::AssetStore;
use crate::brand::marks;
use crate::domain::asset::NewAsset;
use crate::domain::brand::{BrandEdit, BrandFont, BrandLogo, ColorRole, FontClass, Hex};
use crate::domain::ids::OrgId;
use crate::http::auth::{Authorized, Write};
use crate::http::body::Body;
use crate::http::error::ApiError;
use crate::http::fields::Fields;
use crate::http::front::Front;
use crate::http::pi::brands;
use crate::http::pi::uploads::{self, Kind, MAX_LOGO_BYTES};
use crate::pixels;

/// The longest name and the longest tagline, in characters.
const MAX_NAME: usize = 200;
const MAX_TAGLINE: usize = 500;

/// The longest name of a typeface, in characters.
const MAX_FAMILY: usize = 100;

/// Sets the members that a body names; `null` says that the brand has no such thing.
pub(crate) async fn edit(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let id = brands::brand_id(&request)?;
    let (mut body, share) = body.json().await?.object()?;
    let logo = body.remove("logoBase64");
    let mut edit = read(Fields::of(&body), &body)?;
    // Asked before a file is stored for it.
    brands::find(&front, caller.org, &request).await?;
    let mut files = Vec::new();
    edit.logo = match logo {
        None => None,
        Some(Value::Null) => Some(None),
        Some(Value::String(text)) => {
            let (file, logo) = keep_logo(&front.assets, caller.org, text).await?;
            let id = file.id;
            files.push(file);
            Some(Some((id, logo)))
        }
        Some(_) => return Err(ApiError::body("logoBase64", "`logoBase64` must be a text")),
    };
    drop(share);
    let now = front.clock.now();
    let brand = front.catalog.edit_brand(caller.org, id, edit, files, now).await?;
    brands::answer(&front, &caller, &request, &brand.ok_or_else(brands::not_found)?).await
}

/// All of an edit but the logo.
fn read(fields: Fields<'_>, body: &Map<String, Value>) -> Result<BrandEdit, ApiError> {
    let name = fields.text("name", 1..=MAX_NAME)?.map(str::trim);
    if name.is_some_and(str::is_empty) {
        return Err(fields.fault("name", "must not be blank"));
    }
    let tagline = match body.get("tagline") {
        Some(Value::Null) => Some(None),
        _ => fields.text("tagline", 1..=MAX_TAGLINE)?.map(|text| Some(text.to_owned())),
    };
    let fonts = fields.object("fonts")?;
    Ok(BrandEdit {
        name: name.map(str::to_owned),
        tagline,
        colors: colors(fields, body)?,
        heading: font(fonts, "heading")?,
        body: font(fonts, "body")?,
        logo: None,
    })
}

/// `colors`, and the two colours that stand beside it in a brand.
fn colors(
    fields: Fields<'_>,
    body: &Map<String, Value>,
) -> Result<BTreeMap<ColorRole, Option<Hex>>, ApiError> {
    let mut set = BTreeMap::new();
    let beside = [("primary_hex", ColorRole::Primary), ("secondary_hex", ColorRole::Secondary)];
    for (name, role) in beside {
        if let Some(value) = body.get(name) {
            set.insert(role, color(value, name)?);
        }
    }
    let Some(colors) = fields.object("colors")? else { return Ok(set) };
    for role in ColorRole::ALL {
        let name = role.field().trim_start_matches("colors.");
        if let Some(value) = colors.get(name) {
            set.insert(role, color(value, role.field())?);
        }
    }
    Ok(set)
}

fn color(value: &Value, place: &'static str) -> Result<Option<Hex>, ApiError> {
    let fault = || ApiError::body(place, format!("`{place}` must be `#RRGGBB` or null"));
    match value {
        Value::Null => Ok(None),
        Value::String(text) => text.parse().map(Some).map_err(|_| fault()),
        _ => Err(fault()),
    }
}

/// A typeface; outer `None` when the body does not speak of it.
#[expect(clippy::option_option, reason = "as in `BrandEdit`, which keeps both meanings apart")]
fn font(
    fonts: Option<&Map<String, Value>>,
    name: &str,
) -> Result<Option<Option<BrandFont>>, ApiError> {
    let path = format!("fonts.{name}");
    let members = match fonts.and_then(|fonts| fonts.get(name)) {
        None => return Ok(None),
        Some(Value::Null) => return Ok(Some(None)),
        Some(Value::Object(members)) => members,
        Some(_) => {
            let message = format!("`{path}` must be an object with `family`, or null");
            return Err(ApiError::body(path, message));
        }
    };
    let fields = Fields::at(members, &path);
    let family = fields.required_text("family", 1..=MAX_FAMILY)?.to_owned();
    let class = match fields.text("class", 1..=20)? {
        None => None,
        Some("serif") => Some(FontClass::Serif),
        Some("sans") => Some(FontClass::Sans),
        Some("mono") => Some(FontClass::Mono),
        Some("display") => Some(FontClass::Display),
        Some(_) => {
            let message = "must be `serif`, `sans`, `mono` or `display`";
            return Err(fields.fault("class", message));
        }
    };
    let weight = fields.integer("weight", 1..=1_000)?;
    let weight = weight.and_then(|weight| u16::try_from(weight).ok());
    Ok(Some(Some(BrandFont { family, class, weight })))
}

/// Stores a logo in a form that may be served.
async fn keep_logo(
    assets: &Arc<AssetStore>,
    org: OrgId,
    text: String,
) -> Result<(NewAsset, BrandLogo), ApiError> {
    let assets = Arc::clone(assets);
    let fault = |message: String| ApiError::body("logoBase64", format!("`logoBase64` {message}"));
    let kept = web::block(move || {
        let bytes = uploads::decode(&text, MAX_LOGO_BYTES).map_err(fault)?;
        uploads::mime_type(&bytes, Kind::Picture).map_err(fault)?;
        let unusable = |error: pixels::PictureError| fault(format!("cannot be used: {error}"));
        let picture = pixels::open(&bytes).map_err(unusable)?;
        let ground = marks::ground(&picture, &marks::palette(&picture));
        let stored = pixels::for_storage(&bytes).map_err(unusable)?;
        let (width, height) = (stored.width, stored.height);
        let (digest, length) = (assets.put(&stored.bytes)?, stored.bytes.len() as u64);
        let file = NewAsset::new(org, digest, stored.mime_type, length, Some((width, height)));
        let format = picture.format.name().to_owned();
        let source_url = "upload".to_owned();
        Ok((file, BrandLogo { source_url, format, width, height, ground }))
    });
    kept.await.map_err(ApiError::internal)?
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn edit(body: &Value) -> Result<BrandEdit, ApiError> {
        let body = body.as_object().cloned().unwrap_or_default();
        read(Fields::of(&body), &body)
    }

    fn param(body: &Value) -> String {
        let error = edit(body).expect_err("a fault");
        error.refusal().param.as_deref().unwrap_or_default().to_owned()
    }

    #[test]
    fn null_takes_away_and_absence_leaves() {
        let edit = edit(&json!({
            "tagline": null,
            "colors": {"primary": "#102030", "accent": null},
            "fonts": {"heading": {"family": "Inter", "class": "sans", "weight": 700}},
        }))
        .expect("in form");
        assert_eq!((edit.name, edit.tagline), (None, Some(None)));
        assert_eq!(edit.colors[&ColorRole::Primary], Some(Hex::new(16, 32, 48)));
        assert_eq!(edit.colors[&ColorRole::Accent], None);
        assert_eq!(edit.colors.len(), 2);
        let heading = edit.heading.flatten().expect("a heading");
        assert_eq!((heading.family.as_str(), heading.weight), ("Inter", Some(700)));
        assert_eq!(edit.body, None);
    }

    #[test]
    fn faults_name_their_place() {
        assert_eq!(param(&json!({"name": " "})), "name");
        assert_eq!(param(&json!({"colors": {"link": "blue"}})), "colors.link");
        assert_eq!(param(&json!({"primary_hex": 7})), "primary_hex");
        assert_eq!(param(&json!({"fonts": {"body": {"weight": 400}}})), "fonts.body.family");
        assert_eq!(param(&json!({"fonts": {"body": "Inter"}})), "fonts.body");
    }
}
