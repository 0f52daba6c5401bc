//! One attempt: an arrangement, a canvas and a choice of words, made into a whole ad.

use std::collections::BTreeMap;

use super::pieces::{Reject, Rung, Trim, fitted, pieces, reset};
use super::stack::{self, Press};
use super::voice::{Inks, Voice, sizes};
use super::{
    Commission, Composition, border, calm, clear, colors, growth, mark, mirror, room, row,
};
use crate::ads::checks;
use crate::ads::copy::AdCopy;
use crate::ads::format::Class;
use crate::ads::layout::{self, Grid, Photo, Plan, Setting, Stack, Words, layer};
use crate::ads::random::Random;
use crate::ads::scene::{
    Align, Composition as Origin, Engine, Format, Frame, LayoutKind, Lint, Looks, Node, Palette,
    Role, SCENE_VERSION, Scene, Text,
};
use crate::ads::svg;
use crate::ads::text::{SetText, Typesetter};
use crate::domain::brand::Direction;

/// One attempt.
pub(super) struct Draft<'a> {
    commission: &'a Commission<'a>,
    format: &'a Format,
    kind: LayoutKind,
    rung: Rung,
    copy: &'a AdCopy,
    /// What a person should know.
    pub(super) warnings: Vec<String>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        commission: &'a Commission<'a>,
        format: &'a Format,
        kind: LayoutKind,
        rung: Rung,
    ) -> Self {
        Self { commission, format, kind, rung, copy: commission.copy, warnings: Vec::new() }
    }

    /// The same with other words.
    pub(super) fn with_copy(mut self, copy: &'a AdCopy) -> Self {
        self.copy = copy;
        self
    }

    /// Whether the words fit; nothing is rendered for it.
    pub(super) fn has_room(mut self, typesetter: &mut Typesetter) -> bool {
        self.set(typesetter).is_ok()
    }

    /// The ad with its words set, before anything was looked at.
    fn set(&mut self, typesetter: &mut Typesetter) -> Result<Scene, Reject> {
        let commission = self.commission;
        let grid = Grid::of(self.format);
        let palette = colors::of(commission, self.kind);
        let mut plan = layout::plan(self.kind, &self.setting(grid, &palette));
        if commission.settled.no_art {
            plan.nodes.retain(|node| node.role != Role::Decoration);
        }
        if let (Words::Stack(stack), Some(align)) = (&mut plan.words, commission.settled.align) {
            stack.align = align;
        }
        let voice = Voice::of(commission);
        self.warnings.extend(voice.warnings.iter().cloned());
        let mut mark = mark::set(commission, &grid, &plan.mark, &voice, &palette, typesetter);
        let times = growth::fair(&grid, &mark) * commission.settled.mark;
        if growth::grow(&mut plan, &grid, times) {
            mark = mark::set(commission, &grid, &plan.mark, &voice, &palette, typesetter);
        }
        if let (Words::Row(row), Some(end)) =
            (&mut plan.words, mark.iter().map(|node| node.frame.right()).max())
        {
            // The line begins where the mark really ends.
            let spare = (plan.mark.frame.right() - end).max(0);
            row.headline.x -= spare;
            row.headline.w += spare;
        }
        if let Some(first) = mark.first_mut().filter(|_| growth::is_asked(commission)) {
            first.scale = Some(commission.settled.mark);
        }
        if commission.dir == Direction::Rtl {
            mirror::plan(&mut plan, grid.canvas.w);
            for node in &mut mark {
                node.mirror(grid.canvas.w);
                if node.fit.is_some() {
                    reset(typesetter, node)?;
                }
            }
        }
        let words = self.words(&grid, &mut plan, &voice, &palette, typesetter)?;
        if plan.mark.sinks {
            sink(&grid, &mut mark, &words, typesetter)?;
        }
        clear::sink_disc(&mut plan.nodes, &words);
        let feet = mark.iter().chain(&words).map(|node| node.frame.bottom());
        if let (Class::Tower, Some(foot)) = (grid.class, feet.max()) {
            layout::raise_picture(&grid, &mut plan.nodes, foot);
        }
        let mut scene = self.scene(palette);
        scene.nodes = plan.nodes;
        scene.nodes.extend(border::around(self.format, &scene.palette));
        scene.nodes.extend(mark);
        scene.nodes.extend(words);
        Ok(scene)
    }

    /// The ad, when its words fit and it passes its checks.
    pub(super) fn finished(mut self, typesetter: &mut Typesetter) -> Result<Composition, Reject> {
        let commission = self.commission;
        let mut scene = self.set(typesetter)?;
        if self.rung.trim != Trim::Silent {
            self.warnings.extend(room::left_out(self.copy, &scene));
        }
        let texts = set_texts(&scene, typesetter)?;
        let sight = calm::calm(&mut scene, commission)?;
        scene.warnings = self.warnings;
        let missing = texts.values().flat_map(|set| &set.missing).copied().collect::<Vec<char>>();
        if !missing.is_empty() {
            let left_out: String = missing.iter().collect();
            scene.warnings.push(format!("glyphs_left_out:{left_out}"));
        }
        scene.checks = checks::check(&scene, commission.kit, Some(&sight));
        scene.lint = checks::lint(&scene.checks);
        if scene.checks.iter().any(checks::blocks) {
            return Err(Reject::Checks(scene.checks));
        }
        let svg = svg::draw(&scene, &texts, commission.gallery).map_err(Reject::Draw)?;
        Ok(Composition { scene, texts, svg })
    }

    fn setting(&self, grid: Grid, palette: &Palette) -> Setting<'a> {
        let commission = self.commission;
        let photo = commission.photos.iter().find_map(|digest| {
            let picture = commission.gallery.get(digest)?;
            #[expect(clippy::cast_possible_truncation, reason = "a ratio needs no more digits")]
            let aspect = picture.aspect() as f32;
            let cut_out = picture.is_transparent();
            let (focus, crown) = (picture.focus(), picture.crown());
            Some(Photo { digest: *digest, focus, crown, aspect, cut_out })
        });
        let random = Random::new(commission.seed).fork(&commission.kit.identity()).fork("layout");
        let icon = commission.icons.first().map(String::as_str);
        Setting {
            grid,
            random,
            photo,
            icon,
            panel_stands_out: palette.panel.contrast(palette.bg) >= STANDS_OUT,
            silent: self.rung.trim == Trim::Silent,
        }
    }

    fn words(
        &mut self,
        grid: &Grid,
        plan: &mut Plan,
        voice: &Voice,
        palette: &Palette,
        typesetter: &mut Typesetter,
    ) -> Result<Vec<Node>, Reject> {
        if self.rung.trim == Trim::Silent {
            return Ok(Vec::new());
        }
        let (copy, format) = (self.copy, self.format);
        let ground = match &plan.words {
            Words::Stack(stack) => stack.ground,
            Words::Row(row) => row.ground,
        };
        let mut press = Press {
            grid,
            format,
            voice,
            inks: Inks::on(ground, palette),
            corner: self.commission.kit.button_radius.map_or(0.5, |px| (px / 40.0).min(0.5)),
            dir: self.commission.dir,
            settled: &self.commission.settled,
            typesetter,
        };
        match &mut plan.words {
            Words::Row(row) => row::set(&mut press, row, copy, self.rung),
            Words::Stack(stack) => {
                let legal = self.legal(&mut press, stack, plan.legal)?;
                let pieces = pieces(copy, stack, self.rung);
                let mut nodes = stack::set(&mut press, stack, &pieces)?;
                nodes.extend(legal);
                Ok(nodes)
            }
        }
    }

    /// The legal line at the foot of the column, which becomes shorter by it.
    fn legal(
        &mut self,
        press: &mut Press<'_>,
        stack: &mut Stack,
        frame: Frame,
    ) -> Result<Option<Node>, Reject> {
        let Some(text) = self.copy.legal.clone() else { return Ok(None) };
        if stack.terse {
            self.warnings.push("legal_left_out".to_owned());
            return Ok(None);
        }
        let mut node = Node::new("legal", Role::Legal, layer::WORDS, frame);
        let mut style =
            press.voice.style(Role::Legal, aligned(press, stack.align, &text), press.inks);
        style.size = sizes(press.grid, press.format, Role::Legal, 18.0);
        node.text = Some(text);
        node.style = Some(style);
        fitted(press.typesetter, &mut node)?;
        stack.frame.h = frame.y - press.grid.px(24.0) - stack.frame.y;
        Ok(Some(node))
    }

    fn scene(&self, palette: Palette) -> Scene {
        let commission = self.commission;
        Scene {
            scene: SCENE_VERSION,
            engine: Engine {
                name: "tidemill".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                fonts: commission.shelf.digest().to_owned(),
            },
            brand: commission.kit.id,
            brand_rev: commission.kit.rev,
            prompt: commission.prompt.to_owned(),
            seed: commission.seed.to_string(),
            layout: self.kind,
            variant: commission.variant,
            format: self.format.clone(),
            lang: commission.lang.to_owned(),
            dir: commission.dir,
            currency: commission.currency.map(str::to_owned),
            composition: Origin::Free,
            palette,
            looks: Looks::default(),
            nodes: Vec::new(),
            checks: Vec::new(),
            lint: Lint::default(),
            provenance: commission.provenance.clone(),
            warnings: Vec::new(),
        }
    }
}

/// Where lines stand whose language runs against the ad's: at the ad's side, not at their own.
pub(super) fn aligned(press: &Press<'_>, align: Align, text: &Text) -> Align {
    let known = text.lang.parse::<icu_locale::LanguageIdentifier>().ok();
    let runs = known
        .and_then(|lang| icu_locale::LocaleDirectionality::new_common().get(&lang))
        .map(|written| match written {
            icu_locale::Direction::RightToLeft => Direction::Rtl,
            _ => Direction::Ltr,
        });
    match align {
        Align::Start if runs.is_some_and(|dir| dir != press.dir) => Align::End,
        align => align,
    }
}

/// Moves the mark down to right above the words.
fn sink(
    grid: &Grid,
    mark: &mut [Node],
    words: &[Node],
    typesetter: &mut Typesetter,
) -> Result<(), Reject> {
    let top = words.iter().filter_map(|node| node.fit.as_ref()).map(|fit| layout::px(fit.ink[1]));
    let foot = mark.iter().map(|node| node.frame.bottom()).max();
    let (Some(top), Some(foot)) = (top.min(), foot) else { return Ok(()) };
    let down = grid.snap(top - grid.px(40.0) - foot);
    for node in mark.iter_mut().filter(|_| down > 0) {
        node.frame.y += down;
        if node.fit.is_some() {
            reset(typesetter, node)?;
        }
    }
    Ok(())
}

/// From this contrast on a panel is seen against the ground without looking for it.
const STANDS_OUT: f64 = 1.35;

fn set_texts(
    scene: &Scene,
    typesetter: &mut Typesetter,
) -> Result<BTreeMap<String, SetText>, Reject> {
    let mut texts = BTreeMap::new();
    for node in scene.nodes.iter().filter(|node| node.fit.is_some()) {
        let set = typesetter
            .set(node)
            .map_err(|source| Reject::Fatal { node: node.id.clone(), source })?;
        texts.insert(node.id.clone(), set);
    }
    Ok(texts)
}
