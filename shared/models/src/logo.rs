//! The logo on an email: a small image of a kind that mail programs show (checklist E9).

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use crate::channel::wire_words;
use crate::outside::{self, UrlError, UrlPolicy};

wire_words! {
    /// What kind of image a logo is.
    LogoType {
        /// PNG.
        Png = "png",
        /// JPEG.
        Jpeg = "jpeg",
        /// GIF.
        Gif = "gif",
    }
}

impl LogoType {
    /// Its media type, such as `image/png`.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
        }
    }

    /// The extension of its files, without a dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
        }
    }

    /// The kind that these bytes begin as. What else is said of an image may be wrong.
    fn of(bytes: &[u8]) -> Option<Self> {
        const BEGINNINGS: [(&[u8], LogoType); 4] = [
            (b"\x89PNG\r\n\x1a\n", LogoType::Png),
            (b"\xff\xd8\xff", LogoType::Jpeg),
            (b"GIF87a", LogoType::Gif),
            (b"GIF89a", LogoType::Gif),
        ];
        BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning)).map(|(_, kind)| *kind)
    }
}

/// An image that can be a logo.
#[derive(Clone, PartialEq, Eq)]
pub struct Logo {
    /// What kind of image it is.
    pub media_type: LogoType,
    /// The image itself.
    pub bytes: Vec<u8>,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// Bytes that cannot be a logo.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// They are no image, or one of another kind, such as SVG or WebP.
    #[error("must be a PNG, JPEG or GIF image: mail programs do not show others.")]
    NotShown,
    /// They are more than a mail should carry.
    #[error("must have at most {} KiB; make the image smaller.", Logo::LARGEST / 1024)]
    TooLarge,
    /// They end before they tell how large the image is.
    #[error("must be a whole image: its width and height cannot be read.")]
    Damaged,
    /// The image has no pixels, or too many.
    #[error("must be 1 to {} pixels wide and high; it is {width} × {height}.", Logo::WIDEST)]
    Dimensions {
        /// Its width in pixels.
        width: usize,
        /// Its height in pixels.
        height: usize,
    },
}

impl Logo {
    /// The most bytes of a logo: it goes out with every email.
    pub const LARGEST: usize = 200 * 1024;

    /// The most pixels of a logo, each way.
    pub const WIDEST: u32 = 4_000;

    /// Reads a logo from the bytes of an image.
    ///
    /// # Errors
    /// When they are no PNG, JPEG or GIF image, are too many, or the image has too many pixels.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, LogoError> {
        if bytes.len() > Self::LARGEST {
            return Err(LogoError::TooLarge);
        }
        let media_type = LogoType::of(&bytes).ok_or(LogoError::NotShown)?;
        let size = imagesize::blob_size(&bytes).map_err(|_| LogoError::Damaged)?;
        let (width, height) = (size.width, size.height);
        let fault = || LogoError::Dimensions { width, height };
        Ok(Self {
            width: pixels(width).ok_or_else(fault)?,
            height: pixels(height).ok_or_else(fault)?,
            media_type,
            bytes,
        })
    }

    /// What tells this image from others: the first 32 hex digits of the SHA-256 of its bytes.
    #[must_use]
    pub fn digest(&self) -> String {
        hex::encode(&Sha256::digest(&self.bytes)[..16])
    }
}

fn pixels(count: usize) -> Option<u32> {
    u32::try_from(count).ok().filter(|count| (1..=Logo::WIDEST).contains(count))
}

impl fmt::Debug for Logo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { media_type, bytes, width, height } = self;
        write!(f, "Logo({media_type}, {width} × {height}, {} bytes)", bytes.len())
    }
}

/// The address of a logo: https, with a host, without credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoUrl(Url);

impl LogoUrl {
    /// Reads an address that the policy allows. Where its host leads is checked when it is fetched.
    ///
    /// # Errors
    /// When it cannot be read, is not https, or carries credentials.
    pub fn parse(raw: &str, policy: UrlPolicy) -> Result<Self, UrlError> {
        outside::parse(raw, policy).map(Self)
    }

    /// The address.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let header = [b"\x89PNG\r\n\x1a\n".as_slice(), &13_u32.to_be_bytes(), b"IHDR"].concat();
        [header, width.to_be_bytes().to_vec(), height.to_be_bytes().to_vec(), vec![8, 6, 0, 0, 0]].concat()
    }

    fn gif(width: u16, height: u16) -> Vec<u8> {
        [b"GIF89a".as_slice(), &width.to_le_bytes(), &height.to_le_bytes(), &[0, 0, 0, 0x3b]].concat()
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let start = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08".as_slice();
        [start, &height.to_be_bytes(), &width.to_be_bytes(), &[3, 0, 0]].concat()
    }

    #[test]
    fn an_image_that_mail_programs_show_is_a_logo() {
        for (bytes, media_type, extension) in [
            (png(320, 80), "image/png", "png"),
            (jpeg(320, 80), "image/jpeg", "jpg"),
            (gif(320, 80), "image/gif", "gif"),
        ] {
            let logo = Logo::parse(bytes.clone()).unwrap();
            assert_eq!((logo.media_type.media_type(), logo.media_type.extension()), (media_type, extension));
            assert_eq!((logo.width, logo.height), (320, 80));
            assert_eq!(logo.bytes, bytes);
        }
    }

    #[test]
    fn any_other_bytes_are_refused() {
        let others: [&[u8]; 6] = [
            b"",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"RIFF\0\0\0\0WEBPVP8 ",
            b"<!doctype html>",
            b"BM",
            b"GIF8",
        ];
        for bytes in others {
            let error = Logo::parse(bytes.to_vec()).unwrap_err();
            assert_eq!(error, LogoError::NotShown, "{bytes:?}");
        }
        assert_eq!(
            LogoError::NotShown.to_string(),
            "must be a PNG, JPEG or GIF image: mail programs do not show others."
        );
    }

    #[test]
    fn a_logo_has_a_limit_in_bytes() {
        let mut bytes = png(10, 10);
        bytes.resize(Logo::LARGEST, 0);
        assert!(Logo::parse(bytes.clone()).is_ok());
        bytes.push(0);
        let error = Logo::parse(bytes).unwrap_err();
        assert_eq!(error.to_string(), "must have at most 200 KiB; make the image smaller.");
    }

    #[test]
    fn a_logo_has_a_limit_in_pixels() {
        for (width, height) in [(0, 10), (10, 0), (4_001, 10), (10, 4_001), (u32::MAX, u32::MAX)] {
            let error = Logo::parse(png(width, height)).unwrap_err();
            assert!(matches!(error, LogoError::Dimensions { .. }), "{width} × {height}: {error}");
        }
        assert!(Logo::parse(png(4_000, 4_000)).is_ok());
    }

    #[test]
    fn an_image_that_was_cut_off_is_refused() {
        for bytes in [&png(10, 10)[..20], &gif(10, 10)[..7], &jpeg(10, 10)[..12]] {
            assert_eq!(Logo::parse(bytes.to_vec()), Err(LogoError::Damaged));
        }
    }

    #[test]
    fn the_digest_is_that_of_the_bytes() {
        let logo = Logo::parse(png(1, 1)).unwrap();
        assert_eq!(logo.digest(), "71fde3856a298a052c6edb5155638d84");
        assert_ne!(logo.digest(), Logo::parse(png(1, 2)).unwrap().digest());
    }

    proptest! {
        #[test]
        fn no_bytes_panic_or_exceed_the_limits(beginning in 0..BEGINNINGS.len(), rest: Vec<u8>) {
            if let Ok(logo) = Logo::parse([BEGINNINGS[beginning], &rest].concat()) {
                prop_assert!((1..=Logo::WIDEST).contains(&logo.width));
                prop_assert!((1..=Logo::WIDEST).contains(&logo.height));
            }
        }
    }

    const BEGINNINGS: [&[u8]; 5] =
        [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1\0\x02\xff"];
}
