//! The response plot: what it holds, and what is drawn of it on paper.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use percept::export::{png, write_figure};
use percept::figure::paper::PaperSize;
use percept::figure::svg::{to_bare_svg, to_svg};
use percept::figure::timecourse::{Choice, time_course_figure};
use percept::figure::{Figure, Panel, Series, Style};
use percept::frame::Mark;
use percept::model::{Probe, Role};
use percept::provenance::Provenance;
use percept::readout::timecourse::Recording;
use percept::units::PixelSize;
use resvg::usvg;

const WIDTHS: [usize; 4] = [3, 16, 32, 64];

fn probes() -> Vec<Probe> {
    let kinds = [
        ("a", "A", Role::Actual),
        ("a_hat", "Ahat", Role::Prediction),
        ("e", "E", Role::Error),
        ("r", "R", Role::Representation),
    ];
    let mut probes = Vec::new();
    for (layer, width) in WIDTHS.into_iter().enumerate() {
        for (name, symbol, role) in kinds {
            let channels = if role == Role::Error { 2 * width } else { width };
            let size = PixelSize::new(160 >> layer, 128 >> layer);
            let signed = role == Role::Representation;
            probes.push(Probe {
                name: format!("{name}{layer}"),
                symbol,
                layer,
                role,
                channels,
                size,
                signed,
            });
        }
    }
    probes
}

/// A made-up answer to a picture that comes, reverses and goes: transients at every event, then decay.
fn recording(steps: u64) -> Recording {
    let mut recording = Recording::default();
    let events = [0.4, 1.6, 2.8];
    for step in 0..steps {
        let time_s = step as f64 / 25.0;
        let since =
            events.iter().filter(|&&at| time_s >= at).map(|at| time_s - at).fold(f64::INFINITY, f64::min);
        let burst = if since.is_finite() { (-since / 0.18).exp() } else { (-time_s / 0.1).exp() };
        let ripple = ((step * 7919 % 101) as f64 / 101.0 - 0.5) * 0.006;
        let mut row = Vec::new();
        for layer in 0..4u32 {
            let depth = f64::from(layer);
            let error = (0.016 + 0.075 * burst) / (1.0 + 0.7 * depth) + ripple / (1.0 + depth);
            let slow = 0.11 * (1.0 - (-time_s / (0.3 + 0.2 * depth)).exp());
            row.push((format!("e{layer}"), error as f32));
            row.push((format!("r{layer}"), (slow - 0.05 * depth * burst + ripple) as f32));
            row.push((format!("a{layer}"), (0.3 + 0.1 * depth + 0.2 * burst) as f32));
            row.push((format!("a_hat{layer}"), (0.28 + 0.1 * depth + 0.15 * burst + ripple) as f32));
        }
        row.push(("mse_prediction".into(), (0.0011 + 0.004 * burst + ripple.abs() * 0.05) as f32));
        row.push(("mse_copy".into(), (0.0019 + 0.006 * burst + ripple.abs() * 0.08) as f32));
        if step > 20 {
            row.push(("e1[c3,x10,y4]".into(), (0.05 + 0.3 * burst) as f32));
            row.push(("e1[x10,y4]".into(), (0.03 + 0.1 * burst + ripple) as f32));
        }
        recording.append(time_s, step, &row);
    }
    for (time_s, label) in events.into_iter().zip(["onset", "reversal", "offset"]) {
        recording.marks.push(Mark { time_s, label: label.into() });
    }
    recording
}

fn provenance() -> Provenance {
    Provenance {
        version: "0.1.0".into(),
        model: "first-light (PredNet)".into(),
        model_sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
        stimulus: "moving-patch".into(),
        settings: vec!["speed=4 deg/s".into(), "title=\"<odd> & 'so'\"".into()],
        seed: 7,
        device: "CPU (flex)".into(),
        size: "160x128".into(),
        command: "percept run moving-patch --out out".into(),
    }
}

fn figure(choose: &Choice) -> Figure {
    time_course_figure(
        &recording(100),
        &probes(),
        &provenance(),
        "Responses to a patch that reverses",
        choose,
    )
}

/// `PERCEPT_LOOK=folder cargo test --test figure look` leaves the figures there, to be looked at.
#[test]
fn figures_can_be_written_at_both_column_widths_to_look_at() {
    let kept = tempfile::tempdir().unwrap();
    let look = std::env::var_os("PERCEPT_LOOK").map(std::path::PathBuf::from);
    let dpi = if look.is_some() { 200.0 } else { 50.0 };
    let folder = look.unwrap_or_else(|| kept.path().to_path_buf());
    let every = vec![Role::Error, Role::Representation, Role::Actual, Role::Prediction];
    let all = Choice { roles: every, ..Choice::default() };
    let paper = Choice { normalise: true, units: false, prediction_error: false, ..Choice::default() };
    for (name, choose) in [("default", Choice::default()), ("all", all), ("normalised", paper)] {
        let figure = figure(&choose);
        let panels = figure.panels.len();
        for (width, size) in
            [("89", PaperSize::single_column(panels)), ("183", PaperSize::double_column(panels))]
        {
            for ending in ["png", "svg", "pdf", "json"] {
                let file = folder.join(format!("{name}-{width}.{ending}"));
                write_figure(&file, &figure, size, dpi).unwrap();
                assert!(std::fs::metadata(&file).unwrap().len() > 1000, "{}", file.display());
            }
        }
    }
}

fn labels(panel: &Panel) -> Vec<&str> {
    panel.series.iter().map(|series| series.label.as_str()).collect()
}

#[test]
fn the_response_plot_has_a_panel_per_role_units_apart_and_prediction_against_copying() {
    let figure = figure(&Choice::default());
    let titles: Vec<_> = figure.panels.iter().map(|panel| panel.title.as_str()).collect();
    let copying = "Prediction error against copying the last frame";
    assert_eq!(titles, ["Error units (E) by layer", "Representation (R) by layer", "Picked units", copying]);
    assert_eq!(labels(&figure.panels[0]), ["E₀", "E₁", "E₂", "E₃"]);
    assert_eq!(labels(&figure.panels[2]), ["E₁ channel 3, x 10, y 4", "E₁ mean, x 10, y 4"]);
    assert_eq!(labels(&figure.panels[3]), ["Prediction", "Copy"]);
    assert_eq!(figure.panels[3].series[1].style, Style::Dashed);
    assert!(figure.panels.iter().all(|panel| panel.x.title() == "Time (s)" && panel.marks.len() == 3));
    assert_eq!(figure.panels[0].y.title(), "Mean activity (a.u.)");
    assert!(figure.notes[0].contains("n = 122,880 in E₀, 163,840 in E₁"), "{}", figure.notes[0]);
    let first = figure.panels[2].series[0].points[0];
    assert!(first[1].is_nan(), "a unit that was not picked yet is a gap");
}

#[test]
fn what_is_chosen_is_plotted_and_nothing_else() {
    let roles = vec![Role::Prediction, Role::Actual, Role::Prediction];
    let choose = Choice {
        roles,
        layers: Some(vec![0, 2]),
        units: false,
        prediction_error: false,
        window_s: Some((1.0, 2.0)),
        normalise: true,
        names: None,
    };
    let figure = figure(&choose);
    assert_eq!(figure.panels.len(), 1);
    assert_eq!(labels(&figure.panels[0]), ["A₀", "Â₀", "A₂", "Â₂"]);
    assert_eq!(figure.panels[0].marks.len(), 1, "only the event inside");
    for series in &figure.panels[0].series {
        assert!(series.points.iter().all(|p| (1.0..=2.0).contains(&p[0]) && (0.0..=1.0).contains(&p[1])));
        assert!(series.points.iter().any(|p| p[1] == 0.0) && series.points.iter().any(|p| p[1] == 1.0));
    }
    assert!(figure.notes.iter().any(|note| note.contains("normalised")));
}

#[test]
fn a_curve_without_change_is_called_flat_and_not_divided_by_zero() {
    let mut recording = Recording::default();
    for step in 0..5 {
        recording.append(step as f64, step, &[("e0".into(), 0.25), ("e1".into(), f32::NAN)]);
    }
    let choose = Choice { normalise: true, ..Choice::default() };
    let figure = time_course_figure(&recording, &probes(), &provenance(), "", &choose);
    assert_eq!(labels(&figure.panels[0]), ["E₀ (flat)"]);
    assert!(figure.panels[0].series[0].points.iter().all(|p| p[1] == 0.0));
    assert!(figure.notes[0].contains("E₀"));
}

#[test]
fn a_curve_is_broken_off_where_nothing_was_recorded_for_long() {
    let mut recording = Recording::default();
    // One step in four is missed, which is no gap; then three seconds are.
    for step in (0..40).filter(|step| step % 4 != 3).chain(70..90) {
        recording.append(step as f64 * 0.1, step, &[("e0".into(), 0.25)]);
    }
    let figure = time_course_figure(&recording, &probes(), &provenance(), "", &Choice::default());
    let points = &figure.panels[0].series[0].points;
    let gaps: Vec<f64> = points.iter().filter(|point| point[1].is_nan()).map(|point| point[0]).collect();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!((gaps[0] - 3.8).abs() < 1e-9, "{gaps:?}");
    assert!(points.windows(2).all(|pair| pair[0][0] <= pair[1][0]));
}

/// Every text of an SVG with its box, as another program's reader finds it.
fn texts(svg: &str) -> (usvg::Size, Vec<(String, usvg::Rect)>) {
    fn walk(group: &usvg::Group, found: &mut Vec<(String, usvg::Rect)>) {
        for node in group.children() {
            match node {
                usvg::Node::Group(group) => walk(group, found),
                usvg::Node::Text(text) => {
                    let name = text.chunks().iter().map(usvg::TextChunk::text).collect();
                    found.push((name, text.abs_bounding_box()));
                }
                _ => (),
            }
        }
    }
    let tree = png::tree_of(svg).unwrap();
    let mut found = Vec::new();
    walk(tree.root(), &mut found);
    (tree.size(), found)
}

#[test]
fn the_svg_is_read_by_another_reader_with_every_name_number_and_event() {
    let figure = figure(&Choice::default());
    let svg = to_svg(&figure, PaperSize::double_column(figure.panels.len()));
    let texts: Vec<String> = texts(&svg).1.into_iter().map(|(text, _)| text).collect();
    let wanted = figure.panels.iter().flat_map(|panel| {
        labels(panel).into_iter().map(str::to_owned).chain([panel.title.clone()]).collect::<Vec<_>>()
    });
    for text in
        wanted.chain(["Time (s)", "onset", "reversal", "offset", "0.02", "−0.10", "a", "d"].map(String::from))
    {
        assert!(texts.contains(&text), "{text}: {texts:?}");
    }
    assert_eq!(svg.matches("class=\"series\"").count(), 12);
    for (key, value) in figure.provenance.pairs() {
        let escaped = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let escaped = escaped.replace('"', "&quot;").replace('\'', "&#39;");
        assert!(svg.contains(&format!("<entry key=\"{key}\">{escaped}</entry>")), "{key}");
    }
    assert_eq!(svg.matches("@font-face").count(), 2);
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"183mm\""));
}

#[test]
fn names_and_numbers_never_lie_on_each_other() {
    let mut crowded = figure(&Choice::default());
    crowded.panels.truncate(2);
    crowded.panels[0].series = (0..14)
        .map(|i| Series {
            label: format!("curve number {i}"),
            points: vec![[0.0, 1.0], [4.0, 1.0]],
            ..Series::default()
        })
        .collect();
    for size in [PaperSize::single_column(2), PaperSize::double_column(2)] {
        let svg = to_svg(&crowded, size);
        let (sheet, boxes) = texts(&svg);
        for (i, (one, a)) in boxes.iter().enumerate() {
            let inside = a.left() >= 0.0 && a.right() <= sheet.width() && a.bottom() <= sheet.height();
            assert!(inside, "{one} leaves the sheet: {a:?}");
            for (other, b) in &boxes[i + 1..] {
                // The boxes hold room for accents and descenders: a little may overlap.
                let across = a.right().min(b.right()) - a.left().max(b.left());
                let along = a.bottom().min(b.bottom()) - a.top().max(b.top());
                let least = a.height().min(b.height());
                assert!(
                    across <= 1.0 || along <= 0.35 * least,
                    "\"{one}\" and \"{other}\" overlap by {across} {along}"
                );
            }
        }
    }
}

#[test]
fn bands_dashes_dots_and_gaps_are_drawn() {
    let points: Vec<[f64; 2]> =
        (0..20).map(|i| [f64::from(i), if i == 10 { f64::NAN } else { f64::from(i) }]).collect();
    let band = points.iter().map(|p| [p[1] - 1.0, p[1] + 1.0]).collect();
    let of = |style, band| Series {
        label: "s".into(),
        color: [1, 2, 3],
        points: points.clone(),
        band,
        style,
        ..Series::default()
    };
    let draw = |series| {
        let panel = Panel { series: vec![series], ..Panel::default() };
        to_svg(&Figure { panels: vec![panel], ..Figure::default() }, PaperSize::single_column(1))
    };
    let line = draw(of(Style::Line, Vec::new()));
    let path = line.split("<path d=\"").find(|part| part.contains("#010203")).unwrap();
    assert_eq!(path.split('"').next().unwrap().matches('M').count(), 2, "two strokes, a gap between");
    assert!(
        draw(of(Style::Dashed, Vec::new()))
            .contains("stroke=\"#010203\" stroke-width=\"1\" stroke-linejoin=\"round\" stroke-dasharray")
    );
    assert_eq!(draw(of(Style::Dots, Vec::new())).matches("<circle").count(), 19 + 1);
    assert_eq!(draw(of(Style::Line, band)).matches("fill-opacity").count(), 2, "the band has the gap too");
}

#[test]
fn a_long_recording_stays_a_small_file() {
    let figure = time_course_figure(&recording(60_000), &probes(), &provenance(), "long", &Choice::default());
    let svg = to_svg(&figure, PaperSize::double_column(4));
    assert!(svg.len() < 2_000_000, "{} bytes", svg.len());
}

#[test]
fn odd_figures_are_drawn_without_a_panic_and_can_be_read() {
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e308, -1e308, 5e-324, 0.0];
    let points: Vec<[f64; 2]> = odd.iter().flat_map(|&x| odd.map(|y| [x, y])).collect();
    let nasty = "</text><script>alert(1)</script>&\u{0}\u{FFFF}\u{202E} 映像 🙂".repeat(3);
    let series =
        Series { label: nasty.clone(), points: points.clone(), band: points.clone(), ..Series::default() };
    let marks = odd.map(|time_s| Mark { time_s, label: nasty.clone() }).to_vec();
    let panel = Panel { title: nasty.clone(), series: vec![series; 3], marks, ..Panel::default() };
    let fixed = |range| {
        let mut panel = panel.clone();
        (panel.x.range, panel.y.range) = (Some(range), Some(range));
        panel
    };
    let ranges =
        [(0.0, 0.0), (1.0, 0.0), (f64::NAN, 1.0), (f64::NEG_INFINITY, f64::INFINITY), (-1e308, 1e308)];
    let mut figures = vec![Figure::default(), Figure { panels: vec![Panel::default()], ..Figure::default() }];
    figures.extend(ranges.map(|range| Figure {
        title: nasty.clone(),
        panels: vec![fixed(range), panel.clone()],
        notes: vec![nasty.clone(); 5],
        ..Figure::default()
    }));
    let sizes = [(89.0, 60.0, 7.0), (20.0, 20.0, 48.0), (f64::NAN, f64::INFINITY, -1.0), (2000.0, 20.0, 4.0)];
    for figure in &figures {
        for (width_mm, height_mm, font_pt) in sizes {
            let svg = to_bare_svg(figure, PaperSize { width_mm, height_mm, font_pt });
            assert!(!svg.contains("<script>") && !svg.contains("NaN") && !svg.contains("inf\""));
            png::tree_of(&svg).unwrap();
        }
    }
}
