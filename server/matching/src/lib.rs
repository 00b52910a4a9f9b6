#![doc = include_str!("../README.md")]

mod case;
mod company;
mod company_domain;
mod day;
mod email;
mod free_mail;
mod full_name;
mod invisible;
mod key;
mod legal_forms;
mod linkedin;
mod names;
mod phone;
mod text;

pub use company::clean_company;
pub use company_domain::company_domain;
pub use day::read_day;
pub use email::{EmailError, EmailKey, EmailRules, clean_email};
pub use free_mail::is_free_mail;
pub use full_name::split_full_name;
pub use key::{Key, KeyKind};
pub use linkedin::{LinkedInError, LinkedInKey};
pub use names::tidy_name;
pub use phone::{PhoneError, PhoneKey};
pub use text::{fold_header, fold_search, fold_text, is_blank, trim_invisible, trim_invisible_lines};
