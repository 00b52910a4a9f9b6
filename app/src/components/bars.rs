use domain::Bucket;
use domain::campaign::ClassCounts;
use domain::suspect::SuspectPart;
use leptos::prelude::*;

use crate::format::num;

/// One part of a bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its colour: `is-ok`, `is-dup`, `is-conflict`, `is-fail`, `is-rest`, `is-rest2`, `is-active` …
    pub class: &'static str,
    /// How many.
    pub count: u64,
    /// What they are, after the number: "excluded as duplicates".
    pub label: String,
}

/// The colour of one count of the summary.
pub const fn bucket_class(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Imported => "is-ok",
        Bucket::Duplicates => "is-dup",
        Bucket::ActiveElsewhere => "is-conflict",
        Bucket::Failed => "is-fail",
        Bucket::Suppressed => "is-rest2",
        Bucket::Rest => "is-rest",
    }
}

/// Leads by status class, in a line of a table.
#[component]
pub fn MiniBar(leads: ClassCounts) -> impl IntoView {
    let parts = [("is-active", leads.active), ("is-pending", leads.pending), ("is-ended", leads.ended)];
    let label = format!("{} active, {} pending, {} ended", num(leads.active), num(leads.pending), num(leads.ended));
    bar("mini-bar", 6, 24.0, &parts, label)
}

/// What became of the rows of an import, one part per outcome, named for those who do not see it.
#[component]
pub fn OutcomeBar(segments: Vec<Segment>) -> impl IntoView {
    let label: Vec<_> = segments
        .iter()
        .filter(|segment| segment.count > 0)
        .map(|segment| format!("{} {}", num(segment.count), segment.label))
        .collect();
    let parts: Vec<_> = segments.iter().map(|segment| (segment.class, segment.count)).collect();
    bar("outcome-bar", 16, 8.0, &parts, label.join(", "))
}

/// The parts of a score, those for it from the left, those against it from the right. What it says stands beside it in
/// words and numbers.
#[component]
pub fn ScoreBar(parts: Vec<SuspectPart>) -> impl IntoView {
    let mut weights: Vec<f64> = parts.iter().map(|part| part.bits).collect();
    weights.sort_by(|a, b| b.total_cmp(a));
    // thirty bits fill the bar: nothing is surer than that
    let total = weights.iter().map(|weight| weight.abs()).sum::<f64>().max(30.0);
    let (mut left, mut right) = (0.0, 1000.0);
    let parts: Vec<_> = weights
        .into_iter()
        .filter(|weight| weight.abs() >= 0.1)
        .enumerate()
        .map(|(i, weight)| {
            let width = weight.abs() / total * 1000.0;
            let (class, x) = if weight > 0.0 {
                left += width;
                (if i % 2 == 0 { "for-1" } else { "for-2" }, left - width)
            } else {
                right -= width;
                ("against", right)
            };
            view! { <rect class=class x=format!("{x:.1}") y="0" width=format!("{width:.1}") height="6"></rect> }
        })
        .collect();
    view! { <svg class="score-bar" viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true">{parts}</svg> }
        .into_any()
}

/// Draws parts in proportion, none of those with a count thinner than `least` of 1000.
fn bar(
    class: &'static str,
    height: u32,
    least: f64,
    parts: &[(&'static str, u64)],
    label: String,
) -> impl IntoView + use<> {
    let parts: Vec<_> = parts.iter().copied().filter(|part| part.1 > 0).collect();
    let total: u64 = parts.iter().map(|part| part.1).sum();
    let gap = if class == "mini-bar" { 10.0 } else { 4.0 };
    let room = 1000.0 - gap * (parts.len().max(1) - 1) as f64 - least * parts.len() as f64;
    let mut x = 0.0;
    let parts: Vec<_> = parts
        .into_iter()
        .map(|(class, n)| {
            let width = least + room * n as f64 / total as f64;
            let at = x;
            x += width + gap;
            view! { <rect class=class x=format!("{at:.1}") y="0" width=format!("{width:.1}") height=height.to_string()></rect> }
        })
        .collect();
    view! {
        <svg class=class viewBox=format!("0 0 1000 {height}") preserveAspectRatio="none" role="img" aria-label=label>
            {parts}
        </svg>
    }
}
