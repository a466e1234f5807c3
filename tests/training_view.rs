//! A training seen from outside: run on a thread of its own, stopped and taken up again, or followed from its folder.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests: what fails, fails the test")]

#[path = "common/tiny_training.rs"]
mod tiny;

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use percept::train::course::Course;
use percept::train::follow::{Follower, Place, Sighting, is_training, usual_out};
use percept::train::kept::Kept;
use percept::train::moment::Moment;
use percept::train::recipe::Recipe;
use percept::train::run::{Files, Plan, run};
use percept::train::view::{State, View};
use tiny::{RECIPE, data};

fn plan(data: &Path, out: &Path) -> Plan {
    Plan {
        recipe: Recipe::parse(RECIPE).unwrap(),
        data: data.to_path_buf(),
        out: out.to_path_buf(),
        resume: false,
        hardware: percept::train::hardware::Hardware::cpu(1),
        most_frames: None,
    }
}

/// Looks until it is so, at most a minute.
fn wait<T>(what: &str, mut look: impl FnMut() -> T, is_so: impl Fn(&T) -> bool) -> T
where
    T: std::fmt::Debug,
{
    let begun = Instant::now();
    loop {
        let seen = look();
        if is_so(&seen) {
            return seen;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{what}: {seen:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn course(plan: &Plan) -> Course {
    Course::start(plan.clone(), Box::new(|| ())).unwrap()
}

fn over(course: &Course) -> Arc<View> {
    wait("its end", || course.view(), |view| !view.state.is_going())
}

fn follow(place: &Place) -> Follower {
    Follower::start(place.clone(), Box::new(|| ())).unwrap()
}

fn seen(follower: &Follower, what: &str, is_so: impl Fn(&View) -> bool) -> Arc<Sighting> {
    let look = || {
        follower.look_now();
        follower.latest()
    };
    wait(what, look, |seen| is_so(&seen.view))
}

#[test]
fn a_course_is_stopped_and_goes_on_and_ends_as_if_it_had_not_been() {
    let (data, whole, parts) = (data(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let undisturbed = plan(data.path(), whole.path());
    assert!(run(&undisturbed, &AtomicBool::new(false), &mut |_| ()).unwrap());

    let plan = plan(data.path(), parts.path());
    let woken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&woken);
    let wake = Box::new(move || {
        count.fetch_add(1, Ordering::Relaxed);
    });
    let first = Course::start(plan.clone(), wake).unwrap();
    let view =
        wait("a picture and a curve", || first.view(), |view| view.moment.is_some() && view.frames > 0);
    assert!(woken.load(Ordering::Relaxed) > 0 && view.all_frames == Some(1600), "{view:?}");
    first.stop();
    let stopped = over(&first);
    assert!(first.is_over() || wait("the thread's end", || first.is_over(), |over| *over));
    // A fast machine may be done before it is asked to stop: then there is nothing to go on with.
    assert!(matches!(stopped.state, State::Stopped | State::Finished), "{:?}", stopped.state);
    assert!(stopped.resumable && stopped.model.as_ref().is_some_and(|model| model.is_file()));

    let second = course(&plan);
    let end = over(&second);
    assert_eq!((&end.state, end.frames.max(1600)), (&State::Finished, end.frames.max(stopped.frames)));
    assert!(end.points.windows(2).all(|pair| pair[0].frames < pair[1].frames), "{:?}", end.points);
    let model = |plan: &Plan| std::fs::read(Files::of(&plan.out, &plan.recipe).model).unwrap();
    assert!(model(&undisturbed) == model(&plan), "the weights are others");
}

#[test]
fn a_course_that_is_dropped_leaves_a_checkpoint() {
    let (data, out) = (data(), tempfile::tempdir().unwrap());
    let mut plan = plan(data.path(), out.path());
    plan.recipe.training.frames = 10_000_000;
    let running = course(&plan);
    wait("a batch", || running.view(), |view| view.frames > 0);
    drop(running);
    let files = Files::of(out.path(), &plan.recipe);
    for file in [files.checkpoint, files.model, files.card, files.log, files.preview] {
        assert!(file.is_file(), "{}", file.display());
    }
}

#[test]
fn what_goes_wrong_is_in_the_view() {
    let (data, out) = (data(), tempfile::tempdir().unwrap());
    let mut plan = plan(data.path(), &out.path().join("new"));
    plan.recipe.diet.video[0].files = vec!["no-such-film".to_owned()];
    let end = over(&course(&plan));
    let State::Failed(error) = &end.state else { panic!("{:?}", end.state) };
    assert!(error.to_string().contains("no-such-film"), "{error}");
    assert!(!plan.out.exists(), "no folder is made for a training that cannot begin");
}

#[test]
fn one_folder_has_one_training_at_a_time() {
    let (data, out) = (data(), tempfile::tempdir().unwrap());
    let mut plan = plan(data.path(), out.path());
    plan.recipe.training.frames = 10_000_000;
    let running = course(&plan);
    wait("a batch", || running.view(), |view| view.frames > 0);
    let end = over(&course(&plan));
    let State::Failed(error) = &end.state else { panic!("{:?}", end.state) };
    assert!(error.to_string().contains("is running in this folder"), "{error}");
    let follower = follow(&Place { recipe: None, out: Some(out.path().to_path_buf()) });
    seen(&follower, "that it runs", |view| view.state == State::Running);
    drop(running);
    seen(&follower, "that it stopped", |view| view.state == State::Stopped);
}

#[test]
fn a_training_is_followed_from_its_folder() {
    let (data, out) = (data(), tempfile::tempdir().unwrap());
    let mut plan = plan(data.path(), out.path());
    let place = Place { recipe: None, out: Some(out.path().to_path_buf()) };
    let follower = follow(&place);
    let view = &seen(&follower, "that nothing is there", |view| matches!(view.state, State::Failed(_))).view;
    assert!(format!("{:?}", view.state).contains("percept train"), "it says what to choose");
    assert!(!is_training(out.path()));

    plan.most_frames = Some(600);
    assert!(!run(&plan, &AtomicBool::new(false), &mut |_| ()).unwrap());
    assert!(is_training(out.path()));
    let seen_now = seen(&follower, "that it stopped", |view| view.state == State::Stopped);
    let view = &seen_now.view;
    assert_eq!((view.name.as_str(), view.title.as_str(), view.all_frames), ("tiny", "Tiny", Some(1600)));
    assert_eq!(seen_now.recipe.as_ref(), Some(&plan.recipe));
    assert_eq!(view.data.as_deref(), Some(data.path()));
    // How far it got is told by the picture, which is as old as the checkpoint; a line is not due yet.
    assert!(view.points.is_empty() && view.frames >= 600 && view.resumable, "{view:?}");
    assert_eq!(view.moment.as_ref().unwrap().size, plan.recipe.network.size);

    // Lines as they come, the last one half written.
    let log = Files::of(out.path(), &plan.recipe).log;
    let line = |frames: u64| {
        format!(
            "{{\"frames\":{frames},\"updates\":9,\"error\":0.3,\"copy_error\":0.2,\"loss\":0.3,\"gradient_norm\":1.0,\
             \"mean_a_hat0\":0.4,\"rate\":0.001,\"frames_per_s\":80.0}}"
        )
    };
    let mut file = std::fs::OpenOptions::new().append(true).open(&log).unwrap();
    write!(file, "{}\n{}", line(640), &line(680)[..30]).unwrap();
    let view = &seen(&follower, "the whole line", |view| view.points.len() == 1).view;
    assert_eq!((view.points[0].frames, view.points[0].copy_error), (640, 0.2));
    assert!(view.warning.is_some_and(|warning| warning.to_string().contains("no better than copying")));
    writeln!(file, "{}", &line(680)[30..]).unwrap();
    seen(&follower, "the rest of the other", |view| view.points.len() == 2);

    (plan.resume, plan.most_frames) = (true, None);
    assert!(run(&plan, &AtomicBool::new(false), &mut |_| ()).unwrap());
    let view = &seen(&follower, "its end", |view| view.state == State::Finished).view;
    assert!(view.frames >= 1600 && view.part() == Some(1.0), "{view:?}");
    assert_eq!(view.points.last().map(|point| point.frames), Some(view.frames));
    assert!(view.model.as_ref().is_some_and(|model| model.is_file()));
}

#[test]
fn a_recipe_that_was_not_begun_says_where_it_would_go() {
    let data = data();
    let file = data.path().join("street.toml");
    std::fs::write(&file, RECIPE).unwrap();
    let follower = follow(&Place { recipe: Some(file.clone()), out: None });
    let seen_now = seen(&follower, "the recipe", |view| view.all_frames.is_some());
    assert_eq!(seen_now.view.state, State::Ready);
    assert_eq!(seen_now.view.out, Some(usual_out(&file, &Recipe::parse(RECIPE).unwrap())));
    assert_eq!(seen_now.view.out.as_deref(), Some(&*data.path().join("tiny")));
    assert!(!seen_now.view.resumable && seen_now.view.model.is_none());
    std::fs::write(&file, "name = 3").unwrap();
    seen(&follower, "that it is none any more", |view| matches!(view.state, State::Failed(_)));
}

#[test]
fn the_picture_is_of_the_frames_that_were_seen() {
    let (data, out) = (data(), tempfile::tempdir().unwrap());
    let mut plan = plan(data.path(), out.path());
    plan.most_frames = Some(200);
    let mut last = None;
    run(&plan, &AtomicBool::new(false), &mut |standing| last = standing.moment.cloned()).unwrap();
    let last = last.unwrap();
    let written = std::fs::read(Files::of(out.path(), &plan.recipe).preview).unwrap();
    let read = Moment::from_png(&written).unwrap();
    assert_eq!((read.frames, read.size), (last.frames, last.size));
    let near = |a: &[f32], b: &[f32]| {
        a.iter().zip(b).all(|(a, b)| (a.clamp(0.0, 1.0) - b).abs() < 0.5 / 255.0 + 1e-6)
    };
    assert!(near(&last.last, &read.last) && near(&last.target, &read.target));
    assert!(near(&last.prediction, &read.prediction));
    // It is one of the batch's sequences: its last frame, and the one before.
    let index = (0..).map(|index| percept::train::feed::batch(&plan.recipe, &diet(&plan), index));
    let is_last = |batch: &percept::train::feed::Batch| batch.sequences[0].ends_with(&last.target);
    let batch = index.take(40).find(is_last).unwrap();
    let len = last.target.len();
    let sequence = &batch.sequences[0];
    assert!(sequence[sequence.len() - 2 * len..sequence.len() - len] == last.last);
}

fn diet(plan: &Plan) -> percept::train::diet::Diet {
    percept::train::diet::Diet::open(&plan.recipe.diet, &plan.data, plan.recipe.network.size).unwrap()
}

#[test]
fn what_is_followed_is_kept_word_for_word() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models/recipes");
    let recipes = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    for path in recipes.filter(|path| path.extension().is_some_and(|kind| kind == "toml")) {
        let mut recipe = Recipe::read(&path).unwrap();
        // Numbers that are no short decimals.
        (recipe.training.learning_rate, recipe.diet.frame_rate_hz) = (1.0 / 3.0, 30_000.0 / 1001.0);
        let out = tempfile::tempdir().unwrap();
        let kept = Kept { data: out.path().to_path_buf(), recipe };
        kept.write(out.path()).unwrap();
        assert_eq!(Kept::read(out.path()).unwrap(), kept, "{}", path.display());
    }
    let out = tempfile::tempdir().unwrap();
    std::fs::write(Kept::file(out.path()), "data = 3").unwrap();
    assert!(Kept::read(out.path()).is_err());
}
