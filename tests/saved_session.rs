//! The session file: it comes back as it was, and no file, however odd, resets more than it must.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::PathBuf;

use percept::error::Kind;
use percept::param::ParamValues;
use percept::session::saved::{Loaded, MAX_RECENT, SavedSession, VERSION};
use percept::session::{Sampling, Start};
use percept::stimulus::StimulusSpec;
use percept::stimulus::fit::Fit;
use percept::stimulus::illusion::Showing;
use percept::units::PixelSize;

fn full() -> SavedSession {
    let values = ParamValues([("speed".to_owned(), -4.5), ("contrast".to_owned(), 1.0)].into());
    SavedSession {
        version: VERSION,
        start: Start {
            stimulus: StimulusSpec::File("/videos/a b.mp4".into()),
            showing: Showing { values, control: true, mirror: true, seed: u32::MAX },
            model: Some("first-light".into()),
            size: Some(PixelSize::new(160, 128)),
            sampling: Sampling::FixedHz(12.5),
            fit: Fit::Letterbox,
            lesions: vec!["feedback".into()],
            second: Some("untrained".into()),
            second_lesions: vec!["layer1".into()],
        },
        recent: vec!["/videos/a b.mp4".into(), "C:\\b.mp4".into()],
        window: "dark = true\n[layout]\nshares = [0.25, 0.75]".parse().unwrap(),
    }
}

fn said(loaded: &Loaded) -> String {
    loaded.notices.iter().map(|notice| notice.text.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_session_comes_back_as_it_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep/session.toml");
    for session in [full(), SavedSession::default()] {
        session.save(&file).unwrap();
        let loaded = SavedSession::load(&file).unwrap();
        assert_eq!(loaded.session, session);
        assert_eq!(said(&loaded), "");
    }
    for spec in [StimulusSpec::Illusion("plaid".into()), StimulusSpec::Camera("/dev/video0".into())] {
        let mut session = full();
        session.start.stimulus = spec;
        let loaded = SavedSession::from_toml(&session.to_toml().unwrap()).unwrap();
        assert_eq!(loaded.session, session);
    }
}

#[cfg(unix)]
#[test]
fn a_file_name_that_is_no_text_comes_back_byte_by_byte() {
    use std::os::unix::ffi::OsStrExt as _;
    let odd = PathBuf::from(std::ffi::OsStr::from_bytes(b"/videos/\xC3\x28\\\xFF.mp4"));
    let mut session = full();
    session.start.stimulus = StimulusSpec::File(odd.clone());
    session.remember(&odd);
    let loaded = SavedSession::from_toml(&session.to_toml().unwrap()).unwrap();
    assert_eq!(loaded.session, session);
}

#[test]
fn every_bad_value_gets_its_default_and_a_notice_and_the_others_stay() {
    let text = r#"
        version = 1
        recent = ["/a.mp4", 7, ""]
        colour = "mauve"
        [start]
        stimulus = { file = "/a.mp4" }
        model = 5
        size = "1x1"
        fit = "stretch"
        sampling = { fixed_hz = nan }
        lesions = ["feedback"]
        surprise = true
        [start.showing]
        control = true
        mirror = "yes"
        seed = -1
        values = { speed = 4, contrast = inf, phase = "left" }
    "#;
    let loaded = SavedSession::from_toml(text).unwrap();
    let start = &loaded.session.start;
    assert_eq!(start.stimulus, StimulusSpec::File("/a.mp4".into()));
    assert_eq!((start.model.clone(), start.size, start.fit), (None, None, Fit::Crop));
    assert_eq!(start.sampling, Sampling::EveryFrame);
    assert_eq!(start.lesions, ["feedback"]);
    assert!(start.showing.control && !start.showing.mirror && start.showing.seed == 0);
    assert_eq!(start.showing.values, ParamValues([("speed".to_owned(), 4.0)].into()));
    assert_eq!(loaded.session.recent, [PathBuf::from("/a.mp4")]);
    let said = said(&loaded);
    for key in
        ["recent[1]", "recent[2]", "colour", "start.model", "start.size", "start.fit", "start.sampling"]
    {
        assert!(said.contains(&format!("\"{key}\"")), "{key}: {said}");
    }
    for key in
        ["surprise", "showing.mirror", "showing.seed", "showing.values.contrast", "showing.values.phase"]
    {
        assert!(said.contains(&format!("start.{key}\"")), "{key}: {said}");
    }
    assert!(!said.contains("lesions") && !said.contains("control"), "{said}");
}

#[test]
fn a_newer_session_gives_what_is_known_and_is_kept_aside() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("session.toml");
    let newer = "version = 99\nholograms = 3\n[start]\nmodel = \"first-light\"\n";
    std::fs::write(&file, newer).unwrap();
    let loaded = SavedSession::load_or_default(&file);
    assert_eq!(loaded.session.start.model.as_deref(), Some("first-light"));
    assert!(said(&loaded).contains("newer version") && said(&loaded).contains("holograms"));
    loaded.session.save(&file).unwrap();
    assert_eq!(std::fs::read_to_string(folder.path().join("session.toml.kept")).unwrap(), newer);
    assert!(std::fs::read_to_string(&file).unwrap().contains("version = 1"));
}

#[test]
fn a_file_that_is_not_toml_is_told_kept_aside_and_started_afresh() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("session.toml");
    for hostile in [&b"start = ["[..], b"\xFF\xFE\x00", b"[a]\n[a]\n", b"\0\0\0"] {
        std::fs::write(&file, hostile).unwrap();
        let loaded = SavedSession::load_or_default(&file);
        assert_eq!(loaded.session, SavedSession::default());
        assert!(loaded.notices[0].is_error && said(&loaded).contains("session.toml"), "{}", said(&loaded));
        assert_eq!(std::fs::read(folder.path().join("session.toml.kept")).unwrap(), hostile);
    }
}

#[test]
fn hostile_files_never_panic_and_never_flood_the_window_with_notices() {
    let deep = format!("x = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    let inline = format!("x = {}{}", "{a=".repeat(50_000), "}".repeat(50_000));
    let many = (0..20_000).map(|i| format!("k{i} = {i}")).collect::<Vec<_>>().join("\n");
    let long = format!("{} = 1", "k".repeat(500_000));
    for text in
        [deep, inline, many, long, "version = -1".into(), "version = 1e400".into(), "start = 1".into()]
    {
        if let Ok(loaded) = SavedSession::from_toml(&text) {
            assert!(loaded.notices.len() <= 60);
            assert!(loaded.notices.iter().all(|notice| notice.text.len() < 4000));
        }
    }
}

proptest::proptest! {
    #[test]
    fn a_damaged_file_is_read_in_part_or_refused(cut in 0usize..700, at in 0usize..700, byte in 0u8..128) {
        let mut bytes = full().to_toml().unwrap().into_bytes();
        bytes.truncate(cut.max(1));
        let place = at % bytes.len();
        bytes[place] = byte;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match SavedSession::from_toml(&text) {
            Ok(loaded) => assert!(loaded.session.to_toml().is_ok()),
            Err(error) => assert_eq!(error.kind, Kind::Damaged),
        }
    }
}

#[test]
fn no_file_a_folder_or_a_huge_file_is_told_for_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("session.toml");
    assert_eq!(SavedSession::load(&file).unwrap_err().kind, Kind::Missing);
    assert!(SavedSession::load_or_default(&file).notices.is_empty(), "the first start says nothing");
    assert_eq!(SavedSession::load(folder.path()).unwrap_err().kind, Kind::Unreadable);
    std::fs::write(&file, vec![b'#'; 2 * 1024 * 1024]).unwrap();
    assert_eq!(SavedSession::load(&file).unwrap_err().kind, Kind::TooLarge);
    #[cfg(unix)]
    assert_eq!(SavedSession::load("/dev/zero".as_ref()).unwrap_err().kind, Kind::Unreadable);
}

#[test]
fn a_session_that_cannot_be_written_leaves_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("session.toml");
    full().save(&file).unwrap();
    let mut huge = full();
    huge.window.insert("x".into(), toml::Value::String("x".repeat(2 * 1024 * 1024)));
    assert_eq!(huge.save(&file).unwrap_err().kind, Kind::TooLarge);
    assert_eq!(SavedSession::load(&file).unwrap().session, full());
    assert_eq!(full().save(&file.join("below/a/file")).unwrap_err().kind, Kind::Write);
}

#[test]
fn the_newest_file_comes_first_and_none_comes_twice() {
    let mut session = SavedSession::default();
    for i in 0..100 {
        session.remember(format!("/v{}.mp4", i % 50).as_ref());
    }
    assert_eq!(session.recent.len(), MAX_RECENT);
    assert_eq!(session.recent[0], PathBuf::from("/v49.mp4"));
    session.remember("/v40.mp4".as_ref());
    assert_eq!(session.recent.iter().filter(|path| path.ends_with("v40.mp4")).count(), 1);
}
