//! Invented contacts of an outreach list, with what makes such lists hard: nicknames, married names, changed
//! jobs, typos, gaps, shared mailboxes, households, colleagues and namesakes. The same seed gives the same list.

use std::collections::HashSet;

use matching::Person;

use crate::labelled::Labelled;

/// First names with the names their owners are also called by.
const FIRST: &[(&str, &str)] = &[
    ("James", "Jim"),
    ("John", "Jack"),
    ("Robert", "Bob"),
    ("Michael", "Mike"),
    ("Mary", "Molly"),
    ("William", "Bill"),
    ("David", "Dave"),
    ("Maria", "Mia"),
    ("Richard", "Dick"),
    ("Charles", "Charlie"),
    ("Joseph", "Joe"),
    ("Thomas", "Tom"),
    ("Patricia", "Pat"),
    ("Christopher", "Chris"),
    ("Linda", "Lin"),
    ("Barbara", "Barb"),
    ("Daniel", "Dan"),
    ("Paul", "Paul"),
    ("Elizabeth", "Liz"),
    ("Jennifer", "Jen"),
    ("Anna", "Anna"),
    ("George", "George"),
    ("Susan", "Sue"),
    ("Steven", "Steve"),
    ("Margaret", "Peggy"),
    ("Edward", "Ted"),
    ("Brian", "Brian"),
    ("Peter", "Pete"),
    ("Anthony", "Tony"),
    ("Kevin", "Kev"),
    ("Helen", "Nell"),
    ("Matthew", "Matt"),
    ("José", "Pepe"),
    ("Timothy", "Tim"),
    ("Andrew", "Andy"),
    ("Laura", "Laura"),
    ("Stephen", "Steve"),
    ("Kimberly", "Kim"),
    ("Jessica", "Jess"),
    ("Deborah", "Deb"),
    ("Alexander", "Alex"),
    ("Gregory", "Greg"),
    ("Joshua", "Josh"),
    ("Stefan", "Stefan"),
    ("Christian", "Chris"),
    ("Julia", "Julia"),
    ("Antonio", "Toni"),
    ("Francisco", "Paco"),
    ("Jürgen", "Jürgen"),
    ("Wolfgang", "Wolfi"),
    ("Katharina", "Kathi"),
    ("Jean-Pierre", "Jean"),
    ("François", "François"),
    ("Hélène", "Hélène"),
    ("Giuseppe", "Beppe"),
    ("Giovanni", "Gianni"),
    ("Małgorzata", "Gosia"),
    ("Katarzyna", "Kasia"),
    ("Søren", "Søren"),
    ("Mohammed", "Mo"),
    ("Samantha", "Sam"),
    ("Nicholas", "Nick"),
    ("Benjamin", "Ben"),
    ("Victoria", "Vicky"),
    ("Emma", "Emma"),
    ("Sophie", "Sophie"),
    ("Lucas", "Luke"),
    ("Ursula", "Uschi"),
    ("Friedrich", "Fritz"),
    ("Johannes", "Hannes"),
    ("Rebecca", "Becky"),
    ("Jonathan", "Jon"),
];

/// Family names; the commonest first, as people have them.
const LAST: &[&str] = &[
    "Smith",
    "Müller",
    "Johnson",
    "Jones",
    "Williams",
    "Brown",
    "García",
    "Schmidt",
    "Martin",
    "Miller",
    "Davis",
    "Rossi",
    "Wilson",
    "Taylor",
    "Anderson",
    "Thomas",
    "Nguyen",
    "Singh",
    "Patel",
    "Lee",
    "Schneider",
    "Fischer",
    "Weber",
    "Meyer",
    "Bernard",
    "Dubois",
    "Jensen",
    "Nielsen",
    "Nowak",
    "Kowalski",
    "O'Neill",
    "MacDonald",
    "van den Berg",
    "de Vries",
    "Jansen",
    "Svensson",
    "Johansson",
    "Novák",
    "Horváth",
    "Ivanov",
    "Petrov",
    "Silva",
    "Santos",
    "Ferreira",
    "López",
    "Hernández",
    "Young",
    "Walker",
    "King",
    "Wright",
    "Hill",
    "Scott",
    "Green",
    "Adams",
    "Baker",
    "Campbell",
    "Evans",
];

const SYLLABLES: &[&str] = &[
    "ba", "ker", "mo", "ri", "sen", "dal", "vor", "tan", "hol", "stein", "wick", "ley", "ham", "gra", "nov", "pet",
    "kal", "mar", "lin", "dor", "fel", "gar", "hau", "jan", "ost", "pal", "quin", "ros", "sal", "tur", "ul", "ven",
    "war", "zim", "bre", "cor",
];

const CITIES: &[&str] = &[
    "London",
    "Berlin",
    "Paris",
    "Madrid",
    "New York",
    "Manchester",
    "Hamburg",
    "Lyon",
    "Barcelona",
    "Chicago",
    "Leeds",
    "München",
    "Lille",
    "Valencia",
    "Boston",
    "Bristol",
    "Köln",
    "Nantes",
    "Sevilla",
    "Austin",
    "Wien",
    "Zürich",
    "Milano",
    "Roma",
    "Warszawa",
    "Kraków",
    "Praha",
    "Budapest",
    "Lisboa",
    "Porto",
    "Dublin",
    "Amsterdam",
    "Utrecht",
    "Oslo",
    "København",
];

const FREE: &[&str] = &["gmail.com", "outlook.com", "yahoo.com", "gmx.de", "hotmail.com", "icloud.com"];

const FORMS: &[&str] = &["", " Ltd", " GmbH", " Inc.", " SA", " LLC", " AG", " B.V."];

/// SplitMix64: good enough to invent people, and the same on every machine.
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A rank below `end`, the first ones more often, as names are shared out.
    fn rank(&mut self, end: usize) -> usize {
        let offset = 12.0_f64;
        let span = (end as f64 / offset).ln_1p();
        ((offset * ((self.fraction() * span).exp() - 1.0)) as usize).min(end - 1)
    }

    fn pick<'a>(&mut self, among: &[&'a str]) -> &'a str {
        among[self.below(among.len())]
    }
}

/// A list of about `people` records, of whom about one in eight is in it twice.
pub fn list(people: usize, seed: u64) -> Labelled {
    let mut dice = Dice(seed);
    let mut labelled = Labelled { people: Vec::with_capacity(people), truth: Vec::with_capacity(people) };
    let mut taken: HashSet<String> = HashSet::new();
    let mut number = 0;
    while labelled.people.len() < people {
        let truth = invent(&mut dice, people, number, &mut taken);
        let family = dice.percent(4).then(|| relative(&mut dice, &truth, &mut taken));
        for someone in [Some(truth), family].into_iter().flatten() {
            let records = 1 + usize::from(dice.percent(12)) + usize::from(dice.percent(2));
            for record in 0..records {
                let mut seen =
                    if record == 0 { someone.clone() } else { seen_again(&mut dice, &someone, people, &mut taken) };
                leave_gaps(&mut dice, &mut seen);
                seen.id = labelled.people.len() as i64;
                labelled.people.push(seen);
                labelled.truth.push(number.to_string());
            }
            number += 1;
        }
    }
    labelled
}

fn rare_name(rank: usize) -> String {
    let mut dice = Dice(rank as u64 * 7 + 3);
    let word: String = (0..2 + dice.below(2)).map(|_| dice.pick(SYLLABLES)).collect();
    word[..1].to_uppercase() + &word[1..]
}

fn last_name(dice: &mut Dice) -> String {
    let rank = dice.rank(20_000);
    LAST.get(rank).map_or_else(|| rare_name(rank), |name| (*name).to_owned())
}

fn first_name(dice: &mut Dice) -> String {
    let rank = dice.rank(700);
    FIRST.get(rank).map_or_else(|| rare_name(rank + 50_000), |(name, _)| (*name).to_owned())
}

fn plain(name: &str) -> String {
    matching::fold_search(name).chars().filter(char::is_ascii_alphabetic).collect()
}

/// A company's name, domain, town and switchboard, all of them from its number.
fn company(number: usize) -> (String, String, &'static str, String) {
    let mut dice = Dice(number as u64 + 900_000);
    let name = format!(
        "{} {}",
        rare_name(number + 100_000),
        dice.pick(&["Systems", "Consulting", "Foods", "Software", "Logistics", "Media", "Energy"])
    );
    let domain = format!("{}{number}.com", plain(&name));
    let city = dice.pick(CITIES);
    (name + dice.pick(FORMS), domain, city, format!("+44 20 {:08}", 10_000_000 + dice.below(80_000_000)))
}

fn employ(dice: &mut Dice, person: &mut Person, people: usize, taken: &mut HashSet<String>) {
    // Some companies bring fifty contacts, most one or two.
    let number = dice.rank(people / 2 + 10);
    let number = if dice.percent(60) { dice.below(people / 2 + 10) } else { number * 5 };
    let (name, domain, city, switchboard) = company(number);
    let (first, last) = (plain(&person.first_name), plain(&person.last_name));
    let local = match number % 4 {
        0 => format!("{first}.{last}"),
        1 => format!("{}{last}", &first[..1]),
        2 => format!("{}.{last}", &first[..1]),
        _ => first,
    };
    let address = free_address(&local, &domain, taken);
    person.emails = vec![if dice.percent(4) { format!("info@{domain}") } else { address }];
    (person.company_name, person.company_domain, person.city) = (name, domain, city.to_owned());
    person.phones = vec![if dice.percent(30) { switchboard } else { direct_line(dice) }];
}

/// An address that nobody has yet: no provider and no company gives one to two people.
fn free_address(local: &str, domain: &str, taken: &mut HashSet<String>) -> String {
    let mut address = format!("{local}@{domain}");
    let mut number = 1;
    while !taken.insert(address.clone()) {
        number += 1;
        address = format!("{local}{number}@{domain}");
    }
    address
}

fn direct_line(dice: &mut Dice) -> String {
    format!("+49 1{:02} {:07}", 50 + dice.below(30), 1_000_000 + dice.below(9_000_000))
}

fn private_address(dice: &mut Dice, person: &Person, taken: &mut HashSet<String>) -> String {
    let (first, last) = (plain(&person.first_name), plain(&person.last_name));
    let local = match dice.below(4) {
        0 => format!("{first}.{last}"),
        1 => format!("{first}{last}{}", dice.below(99)),
        2 => format!("{last}.{first}"),
        _ => format!("{}{}", rare_name(dice.below(9_000)).to_lowercase(), dice.below(999)),
    };
    let domain = dice.pick(FREE);
    free_address(&local, domain, taken)
}

fn invent(dice: &mut Dice, people: usize, number: usize, taken: &mut HashSet<String>) -> Person {
    let mut person = Person { first_name: first_name(dice), last_name: last_name(dice), ..Person::default() };
    if dice.percent(75) {
        employ(dice, &mut person, people, taken);
        if dice.percent(15) {
            person.emails = vec![private_address(dice, &person, taken)];
        }
    } else {
        person.emails = vec![private_address(dice, &person, taken)];
        person.phones = vec![direct_line(dice)];
        person.city = dice.pick(CITIES).to_owned();
        person.postcode = format!("{:05}", dice.below(9_000) * 7);
        person.street = format!("{} {} Street", 1 + dice.below(120), rare_name(dice.below(3_000) + 300_000));
        let year = 1950 + dice.below(50);
        person.date_of_birth = birthday(dice, year);
    }
    let slug = format!("{}-{}-{number:x}", plain(&person.first_name), plain(&person.last_name));
    person.linkedin_urls = vec![format!("https://www.linkedin.com/in/{slug}")];
    person
}

fn birthday(dice: &mut Dice, year: usize) -> String {
    format!("{year}-{:02}-{:02}", 1 + dice.below(12), 1 + dice.below(28))
}

/// Somebody else of the same household: a partner, a parent, a twin, a son with his father's name.
fn relative(dice: &mut Dice, person: &Person, taken: &mut HashSet<String>) -> Person {
    let mut other = Person {
        first_name: first_name(dice),
        last_name: person.last_name.clone(),
        city: person.city.clone(),
        postcode: person.postcode.clone(),
        street: person.street.clone(),
        ..Person::default()
    };
    other.emails = vec![private_address(dice, &other, taken)];
    other.phones = vec![direct_line(dice)];
    if !person.date_of_birth.is_empty() {
        let year = 1930 + dice.below(70);
        other.date_of_birth = birthday(dice, year);
    }
    match dice.below(10) {
        0..3 => other.phones = person.phones.clone(),
        3 if person.company_name.is_empty() => other.emails = person.emails.clone(),
        // Twins: one in seventy pairs of relatives.
        4 if dice.percent(14) => other.date_of_birth = person.date_of_birth.clone(),
        5 if dice.percent(25) => other.last_name = format!("{} Jr", person.last_name),
        _ => {}
    }
    if other.last_name.ends_with(" Jr") {
        other.first_name = person.first_name.clone();
    }
    other
}

/// The same person in another list, some time later.
fn seen_again(dice: &mut Dice, person: &Person, people: usize, taken: &mut HashSet<String>) -> Person {
    let mut seen = person.clone();
    if dice.percent(4) {
        seen.last_name = last_name(dice);
    }
    match dice.below(10) {
        0..3 if !seen.company_name.is_empty() => employ(dice, &mut seen, people, taken),
        3..6 => seen.emails = vec![private_address(dice, person, taken)],
        6 => seen.emails = seen.emails.iter().map(|address| address.replacen('@', "+crm@", 1)).collect(),
        7 => seen.emails.clear(),
        8 => seen.emails = seen.emails.iter().map(|address| typo(dice, address)).collect(),
        _ => {}
    }
    match dice.below(20) {
        0..3 => {
            let nickname = FIRST.iter().find(|(name, _)| *name == seen.first_name);
            seen.first_name = nickname.map_or(seen.first_name.clone(), |(_, nickname)| (*nickname).to_owned());
        }
        3 => seen.first_name = seen.first_name.chars().take(1).collect(),
        4 => seen.first_name = typo(dice, &seen.first_name),
        5 => seen.last_name = typo(dice, &seen.last_name),
        6 => std::mem::swap(&mut seen.first_name, &mut seen.last_name),
        7 => seen.first_name = format!("{} {}", seen.first_name, first_name(dice)),
        8 => seen.last_name = format!("{}-{}", seen.last_name, last_name(dice)),
        9..12 => {
            seen.first_name = matching::fold_search(&seen.first_name).to_uppercase();
            seen.last_name = matching::fold_search(&seen.last_name).to_uppercase();
        }
        _ => {}
    }
    if dice.percent(30) {
        seen.phones = vec![direct_line(dice)];
    }
    if dice.percent(5) && !seen.date_of_birth.is_empty() {
        seen.date_of_birth = typo(dice, &seen.date_of_birth);
    }
    if dice.percent(15) {
        seen.street = format!("{} {} Road", 1 + dice.below(120), rare_name(dice.below(3_000) + 300_000));
        seen.postcode = format!("{:05}", dice.below(9_000) * 7);
    }
    seen.company_name = matching::clean_company(&seen.company_name);
    seen
}

/// Two neighbours swapped, or one left out.
fn typo(dice: &mut Dice, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 3 {
        return text.to_owned();
    }
    let at = 1 + dice.below(letters.len() - 2);
    if dice.percent(50) {
        letters.swap(at, at + 1);
    } else {
        letters.remove(at);
    }
    letters.into_iter().collect()
}

fn leave_gaps(dice: &mut Dice, person: &mut Person) {
    let gap = |dice: &mut Dice, value: &mut String, chance: usize| {
        if dice.percent(chance) {
            value.clear();
        }
    };
    gap(dice, &mut person.company_name, 15);
    gap(dice, &mut person.company_domain, 60);
    gap(dice, &mut person.city, 30);
    gap(dice, &mut person.street, 30);
    gap(dice, &mut person.postcode, 30);
    gap(dice, &mut person.date_of_birth, 40);
    gap(dice, &mut person.first_name, 2);
    if dice.percent(55) {
        person.linkedin_urls.clear();
    }
    if dice.percent(45) {
        person.phones.clear();
    }
}
