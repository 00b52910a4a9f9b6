//! Files of which the truth is known, and how well a scan finds it.

use std::collections::HashMap;

use matching::{Band, Person, Profile, Scan, Thresholds, scan};

/// People, and for each of them who it really is.
pub struct Labelled {
    /// The records; ids are 0, 1, 2 …
    pub people: Vec<Person>,
    /// The true person behind each record.
    pub truth: Vec<String>,
}

/// How many of the listed pairs are true, and how many of the true pairs are listed.
#[derive(Clone, Copy, Debug)]
pub struct Quality {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

/// Pairs of one range of probabilities: their mean, how many of them are one person, and their number.
pub struct Reliability {
    #[allow(dead_code, reason = "the example shows it")]
    pub from: f64,
    pub expected: f64,
    pub true_share: f64,
    pub pairs: usize,
}

impl Labelled {
    /// Reads a CSV file whose headers name a person's fields and either `cluster` or FEBRL's `rec_id`.
    ///
    /// `soc_sec_id` is never read: it would give the answer away.
    pub fn read(file: impl std::io::Read) -> Self {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file);
        let headers: HashMap<String, usize> =
            reader.headers().expect("a header").iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
        let mut labelled = Labelled { people: Vec::new(), truth: Vec::new() };
        for record in reader.records() {
            let record = record.expect("a record");
            let get = |names: &[&str]| {
                let column = names.iter().find_map(|name| headers.get(*name));
                column.and_then(|at| record.get(*at)).unwrap_or_default().to_owned()
            };
            let several = |names: &[&str]| {
                get(names).split([';', '|']).map(str::to_owned).filter(|value| !value.is_empty()).collect()
            };
            let street = format!("{} {}", get(&["street_number"]), get(&["address_1", "street", "address"]));
            labelled.people.push(Person {
                id: labelled.people.len() as i64,
                first_name: get(&["given_name", "first_name", "firstName"]),
                last_name: get(&["surname", "last_name", "lastName"]),
                emails: several(&["email", "emails"]),
                company_name: get(&["company", "company_name", "companyName"]),
                company_domain: get(&["company_domain", "companyDomain", "website"]),
                phones: several(&["phone", "phones"]),
                linkedin_urls: several(&["linkedin", "linkedin_url", "linkedinUrl"]),
                city: get(&["suburb", "city"]),
                postcode: get(&["postcode", "zip"]),
                street,
                country: get(&["country"]),
                date_of_birth: get(&["date_of_birth", "dob", "dateOfBirth"]),
            });
            let febrl = get(&["rec_id"]);
            let person = febrl.split('-').nth(1).map(str::to_owned);
            labelled.truth.push(person.unwrap_or_else(|| get(&["cluster", "entity", "person_id"])));
        }
        labelled
    }

    /// The folded people.
    pub fn profiles(&self) -> Vec<Profile> {
        self.people.iter().map(Profile::of).collect()
    }

    /// All pairs of records of one person.
    pub fn true_pairs(&self) -> usize {
        let mut sizes: HashMap<&str, usize> = HashMap::new();
        for person in &self.truth {
            *sizes.entry(person).or_default() += 1;
        }
        sizes.values().map(|size| size * (size - 1) / 2).sum()
    }

    /// Whether two records are one person.
    pub fn is_one_person(&self, one: i64, other: i64) -> bool {
        self.truth[one as usize] == self.truth[other as usize]
    }

    /// Scans with all candidates listed, to measure below the thresholds, too.
    pub fn scan_everything(&self) -> Scan {
        scan(&self.profiles(), &Thresholds { review: 0.0, ..Thresholds::default() })
    }

    /// Quality of the pairs of a scan that are in a band or a surer one.
    pub fn quality(&self, found: &Scan, band: Band) -> Quality {
        let listed: Vec<_> = found.pairs.iter().filter(|pair| pair.band >= band).collect();
        let right = listed.iter().filter(|pair| self.is_one_person(pair.a, pair.b)).count() as f64;
        let precision = right / (listed.len() as f64).max(1.0);
        let recall = right / self.true_pairs() as f64;
        Quality { precision, recall, f1: 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE) }
    }

    /// What probabilities come to, by tenths and finer towards one.
    pub fn reliability(&self, everything: &Scan) -> Vec<Reliability> {
        let edges = [0.0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.01];
        let ranges = edges.windows(2).map(|range| {
            let inside: Vec<_> =
                everything.pairs.iter().filter(|pair| (range[0]..range[1]).contains(&pair.probability)).collect();
            let count = (inside.len() as f64).max(1.0);
            let right = inside.iter().filter(|pair| self.is_one_person(pair.a, pair.b)).count() as f64;
            let expected = inside.iter().map(|pair| pair.probability).sum::<f64>() / count;
            Reliability { from: range[0], expected, true_share: right / count, pairs: inside.len() }
        });
        ranges.collect()
    }
}
