//! Files that leave the program: what is written can be read again, and a failure loses nothing.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

use percept::error::Kind;
use percept::export::csv::{write_time_courses, write_to};
use percept::export::npz::NpzWriter;
use percept::export::picture::write_picture;
use percept::export::{FigureFormat, write_figure};
use percept::figure::paper::PaperSize;
use percept::figure::{Figure, Panel, Series};
use percept::frame::{Mark, Picture};
use percept::model::{Probe, Role};
use percept::provenance::Provenance;
use percept::readout::timecourse::Recording;
use percept::units::PixelSize;

fn provenance() -> Provenance {
    Provenance {
        version: "0.1.0".into(),
        model: "first-light (PredNet)".into(),
        model_sha256: "9f86d081".into(),
        stimulus: "=cmd|' /C calc'!A0,=2+2;@x\nforged: line".into(),
        settings: vec!["speed=-4 deg/s".into(), "größe=½".into()],
        seed: 7,
        device: "CPU".into(),
        size: "160x128".into(),
        command: "percept run x --out out".into(),
    }
}

fn probes() -> Vec<Probe> {
    let probe = |name: &str, symbol, layer, role| Probe {
        name: name.into(),
        symbol,
        layer,
        role,
        channels: 6,
        size: PixelSize::new(16, 12),
        signed: false,
    };
    vec![probe("e0", "E", 0, Role::Error), probe("a_hat1", "Ahat", 1, Role::Prediction)]
}

fn recording() -> Recording {
    let mut recording = Recording::default();
    let pi = std::f32::consts::PI;
    recording.append(0.0, 0, &[("e0".into(), 0.1), ("a_hat1".into(), pi)]);
    recording.append(0.04, 1, &[("e0".into(), f32::NAN), ("e0[c3,x10,y4]".into(), -1e-12)]);
    recording.append(
        0.1 + 0.2,
        7,
        &[("e0".into(), f32::MAX), ("=HYPERLINK(1)".into(), 2.0), ("e0[x1,y2]".into(), 3.0)],
    );
    recording.marks.push(Mark { time_s: 0.04, label: "onset\n# model: forged".into() });
    recording
}

fn figure() -> Figure {
    let series = Series {
        label: "E₀".into(),
        points: vec![[0.0, 1.0], [1.0, f64::NAN], [2.0, 3.0]],
        ..Series::default()
    };
    let panel = Panel { title: "Error".into(), series: vec![series], ..Panel::default() };
    Figure {
        title: "A figure".into(),
        panels: vec![panel],
        notes: vec!["n = 1".into()],
        provenance: provenance(),
    }
}

const SIZE: PaperSize = PaperSize { width_mm: 89.0, height_mm: 60.0, font_pt: 7.0 };

#[test]
fn time_courses_are_read_back_number_by_number() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    let recording = recording();
    write_time_courses(&file, &recording, &probes(), &provenance()).unwrap();
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(&file).unwrap();
    let header = reader.headers().unwrap().clone();
    assert_eq!(
        header.iter().collect::<Vec<_>>().join(","),
        "time_s,frame,step,series,probe,symbol,layer,channel,x,y,value"
    );
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3 * recording.columns.len());
    for row in &rows {
        let step: usize = row[2].parse().unwrap();
        assert_eq!(row[0].parse::<f64>().unwrap(), recording.time_s[step]);
        assert_eq!(row[1].parse::<u64>().unwrap(), recording.frame[step]);
        let value = recording.column(row[3].trim_start_matches('\'')).unwrap()[step];
        if value.is_nan() {
            assert_eq!(&row[10], "", "what is missing is empty");
        } else {
            assert_eq!(row[10].parse::<f32>().unwrap(), value);
        }
    }
    let of = |series: &str| {
        rows.iter().find(|row| &row[3] == series).unwrap().iter().skip(4).take(6).collect::<Vec<_>>()
    };
    assert_eq!(of("e0"), ["e0", "E", "0", "", "", ""]);
    assert_eq!(of("e0[c3,x10,y4]"), ["e0", "E", "0", "3", "10", "4"]);
    assert_eq!(of("e0[x1,y2]"), ["e0", "E", "0", "", "1", "2"]);
    assert_eq!(of("a_hat1"), ["a_hat1", "Ahat", "1", "", "", ""]);
}

#[test]
fn no_text_in_the_csv_can_run_as_a_formula_or_forge_a_line() {
    let mut bytes = Vec::new();
    write_to(&mut bytes, &recording(), &probes(), &provenance()).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let head: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
    assert!(head.contains(&"# model: first-light (PredNet)") && !head.contains(&"# model: forged"));
    assert!(head.contains(&"# stimulus: =cmd|' /C calc'!A0,'=2+2;'@x\\nforged: line"), "{head:?}");
    assert!(head.contains(&"# settings: speed=-4 deg/s; größe=½"), "{head:?}");
    assert!(head.contains(&"# event: 0.04 onset\\n# model: forged"), "{head:?}");
    for line in text.lines() {
        for cell in line.split([',', ';']) {
            let number = cell.parse::<f64>().is_ok();
            assert!(number || !cell.trim_start().starts_with(['=', '+', '-', '@']), "{line}");
        }
    }
    assert!(text.contains("'=HYPERLINK(1)"));
}

#[test]
fn arrays_are_read_back_with_shape_and_text() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.npz");
    let values: Vec<f32> = (0..24u8).map(f32::from).chain([f32::NAN, f32::INFINITY, -0.0]).collect();
    let mut writer = NpzWriter::create(&file).unwrap();
    writer.add("t0.E0", &[2, 3, 4], &values[..24]).unwrap();
    writer.add("odd", &[3], &values[24..]).unwrap();
    writer.add("none", &[0, 5], &[]).unwrap();
    writer.add_text("metadata", "{\"größe\": \"→ ½\"}").unwrap();
    assert!(!file.exists(), "the file has its name only when it is whole");
    writer.finish().unwrap();

    let mut archive = npyz::npz::NpzArchive::open(&file).unwrap();
    let array = archive.by_name("t0.E0").unwrap().unwrap();
    assert_eq!(array.shape(), [2, 3, 4]);
    assert_eq!(array.into_vec::<f32>().unwrap(), values[..24]);
    let odd = archive.by_name("odd").unwrap().unwrap().into_vec::<f32>().unwrap();
    assert!(odd[0].is_nan() && odd[1] == f32::INFINITY && odd[2].is_sign_negative());
    let text = archive.by_name("metadata").unwrap().unwrap().into_vec::<String>().unwrap();
    assert_eq!(text, ["{\"größe\": \"→ ½\"}"]);
    numpy_agrees(&file);
}

/// `PERCEPT_PYTHON`, else `python3`, where it has numpy.
fn numpy_agrees(file: &Path) {
    let program = "import sys, json, numpy as np\n\
        f = np.load(sys.argv[1])\n\
        assert f['t0.E0'].shape == (2, 3, 4) and f['t0.E0'].dtype == np.float32\n\
        assert (f['t0.E0'].ravel() == np.arange(24)).all() and f['none'].shape == (0, 5)\n\
        assert json.loads(str(f['metadata']))['größe'] == '→ ½'\n";
    let python = std::env::var("PERCEPT_PYTHON").unwrap_or_else(|_| "python3".into());
    let has_numpy = std::process::Command::new(&python).args(["-c", "import numpy"]).output();
    if !has_numpy.is_ok_and(|output| output.status.success()) {
        println!("skipped: {python} has no numpy");
        return;
    }
    let output = std::process::Command::new(&python).args(["-c", program]).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn an_array_that_does_not_fill_its_shape_or_has_a_bad_name_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = NpzWriter::create(&folder.path().join("a.npz")).unwrap();
    writer.add("a", &[2], &[1.0, 2.0]).unwrap();
    assert_eq!(writer.add("a", &[1], &[1.0]).unwrap_err().kind, Kind::Internal);
    assert!(writer.add("b", &[3], &[1.0]).is_err());
    assert!(writer.add("c", &[u64::MAX, 2], &[1.0]).is_err());
    for name in ["", "../x", "a/b", ".hidden", "a b"] {
        assert!(writer.add(name, &[1], &[1.0]).is_err(), "{name}");
    }
    drop(writer);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "dropped, it leaves nothing");
}

#[test]
fn every_format_is_what_it_says_and_holds_the_provenance() {
    let folder = tempfile::tempdir().unwrap();
    let magic = |format| match format {
        FigureFormat::Svg => &b"<svg "[..],
        FigureFormat::Png => b"\x89PNG\r\n\x1a\n",
        FigureFormat::Pdf => b"%PDF-1.",
        FigureFormat::Json => b"{",
    };
    for format in FigureFormat::all() {
        let file = folder.path().join(format!("a.{}", format.extension().to_uppercase()));
        write_figure(&file, &figure(), SIZE, 150.0).unwrap();
        let bytes = std::fs::read(&file).unwrap();
        assert!(bytes.starts_with(magic(format)), "{format:?}");
        let holds = |what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
        assert!(holds(b"first-light (PredNet)") || holds(b"first-light \\(PredNet\\)"), "{format:?}");
        assert!(holds(b"9f86d081"), "{format:?}");
    }
    let error = FigureFormat::from_path(Path::new("a.docx")).unwrap_err();
    assert!(error.kind == Kind::Usage && error.to_string().contains(".svg, .png, .pdf, .json"), "{error}");
}

#[test]
fn the_png_has_the_size_asked_for_and_ink_on_white() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.png");
    write_figure(&file, &figure(), SIZE, 300.0).unwrap();
    let picture = image::open(&file).unwrap().to_rgb8();
    assert_eq!(picture.dimensions(), (1051, 709), "89 by 60 mm at 300 dots per inch");
    assert_eq!(picture.get_pixel(0, 0).0, [255; 3]);
    let dark = picture.pixels().filter(|pixel| pixel.0.iter().all(|&c| c < 100)).count();
    assert!(dark > 2000, "{dark} dark pixels");
    let info =
        png::Decoder::new(std::io::BufReader::new(std::fs::File::open(&file).unwrap())).read_info().unwrap();
    assert_eq!(info.info().pixel_dims.unwrap().xppu, 11811);
    let error = write_figure(&file, &figure(), PaperSize { width_mm: 2000.0, ..SIZE }, 4800.0).unwrap_err();
    assert_eq!(error.kind, Kind::TooLarge);
    assert!(image::open(&file).is_ok(), "the old file is still there");
}

#[test]
fn the_pdf_holds_real_text_in_embedded_faces() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.pdf");
    write_figure(&file, &figure(), SIZE, 0.0).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let holds = |what: &str| bytes.windows(what.len()).any(|part| part == what.as_bytes());
    assert!(holds("Inter-Regular") && holds("Inter-SemiBold") && holds("/FontFile3") && holds("%%EOF"));
    match std::process::Command::new("pdftotext").arg(&file).arg("-").output() {
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            // How wide a gap counts as a space is the reader's choice.
            let text: String = text.split_whitespace().collect();
            assert!(text.contains("Afigure") && text.contains("E₀") && text.contains("n=1"), "{text}");
        }
        Err(_) => println!("skipped: pdftotext is not installed"),
    }
}

#[test]
fn the_json_holds_every_number_and_null_for_a_gap() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.json");
    write_figure(&file, &figure(), SIZE, 0.0).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let series = &value["figure"]["panels"][0]["series"][0];
    assert_eq!(series["label"], "E₀");
    assert_eq!(series["points"], serde_json::json!([[0.0, 1.0], [1.0, null], [2.0, 3.0]]));
    assert_eq!(value["figure"]["provenance"]["seed"], 7);
}

#[test]
fn a_picture_keeps_its_pixels_and_says_where_it_is_from() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.png");
    let picture = Picture { size: PixelSize::new(3, 2), rgb: (0..18).collect() };
    write_picture(&file, &picture, &provenance()).unwrap();
    assert_eq!(image::open(&file).unwrap().to_rgb8().into_raw(), picture.rgb);
    let reader =
        png::Decoder::new(std::io::BufReader::new(std::fs::File::open(&file).unwrap())).read_info().unwrap();
    let texts = &reader.info().utf8_text;
    let of = |key: &str| texts.iter().find(|text| text.keyword == key).unwrap().get_text().unwrap();
    assert_eq!(of("percept:settings"), "speed=-4 deg/s; größe=½");
    assert_eq!(of("percept:seed"), "7");
    let empty = Picture { size: PixelSize::new(0, 0), rgb: vec![] };
    assert_eq!(write_picture(&file, &empty, &provenance()).unwrap_err().kind, Kind::Empty);
    let short = Picture { size: PixelSize::new(3, 2), rgb: vec![0; 5] };
    assert!(write_picture(&file, &short, &provenance()).is_err());
    assert!(image::open(&file).is_ok(), "the old file is still there");
}

/// Every writer, told to write to `path`.
fn each_writer(path: &Path) -> Vec<percept::error::Result<()>> {
    let npz = || {
        let mut writer = NpzWriter::create(path)?;
        writer.add("a", &[40_000], &vec![0.5; 40_000])?;
        writer.finish()
    };
    let picture = Picture::uniform(PixelSize::new(64, 64), [1, 2, 3]);
    let mut results = vec![
        write_time_courses(path, &recording(), &probes(), &provenance()),
        npz(),
        write_picture(path, &picture, &provenance()),
    ];
    results.extend(
        FigureFormat::all()
            .map(|format| write_figure(&path.with_extension(format.extension()), &figure(), SIZE, 100.0)),
    );
    results
}

#[test]
fn a_folder_that_cannot_be_written_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, b"a file, not a folder").unwrap();
    for result in each_writer(&file.join("below/a.out")) {
        let error = result.unwrap_err();
        assert_eq!(error.kind, Kind::Write);
        assert!(error.path.is_some() && error.to_string().contains("nothing is lost"), "{error}");
    }
    assert_eq!(std::fs::read(&file).unwrap(), b"a file, not a folder");
}

/// A disk that is full: the temporary name leads to `/dev/full`, where every write fails for want of space.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_keeps_the_old_file_and_leaves_no_half_one() {
    for (i, name) in ["a.out", "a.svg", "a.png", "a.pdf", "a.json"].into_iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, b"old").unwrap();
        let temporary = folder.path().join(format!(".percept-{}-{name}", std::process::id()));
        let full = || std::os::unix::fs::symlink("/dev/full", &temporary).unwrap();
        full();
        let check = |result: percept::error::Result<()>| {
            let error = result.unwrap_err();
            assert_eq!(error.kind, Kind::Write, "{name}");
            assert!(error.to_string().contains("Free some space"), "{error}");
            assert_eq!(std::fs::read(&file).unwrap(), b"old");
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "{name} leaves something");
        };
        if i > 0 {
            check(write_figure(&file, &figure(), SIZE, 100.0));
            continue;
        }
        check(write_time_courses(&file, &recording(), &probes(), &provenance()));
        full();
        check(write_picture(&file, &Picture::uniform(PixelSize::new(64, 64), [1, 2, 3]), &provenance()));
        full();
        let mut writer = NpzWriter::create(&file).unwrap();
        let noise: Vec<f32> =
            (0..40_000u32).map(|i| f32::from_bits(i.wrapping_mul(2_654_435_761) >> 2)).collect();
        check(writer.add("a", &[40_000], &noise).and_then(|()| writer.finish()));
    }
}
