//! Names as their owners write them.

use matching::tidy_name;

#[test]
fn gives_names_their_capitals() {
    for (raw, tidy) in [
        ("DECLAN O’ROURKE", "Declan O’Rourke"),
        ("declan o'rourke", "Declan O'Rourke"),
        ("sanne de wit", "Sanne de Wit"),
        ("jean-luc", "Jean-Luc"),
        ("JEAN-LUC PICARD", "Jean-Luc Picard"),
        ("McDonald", "McDonald"),
        ("mcdonald", "McDonald"),
        ("RONALD MCDONALD", "Ronald McDonald"),
        ("macdonald", "MacDonald"),
        ("mack", "Mack"),
        ("emmanuel macron", "Emmanuel Macron"),
        ("jane DOE", "jane DOE"),
        ("Jane Doe", "Jane Doe"),
        ("bell hooks", "Bell Hooks"),
        ("LUDWIG VAN BEETHOVEN", "Ludwig van Beethoven"),
        ("URSULA VON DER LEYEN", "Ursula von der Leyen"),
        ("van der berg", "van der Berg"),
        ("DE WIT", "de Wit"),
        ("van", "Van"),
        ("AL GORE", "Al Gore"),
        ("mohammed bin salman al saud", "Mohammed bin Salman al Saud"),
        ("maria de la cruz", "Maria de la Cruz"),
        ("MARINE LE PEN", "Marine Le Pen"),
        ("ana da silva", "Ana da Silva"),
        ("dell'acqua", "Dell'Acqua"),
        ("d'angelo", "D'Angelo"),
        ("NG'ANG'A", "Ng'ang'a"),
        ("j.r.r. tolkien", "J.R.R. Tolkien"),
        ("JP MORGAN", "JP Morgan"),
        ("JO BO", "Jo Bo"),
        ("ROBERT E LEE", "Robert E Lee"),
        ("ann y chen", "Ann Y Chen"),
        ("José Ortega y Gasset", "José Ortega y Gasset"),
        ("JOHN SMITH III", "John Smith III"),
        ("john smith jr.", "John Smith Jr."),
        ("jürgen MÜLLER", "jürgen MÜLLER"),
        ("JÜRGEN MÜLLER", "Jürgen Müller"),
        ("ЕЛЕНА ПЕТРОВА", "Елена Петрова"),
        ("ΓΙΩΡΓΟΣ", "Γιωργος"),
        ("IŞIK", "Işık"),
        ("İPEK", "İpek"),
        ("işık", "İşık"),
        ("山田 太郎", "山田 太郎"),
        ("  jane\u{a0} \u{200b}doe ", "Jane Doe"),
        ("j", "J"),
        ("", ""),
        ("123", "123"),
    ] {
        assert_eq!(tidy_name(raw), tidy, "{raw:?}");
        assert_eq!(tidy_name(tidy), tidy, "{tidy:?} again");
    }
}
