//! Compiled illusions and their thumbnails, made on a thread of their own and kept by name.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use egui::{ColorImage, TextureHandle};

use crate::error::Result;
use crate::frame::NetworkFrame;
use crate::gpu::raster::{Program, View};
use crate::gpu::{Gpu, canvas};
use crate::stimulus::illusion::{Illusion, Showing, compose};
use crate::units::{FieldDeg, PixelSize};

/// Pixels of a thumbnail: twice its points, for sharp screens.
const THUMBNAIL: PixelSize = PixelSize::new(208, 160);
/// Parts of the stimulus (of its length, or of four seconds) at which a thumbnail may be taken.
const THUMBNAIL_TIMES: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];
/// Length in seconds that stands for "runs on".
const ENDLESS_S: f64 = 4.0;
/// Illusions that may wait to be compiled.
const QUEUE: usize = 64;

/// Compiles an illusion for `gpu`. It is checked first without the driver, whose messages know no line of
/// the user's own file.
fn compile(gpu: &Gpu, illusion: &Illusion) -> Result<Program> {
    compose::validate(illusion)?;
    Program::new(gpu, &compose::compose(illusion))
}

/// What is known of one illusion's program.
struct Entry {
    text_hash: u64,
    program: Option<Arc<Program>>,
    thumbnail: Option<TextureHandle>,
    thumbnail_asked: bool,
    error: Option<String>,
}

/// What the thread is asked for.
struct Order {
    illusion: Arc<Illusion>,
    /// Its program, where it is there already.
    program: Option<Arc<Program>>,
    /// Whether the thumbnail is wanted, else the program for the screen.
    thumbnail: bool,
}

/// What the thread made.
struct Made {
    slug: String,
    text_hash: u64,
    program: Result<Arc<Program>>,
    thumbnail: Option<ColorImage>,
}

/// The cache. Without a GPU it stays empty and pictures are blank.
#[derive(Default)]
pub(crate) struct Programs {
    entries: HashMap<String, Entry>,
    wanted: Option<Sender<Order>>,
    made: Option<Receiver<Made>>,
    /// Whether thumbnails may be made: what is on show comes first.
    settled: bool,
}

impl Programs {
    /// Starts the thread that compiles; `wake` is called when something is ready.
    pub(crate) fn new(gpu: Option<Gpu>, wake: impl Fn() + Send + 'static) -> Self {
        let Some(gpu) = gpu else { return Self::default() };
        let (wanted, orders) = bounded::<Order>(QUEUE);
        let (deliver, made) = bounded(QUEUE);
        let thread = std::thread::Builder::new().name("percept-illusions".to_owned()).spawn(move || {
            for order in &orders {
                if deliver.send(make(&gpu, &order)).is_err() {
                    break;
                }
                wake();
                if orders.is_empty() {
                    gpu.keep_pipelines();
                }
            }
        });
        if let Err(cause) = thread {
            tracing::error!("illusions cannot be drawn: no thread: {cause}");
        }
        Self { entries: HashMap::new(), wanted: Some(wanted), made: Some(made), settled: false }
    }

    /// Takes in what the thread has made since the last call.
    pub(crate) fn collect(&mut self, ctx: &egui::Context) {
        let Some(made) = &self.made else { return };
        for Made { slug, text_hash, program, thumbnail } in made.try_iter() {
            let Some(entry) = self.entries.get_mut(&slug).filter(|entry| entry.text_hash == text_hash) else {
                continue;
            };
            if let Some(image) = thumbnail {
                let options = egui::TextureOptions::LINEAR;
                entry.thumbnail = Some(ctx.load_texture(format!("thumbnail {slug}"), image, options));
            }
            match program {
                Ok(program) => (entry.program, entry.error) = (Some(program), None),
                Err(error) => entry.error = Some(error.to_string()),
            }
        }
    }

    /// The program of an illusion, if it is ready for the screen; asks for it where it is not. `compiled`: what the
    /// network is shown it with, so that it is not compiled twice. After an edit the old one is shown until the new
    /// one is ready.
    pub(crate) fn get(
        &mut self,
        illusion: &Arc<Illusion>,
        compiled: Option<&Arc<Program>>,
    ) -> Option<Arc<Program>> {
        self.want(illusion, compiled);
        self.entries.get(&illusion.slug)?.program.clone()
    }

    /// The thumbnail of an illusion, if it is ready; asks for it where it is not.
    pub(crate) fn thumbnail(&mut self, illusion: &Arc<Illusion>) -> Option<egui::TextureId> {
        if !self.settled {
            return None;
        }
        self.want(illusion, None);
        let entry = self.entries.get_mut(&illusion.slug)?;
        if !entry.thumbnail_asked
            && let (Some(program), Some(wanted)) = (&entry.program, &self.wanted)
        {
            let order =
                Order { illusion: Arc::clone(illusion), program: Some(Arc::clone(program)), thumbnail: true };
            entry.thumbnail_asked = wanted.try_send(order).is_ok();
        }
        entry.thumbnail.as_ref().map(TextureHandle::id)
    }

    /// From now on thumbnails are made: what is on show is there. `true` the first time.
    pub(crate) const fn settle(&mut self) -> bool {
        !std::mem::replace(&mut self.settled, true)
    }

    /// Why an illusion cannot be drawn.
    pub(crate) fn error(&self, slug: &str) -> Option<&str> {
        self.entries.get(slug)?.error.as_deref()
    }

    fn want(&mut self, illusion: &Arc<Illusion>, compiled: Option<&Arc<Program>>) {
        let Some(wanted) = &self.wanted else { return };
        let hash = text_hash(&illusion.wgsl);
        if self.entries.get(&illusion.slug).is_some_and(|entry| entry.text_hash == hash) {
            return;
        }
        let order = Order { illusion: Arc::clone(illusion), program: compiled.cloned(), thumbnail: false };
        match wanted.try_send(order) {
            Ok(()) => {
                let old = self.entries.remove(&illusion.slug);
                let (program, thumbnail) = old.map_or((None, None), |old| (old.program, old.thumbnail));
                let thumbnail_asked = false;
                let entry = Entry { text_hash: hash, program, thumbnail, thumbnail_asked, error: None };
                self.entries.insert(illusion.slug.clone(), entry);
            }
            Err(TrySendError::Full(_)) => {} // asked again in the next frame
            Err(TrySendError::Disconnected(_)) => self.wanted = None,
        }
    }
}

fn make(gpu: &Gpu, Order { illusion, program, thumbnail: wanted }: &Order) -> Made {
    let program = program.clone().map_or_else(|| compile(gpu, illusion).map(Arc::new), Ok);
    let mut picture = None;
    if let Ok(program) = &program {
        if *wanted {
            picture = thumbnail(program, illusion);
        } else {
            // The driver compiles the on-screen pipeline here and not on the window's thread.
            let params = illusion.uniform_values(&Showing::default());
            program.prepare_screen(canvas::FORMAT, &view(illusion, 0.0), &params);
        }
    }
    Made { slug: illusion.slug.clone(), text_hash: text_hash(&illusion.wgsl), program, thumbnail: picture }
}

/// The picture at the moment that shows most: some stimuli are empty for much of their time.
fn thumbnail(program: &Program, illusion: &Illusion) -> Option<ColorImage> {
    let params = illusion.uniform_values(&Showing::default());
    let length_s = illusion.card.duration_s.unwrap_or(ENDLESS_S);
    let mut best: Option<(f32, Vec<f32>)> = None;
    for part in THUMBNAIL_TIMES {
        match program.render_planes(&view(illusion, part * length_s), &params) {
            Ok(planes) => {
                let spread = spread(&planes);
                // Clearly more, so that lively stimuli keep their first moment.
                if best.as_ref().is_none_or(|(most, _)| spread > most * 1.3 + 1e-6) {
                    best = Some((spread, planes));
                }
            }
            Err(error) => {
                tracing::warn!("{}: no thumbnail: {error}", illusion.slug);
                return None;
            }
        }
    }
    let (_, planes) = best?;
    let picture = NetworkFrame { size: THUMBNAIL, planes }.to_picture();
    Some(ColorImage::from_rgb([THUMBNAIL.width as usize, THUMBNAIL.height as usize], &picture.rgb))
}

/// Variance of all values.
fn spread(planes: &[f32]) -> f32 {
    let n = planes.len().max(1) as f32;
    let mean = planes.iter().sum::<f32>() / n;
    planes.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / n
}

fn view(illusion: &Illusion, time_s: f64) -> View {
    View {
        size: THUMBNAIL,
        field: FieldDeg::of(THUMBNAIL, illusion.card.field_deg),
        time_s,
        mirror: false,
        jitter_deg: [0.0; 2],
        seed: 0,
        samples: 2,
    }
}

fn text_hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
