//! Which field a header means: the synonyms of part F and the headers that other products write in their exports.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::import::{ColumnMapping, Target};
use domain::{CustomField, PersonField};
use matching::LinkedInKey;
use sheet::export::{REASON_COLUMN, is_reason_column};

use PersonField::*;

/// Synonyms by field, as people write them; compared after `matching::fold_header`.
const SYNONYMS: &[(PersonField, &str)] = &[
    (
        Email,
        "email|e-mail|mail|email address|e-mail address|work email|business email|primary email|personal email|\
         contact email|lead email|adresse e-mail|adresse mail|courriel|correo|correo electronico|e-mail-adresse|\
         email 1|indirizzo email|e-postadress|e-post|emailadres|verified email|email work",
    ),
    (
        FirstName,
        "first name|firstname|first|given name|forename|vorname|prenom|nombre|voornaam|nome|imie|fornamn|fornavn|\
         contact first name|lead first name|firstname (linkedin)",
    ),
    (
        LastName,
        "last name|lastname|last|surname|family name|nachname|familienname|nom|nom de famille|apellido|apellidos|\
         achternaam|cognome|nazwisko|efternamn|etternavn|contact last name|lead last name",
    ),
    (
        CompanyName,
        "company|company name|companyname|organisation|organization|organisation name|organization name|account|\
         account name|firma|firmenname|unternehmen|societe|entreprise|empresa|azienda|bedrijf|foretag|employer|\
         current company|company name for emails|associated company|company / account|company (linkedin)|lead company",
    ),
    (
        CompanyDomain,
        "company domain|companydomain|website|domain|company website|company url|url|web site|webseite|site web|\
         sitio web|company domain name|website url|homepage|company website url",
    ),
    (
        JobTitle,
        "job title|jobtitle|title|position|role|job|occupation|function|funktion|berufsbezeichnung|poste|cargo|\
         puesto|functie|current position|current title|headline job title",
    ),
    (
        Phone,
        "phone|phone number|mobile|mobile phone|mobile number|cell|cell phone|telephone|tel|telefon|telefonnummer|\
         telephone number|mobil|handy|portable|movil|telefono|work phone|work direct phone|direct phone|corporate phone|\
         company phone|mobile phone number|other phone|home phone",
    ),
    (
        LinkedinUrl,
        "linkedin|linkedin url|linkedinurl|linkedin profile|linkedin profile url|profile url|profileurl|li url|\
         person linkedin url|linkedin link|contact linkedin url|linkedin bio|public profile url|lead linkedin url|\
         default profile url|defaultprofileurl|linkedin profile link|member linkedin url",
    ),
    (
        LinkedinUrlSalesNav,
        "linkedin url sales nav|linkedinurlsalesnav|sales navigator url|sales navigator|sales nav url|\
         linkedin sales navigator url|sales navigator profile|sales navigator profile url|salesnavigatorurl",
    ),
    (Industry, "industry|company industry|branche|secteur|sector|branch"),
    (City, "city|town|location|ort|stadt|ville|ciudad|plaats|citta|mailing city|suburb|contact city|person city"),
    (
        Postcode,
        "postcode|post code|zip|zip code|zipcode|postal code|plz|postleitzahl|code postal|mailing zip/postal code|mailing zip|\
         zip/postal code|mailing postal code",
    ),
    (Street, "street|street address|address|strasse|adresse|rue|mailing street|address 1|address line 1|calle"),
    (Country, "country|land|pays|pais|country/region|country region|mailing country|contact country|person country"),
    (Timezone, "timezone|time zone|zeitzone|fuseau horaire|contact timezone"),
    (
        DateOfBirth,
        "date of birth|dateofbirth|dob|birthday|birth date|birthdate|geburtsdatum|geburtstag|date de naissance|fecha de nacimiento",
    ),
    (Picture, "picture|photo|profile picture|profile image|image|avatar|picture url|photo url|profile image url"),
    (PreferredContactMethod, "preferred contact method|preferredcontactmethod|preferred channel|preferred contact"),
    (ContactOwner, "contact owner|contactowner|owner|lead owner|account owner|contact owner name"),
    (
        ExternalId,
        "external id|externalid|id|record id|contact id|lead id|crm id|unique id|hubspot id|salesforce id|record id - contact",
    ),
];

const FULL_NAME: &str = "name|full name|fullname|contact|contact name|contact full name|lead name|full_name|naam|\
                         vollstandiger name|nom complet|nombre completo|nome completo";
const TAGS: &str = "tags|tag|labels|label|etiquettes|etiquetas|schlagworte";

static TARGETS: LazyLock<HashMap<String, Target>> = LazyLock::new(|| {
    let mut targets = HashMap::new();
    let mut add = |words: &str, target: Target| {
        for word in words.split('|') {
            targets.entry(matching::fold_header(word)).or_insert_with(|| target.clone());
        }
    };
    for &(field, words) in SYNONYMS {
        add(words, Target::Field(field));
        add(field.word(), Target::Field(field));
    }
    // the column that our own file of reasons adds: that file imports again as it is
    add(REASON_COLUMN, Target::Skip);
    // the column of our own file of contacts that no import may write (R8)
    add(crate::contacts::CONSENT_COLUMN, Target::Skip);
    add(FULL_NAME, Target::FullName);
    add(TAGS, Target::Tags);
    targets
});

/// The target that a header means; none for a header nobody foresaw.
pub(super) fn target_of(header: &str) -> Option<Target> {
    TARGETS.get(&matching::fold_header(header)).cloned()
}

/// What each column means, several of one meaning included; for reading people out of a file without an import.
pub(crate) fn meanings(columns: &[String]) -> Vec<Target> {
    columns.iter().map(|header| target_of(header).unwrap_or(Target::Skip)).collect()
}

/// What a column means by its header and its first cells: a column of websites that holds nothing but profiles holds
/// profiles, as in LinkedIn's own export of connections.
fn meaning(header: &str, column: usize, sample: &[Vec<String>]) -> Option<Target> {
    let target = target_of(header);
    if target != Some(Target::Field(CompanyDomain)) {
        return target;
    }
    let cells = sample.iter().filter_map(|row| row.get(column)).filter(|cell| !matching::is_blank(cell));
    let profiles: Option<Vec<LinkedInKey>> = cells.map(|cell| LinkedInKey::parse(cell).ok()).collect();
    match profiles.as_deref() {
        None | Some([]) => target,
        Some(all) if all.iter().all(|key| matches!(key, LinkedInKey::SalesNavigator(_))) => {
            Some(Target::Field(LinkedinUrlSalesNav))
        }
        Some(_) => Some(Target::Field(LinkedinUrl)),
    }
}

/// A mapping without the columns of our own file of reasons, which is remembered as that of the file without them.
pub(super) fn without_reasons(mapping: &[ColumnMapping], headers: &[String]) -> Vec<ColumnMapping> {
    mapping
        .iter()
        .zip(headers)
        .filter(|(_, header)| !is_reason_column(header))
        .map(|(column, _)| column.clone())
        .collect()
}

/// A remembered mapping with those columns; none when it is one of another number of columns.
pub(super) fn with_reasons(remembered: Vec<ColumnMapping>, headers: &[String]) -> Option<Vec<ColumnMapping>> {
    let mut remembered = remembered.into_iter();
    let skip = || Some(ColumnMapping { target: Target::Skip, overwrite: None });
    let mapping: Option<Vec<ColumnMapping>> =
        headers.iter().map(|header| if is_reason_column(header) { skip() } else { remembered.next() }).collect();
    mapping.filter(|_| remembered.next().is_none())
}

/// Suggested targets for a file's columns: the first column of a meaning gets it, what nobody foresaw becomes a
/// variable of the campaign (or is left out where there is no campaign).
pub(super) fn suggest(
    columns: &[String],
    sample: &[Vec<String>],
    variables: bool,
    fields: &[CustomField],
) -> Vec<Target> {
    let mut taken: Vec<Target> = Vec::new();
    // a header that is the name of one of the team's own fields means that field, whatever else it could mean
    let own = |header: &str| {
        let folded = matching::fold_header(header);
        fields.iter().find(|f| matching::fold_header(&f.name) == folded).map(|f| Target::Custom(f.id))
    };
    columns
        .iter()
        .enumerate()
        .map(|(column, header)| match own(header).or_else(|| meaning(header, column, sample)) {
            Some(target) if target.takes_many() || !taken.contains(&target) => {
                taken.push(target.clone());
                target
            }
            // "column 3" of a file without a header says nothing
            None if variables && !header.starts_with("Column ") => Target::Variable(header.trim().to_owned()),
            _ if variables && target_of(header).is_some() => Target::Variable(header.trim().to_owned()),
            _ => Target::Skip,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The headers of five products' exports, which map without help (part F).
    #[test]
    fn the_headers_of_other_products_map_without_help() {
        let lemlist = "email,firstName,lastName,companyName,companyDomain,jobTitle,phone,linkedinUrl,picture,timezone";
        let hubspot = "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Company name,Job Title,City";
        let apollo = "First Name,Last Name,Title,Company,Email,Work Direct Phone,Person Linkedin Url,Website,Country";
        let navigator = "First name,Last name,Title,Company,Sales Navigator URL,LinkedIn Profile URL,Location";
        let salesforce = "First Name,Last Name,Account Name,Title,Email,Phone,Mailing City,Mailing Country,Contact ID";
        for (product, headers) in [
            ("lemlist", lemlist),
            ("HubSpot", hubspot),
            ("Apollo", apollo),
            ("Sales Navigator", navigator),
            ("Salesforce", salesforce),
        ] {
            for header in headers.split(',') {
                assert!(matches!(target_of(header), Some(Target::Field(_))), "{product}: {header}");
            }
        }
    }

    #[test]
    fn every_synonym_of_part_f_is_known() {
        let table = [
            (Target::Field(Email), "e-mail, mail, email address, work email, adresse e-mail, correo"),
            (Target::Field(FirstName), "first, given name, forename, vorname, prénom, nombre"),
            (Target::Field(LastName), "last, surname, family name, nachname, nom, apellido"),
            (Target::FullName, "name, full name, contact, contact name"),
            (
                Target::Field(CompanyName),
                "company, organisation, organization, account, account name, firma, société, empresa",
            ),
            (Target::Field(CompanyDomain), "website, domain, company website, url"),
            (Target::Field(JobTitle), "title, position, role, job"),
            (Target::Field(Phone), "mobile, cell, telephone, tel, phone number"),
            (Target::Field(LinkedinUrl), "linkedin, linkedin profile, profile url, li url, person linkedin url"),
            (Target::Field(DateOfBirth), "dob, birthday, birth date, geburtsdatum"),
            (Target::Field(Postcode), "zip, postal code, plz, zip/postal code, mailingpostalcode"),
            (Target::Field(CompanyName), "company / account"),
            (Target::Field(City), "town, location"),
        ];
        for (target, words) in table {
            for word in words.split(", ") {
                for spelling in [word.to_owned(), word.to_uppercase(), word.replace(' ', "_"), format!(" {word} ")] {
                    assert_eq!(target_of(&spelling), Some(target.clone()), "{spelling}");
                }
            }
        }
    }

    #[test]
    fn a_second_column_of_the_same_meaning_becomes_a_variable() {
        let columns = ["Email", "Phone", "Mobile", "Icebreaker"].map(str::to_owned);
        let targets = suggest(&columns, &[], true, &[]);
        assert_eq!(targets[2], Target::Variable("Mobile".to_owned()));
        assert_eq!(targets[3], Target::Variable("Icebreaker".to_owned()));
        assert_eq!(suggest(&columns, &[], false, &[])[3], Target::Skip);
    }

    #[test]
    fn a_column_of_websites_that_holds_profiles_holds_profiles() {
        let columns = ["First Name", "URL", "Website"].map(str::to_owned);
        let suggested = |cells: &[&str]| {
            let sample: Vec<Vec<String>> = cells
                .iter()
                .map(|cell| vec!["Ann".to_owned(), (*cell).to_owned(), "acme.example".to_owned()])
                .collect();
            suggest(&columns, &sample, false, &[])[1..].to_vec()
        };
        let profiles = ["https://www.linkedin.com/in/ann", "", "https://www.linkedin.com/in/bob?x=1"];
        assert_eq!(suggested(&profiles), [Target::Field(LinkedinUrl), Target::Field(CompanyDomain)]);
        let leads = ["https://www.linkedin.com/sales/lead/ACwAAAbC123,x"];
        assert_eq!(suggested(&leads)[0], Target::Field(LinkedinUrlSalesNav));
        for cells in [&["https://www.linkedin.com/in/ann", "acme.example"][..], &["linkedin.com/company/acme"], &[""]] {
            assert_eq!(suggested(cells), [Target::Field(CompanyDomain), Target::Skip], "{cells:?}");
        }
    }

    #[test]
    fn a_mapping_is_remembered_without_the_column_of_reasons() {
        let of = |targets: &[Target]| -> Vec<ColumnMapping> {
            targets.iter().map(|t| ColumnMapping { target: t.clone(), overwrite: None }).collect()
        };
        let headers = ["Email", "import reason", "Note"].map(str::to_owned);
        let mapping = of(&[Target::Field(Email), Target::Skip, Target::Tags]);
        let remembered = without_reasons(&mapping, &headers);
        assert_eq!(remembered, of(&[Target::Field(Email), Target::Tags]));
        assert_eq!(with_reasons(remembered.clone(), &headers), Some(mapping));
        assert_eq!(with_reasons(remembered.clone(), &headers[..2]), None);
        assert_eq!(with_reasons(remembered[..1].to_vec(), &headers), None);
    }

    #[test]
    fn a_header_that_names_an_own_field_means_it() {
        let field = CustomField {
            id: domain::ids::FieldId(4),
            name: "Plan Name".to_owned(),
            kind: domain::FieldKind::Text,
            options: Vec::new(),
        };
        let columns = ["Email", "plan_name", "Plan name"].map(str::to_owned);
        let targets = suggest(&columns, &[], false, &[field]);
        assert_eq!(targets[1], Target::Custom(domain::ids::FieldId(4)));
        assert_eq!(targets[2], Target::Skip, "the first column of a meaning gets it");
    }
}
