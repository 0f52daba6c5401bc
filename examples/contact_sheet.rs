//! A contact sheet: 24 ads over a set of brands, to be looked at.
//!
//! `cargo run --release --example contact_sheet -- [DIR] [--out OUT] [--seed N] [--only N]
//! [--each BRAND]`
//!
//! Without DIR the brands are those of `contact_sheet/brands.json`. DIR holds one JSON file a
//! brand, in the form of `brand_identity_json`, beside it `logo_file`, `logo_ground` and
//! `photo_file` with paths relative to DIR. With BRAND, a number from 0, the sheet shows each
//! layout for that brand instead. Writes each ad as PNG and SVG, `sheet.png` with all of them,
//! and `index.html` with their checks; nothing is fetched.

#![expect(clippy::print_stdout, reason = "a report is for the terminal")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

#[path = "contact_sheet/brands.rs"]
mod brands;
#[path = "contact_sheet/cases.rs"]
mod cases;
#[path = "contact_sheet/page.rs"]
mod page;

use brands::Sample;
use cases::Case;
use tidemill::ads::brief::{self, Figures};
use tidemill::ads::compose::{Commission, Composition, Settled, compose};
use tidemill::ads::fonts::FontShelf;
use tidemill::ads::format::AspectRatio;
use tidemill::ads::raster::{Pixels, render};
use tidemill::ads::scene::{Format, Provenance, WordsFrom};
use tidemill::ads::text::Typesetter;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let options = Options::parse(std::env::args().skip(1))?;
    let samples = match &options.folder {
        Some(folder) => brands::of_folder(folder)?,
        None => brands::invented()?,
    };
    std::fs::create_dir_all(&options.out)?;
    let shelf = FontShelf::embedded();
    let mut typesetter = Typesetter::new(Arc::clone(&shelf));
    let mut shown = Vec::new();
    let cases = match options.each {
        Some(brand) => cases::each_layout(&samples, brand, options.seed),
        None => cases::cases(&samples, options.seed),
    };
    for case in cases {
        if options.only.is_some_and(|only| only != case.number) {
            continue;
        }
        let sample = &samples[case.brand];
        let begun = Instant::now();
        let ad = match composed(&case, sample, &shelf, &mut typesetter) {
            Ok(ad) => ad,
            Err(failure) => {
                println!("{:>2}  {}: {failure}", case.number, sample.name());
                continue;
            }
        };
        let format = &ad.scene.format;
        let pixels = render(&ad.svg, format.w, format.h)?;
        let time = begun.elapsed().as_millis();
        println!("{:>2}  {time:>4} ms  {}", case.number, page::line(&ad.scene, sample.name()));
        write(&options.out, &case, &ad, &pixels)?;
        shown.push((case, ad.scene, pixels));
    }
    page::sheet(&shown)?.save(options.out.join("sheet.png"))?;
    std::fs::write(options.out.join("index.html"), page::html(&shown))?;
    println!("{}", options.out.join("index.html").display());
    Ok(())
}

fn composed(
    case: &Case,
    sample: &Sample,
    shelf: &Arc<FontShelf>,
    typesetter: &mut Typesetter,
) -> Result<Composition, Failure> {
    let brief = brief::read(case.prompt, Some(case.lang));
    let copy = brief::words(&brief, &sample.kit, &Figures::default(), case.lang, case.seed)
        .ok_or("no catalog for this language")?;
    let format = match case.format.parse::<AspectRatio>() {
        Ok(ratio) => Format::of_ratio(ratio, "1K".parse()?),
        Err(_) => Format::named(case.format)?,
    };
    let icons: Vec<String> = case.icon.iter().map(|icon| (*icon).to_owned()).collect();
    let commission = Commission {
        prompt: case.prompt,
        brief: &brief,
        copy: &copy,
        kit: &sample.kit,
        lang: case.lang,
        dir: cases::direction(case.lang),
        currency: None,
        gallery: &sample.gallery,
        photos: if case.photo { &sample.photos } else { &[] },
        icons: &icons,
        seed: case.seed,
        variant: case.variant,
        layout: case.layout,
        provenance: Provenance {
            copy: WordsFrom::Catalog,
            picture: "procedural".to_owned(),
            model_calls: 0,
            fallback_reason: None,
        },
        shelf,
        settled: Settled::default(),
    };
    Ok(compose(&commission, &format, typesetter)?)
}

fn write(out: &Path, case: &Case, ad: &Composition, pixels: &Pixels) -> Result<(), Failure> {
    let name = page::file(case, &ad.scene);
    std::fs::write(out.join(format!("{name}.svg")), &ad.svg)?;
    page::picture(pixels)?.save(out.join(format!("{name}.png")))?;
    Ok(())
}

struct Options {
    folder: Option<PathBuf>,
    out: PathBuf,
    seed: u64,
    only: Option<usize>,
    each: Option<usize>,
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let out = PathBuf::from("target/contact_sheet");
        let mut options = Self { folder: None, out, seed: 1, only: None, each: None };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("`{argument}` wants a value"));
            match argument.as_str() {
                "--out" => options.out = PathBuf::from(value()?),
                "--seed" => options.seed = value()?.parse()?,
                "--only" => options.only = Some(value()?.parse()?),
                "--each" => options.each = Some(value()?.parse()?),
                folder => options.folder = Some(PathBuf::from(folder)),
            }
        }
        Ok(options)
    }
}
