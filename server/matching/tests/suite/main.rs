//! Tables of spellings, one file per canonical form, and the laws that hold for every text.

mod company;
mod email;
mod full_name;
mod linkedin;
mod names;
mod phone;
mod properties;
mod text;
mod turkish_and_german;
