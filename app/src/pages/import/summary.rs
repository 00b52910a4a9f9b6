//! What became of the rows of an import: counts that visibly add up (R14, A39–A46, A66).

use domain::ids::ImportId;
use domain::import::{ImportState, ImportSummary, ReasonCount};
use domain::{Act, Bucket, Outcome, OutcomeCounts};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::draft::Draft;
use super::watch::use_import_watch;
use super::words;
use crate::Failure;
use crate::components::{Banner, FailureBanner, Icon, OutcomeBar, bucket_class};
use crate::format::{counted, num};
use crate::pages::imports::LooserPolicies;
use crate::server_fns::imports::{get_import_summary, resume_import};
use crate::state::{use_refresh, use_session};

/// The summary as body and foot of the dialog: the one that came with the page, or as soon as it is loaded.
#[component]
pub fn SummaryInDialog(draft: Draft, resumed: Callback<()>, done: Callback<()>) -> impl IntoView {
    let first = draft.first_summary.try_update_value(Option::take).flatten();
    let summary = RwSignal::new(first.map(Ok::<_, Failure>));
    Effect::new(move |_| {
        if summary.with_untracked(Option::is_some) {
            return;
        }
        spawn_local(async move {
            summary.try_set(Some(get_import_summary(draft.id).await));
        });
    });
    move || match summary.get() {
        Some(Ok(summary)) => view! { <DialogBody draft summary resumed done/> }.into_any(),
        Some(Err(failure)) => view! { <div class="dialog-body"><FailureBanner failure/></div> }.into_any(),
        None => view! { <div class="dialog-body"><p class="hint" role="status">"Adding up…"</p></div> }.into_any(),
    }
}

#[component]
fn DialogBody(draft: Draft, summary: ImportSummary, resumed: Callback<()>, done: Callback<()>) -> impl IntoView {
    let (import, details) = (summary.import.id, has_details(&summary.import.counts));
    let body = NodeRef::<html::Div>::new();
    // Whoever watched the import run is led to what came of it.
    Effect::new(move |_| {
        if let Some(body) = body.get()
            && draft.moved.get_value()
        {
            let _ = body.focus();
        }
    });
    view! {
        <div class="dialog-body stack roomy" node_ref=body tabindex="0" role="group" aria-label="Summary">
            <SummaryBody summary resumed/>
        </div>
        <footer>
            <SummaryFoot import details/>
            <span class="spacer"></span>
            <button type="button" class="btn primary" on:click=move |_| done.run(())>"Done"</button>
        </footer>
    }
    .into_any()
}

/// Whether any row has something to be read about it.
pub fn has_details(counts: &OutcomeCounts) -> bool {
    counts.all().any(|(outcome, n)| outcome.is_detail() && n > 0)
}

/// Download and View details; nothing when every row simply went in.
#[component]
pub fn SummaryFoot(import: ImportId, details: bool) -> impl IntoView {
    details.then(|| {
        view! {
            <a class="btn" href=format!("/imports/{import}/rows.csv") download rel="external"><Icon name="download"/>"Download"</a>
            <a class="btn" href=format!("/imports/{import}/details")>"View details"</a>
        }
    })
}

/// The summary itself; `resumed` is called when someone lets a stopped or failed import go on.
#[component]
pub fn SummaryBody(summary: ImportSummary, resumed: Callback<()>) -> impl IntoView {
    let ImportSummary { import, reasons, excluded_by, looser } = summary;
    let (id, counts) = (import.id, import.counts.clone());
    let excluded = counts.excluded();
    let nearly_all = excluded * 10 > import.rows * 9;
    let pending = import.pending_elsewhere;
    let whole = import.done == import.rows;
    let (watch, refresh) = (use_import_watch(), use_refresh());
    Effect::new(move |_| {
        // Whoever started it elsewhere sees its end here: there is nothing left to say, but lists to read again.
        if watch.seen(id) {
            refresh.ring();
        }
    });
    view! {
        <Interrupted import=import.clone() resumed/>
        {(excluded > 0).then(|| view! { <ExcludedBanner import=id counts=counts.clone()/> })}
        <section class="stack-sm" aria-labelledby="summary-file">
            <div class="row between">
                <h2 id="summary-file">{import.file_name.clone()}</h2>
                <span class="muted num">
                    {match whole {
                        true => counted(import.rows, "row", "rows"),
                        false => format!("{} of {} rows", num(import.done), num(import.rows)),
                    }}
                </span>
            </div>
            <OutcomeBar segments=words::segments(&counts)/>
            <Counts counts=counts.clone() reasons/>
            <RestLines counts=counts.clone()/>
            <SumLine counts of=import.done/>
        </section>
        {(pending > 0)
            .then(|| {
                view! {
                    <Banner icon="dashed">
                        {counted(pending, "imported lead is", "imported leads are")}
                        " still “to launch” in another campaign. They are checked again at launch."
                    </Banner>
                }
            })}
        {(import.skipped_values > 0)
            .then(|| {
                view! {
                    <Banner class="warn">
                        {counted(import.skipped_values, "value did", "values did")}
                        " not fit the type of your own field and stayed out; the rows went in without. Check the columns that go to your own fields, then import the file again."
                    </Banner>
                }
            })}
        {(nearly_all && !excluded_by.is_empty())
            .then(|| {
                let lines = excluded_by
                    .into_iter()
                    .map(|by| {
                        view! {
                            <li>
                                <span>
                                    <a class="link" href=format!("/campaigns/{}", by.id)>{by.name}</a>
                                    <span class="sub">", "{by.owner}</span>
                                </span>
                                <strong class="num">{num(by.count)}</strong>
                            </li>
                        }
                    })
                    .collect_view();
                view! {
                    <section aria-labelledby="kept-out">
                        <h2 id="kept-out">"Kept out by"</h2>
                        <ul class="lines">{lines}</ul>
                    </section>
                }
            })}
        {(!looser.is_empty()).then(|| view! { <LooserPolicies import=id campaign=import.campaign.map(|(id, _)| id) looser/> })}
    }
    .into_any()
}

/// Why an import did not take every row, and the way to go on.
#[component]
fn Interrupted(import: domain::import::ImportView, resumed: Callback<()>) -> impl IntoView {
    let refused = RwSignal::new(None::<String>);
    let id = import.id;
    let resume = move |_| {
        spawn_local(async move {
            match resume_import(id).await {
                Ok(()) => _ = resumed.try_run(()),
                Err(failure) => _ = refused.try_set(Some(failure.to_string())),
            }
        });
    };
    let left = num(import.rows.saturating_sub(import.done));
    let (class, title, text) = match import.state {
        ImportState::Failed => (
            "fail",
            "The import could not go on",
            format!("{} What was done is safe; {left} rows are left.", import.problem.unwrap_or_default()),
        ),
        ImportState::Stopped => {
            ("warn", "The import was stopped", format!("What was done is kept; {left} rows are left."))
        }
        _ => return None,
    };
    let refusal = use_session().refusal(Act::Import);
    let why = refusal.clone().map(|why| format!(" {why}"));
    let action = view! {
        <button type="button" class="btn sm" disabled=refusal.is_some() title=refusal on:click=resume>
            <Icon name="play"/>"Resume"
        </button>
    }
    .into_any();
    Some(view! {
        <Banner class title action alert=true>{text.trim().to_owned()}{why}</Banner>
        {move || refused.get().map(|sentence| view! { <Banner class="fail" alert=true title="Not resumed">{sentence}</Banner> })}
    })
}

/// The yellow banner (A43): only when a duplicate check left someone out.
#[component]
fn ExcludedBanner(import: ImportId, counts: OutcomeCounts) -> impl IntoView {
    let causes: Vec<String> = counts
        .all()
        .filter(|(outcome, n)| outcome.is_exclusion() && *n > 0)
        .map(|(outcome, n)| words::exclusion(outcome, n))
        .collect();
    view! {
        <div class="banner warn" role="status">
            <Icon name="warning"/>
            <p>
                <strong>{counted(counts.excluded(), "lead was excluded", "leads were excluded")}</strong>
                {causes.join(", ")}"."
            </p>
            <a class="btn sm" href=format!("/imports/{import}/details")>"View details"</a>
        </div>
    }
    .into_any()
}

/// The four counts of the source, each with what it is made of.
#[component]
pub fn Counts(counts: OutcomeCounts, reasons: Vec<ReasonCount>) -> impl IntoView {
    let boxes = [
        (Bucket::Imported, "check-circle", "c-ok"),
        (Bucket::Duplicates, "duplicates", "c-warn"),
        (Bucket::ActiveElsewhere, "conflict", "c-conflict"),
        (Bucket::Failed, "x-circle", "c-fail"),
    ];
    let boxes = boxes
        .into_iter()
        .map(|(bucket, icon, tone)| {
            let lines = made_of(bucket, &counts, &reasons);
            let lines = lines.into_iter().map(|line| view! { <span class="line">{line}</span> }).collect_view();
            view! {
                <div class=bucket_class(bucket)>
                    <dt><span class=tone><Icon name=icon/></span>{words::bucket_label(bucket)}</dt>
                    <dd class="big num">{num(counts.bucket(bucket))}</dd>
                    <dd class="sub num">{lines}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="counts">{boxes}</dl> }
}

/// Up to three lines under a count.
fn made_of(bucket: Bucket, counts: &OutcomeCounts, reasons: &[ReasonCount]) -> Vec<String> {
    if bucket == Bucket::Imported {
        return [Outcome::Created, Outcome::Updated, Outcome::Unchanged]
            .into_iter()
            .filter(|&outcome| counts.of(outcome) > 0)
            .map(|outcome| format!("{} {}", num(counts.of(outcome)), outcome.label().to_lowercase()))
            .collect();
    }
    let of_bucket: Vec<_> =
        reasons.iter().filter(|reason| reason.outcome.bucket() == bucket && reason.count > 0).collect();
    let mut lines: Vec<_> =
        of_bucket.iter().take(3).map(|reason| format!("{} {}", num(reason.count), reason.reason)).collect();
    if of_bucket.len() > 3 {
        lines.push(format!("and {} more reasons", num(of_bucket.len() as u64 - 3)));
    }
    lines
}

/// A line for every outcome that needs a word of its own.
#[component]
fn RestLines(counts: OutcomeCounts) -> impl IntoView {
    let lines: Vec<_> = counts
        .all()
        .filter(|(outcome, n)| matches!(outcome.bucket(), Bucket::Suppressed | Bucket::Rest) && *n > 0)
        .map(|(outcome, n)| {
            let swatch = format!("swatch {}", bucket_class(outcome.bucket()));
            view! {
                <li>
                    <span class="row"><span class=swatch></span><Icon name=words::outcome_icon(outcome)/>{words::rest_label(outcome)}</span>
                    <strong class="num">{num(n)}</strong>
                </li>
            }
        })
        .collect();
    (!lines.is_empty()).then(|| view! { <ul class="lines">{lines}</ul> })
}

/// The sum, written out.
#[component]
pub fn SumLine(counts: OutcomeCounts, of: u64) -> impl IntoView {
    let parts = Bucket::ALL
        .iter()
        .flat_map(|&bucket| match bucket {
            Bucket::Rest | Bucket::Suppressed => {
                counts.all().filter(|(o, n)| o.bucket() == bucket && *n > 0).map(|(_, n)| n).collect::<Vec<_>>()
            }
            bucket => vec![counts.bucket(bucket)],
        })
        .enumerate()
        .map(|(i, n)| view! { <span>{if i > 0 { "+ " } else { "" }}{num(n)}</span> })
        .collect_view();
    view! { <p class="sum-line">{parts}<span>"="</span><strong>{counted(of, "row", "rows")}</strong></p> }
}
