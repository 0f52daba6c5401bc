//! A body as it arrives: decompressed, counted, and cut at its limit.

use std::io::{self, Write};

use brotli_decompressor::DecompressorWriter;
use flate2::write::MultiGzDecoder;

use super::error::FetchError;

/// More bytes out of one byte in than any honest page has.
const MAX_RATIO: u64 = 200;

/// Below this size a ratio says nothing.
const RATIO_FLOOR: u64 = 64 * 1_024;

/// How much brotli unpacks at a time.
const BROTLI_BUFFER: usize = 16 * 1_024;

/// What is asked for; `identity` is always understood.
pub(super) const ACCEPT_ENCODING: &str = "gzip, br";

/// The body of an answer, up to a limit.
pub(super) struct Body {
    decoder: Decoder,
    encoded: u64,
}

enum Decoder {
    Identity(Capped),
    Gzip(Box<MultiGzDecoder<Capped>>),
    Brotli(Box<DecompressorWriter<Capped>>),
}

/// Keeps what is written up to a limit, and then refuses: the decoder stops at once.
struct Capped {
    bytes: Vec<u8>,
    limit: usize,
    overflown: bool,
}

impl Body {
    /// A body in `encoding`, of which at most `limit` bytes are kept.
    pub(super) fn new(encoding: Option<&str>, limit: usize) -> Result<Self, FetchError> {
        let sink = Capped { bytes: Vec::new(), limit, overflown: false };
        let encoding = encoding.map(|encoding| encoding.trim().to_ascii_lowercase());
        let decoder = match encoding.as_deref() {
            None | Some("" | "identity") => Decoder::Identity(sink),
            Some("gzip" | "x-gzip") => Decoder::Gzip(Box::new(MultiGzDecoder::new(sink))),
            Some("br") => Decoder::Brotli(Box::new(DecompressorWriter::new(sink, BROTLI_BUFFER))),
            Some(other) => {
                return Err(FetchError::Malformed(format!("unasked content encoding `{other}`")));
            }
        };
        Ok(Self { decoder, encoded: 0 })
    }

    /// Takes the next part and returns how many bytes it cost: the larger of before and after.
    pub(super) fn push(&mut self, part: &[u8]) -> Result<u64, FetchError> {
        let before = self.decoded();
        let written = match &mut self.decoder {
            Decoder::Identity(sink) => sink.write_all(part),
            Decoder::Gzip(gzip) => gzip.write_all(part),
            Decoder::Brotli(brotli) => brotli.write_all(part),
        };
        self.check(written)?;
        self.encoded += part.len() as u64;
        let compressed = !matches!(self.decoder, Decoder::Identity(_));
        if compressed && self.decoded() > RATIO_FLOOR.max(MAX_RATIO * self.encoded) {
            return Err(FetchError::Bomb);
        }
        Ok((part.len() as u64).max(self.decoded() - before))
    }

    /// Whether the limit was passed; what follows would be thrown away.
    pub(super) fn is_full(&self) -> bool {
        self.sink().overflown
    }

    /// The bytes, and whether the limit cut them.
    pub(super) fn finish(mut self) -> Result<(Vec<u8>, bool), FetchError> {
        if !self.is_full() {
            let finished = match &mut self.decoder {
                Decoder::Identity(_) => Ok(()),
                Decoder::Gzip(gzip) => gzip.try_finish(),
                Decoder::Brotli(brotli) => brotli.close(),
            };
            // An empty body may be labelled as anything: nothing was encoded.
            if self.encoded > 0 {
                self.check(finished)?;
            }
        }
        let sink = self.sink_mut();
        Ok((std::mem::take(&mut sink.bytes), sink.overflown))
    }

    /// An error of a decoder, unless it only passes on that the limit was reached.
    fn check(&self, written: io::Result<()>) -> Result<(), FetchError> {
        match written {
            Err(error) if !self.is_full() => {
                Err(FetchError::Malformed(format!("damaged compression: {error}")))
            }
            _ => Ok(()),
        }
    }

    fn decoded(&self) -> u64 {
        self.sink().bytes.len() as u64
    }

    fn sink(&self) -> &Capped {
        match &self.decoder {
            Decoder::Identity(sink) => sink,
            Decoder::Gzip(gzip) => gzip.get_ref(),
            Decoder::Brotli(brotli) => brotli.get_ref(),
        }
    }

    fn sink_mut(&mut self) -> &mut Capped {
        match &mut self.decoder {
            Decoder::Identity(sink) => sink,
            Decoder::Gzip(gzip) => gzip.get_mut(),
            Decoder::Brotli(brotli) => brotli.get_mut(),
        }
    }
}

impl Write for Capped {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        let fits = part.len().min(self.limit - self.bytes.len());
        self.bytes.extend_from_slice(&part[..fits]);
        if fits < part.len() {
            self.overflown = true;
            return Err(io::Error::other("the limit is reached"));
        }
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("encoded");
        encoder.finish().expect("finished")
    }

    fn decode(
        encoding: &str,
        parts: &[&[u8]],
        limit: usize,
    ) -> Result<(Vec<u8>, bool), FetchError> {
        let mut body = Body::new(Some(encoding), limit)?;
        for part in parts {
            body.push(part)?;
        }
        body.finish()
    }

    #[test]
    fn a_body_is_decoded_in_whatever_parts_it_comes() {
        let text = b"slack water, slack water";
        let zipped = gzip(text);
        let parts: Vec<&[u8]> = zipped.chunks(3).collect();
        assert_eq!(decode("GZIP", &parts, 100).expect("gzip"), (text.to_vec(), false));
        assert_eq!(decode("identity", &[text], 24).expect("plain"), (text.to_vec(), false));
        // `slack` in brotli: one uncompressed block.
        let brotli = [0x0b, 0x02, 0x80, b's', b'l', b'a', b'c', b'k', 0x03];
        assert_eq!(decode("br", &[&brotli], 100).expect("brotli"), (b"slack".to_vec(), false));
    }

    #[test]
    fn a_body_over_its_limit_is_cut() {
        assert_eq!(decode("", &[b"abc", b"def"], 5).expect("cut"), (b"abcde".to_vec(), true));
        let zipped = gzip(&[b'x'; 1_000]);
        let (bytes, cut) = decode("gzip", &[&zipped], 10).expect("cut");
        assert_eq!((bytes.len(), cut), (10, true));
    }

    #[test]
    fn a_bomb_is_stopped_before_it_is_large() {
        let bomb = gzip(&vec![0; 4 << 20]);
        assert!(matches!(decode("gzip", &[&bomb], 8 << 20), Err(FetchError::Bomb)));
    }

    #[test]
    fn damage_is_an_error_and_emptiness_is_not() {
        let zipped = gzip(b"neap tide");
        let half = &zipped[..zipped.len() - 6];
        for (encoding, part) in [("gzip", half), ("gzip", b"<html>"), ("zstd", b"x"), ("br", half)]
        {
            let decoded = decode(encoding, &[part], 100);
            assert!(matches!(decoded, Err(FetchError::Malformed(_))), "{encoding}");
        }
        assert_eq!(decode("gzip", &[], 100).expect("empty"), (Vec::new(), false));
    }
}
