//! Compiled illusions and their thumbnails, made on a thread of their own and kept by name.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use egui::{ColorImage, TextureHandle};
use wgpu::TextureFormat;

use crate::error::Result;
use crate::frame::NetworkFrame;
use crate::gpu::Gpu;
use crate::gpu::raster::{Program, View};
use crate::stimulus::illusion::{Illusion, Showing, compose};
use crate::units::{FieldDeg, PixelSize};

/// Pixels of a thumbnail: twice its points, for sharp screens.
const THUMBNAIL: PixelSize = PixelSize::new(208, 160);
/// Seconds into the stimulus at which its thumbnail is taken.
const THUMBNAIL_TIME_S: f64 = 0.4;
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
    error: Option<String>,
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
    wanted: Option<Sender<Arc<Illusion>>>,
    made: Option<Receiver<Made>>,
}

impl Programs {
    /// Starts the thread that compiles; `wake` is called when something is ready.
    pub(crate) fn new(gpu: Option<Gpu>, format: TextureFormat, wake: impl Fn() + Send + 'static) -> Self {
        let Some(gpu) = gpu else { return Self::default() };
        let (wanted, orders) = bounded::<Arc<Illusion>>(QUEUE);
        let (deliver, made) = bounded(QUEUE);
        let thread = std::thread::Builder::new().name("percept-illusions".to_owned()).spawn(move || {
            for illusion in orders {
                if deliver.send(make(&gpu, format, &illusion)).is_err() {
                    break;
                }
                wake();
            }
        });
        if let Err(cause) = thread {
            tracing::error!("illusions cannot be drawn: no thread: {cause}");
        }
        Self { entries: HashMap::new(), wanted: Some(wanted), made: Some(made) }
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

    /// The program of an illusion, if it is ready; asks for it where it is not. After an edit the old one is
    /// shown until the new one is ready.
    pub(crate) fn get(&mut self, illusion: &Arc<Illusion>) -> Option<Arc<Program>> {
        self.want(illusion);
        self.entries.get(&illusion.slug)?.program.clone()
    }

    /// The thumbnail of an illusion, if it is ready.
    pub(crate) fn thumbnail(&mut self, illusion: &Arc<Illusion>) -> Option<egui::TextureId> {
        self.want(illusion);
        self.entries.get(&illusion.slug)?.thumbnail.as_ref().map(TextureHandle::id)
    }

    /// Why an illusion cannot be drawn.
    pub(crate) fn error(&self, slug: &str) -> Option<&str> {
        self.entries.get(slug)?.error.as_deref()
    }

    fn want(&mut self, illusion: &Arc<Illusion>) {
        let Some(wanted) = &self.wanted else { return };
        let hash = text_hash(&illusion.wgsl);
        if self.entries.get(&illusion.slug).is_some_and(|entry| entry.text_hash == hash) {
            return;
        }
        match wanted.try_send(Arc::clone(illusion)) {
            Ok(()) => {
                let old = self.entries.remove(&illusion.slug);
                let (program, thumbnail) = old.map_or((None, None), |old| (old.program, old.thumbnail));
                let entry = Entry { text_hash: hash, program, thumbnail, error: None };
                self.entries.insert(illusion.slug.clone(), entry);
            }
            Err(TrySendError::Full(_)) => {} // asked again in the next frame
            Err(TrySendError::Disconnected(_)) => self.wanted = None,
        }
    }
}

fn make(gpu: &Gpu, format: TextureFormat, illusion: &Illusion) -> Made {
    let program = compile(gpu, illusion).map(Arc::new);
    let thumbnail = program.as_ref().ok().and_then(|program| {
        // The driver compiles the on-screen pipeline at its first use: here, not on the window's thread.
        program.prepare_screen(format, &view(illusion), &illusion.uniform_values(&Showing::default()));
        thumbnail(program, illusion)
    });
    Made { slug: illusion.slug.clone(), text_hash: text_hash(&illusion.wgsl), program, thumbnail }
}

fn thumbnail(program: &Program, illusion: &Illusion) -> Option<ColorImage> {
    match program.render_planes(&view(illusion), &illusion.uniform_values(&Showing::default())) {
        Ok(planes) => {
            let picture = NetworkFrame { size: THUMBNAIL, planes }.to_picture();
            let size = [THUMBNAIL.width as usize, THUMBNAIL.height as usize];
            Some(ColorImage::from_rgb(size, &picture.rgb))
        }
        Err(error) => {
            tracing::warn!("{}: no thumbnail: {error}", illusion.slug);
            None
        }
    }
}

fn view(illusion: &Illusion) -> View {
    View {
        size: THUMBNAIL,
        field: FieldDeg::of(THUMBNAIL, illusion.card.field_deg),
        time_s: THUMBNAIL_TIME_S,
        mirror: false,
        jitter_deg: [0.0; 2],
        seed: 0,
        samples: 3,
    }
}

fn text_hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
