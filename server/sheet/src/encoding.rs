//! From the bytes of a file to UTF-8.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::Encoding;

const UTF8_BOM: &[u8] = b"\xef\xbb\xbf";
const RAW_BYTES: usize = 64 * 1024;

/// A byte that no UTF-8 text has: it stands for what could not be decoded, so that the row it is in can be
/// told later.
const UNDECODABLE: u8 = 0xff;

/// The encoding, and whether the sample alone proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Guess {
    pub encoding: Encoding,
    /// False when the sample is plain ASCII: then letters further down may still show Windows-1252.
    pub proven: bool,
}

/// Byte order mark, then the pattern of UTF-16, then UTF-8, then Windows-1252. A UTF-8 text with a few
/// broken bytes stays UTF-8: reading it as Windows-1252 would spoil every other name in it.
pub(crate) fn detect(sample: &[u8]) -> Guess {
    let proven = |encoding| Guess { encoding, proven: true };
    if sample.starts_with(UTF8_BOM) {
        return proven(Encoding::Utf8Bom);
    }
    if sample.starts_with(b"\xff\xfe") {
        return proven(Encoding::Utf16Le);
    }
    if sample.starts_with(b"\xfe\xff") {
        return proven(Encoding::Utf16Be);
    }
    if let Some(encoding) = utf16_pattern(sample) {
        return proven(encoding);
    }
    let (letters, broken) = count_utf8(sample);
    match (letters, broken) {
        (0, 0) => Guess { encoding: Encoding::Utf8, proven: false },
        _ if letters >= broken => proven(Encoding::Utf8),
        _ => proven(Encoding::Windows1252),
    }
}

/// The length of the byte order mark to drop.
pub(crate) fn mark_length(sample: &[u8], encoding: Encoding) -> usize {
    let mark: &[u8] = match encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => UTF8_BOM,
        Encoding::Utf16Le => b"\xff\xfe",
        Encoding::Utf16Be => b"\xfe\xff",
        Encoding::Windows1252 => b"",
    };
    if sample.starts_with(mark) { mark.len() } else { 0 }
}

/// UTF-16 without a mark: the high bytes of Latin letters, digits and delimiters are NUL.
pub(crate) fn utf16_pattern(sample: &[u8]) -> Option<Encoding> {
    let pairs = sample.len() / 2;
    if pairs < 4 {
        return None;
    }
    let (mut first, mut second) = (0, 0);
    for pair in sample.chunks_exact(2) {
        first += usize::from(pair[0] == 0 && pair[1] != 0);
        second += usize::from(pair[1] == 0 && pair[0] != 0);
    }
    let (low, high, encoding) =
        if second > first { (first, second, Encoding::Utf16Le) } else { (second, first, Encoding::Utf16Be) };
    (high * 10 >= pairs && low * 8 <= high).then_some(encoding)
}

/// Well-formed letters of more than one byte, and malformed places.
fn count_utf8(sample: &[u8]) -> (usize, usize) {
    let (mut letters, mut broken) = (0, 0);
    for chunk in sample.utf8_chunks() {
        letters += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
        // A letter that the end of the sample cuts in two is not broken.
        let cut = chunk.invalid().len() < 4
            && chunk.invalid().as_ptr_range().end == sample.as_ptr_range().end
            && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
        broken += usize::from(!chunk.invalid().is_empty() && !cut);
    }
    (letters, broken)
}

/// The name of an encoding outside [`Encoding`] that the letters look like, so that a person is told before
/// a Cyrillic or Japanese list comes out as Latin letters.
pub(crate) fn other_script(sample: &[u8]) -> Option<&'static str> {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let name = detector.guess(None, chardetng::Utf8Detection::Deny).name();
    let other = ["windows-1251", "KOI8-U", "IBM866", "ISO-8859-5", "Shift_JIS", "EUC-JP", "EUC-KR", "GBK", "Big5"];
    let enough = sample.iter().filter(|byte| !byte.is_ascii()).count() >= 20;
    (enough && other.contains(&name)).then_some(name)
}

/// Reads any [`Encoding`] as UTF-8 through fixed buffers. UTF-8 goes through untouched, broken or not.
pub(crate) struct Transcoder<R> {
    input: R,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    start: usize,
    end: usize,
    input_ended: bool,
    finished: bool,
}

impl<R: Read> Transcoder<R> {
    /// The byte order mark must already be gone, see [`mark_length`].
    pub fn new(input: R, encoding: Encoding) -> Transcoder<R> {
        let decoder = match encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => None,
            Encoding::Utf16Le => Some(UTF_16LE.new_decoder_without_bom_handling()),
            Encoding::Utf16Be => Some(UTF_16BE.new_decoder_without_bom_handling()),
            Encoding::Windows1252 => Some(WINDOWS_1252.new_decoder_without_bom_handling()),
        };
        let raw = if decoder.is_some() { vec![0; RAW_BYTES] } else { Vec::new() };
        Transcoder { input, decoder, raw, start: 0, end: 0, input_ended: false, finished: false }
    }
}

impl<R: Read> Read for Transcoder<R> {
    /// `out` must have room for a few letters; the CSV reader's buffer does.
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(decoder) = &mut self.decoder else {
            return self.input.read(out);
        };
        let room = out.len().saturating_sub(1);
        while !self.finished {
            if self.start == self.end && !self.input_ended {
                self.start = 0;
                self.end = self.input.read(&mut self.raw)?;
                self.input_ended = self.end == 0;
            }
            let raw = &self.raw[self.start..self.end];
            let (result, read, written) = if room >= 8 {
                decoder.decode_to_utf8_without_replacement(raw, &mut out[..room], self.input_ended)
            } else {
                return Err(io::Error::other("the buffer is too small for a letter"));
            };
            self.start += read;
            match result {
                DecoderResult::Malformed(..) => {
                    out[written] = UNDECODABLE;
                    return Ok(written + 1);
                }
                DecoderResult::InputEmpty => self.finished = self.input_ended,
                DecoderResult::OutputFull => {}
            }
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

/// The sample as UTF-8. What its end cuts in two may stay in as an undecodable byte.
pub(crate) fn decode_sample(sample: &[u8], encoding: Encoding) -> Vec<u8> {
    let mut text = Vec::with_capacity(sample.len() * 2);
    let body = &sample[mark_length(sample, encoding)..];
    let mut transcoder = Transcoder::new(body, encoding);
    let mut buffer = [0; 8 * 1024];
    // Reading from a slice cannot fail.
    while let Ok(count @ 1..) = transcoder.read(&mut buffer) {
        text.extend_from_slice(&buffer[..count]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_decides() {
        assert_eq!(detect(b"\xef\xbb\xbfa").encoding, Encoding::Utf8Bom);
        assert_eq!(detect(b"\xff\xfea\0").encoding, Encoding::Utf16Le);
        assert_eq!(detect(b"\xfe\xff\0a").encoding, Encoding::Utf16Be);
    }

    #[test]
    fn a_few_broken_bytes_do_not_turn_utf8_into_latin() {
        assert_eq!(detect("Zoë,Chloé,\u{f1}".as_bytes()).encoding, Encoding::Utf8);
        assert_eq!(detect(b"Zo\xc3\xab,Chlo\xc3\xa9,\xe9").encoding, Encoding::Utf8);
        assert_eq!(detect(b"Zo\xeb,Chlo\xe9,x").encoding, Encoding::Windows1252);
        assert_eq!(detect(b"Zo\xc3").encoding, Encoding::Utf8);
    }

    #[test]
    fn what_cannot_be_decoded_leaves_an_impossible_byte() {
        // A lone high surrogate between two letters.
        let text = decode_sample(b"a\0\x00\xd8b\0", Encoding::Utf16Le);
        assert_eq!(text, b"a\xffb");
    }
}
