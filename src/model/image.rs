//! The model that paints, in either of the two protocols that servers for pictures speak.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::outbound::rules::Refusal;

use super::endpoint::{Endpoint, Failure, Surroundings};
use super::options::{ImageOptions, ImageProtocol};
use super::picture::{
    Found, PictureAnswer, PictureFault, PictureRequest, UNWANTED, find_picture, read_picture,
    size_of,
};
use super::policy::{Change, Circumstances, Fault, Next, Tries};
use super::usage::{Ledger, Reason};

/// A picture of 4096 pixels a side in base64, if it is compressed at all.
const MAX_ANSWER_BYTES: usize = 40 << 20;

/// A picture that is none is asked for once more.
const PICTURES: u64 = 2;

/// Servers read seeds as a 32-bit number with a sign.
const SEED_MASK: u64 = 0x7fff_ffff;

/// The model that paints.
pub(super) struct ImageModel {
    endpoint: Endpoint,
    pub(super) options: ImageOptions,
    /// The server was found to speak A1111's protocol and not `OpenAI`'s.
    speaks_a1111: AtomicBool,
}

/// What changes between tries.
#[derive(Clone, Copy)]
struct Try {
    protocol: ImageProtocol,
    response_format: bool,
    seed: u64,
    size: (u32, u32),
}

impl ImageModel {
    pub(super) fn open(options: ImageOptions, around: Surroundings) -> Result<Self, Refusal> {
        let endpoint = Endpoint::open("image", options.place.clone(), MAX_ANSWER_BYTES, around)?;
        Ok(Self { endpoint, options, speaks_a1111: AtomicBool::new(false) })
    }

    /// A picture for `request`: that of an earlier attempt, or a new one.
    pub(super) async fn paint(
        &self,
        request: &PictureRequest,
        seed: u64,
        ledger: &mut Ledger,
    ) -> Result<PictureAnswer, Reason> {
        let prompt = request.prompt();
        let size = request.nearest(&self.options.sizes).ok_or(Reason::NotConfigured)?;
        let answer = |png, size| {
            let model = self.options.place.model.clone();
            PictureAnswer { png, size, model }
        };
        let asked = json!({"prompt": prompt, "size": size, "seed": seed});
        let key = self.endpoint.question_of("picture", &asked);
        if let Some(png) = self.endpoint.replay(&key, ledger)
            && let Some(size) = size_of(&png)
        {
            return Ok(answer(png, size));
        }
        for number in 0..PICTURES {
            let first = self.first_try(seed.wrapping_add(number), size);
            let file = self.exchange(&prompt, first, ledger).await?;
            match file.and_then(|file| read_picture(&file)) {
                Ok((png, size)) => {
                    self.endpoint.keep(&key, &png);
                    return Ok(answer(png, size));
                }
                Err(fault) => tracing::debug!(%fault, "the model's picture is not taken"),
            }
        }
        Err(Reason::Unusable)
    }

    /// The file that the server sends, or says where it is.
    async fn exchange(
        &self,
        prompt: &str,
        mut attempt: Try,
        ledger: &mut Ledger,
    ) -> Result<Result<Vec<u8>, PictureFault>, Reason> {
        let mut tries = Tries::default();
        loop {
            let (path, body) = self.request(prompt, &attempt);
            let fault = match self.endpoint.post(path, &body, ledger).await {
                Ok(body) => {
                    let found = attempt.protocol == ImageProtocol::A1111;
                    self.speaks_a1111.store(found, Ordering::Relaxed);
                    return self.file(&body, ledger).await;
                }
                Err(Failure::Stop(reason)) => return Err(reason),
                Err(Failure::Fault(fault)) => fault,
            };
            if self.may_switch(&attempt, &fault) {
                attempt.protocol = ImageProtocol::A1111;
                continue;
            }
            let around = Circumstances {
                timeout: self.options.place.timeout,
                can_step_down: attempt.response_format,
                can_shorten: false,
                seed: attempt.seed,
            };
            match tries.after(&fault, &around) {
                Next::Again(pause, change) => {
                    match change {
                        Change::Seed => attempt.seed = attempt.seed.wrapping_add(1),
                        Change::StepDown => attempt.response_format = false,
                        Change::Nothing | Change::Shorten | Change::MoreTokens => {}
                    }
                    if pause > Duration::ZERO {
                        self.endpoint.pause(pause, ledger).await?;
                    }
                }
                Next::GiveUp(reason) => {
                    if let Fault::Refused { status, message } = &fault {
                        self.endpoint.tell(*status, message);
                    }
                    return Err(reason);
                }
            }
        }
    }

    /// The picture's file, fetched if the answer only names its place.
    async fn file(
        &self,
        body: &[u8],
        ledger: &mut Ledger,
    ) -> Result<Result<Vec<u8>, PictureFault>, Reason> {
        match find_picture(body) {
            Ok(Found::File(file)) => Ok(Ok(file)),
            Ok(Found::Url(url)) if self.options.allow_url_results => {
                match self.endpoint.get(&url, ledger).await {
                    Ok(file) => Ok(Ok(file)),
                    Err(Failure::Stop(reason)) => Err(reason),
                    Err(Failure::Fault(_)) => Ok(Err(PictureFault::None)),
                }
            }
            Ok(Found::Url(_)) => Ok(Err(PictureFault::None)),
            Err(fault) => Ok(Err(fault)),
        }
    }

    fn first_try(&self, seed: u64, size: (u32, u32)) -> Try {
        let found = if self.speaks_a1111.load(Ordering::Relaxed) {
            ImageProtocol::A1111
        } else {
            ImageProtocol::OpenAi
        };
        Try {
            protocol: self.options.protocol.unwrap_or(found),
            response_format: self.options.send_response_format,
            seed,
            size,
        }
    }

    /// Whether the fault may mean that the server speaks the other protocol.
    fn may_switch(&self, attempt: &Try, fault: &Fault) -> bool {
        self.options.protocol.is_none()
            && attempt.protocol == ImageProtocol::OpenAi
            && matches!(fault, Fault::Refused { status: 404 | 405, .. })
    }

    fn request(&self, prompt: &str, attempt: &Try) -> (&'static str, Value) {
        let Try { protocol, response_format, seed, size: (width, height) } = *attempt;
        match protocol {
            ImageProtocol::OpenAi => {
                let mut body = json!({
                    "model": self.endpoint.place().model,
                    "prompt": prompt,
                    "n": 1,
                    "size": format!("{width}x{height}"),
                });
                if response_format {
                    body["response_format"] = json!("b64_json");
                }
                ("images/generations", body)
            }
            ImageProtocol::A1111 => {
                // It lies beside `v1`, not below.
                let beside = self.endpoint.origin().base().path().ends_with("/v1/");
                let path = if beside { "../sdapi/v1/txt2img" } else { "sdapi/v1/txt2img" };
                let body = json!({
                    "prompt": prompt,
                    "negative_prompt": UNWANTED,
                    "width": width,
                    "height": height,
                    "seed": seed & SEED_MASK,
                    "batch_size": 1,
                    "n_iter": 1,
                });
                (path, body)
            }
        }
    }
}
