//! Parts of a page: props in, events out. None of them loads data.

mod badge;
mod banner;
mod bars;
mod card_radio;
mod dialog;
mod empty;
mod icon;
mod menu;
mod pager;
mod search_box;
mod stepper;
mod switch;
mod tag_input;
mod time;
mod toast;

pub use badge::{Badge, ImportStateBadge, StatusBadge};
pub use banner::{Banner, FailureBanner};
pub use bars::{MiniBar, OutcomeBar, ScoreBar, Segment, bucket_class};
pub use card_radio::CardRadio;
pub use dialog::{AskText, Confirm, Dialog};
pub use empty::Empty;
pub use icon::{Icon, Mark};
pub use menu::{Menu, MenuItem};
pub use pager::Pager;
pub use search_box::SearchBox;
pub use stepper::Stepper;
pub use switch::Switch;
pub use tag_input::TagInput;
pub use time::Time;
pub use toast::{ToastRegion, Toasts, use_toasts};
