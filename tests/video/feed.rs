//! A source on its own thread: in order, at a fixed rate, and exact after every seek.

use std::time::Duration;

use percept::stimulus::feed::{Feed, Plan, Taken};
use percept::stimulus::{StimulusSpec, Want};

use super::media::{all, has_ffmpeg, open};
use super::{TEST_PICTURE, clip};

fn take(feed: &mut Feed) -> Taken {
    feed.take(Duration::from_secs(20))
}

fn number(taken: &Taken) -> u64 {
    match taken {
        Taken::Frame(shown) => shown.number,
        other => panic!("no frame but {other:?}"),
    }
}

#[test]
fn a_feed_gives_all_frames_in_order_and_then_the_end() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = clip(&folder, "a.mp4", &format!("{TEST_PICTURE} -c:v libx264 -g 12 -bf 2 -pix_fmt yuv420p"));
    let mut feed = Feed::open(StimulusSpec::File(path), Plan::EveryFrame);
    for wanted in 0..60 {
        assert_eq!(number(&take(&mut feed)), wanted);
    }
    assert!(matches!(take(&mut feed), Taken::End));
    assert!(matches!(take(&mut feed), Taken::End));
    assert_eq!(feed.info().unwrap().kind, "video");
    for _ in 0..3 {
        feed.seek(Want::Start);
        assert_eq!(number(&take(&mut feed)), 0, "a loop starts again at the first frame");
        assert_eq!(number(&take(&mut feed)), 1);
    }
}

#[test]
fn a_seek_gives_exactly_the_wanted_frame_whatever_was_read_ahead() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = clip(&folder, "a.mp4", &format!("{TEST_PICTURE} -c:v libx264 -g 12 -bf 2 -pix_fmt yuv420p"));
    let played = all(open(&path).as_mut());
    let mut feed = Feed::open(StimulusSpec::File(path), Plan::EveryFrame);
    let mut state = 7_u64;
    for round in 0..60 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let target = (state >> 33) % 59;
        if round % 3 == 0 {
            std::thread::sleep(Duration::from_millis((state >> 40) % 12));
        }
        feed.seek(Want::At(played[target as usize].time_s));
        let Taken::Frame(shown) = take(&mut feed) else { panic!("no frame") };
        assert_eq!(shown.number, target);
        assert!(shown.image.picture() == played[target as usize].image.picture());
        assert_eq!(number(&take(&mut feed)), target + 1);
        feed.seek(Want::Previous);
        assert_eq!(number(&take(&mut feed)), target, "one step back from the frame last taken");
        feed.seek(Want::Next);
        assert_eq!(number(&take(&mut feed)), target + 1);
    }
    feed.seek(Want::Start);
    assert_eq!(number(&take(&mut feed)), 0);
    feed.seek(Want::Previous);
    assert_eq!(number(&take(&mut feed)), 0, "before the first frame there is the first frame");
}

#[test]
fn a_fixed_rate_shows_what_is_on_show_at_each_grid_time() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = clip(&folder, "a.mkv", &format!("{TEST_PICTURE} -c:v libx264 -g 12 -bf 2 -pix_fmt yuv420p"));
    let mut feed = Feed::open(StimulusSpec::File(path), Plan::FixedHz(10.0));
    for k in 0..24 {
        let Taken::Frame(shown) = take(&mut feed) else { panic!("no frame") };
        assert_eq!(shown.time_s, f64::from(k) / 10.0);
        assert_eq!(shown.number, u64::try_from(k * 5 / 2).unwrap());
    }
    assert!(matches!(take(&mut feed), Taken::End));
    feed.seek(Want::At(1.0));
    assert_eq!(number(&take(&mut feed)), 25);
    feed.seek(Want::Previous);
    assert_eq!(number(&take(&mut feed)), 22);
    feed.set_plan(Plan::FixedHz(25.0));
    assert_eq!(number(&take(&mut feed)), 23, "another rate goes on from the frame last taken");
    feed.set_plan(Plan::EveryFrame);
    assert_eq!(number(&take(&mut feed)), 24);
}

#[test]
fn a_feed_of_a_missing_file_fails_and_never_hangs() {
    let mut feed = Feed::open(StimulusSpec::File("/nowhere/a.mp4".into()), Plan::EveryFrame);
    for _ in 0..3 {
        match take(&mut feed) {
            Taken::Failed(error) => assert_eq!(error.kind, percept::error::Kind::Missing),
            other => panic!("{other:?}"),
        }
        feed.seek(Want::Start);
    }
    assert!(feed.info().is_none());
}
