//! A bad file gets one message with the line of the user's own text, and never ends the program.

use std::path::PathBuf;

use percept::error::{Error, Kind};
use percept::gpu::raster::Program;
use percept::stimulus::illusion::{Origin, catalogue, compose, parse};
use proptest::prelude::*;

use crate::drawn::gpu;

const CARD: &str = "/*---
name = \"Mine\"
family = \"motion\"
percept = \"It moves.\"
readout = \"flow\"
param = [
  { name = \"speed\", unit = \"deg/s\", min = 0, max = 10, default = 4 },
]
---*/
";

fn user() -> Origin {
    Origin::User(PathBuf::from("/home/me/mine.wgsl"))
}

/// What is said of a file with this code after a good card of 9 lines.
fn said_of(code: &str) -> Error {
    let text = format!("{CARD}{code}");
    let illusion = parse::parse("mine", &text, user()).unwrap();
    let error = compose::validate(&illusion).unwrap_err();
    assert_eq!(error.kind, Kind::Illusion, "{error}");
    assert_eq!(error.path, Some(PathBuf::from("/home/me/mine.wgsl")));
    error
}

#[test]
fn an_error_in_the_code_is_told_with_the_users_own_line() {
    for (code, place, quote) in [
        (
            "fn stimulus(at: vec2f, t: f32) -> vec3f {\n    return nothing;\n}",
            "line 11, column 12",
            "nothing",
        ),
        (
            "fn stimulus(at: vec2f, t: f32) -> vec3f {\n    return vec3f(p.sped);\n}",
            "line 11, column 20",
            "p.sped",
        ),
        ("fn stimulus(at: vec2f, t: f32) -> vec3f {\n\treturn 1.0 +;\n}", "line 11, column", "1.0 +;"),
        (
            "fn stimulus(at: vec2f, t: f32) -> vec3f {\n    // ä ö\n    let é = nichts; return é;\n}",
            "line 12, column 13",
            "nichts",
        ),
        (
            "fn stimulus(at: vec2f, t: f32) -> vec3f {\r\n    return sin(t);\r\n}",
            "line 11, column 12",
            "sin(t)",
        ),
        (
            "fn stimulus(at: vec2f, t: f32) -> vec3f {\n    return vec3f(1.0) + at;\n}",
            "line 11, column 12: Operation Add can't work with (of type vec3f) and (of type vec2f)",
            "vec3f(1.0) + at",
        ),
        ("fn stimulus(at: vec2f, t: f32) -> vec3f { loop { } }", "line 10, column", "loop"),
        ("fn stimulus(at: vec2f) -> vec3f { return vec3f(0.0); }", "line 10, column 4", "stimulus"),
        ("fn stimulus(at: vec2f, t: f32) -> f32 { return t; }", "line 10, column 4", "stimulus"),
        (
            "fn noise(at: vec2f) -> f32 { return 0.0; }\nfn stimulus(at: vec2f, t: f32) -> vec3f { return vec3f(0.0); }",
            "line 10, column 4",
            "noise",
        ),
    ] {
        let error = said_of(code);
        assert!(error.what.starts_with(place), "{error}\n--- of\n{code}");
        assert!(error.what.lines().nth(1).is_some_and(|line| line.contains(quote)), "{error}");
        assert!(error.what.lines().nth(2).is_some_and(|line| line.contains('^')), "{error}");
    }
}

#[test]
fn a_file_with_no_stimulus_is_told_what_to_write() {
    for code in ["", "// fn stimulus is missing\n", "fn other() {}"] {
        let error = said_of(code);
        assert!(error.to_string().contains("fn stimulus(at: vec2f, t: f32) -> vec3f"), "{error}");
    }
}

#[test]
fn a_name_of_the_prelude_that_is_taken_again_is_advised_against() {
    let error = said_of("const TAU = 1.0;\nfn stimulus(at: vec2f, t: f32) -> vec3f { return vec3f(TAU); }");
    assert!(error.advice.contains("prelude"), "{error}");
}

/// The good card with one thing replaced.
fn card_with(from: &str, to: &str) -> Error {
    assert!(CARD.contains(from), "{from}");
    let text = format!(
        "{}fn stimulus(at: vec2f, t: f32) -> vec3f {{ return vec3f(0.0); }}",
        CARD.replacen(from, to, 1)
    );
    parse::parse("mine", &text, user()).unwrap_err()
}

#[test]
fn an_error_in_the_card_is_told_with_its_line() {
    let twice = "\n  { name = \"speed\", min = 0, max = 1, default = 0 },\n]";
    for (from, to, line, word) in [
        ("name = \"Mine\"\n", "", "line ", "name"),
        ("name = \"Mine\"", "name = Mine", "line 2", ""),
        ("name = \"Mine\"", "name = 3", "line 2", "string"),
        ("name = \"Mine\"", "name = \" \"", "line 2", "empty"),
        ("family = ", "famly = ", "line 3", "famly"),
        ("\"flow\"", "\"flaw\"", "line 5", "flow"),
        ("\"flow\"", "\"flow\"\nflash = \"bright\"", "line 6", "strong"),
        ("\"flow\"", "\"flow\"\nfield_deg = 0", "line 6", "field_deg"),
        ("\"flow\"", "\"flow\"\nfield_deg = nan", "line 6", "field_deg"),
        ("\"flow\"", "\"flow\"\nduration_s = -1", "line 6", "duration_s"),
        ("\"speed\"", "\"for\"", "line 7", "for"),
        ("\"speed\"", "\"two words\"", "line 7", "two words"),
        ("\"speed\"", "\"\"", "line 7", "name"),
        ("\"speed\"", "\"é\"", "line 7", "name"),
        ("min = 0", "min = 5", "line 7", "order"),
        ("min = 0", "min = nan", "line 7", "numbers"),
        ("max = 10", "max = inf", "line 7", "numbers"),
        ("default = 4", "default = 40", "line 7", "order"),
        ("default = 4", "default = 4, step = 0", "line 7", "step"),
        ("default = 4", "default = 4, choices = [\"a\"]", "line 7", "choices"),
        ("default = 4", "default = 4, colour = 1", "line 7", "colour"),
        ("\n]", twice, "line 8", "two parameters"),
        ("\n]", "\n]\ncontrol = { sped = 1 }", "line 9", "sped"),
        ("\n]", "\n]\ncontrol = { speed = 11 }", "line ", "range"),
        ("\n]", "\n]\npreset = [{ name = \"a\", values = { sped = 1 } }]", "line 9", "sped"),
        ("\n]", "\n]\nevent = [{ label = \"a\", at = \"onset\" }]", "line 9", "onset"),
        ("\n]", "\n]\nevent = [{ label = \"a\", at = 0, when = \"onset\" }]", "line 9", "onset"),
        ("\n]", "\n]\nevent = [{ label = \"a\", at = inf }]", "line 9", "finite"),
    ] {
        let error = card_with(from, to);
        assert_eq!(error.kind, Kind::Illusion, "{error}");
        assert!(error.what.starts_with(line) && error.what.contains(word), "{to:?}: {error}");
        assert_eq!(error.path, Some(PathBuf::from("/home/me/mine.wgsl")));
    }
}

#[test]
fn files_that_are_no_illusions_at_all_are_told_so() {
    for text in ["", "\0\0\0", "fn stimulus() {}", "/*---", "/*--- name", "---*/ /*---", "/* name = \"x\" */"]
    {
        let error = parse::parse("mine", text, user()).unwrap_err();
        assert!(error.what.starts_with("line 1"), "{text:?}: {error}");
    }
    let huge = format!("{CARD}{}", "// x\n".repeat(60_000));
    assert_eq!(parse::parse("mine", &huge, user()).unwrap_err().kind, Kind::TooLarge);
    let many = "{ name = \"p\", min = 0, max = 1, default = 0 },".repeat(4000);
    let error = card_with("\n]", &format!("{many}]"));
    assert!(error.what.contains("at most"), "{error}");
    for slug in ["", "../etc", "a b", "é", &"x".repeat(65)] {
        let error = parse::parse(slug, CARD, user()).unwrap_err();
        assert!(error.what.contains("cannot be the name"), "{error}");
    }
}

#[test]
fn deeply_nested_cards_are_refused() {
    let nested = format!("control = {}1{}", "{ a = ".repeat(20_000), " }".repeat(20_000));
    assert_eq!(card_with("\n]", &format!("\n]\n{nested}")).kind, Kind::Illusion);
}

#[test]
fn files_cut_off_anywhere_are_refused_or_whole() {
    let whole = &catalogue::find(&catalogue::built_in(), "kanizsa").unwrap().wgsl.clone();
    let mut good = 0;
    for end in (0..whole.len()).step_by(37).filter(|&end| whole.is_char_boundary(end)) {
        if let Ok(illusion) = parse::parse("cut", &whole[..end], user())
            && compose::validate(&illusion).is_ok()
        {
            good += 1;
        }
    }
    assert!(good <= 1, "{good} pieces of the file were taken for the whole");
}

#[test]
fn code_that_would_overflow_a_compilers_stack_is_refused_and_what_is_just_below_is_not() {
    let function =
        |body: &str| format!("fn stimulus(at: vec2f, t: f32) -> vec3f {{\n{body}\nreturn vec3f(0.0);\n}}");
    for (start, again, end, most) in [
        ("let a = t", " + t", ";", 149),
        ("let a = t", " * max(t, t)", ";", 70),
        ("let a = at", ".xy", ";", 149),
        ("let a = ", "- ", "t;", 149),
        ("if t > 0.0 {}", " else if t > 0.0 {}", "", 14),
    ] {
        let error = said_of(&function(&format!("{start}{}{end}", again.repeat(9000))));
        assert!(error.what.starts_with("line 11, column"), "{error}");
        assert!(error.what.lines().all(|line| line.chars().count() < 200), "{error}");
        // This test's own thread has the small stack of a worker.
        let just_below = function(&format!("{start}{}{end}", again.repeat(most)));
        let illusion = parse::parse("mine", &format!("{CARD}{just_below}"), user()).unwrap();
        compose::validate(&illusion).unwrap();
        Program::new(gpu(), &compose::compose(&illusion)).unwrap();
    }
    for nested in ["(", "{", "if t > 0.0 {", "/*"] {
        said_of(&function(&nested.repeat(9000)));
    }
    said_of(&function("var a: array<array<f32, 65536>, 65536>;"));
    said_of(&format!("fn g(x: f32) -> f32 {{ return g(x); }}\n{}", function("let a = g(t);")));
}

proptest! {
    #[test]
    fn no_card_ends_the_program(inside in "\\PC{0,200}") {
        let text = format!("/*---\n{inside}\n---*/\nfn stimulus(at: vec2f, t: f32) -> vec3f {{ return vec3f(0.0); }}");
        prop_assert!(parse::parse("any", &text, user()).is_err());
    }

    #[test]
    fn no_code_ends_the_program(code in "[a-z0-9(){};:,.+*/<>= \n\t_é]{0,120}") {
        if let Ok(illusion) = parse::parse("any", &format!("{CARD}{code}"), user()) {
            prop_assert!(compose::validate(&illusion).is_err());
        }
    }
}
