//! Tables of spellings, one file per canonical form, and the laws that hold for every text.

mod businesspeople;
mod clusters;
mod company;
mod email;
mod full_name;
mod labelled;
mod linkedin;
mod names;
mod phone;
mod properties;
mod suspect_cases;
mod suspect_properties;
mod suspects_quality;
mod text;
mod turkish_and_german;
