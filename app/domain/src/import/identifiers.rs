//! By what an import recognises people (R5): groups joined by OR, the fields of one group joined by AND, and which
//! fields may say who someone is at all (B16).

use super::settings::{ImportSettings, Target};
use crate::{CustomField, FieldKind, PersonField};

/// How much a field says about who someone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identifies {
    /// Enough by itself: hardly two people share it.
    Alone,
    /// Something, together with other fields.
    Together,
    /// A name: something, but never without a field that is no name (R12).
    Name,
    /// Nothing: it has so few values that strangers share them. The sentence says so.
    Never(&'static str),
}

const FEW: &str = "It has only a few values, which many strangers share.";

/// What a target says about who someone is. `fields` are the team's own.
pub fn may_identify(target: &Target, fields: &[CustomField]) -> Identifies {
    use PersonField::*;
    match target {
        Target::Field(Email | LinkedinUrl | LinkedinUrlSalesNav | Phone | ExternalId) => Identifies::Alone,
        Target::Field(FirstName | LastName) => Identifies::Name,
        Target::Field(CompanyName | CompanyDomain | JobTitle | City | Postcode | Street | DateOfBirth | Picture) => {
            Identifies::Together
        }
        Target::Field(Industry | Country | Timezone | PreferredContactMethod | ContactOwner) => Identifies::Never(FEW),
        Target::Custom(id) => match fields.iter().find(|f| f.id == *id) {
            Some(field) if field.kind.is_few_valued() => Identifies::Never(FEW),
            Some(field) if field.kind == FieldKind::Date => Identifies::Together,
            Some(_) => Identifies::Alone,
            None => Identifies::Never("There is no such field any more."),
        },
        Target::Skip | Target::FullName | Target::Tags | Target::Variable(_) => {
            Identifies::Never("It does not belong to the person.")
        }
    }
}

/// The groups that every import has unless someone chose others.
pub fn usual_identifiers() -> Vec<Vec<Target>> {
    [PersonField::Email, PersonField::LinkedinUrl, PersonField::LinkedinUrlSalesNav]
        .map(|field| vec![Target::Field(field)])
        .to_vec()
}

/// The fields that the mapped columns bring, for choosing identifiers from; a whole name brings first and last name.
pub fn mapped_fields(settings: &ImportSettings) -> Vec<Target> {
    let mut mapped: Vec<Target> = Vec::new();
    for column in &settings.columns {
        let brings = match &column.target {
            Target::Field(_) | Target::Custom(_) => vec![column.target.clone()],
            Target::FullName => vec![Target::Field(PersonField::FirstName), Target::Field(PersonField::LastName)],
            // a public profile column may hold Sales Navigator addresses
            Target::Skip | Target::Tags | Target::Variable(_) => Vec::new(),
        };
        for target in brings {
            if !mapped.contains(&target) {
                mapped.push(target);
            }
        }
    }
    mapped
}

/// The groups of an import whose fields are all mapped: the others can never match. A column of profiles may hold those
/// of Sales Navigator too, so its group always goes with it.
pub fn effective_identifiers(settings: &ImportSettings) -> Vec<Vec<Target>> {
    let mut mapped = mapped_fields(settings);
    let navigator = Target::Field(PersonField::LinkedinUrlSalesNav);
    if mapped.contains(&Target::Field(PersonField::LinkedinUrl)) && !mapped.contains(&navigator) {
        mapped.push(navigator);
    }
    settings.identifiers.iter().filter(|group| group.iter().all(|target| mapped.contains(target))).cloned().collect()
}

/// Why a group cannot recognise anyone, in a sentence; none when it can.
pub fn group_problem(group: &[Target], fields: &[CustomField]) -> Option<String> {
    if group.is_empty() {
        return Some("Choose at least one field.".to_owned());
    }
    let strength: Vec<Identifies> = group.iter().map(|target| may_identify(target, fields)).collect();
    for (target, identifies) in group.iter().zip(&strength) {
        if let Identifies::Never(why) = identifies {
            return Some(format!("{} cannot identify anyone. {why}", target.label_among(fields)));
        }
    }
    if strength.contains(&Identifies::Alone) {
        return None;
    }
    if strength.iter().all(|s| *s == Identifies::Name) {
        return Some("Names alone never say who someone is. Add a field that is no name.".to_owned());
    }
    (group.len() < 2).then(|| {
        let name = group[0].label_among(fields);
        format!("{name} alone would match strangers. Add another field to it.")
    })
}

/// A group in the order in which it is stored: the same fields are the same group, however they were chosen.
pub fn sorted_group(group: &[Target]) -> Vec<Target> {
    let mut group = group.to_vec();
    group.sort_by_key(Target::to_string);
    group.dedup();
    group
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::FieldId;
    use crate::import::ColumnMapping;

    fn own(id: i64, kind: FieldKind) -> CustomField {
        CustomField { id: FieldId(id), name: format!("Own {id}"), kind, options: Vec::new() }
    }

    /// B16, R12.
    #[test]
    fn few_valued_fields_and_names_alone_are_refused_in_words() {
        use PersonField::*;
        let fields =
            [own(1, FieldKind::Choice), own(2, FieldKind::Text), own(3, FieldKind::Date), own(4, FieldKind::YesNo)];
        let problem = |targets: &[Target]| group_problem(targets, &fields);
        let field = Target::Field;
        let custom = |id| Target::Custom(FieldId(id));
        assert!(problem(&[custom(1)]).unwrap().starts_with("Own 1 cannot identify anyone."));
        assert!(problem(&[field(Email), custom(4)]).unwrap().contains("few values"));
        assert!(problem(&[field(Country)]).is_some());
        assert!(problem(&[field(FirstName), field(LastName)]).unwrap().contains("Names alone"));
        assert!(problem(&[field(DateOfBirth)]).unwrap().contains("Add another field"));
        assert!(problem(&[custom(3)]).is_some() && problem(&[custom(9)]).is_some() && problem(&[]).is_some());
        for good in [
            vec![field(Phone)],
            vec![custom(2)],
            vec![field(Email), field(DateOfBirth)],
            vec![field(LastName), field(DateOfBirth)],
            vec![field(Email), field(FirstName)],
        ] {
            assert_eq!(problem(&good), None, "{good:?}");
        }
    }

    #[test]
    fn only_mapped_fields_identify() {
        let to = |target: Target| ColumnMapping { target, overwrite: None };
        let mut settings = ImportSettings {
            columns: vec![to(Target::Field(PersonField::LinkedinUrl)), to(Target::FullName)],
            ..ImportSettings::default()
        };
        let effective = effective_identifiers(&settings);
        assert_eq!(effective.len(), 2, "the profile, of either kind: {effective:?}");
        settings.identifiers =
            vec![vec![Target::Field(PersonField::LastName), Target::Field(PersonField::LinkedinUrl)]];
        assert_eq!(effective_identifiers(&settings).len(), 1, "a whole name brings the last name");
        settings.columns.pop();
        assert!(effective_identifiers(&settings).is_empty());
    }

    #[test]
    fn a_group_is_the_same_in_any_order() {
        let (a, b) = (Target::Field(PersonField::Email), Target::Custom(FieldId(3)));
        assert_eq!(sorted_group(&[a.clone(), b.clone(), a.clone()]), sorted_group(&[b, a]));
    }
}
