#![doc = include_str!("../README.md")]

mod case;
mod email;
mod invisible;
mod key;
mod linkedin;
mod phone;
mod text;

pub use email::{EmailError, EmailKey, EmailRules, clean_email};
pub use key::{Key, KeyKind};
pub use linkedin::{LinkedInError, LinkedInKey};
pub use phone::{PhoneError, PhoneKey};
pub use text::{fold_header, fold_search, fold_text, is_blank, trim_invisible, trim_invisible_lines};
