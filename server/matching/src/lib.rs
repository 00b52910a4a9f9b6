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
mod suspects;
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
pub use suspects::{
    Band, BlockKey, BlockKind, Cluster, Comparison, Feature, Frequencies, LARGEST_BLOCK, Level, Mix,
    NAMESAKES_TOGETHER, Namesakes, Pair, Part, Person, Profile, Scan, Thresholds, cluster, compare, namesakes, scan,
};
pub use text::{fold_header, fold_search, fold_text, is_blank, trim_invisible, trim_invisible_lines};
