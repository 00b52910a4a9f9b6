//! Tables of spellings, one file per canonical form, and the laws that hold for every text.

mod email;
mod linkedin;
mod phone;
mod properties;
mod text;
mod turkish_and_german;
