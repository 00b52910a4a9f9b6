//! The model-based test: random histories of imports and edits, checked row by row and at the end against a naive
//! oracle, a loop over vectors written from the contract (R4, R5, R7, part C).

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{CampaignId, LeadId};
use domain::import::{ColumnMapping, Target};
use domain::lead::{LeadChange, LeadSelection};
use domain::policy::{DeletedRows, SuppressedRows};
use domain::{DuplicatePolicy, ImportMode, LeadStatus, Outcome, OutcomeCounts, Overwrite, PersonField};

use engine::Batches;

use crate::support::{Place, Random, on_both, on_both_by};

/// Histories in a normal run, on each database; each is a few imports with edits between them. `ONEFOLD_HISTORIES=N`
/// runs more.
const HISTORIES: u64 = 400;

/// The same with longer files, in batches of two or three rows.
const LONG_HISTORIES: u64 = 120;

/// How the histories of a test are made.
#[derive(Debug, Clone, Copy)]
struct Kind {
    /// Rows of the longest file.
    rows: usize,
    /// Each file is also counted by a dry run, and its run is cut off somewhere and goes on.
    in_parts: bool,
}

/// An identifier: which kind, and whose.
type Id = (char, usize);

#[derive(Debug, Clone, Default)]
struct Row {
    /// The numbers of address and profile; none for an empty cell.
    ids: Vec<Id>,
    broken: bool,
    first: String,
    title: String,
    ice: String,
    text: String,
}

#[derive(Debug, Clone, Default)]
struct Human {
    ids: BTreeSet<Id>,
    email: Option<Id>,
    profile: Option<Id>,
    first: String,
    title: String,
    silent: bool,
}

#[derive(Debug, Clone)]
struct Lead {
    campaign: usize,
    human: usize,
    status: LeadStatus,
    ice: String,
}

/// By what an import recognises people.
#[derive(Debug, Clone, Copy, PartialEq)]
enum By {
    /// Address or profile.
    Usual,
    Address,
    Profile,
    /// Address and first name, both.
    AddressAndName,
    /// Address and first name, or else the profile.
    AddressAndNameOrProfile,
}

impl By {
    const ALL: [By; 5] = [By::Usual, By::Address, By::Profile, By::AddressAndName, By::AddressAndNameOrProfile];

    fn kinds(self) -> &'static [char] {
        match self {
            By::Usual => &['e', 'l'],
            By::Address => &['e'],
            By::Profile | By::AddressAndNameOrProfile => &['l'],
            By::AddressAndName => &[],
        }
    }

    fn names(self) -> bool {
        matches!(self, By::AddressAndName | By::AddressAndNameOrProfile)
    }

    fn groups(self) -> Vec<Vec<Target>> {
        let [email, profile, first] =
            [PersonField::Email, PersonField::LinkedinUrl, PersonField::FirstName].map(Target::Field);
        match self {
            By::Usual => domain::import::usual_identifiers(),
            By::Address => vec![vec![email]],
            By::Profile => vec![vec![profile]],
            By::AddressAndName => vec![vec![email, first]],
            By::AddressAndNameOrProfile => vec![vec![email, first], vec![profile]],
        }
    }
}

/// What recognises the person of a row: an identifier, or an address with a name.
type Mark = (Id, String);

fn marks(ids: &[Id], first: &str, by: By) -> Vec<Mark> {
    let single = ids.iter().filter(|id| by.kinds().contains(&id.0)).map(|id| (*id, String::new()));
    let pair = ids.iter().filter(|id| by.names() && id.0 == 'e' && !first.is_empty());
    single.chain(pair.map(|id| (*id, first.to_owned()))).collect()
}

#[derive(Debug, Clone, Copy)]
struct Settings {
    by: By,
    mode: ImportMode,
    policy: DuplicatePolicy,
    overwrite: Overwrite,
    title_rule: Option<Overwrite>,
    ignore_archived: bool,
    deleted: DeletedRows,
    suppressed: SuppressedRows,
    status: LeadStatus,
}

#[derive(Debug, Default)]
struct World {
    humans: Vec<Human>,
    leads: Vec<Lead>,
    archived: Vec<bool>,
    suppressed: BTreeSet<Id>,
    buried: BTreeSet<(usize, Id)>,
}

impl World {
    fn owners(&self, row: &Row, by: By) -> Vec<usize> {
        let mut owners = BTreeSet::new();
        for (id, first) in marks(&row.ids, &row.first, by) {
            // an identifier belongs to one person; of those with an address and a name, the oldest counts
            owners.extend((0..self.humans.len()).find(|&h| {
                let human = &self.humans[h];
                if first.is_empty() { human.ids.contains(&id) } else { human.email == Some(id) && human.first == first }
            }));
        }
        owners.into_iter().collect()
    }

    /// Part C, as a plain loop over the rows.
    fn import(&mut self, campaign: usize, rows: &[Row], s: Settings) -> Vec<Outcome> {
        let mut met: Vec<(usize, bool)> = Vec::new();
        let mut strangers: Vec<Mark> = Vec::new();
        let mut outcomes = Vec::new();
        for row in rows {
            let (outcome, who, taken) = self.row(campaign, row, s, &met, &strangers);
            if !matches!(outcome, Outcome::Failed | Outcome::IdentityConflict) {
                match who {
                    Some(who) if !met.iter().any(|(w, _)| *w == who) => met.push((who, taken)),
                    Some(_) => {}
                    None => strangers.extend(marks(&row.ids, &row.first, s.by)),
                }
            }
            outcomes.push(outcome);
        }
        outcomes
    }

    fn row(
        &mut self,
        campaign: usize,
        row: &Row,
        s: Settings,
        met: &[(usize, bool)],
        strangers: &[Mark],
    ) -> (Outcome, Option<usize>, bool) {
        let marks = marks(&row.ids, &row.first, s.by);
        if row.broken || marks.is_empty() {
            return (Outcome::Failed, None, false);
        }
        let owners = self.owners(row, s.by);
        if owners.len() > 1 {
            return (Outcome::IdentityConflict, None, false);
        }
        let who = owners.first().copied();
        if let Some(&(who, taken)) = met.iter().find(|(w, _)| Some(*w) == who) {
            if taken && s.mode != ImportMode::CreateOnly {
                self.values(campaign, who, row, s);
            }
            return (Outcome::DuplicateInFile, Some(who), taken);
        }
        if who.is_none() && marks.iter().any(|mark| strangers.contains(mark)) {
            return (Outcome::DuplicateInFile, None, false);
        }
        let lead_here = who.and_then(|w| self.leads.iter().position(|l| l.human == w && l.campaign == campaign));
        let deleted = lead_here.is_none() && row.ids.iter().any(|id| self.buried.contains(&(campaign, *id)));
        if deleted && s.deleted == DeletedRows::Skip {
            return (Outcome::SkippedDeleted, who, false);
        }
        let silent =
            row.ids.iter().any(|id| self.suppressed.contains(id)) || who.is_some_and(|w| self.humans[w].silent);
        let blocked = who.and_then(|w| self.blocked(campaign, w, s));
        if silent && s.mode != ImportMode::UpdateOnly {
            if s.suppressed == SuppressedRows::LeaveOut {
                return (Outcome::Suppressed, who, false);
            }
            if lead_here.is_some() {
                let updates = s.mode != ImportMode::CreateOnly;
                if let Some(who) = who.filter(|_| updates) {
                    self.values(campaign, who, row, s);
                }
                return (Outcome::Suppressed, who, updates);
            }
            if blocked.is_some() {
                return (Outcome::Suppressed, who, false);
            }
            let who = self.enter(campaign, who, row, s, deleted);
            self.humans[who].silent = true;
            return (Outcome::Suppressed, Some(who), true);
        }
        if lead_here.is_some() {
            let who = who.unwrap();
            if s.mode == ImportMode::CreateOnly {
                return (Outcome::DuplicateInCampaign, Some(who), false);
            }
            let changed = self.values(campaign, who, row, s);
            return (if changed { Outcome::Updated } else { Outcome::Unchanged }, Some(who), true);
        }
        if s.mode == ImportMode::UpdateOnly {
            return (Outcome::NoMatch, who, false);
        }
        if let Some(outcome) = blocked {
            return (outcome, who, false);
        }
        (Outcome::Created, Some(self.enter(campaign, who, row, s, deleted)), true)
    }

    fn blocked(&self, campaign: usize, who: usize, s: Settings) -> Option<Outcome> {
        let others: Vec<&Lead> = self.leads.iter().filter(|l| l.human == who && l.campaign != campaign).collect();
        let active = ["inProgress", "paused", "reviewed", "scheduled"];
        match s.policy {
            DuplicatePolicy::Campaign => None,
            DuplicatePolicy::Active => others
                .iter()
                .any(|l| active.contains(&l.status.word()) && !self.archived[l.campaign])
                .then_some(Outcome::ActiveElsewhere),
            DuplicatePolicy::Workspace => others
                .iter()
                .any(|l| !(s.ignore_archived && self.archived[l.campaign]))
                .then_some(Outcome::DuplicateInWorkspace),
        }
    }

    /// A52: leads that became active in the archived campaign are done where nobody may write to their people, or
    /// another campaign does. Says how many.
    fn bring_back(&mut self, campaign: usize) -> u64 {
        let active = |lead: &Lead| ["inProgress", "paused", "reviewed", "scheduled"].contains(&lead.status.word());
        let refused: Vec<usize> = (0..self.leads.len())
            .filter(|&l| self.leads[l].campaign == campaign && active(&self.leads[l]))
            .filter(|&l| {
                let human = self.leads[l].human;
                let elsewhere =
                    |o: &Lead| o.human == human && o.campaign != campaign && active(o) && !self.archived[o.campaign];
                self.humans[human].silent || self.leads.iter().any(elsewhere)
            })
            .collect();
        for &lead in &refused {
            self.leads[lead].status = LeadStatus::Done;
        }
        self.archived[campaign] = false;
        refused.len() as u64
    }

    /// The person becomes a lead; someone new becomes a person first.
    fn enter(&mut self, campaign: usize, who: Option<usize>, row: &Row, s: Settings, deleted: bool) -> usize {
        let new = who.is_none();
        let who = who.unwrap_or_else(|| {
            self.humans.push(Human::default());
            self.humans.len() - 1
        });
        self.leads.push(Lead { campaign, human: who, status: s.status, ice: String::new() });
        if new || s.mode != ImportMode::CreateOnly {
            let rules = if new { Settings { overwrite: Overwrite::Overwrite, title_rule: None, ..s } } else { s };
            self.person(who, row, rules);
        }
        if let Some(lead) = self.leads.last_mut() {
            lead.ice = row.ice.clone();
        }
        if deleted {
            for id in &row.ids {
                self.buried.remove(&(campaign, *id));
            }
        }
        if s.status.suppresses() {
            self.silence(who);
        }
        who
    }

    /// Nobody writes to them again, under any identifier they have or show.
    fn silence(&mut self, who: usize) {
        self.humans[who].silent = true;
        let ids = self.all_ids(who);
        self.suppressed.extend(ids);
    }

    fn values(&mut self, campaign: usize, who: usize, row: &Row, s: Settings) -> bool {
        let mut changed = self.person(who, row, s);
        if let Some(lead) = self.leads.iter_mut().find(|l| l.human == who && l.campaign == campaign) {
            let now = resolve(s.overwrite, &lead.ice, &row.ice);
            changed |= now != lead.ice;
            lead.ice = now;
        }
        if row.ids.iter().any(|id| self.suppressed.contains(id)) {
            self.humans[who].silent = true;
        }
        if s.status.suppresses() {
            self.silence(who);
        }
        changed
    }

    fn person(&mut self, who: usize, row: &Row, s: Settings) -> bool {
        let others: BTreeSet<Id> =
            self.humans.iter().enumerate().filter(|(h, _)| *h != who).flat_map(|(_, h)| h.ids.clone()).collect();
        let human = &mut self.humans[who];
        let before = human.clone();
        human.first = resolve(s.overwrite, &human.first, &row.first);
        human.title = resolve(s.title_rule.unwrap_or(s.overwrite), &human.title, &row.title);
        for &id in &row.ids {
            // what belongs to somebody else is shown, and belongs to them all the same (R16)
            if !others.contains(&id) {
                human.ids.insert(id);
            }
            let place = if id.0 == 'e' { &mut human.email } else { &mut human.profile };
            *place = match (s.overwrite, *place) {
                (Overwrite::Overwrite, _) | (Overwrite::FillBlanks, None) => Some(id),
                (_, old) => old,
            };
        }
        before.ids != human.ids
            || (&before.first, &before.title, before.email, before.profile)
                != (&human.first, &human.title, human.email, human.profile)
    }

    fn all_ids(&self, human: usize) -> Vec<Id> {
        let human = &self.humans[human];
        let all: BTreeSet<Id> = human.ids.iter().copied().chain(human.email).chain(human.profile).collect();
        all.into_iter().collect()
    }
}

fn resolve(rule: Overwrite, old: &str, new: &str) -> String {
    match rule {
        _ if new.is_empty() => old,
        Overwrite::Overwrite => new,
        Overwrite::FillBlanks if old.is_empty() => new,
        _ => old,
    }
    .to_owned()
}

fn email(n: usize, random: &mut Random) -> String {
    let spellings = [
        format!("p{n}@acme.example"),
        format!(" P{n}@ACME.example "),
        format!("mailto:p{n}@acme.example"),
        format!("\"P. {n}\" <p{n}@Acme.Example>"),
        format!("p{n}@acme.example."),
        format!("p{n}\u{200b}@acme.example"),
    ];
    spellings[random.below(spellings.len())].clone()
}

fn profile(n: usize, random: &mut Random) -> String {
    let spellings = [
        format!("https://www.linkedin.com/in/person-{n}"),
        format!("http://uk.linkedin.com/in/Person-{n}/"),
        format!("linkedin.com/in/person-{n}?trk=x"),
        format!("https://linkedin.com/in/person%2D{n}#about"),
    ];
    spellings[random.below(spellings.len())].clone()
}

fn cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn row(random: &mut Random) -> Row {
    let mut row = Row::default();
    let (mut address, mut link) = (String::new(), String::new());
    if random.chance(80) {
        let n = random.below(7);
        row.ids.push(('e', n));
        address = email(n, random);
    }
    if random.chance(40) {
        let n = random.below(7);
        row.ids.push(('l', n));
        link = profile(n, random);
    }
    if random.chance(4) {
        row.broken = true;
        address = "not an address".to_owned();
    }
    row.first = random.one(&["", "  ", "Ann", "Bea", "Cem"]).trim().to_owned();
    row.title = random.one(&["", "Owner", "Buyer"]).to_owned();
    row.ice = random.one(&["", "hello", "again"]).to_owned();
    row.text = [&address, &link, &row.first, &row.title, &row.ice].map(|c| cell(c)).join(",");
    row
}

async fn history(place: &Place, seed: u64, kind: Kind) -> anyhow::Result<()> {
    let mut random = Random::new(seed);
    let actor = place.engine.owner_of(&format!("History {seed}")).await?;
    let place = place.of(actor);
    let mut world = World::default();
    let mut campaigns: Vec<CampaignId> = Vec::new();
    for n in 0..3 {
        campaigns.push(place.engine.create_campaign(&place.actor, &format!("C{n}")).await?);
        world.archived.push(false);
    }
    for step in 0..2 + random.below(4) {
        if step > 0 && random.chance(60) {
            edit(&place, &mut world, &campaigns, &mut random).await?;
        }
        let campaign = random.below(3);
        if world.archived[campaign] {
            let refused = place.engine.new_draft(&place.actor, Some(campaigns[campaign])).await;
            anyhow::ensure!(refused.is_err(), "seed {seed}: an archived campaign takes nobody in");
            place.engine.unarchive_campaign(&place.actor, campaigns[campaign]).await?;
            world.archived[campaign] = false;
        }
        let settings = Settings {
            by: if random.chance(50) { By::Usual } else { random.one(&By::ALL) },
            mode: random.one(ImportMode::ALL),
            policy: random.one(DuplicatePolicy::ALL),
            overwrite: random.one(Overwrite::ALL),
            title_rule: if random.chance(30) { Some(random.one(Overwrite::ALL)) } else { None },
            ignore_archived: random.chance(30),
            deleted: random.one(DeletedRows::ALL),
            suppressed: if random.chance(80) { SuppressedRows::Store } else { SuppressedRows::LeaveOut },
            status: random.one(LeadStatus::ALL),
        };
        let rows: Vec<Row> = (0..1 + random.below(kind.rows)).map(|_| row(&mut random)).collect();
        let mut file = String::from("Email,LinkedIn,First name,Job title,Icebreaker\n");
        for row in &rows {
            file.push_str(&row.text);
            file.push('\n');
        }
        let expected = world.import(campaign, &rows, settings);
        let import = place
            .draft(Some(campaigns[campaign]), &file, |s| {
                s.identifiers = settings.by.groups();
                s.mode = settings.mode;
                s.policy = settings.policy;
                s.overwrite = settings.overwrite;
                s.ignore_archived = settings.ignore_archived;
                s.deleted = settings.deleted;
                s.suppressed = settings.suppressed;
                s.status = settings.status;
                let fields =
                    [PersonField::Email, PersonField::LinkedinUrl, PersonField::FirstName, PersonField::JobTitle];
                s.columns = fields
                    .map(|f| ColumnMapping {
                        target: Target::Field(f),
                        overwrite: settings.title_rule.filter(|_| f == PersonField::JobTitle),
                    })
                    .to_vec();
                s.columns.push(ColumnMapping { target: Target::Variable("ice".to_owned()), overwrite: None });
            })
            .await?;
        let dry_run = if kind.in_parts { Some(place.engine.dry_run_now(&place.actor, import).await?) } else { None };
        if kind.in_parts && random.chance(60) {
            place.engine.run_import(&place.actor, import).await?;
            let stopped = place.halt_after(1 + i64::try_from(random.below(20))?);
            place.engine.work_once(&stopped).await?;
            place.work().await?;
        } else {
            place.engine.run_import_now(&place.actor, import).await?;
        }
        let found: Vec<Outcome> = place.rows(import).await?.iter().map(|r| r.outcome).collect();
        if let Some(dry_run) = dry_run {
            let mut counts = OutcomeCounts::default();
            expected.iter().for_each(|outcome| counts.add(*outcome));
            let told = &dry_run.of(settings.policy).unwrap().counts;
            anyhow::ensure!(
                *told == counts,
                "seed {seed}, step {step}: {settings:?}\n{file}\nthe dry run told {told:?}\nexpected {counts:?}"
            );
        }
        anyhow::ensure!(
            found == expected,
            "seed {seed}, step {step}, campaign {campaign}: {settings:?}\n{file}\nfound {found:?}\nexpected {expected:?}"
        );
    }
    same_state(&place, &world, &campaigns, seed).await
}

/// Something a person does between two imports.
async fn edit(place: &Place, world: &mut World, campaigns: &[CampaignId], random: &mut Random) -> anyhow::Result<()> {
    let campaign = random.below(3);
    let leads = place.leads(campaigns[campaign]).await?;
    let mine: Vec<usize> = (0..world.leads.len()).filter(|&l| world.leads[l].campaign == campaign).collect();
    anyhow::ensure!(leads.len() == mine.len(), "{} leads, {} expected", leads.len(), mine.len());
    if leads.is_empty() {
        return Ok(());
    }
    let pick = random.below(leads.len());
    let ids: Vec<LeadId> = vec![leads[pick].id];
    let number = mine[pick];
    if random.chance(40) {
        place
            .engine
            .change_leads(&place.actor, campaigns[campaign], LeadSelection::Ids(ids), LeadChange::Delete)
            .await?;
        let human = world.leads[number].human;
        for id in world.all_ids(human) {
            world.buried.insert((campaign, id));
        }
        world.leads.remove(number);
    } else if random.chance(30) {
        let active = world.leads.iter().any(|l| {
            l.campaign == campaign && ["inProgress", "paused", "reviewed", "scheduled"].contains(&l.status.word())
        });
        if world.archived[campaign] {
            let ended = place.engine.unarchive_campaign(&place.actor, campaigns[campaign]).await?.ended;
            anyhow::ensure!(ended == world.bring_back(campaign), "{ended} ended by bringing {campaign} back");
        } else if !active {
            place.engine.archive_campaign(&place.actor, campaigns[campaign], false).await?;
            world.archived[campaign] = true;
        }
    } else {
        let status =
            random.one(&[LeadStatus::Done, LeadStatus::Interested, LeadStatus::Unsubscribed, LeadStatus::Bounced]);
        let change = LeadChange::Status(status);
        place.engine.change_leads(&place.actor, campaigns[campaign], LeadSelection::Ids(ids), change).await?;
        if world.leads[number].status != status && status.suppresses() {
            let human = world.leads[number].human;
            world.silence(human);
        }
        world.leads[number].status = status;
    }
    Ok(())
}

/// The leads of every campaign, whole, in order.
async fn same_state(place: &Place, world: &World, campaigns: &[CampaignId], seed: u64) -> anyhow::Result<()> {
    for (campaign, id) in campaigns.iter().enumerate() {
        let found: Vec<String> = place
            .leads(*id)
            .await?
            .iter()
            .map(|l| {
                let get = |f| l.person.get(f);
                let address = matching::EmailKey::parse(get(PersonField::Email)).map(|k| k.as_str().to_owned());
                let link = matching::LinkedInKey::parse(get(PersonField::LinkedinUrl)).map(|k| k.as_str().to_owned());
                let variables: BTreeMap<_, _> = l.variables.iter().cloned().collect();
                describe(
                    &address.unwrap_or_default(),
                    &link.unwrap_or_default(),
                    get(PersonField::FirstName),
                    get(PersonField::JobTitle),
                    variables.get("ice").map_or("", String::as_str),
                    l.status,
                    l.do_not_contact,
                )
            })
            .collect();
        let expected: Vec<String> = world
            .leads
            .iter()
            .filter(|l| l.campaign == campaign)
            .map(|l| {
                let human = &world.humans[l.human];
                describe(
                    &human.email.map_or(String::new(), |(_, n)| format!("p{n}@acme.example")),
                    &human.profile.map_or(String::new(), |(_, n)| format!("person-{n}")),
                    &human.first,
                    &human.title,
                    &l.ice,
                    l.status,
                    human.silent,
                )
            })
            .collect();
        anyhow::ensure!(
            found == expected,
            "seed {seed}, campaign {campaign}\nfound {found:#?}\nexpected {expected:#?}"
        );
    }
    Ok(())
}

fn describe(
    email: &str,
    profile: &str,
    first: &str,
    title: &str,
    ice: &str,
    status: LeadStatus,
    silent: bool,
) -> String {
    format!("{email} | {profile} | {first} | {title} | {ice} | {status} | {silent}")
}

/// The seeds of a run.
fn seeds(histories: u64) -> impl Iterator<Item = u64> + Clone {
    let only: Option<u64> = std::env::var("ONEFOLD_SEED").ok().and_then(|s| s.parse().ok());
    let from: u64 = std::env::var("ONEFOLD_FIRST_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let histories: u64 = std::env::var("ONEFOLD_HISTORIES").ok().and_then(|s| s.parse().ok()).unwrap_or(histories);
    println!("seeds {from} to {}; ONEFOLD_SEED=N runs one, ONEFOLD_FIRST_SEED=N others", from + histories - 1);
    (from..from + histories).filter(move |seed| only.is_none_or(|only| only == *seed))
}

#[test]
fn random_histories_come_out_as_the_oracle_says() {
    let seeds = seeds(HISTORIES);
    on_both(|place| {
        let seeds = seeds.clone();
        async move {
            for seed in seeds {
                history(&place, seed, Kind { rows: 9, in_parts: false }).await?;
            }
            Ok(())
        }
    });
}

/// Files of many batches: the dry run, the run, and a run that is cut off in the middle say what the oracle says.
#[test]
fn long_files_come_out_alike_dry_whole_and_in_parts() {
    let seeds = seeds(LONG_HISTORIES);
    on_both_by(Batches { first: 3, smallest: 3, largest: 3, look_up: 2 }, |place| {
        let seeds = seeds.clone();
        async move {
            for seed in seeds {
                history(&place, seed, Kind { rows: 18, in_parts: true }).await?;
            }
            Ok(())
        }
    });
}
