//! Compiled illusions and their thumbnails, made on a thread of their own and kept by name.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, bounded};
use egui::{ColorImage, TextureHandle};

use crate::error::Result;
use crate::frame::NetworkFrame;
use crate::gpu::raster::Program;
use crate::gpu::{Gpu, canvas};
use crate::stimulus::illusion::{Illusion, Showing, compose, moment};
use crate::threads::Helper;
use crate::units::PixelSize;

/// Pixels of a thumbnail as large as on the page of the gallery.
const THUMBNAIL: PixelSize = PixelSize::new(240, 192);
/// Pixels of it that make one of the small one, to a side.
const SMALLER: usize = 3;
/// Thumbnails in the making at once: few, so that what is to be shown never waits long.
const AT_ONCE: usize = 2;
/// Illusions that may wait to be compiled.
const QUEUE: usize = 64;

/// Compiles an illusion for `gpu`. It is checked first without the driver, whose messages know no line of
/// the user's own file.
fn compile(gpu: &Gpu, illusion: &Illusion) -> Result<Program> {
    compose::validate(illusion)?;
    Program::new(gpu, &compose::compose(illusion))
}

/// What is known of one illusion's program.
#[allow(clippy::struct_excessive_bools, reason = "one stage of the way each")]
struct Entry {
    text_hash: u64,
    /// Of the text before, until that of this text is there.
    program: Option<Arc<Program>>,
    /// Whether it is of this text.
    is_new: bool,
    /// Whether it is ready for the screen.
    on_screen: bool,
    screen_asked: bool,
    thumbnail: Option<Thumbnail>,
    thumbnail_asked: bool,
    error: Option<String>,
}

/// A picture in two sizes: egui's textures have no levels of detail.
struct Thumbnail {
    large: TextureHandle,
    small: TextureHandle,
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
    /// Whether a thumbnail was asked for.
    was_thumbnail: bool,
    thumbnail: Option<ColorImage>,
}

/// The cache. Without a GPU it stays empty and pictures are blank.
#[derive(Default)]
pub(crate) struct Programs {
    entries: HashMap<String, Entry>,
    wanted: Option<Sender<Order>>,
    made: Option<Receiver<Made>>,
    /// Thumbnails in the making.
    pending: usize,
    /// Whether thumbnails may be made: what is on show comes first.
    settled: bool,
    /// Waited for when both ends of its channels are gone.
    _thread: Option<Helper>,
}

impl Programs {
    /// Starts the thread that compiles; `wake` is called when something is ready.
    pub(crate) fn new(gpu: Option<Gpu>, wake: impl Fn() + Send + 'static) -> Self {
        let Some(gpu) = gpu else { return Self::default() };
        let (wanted, orders) = bounded::<Order>(QUEUE);
        let (deliver, made) = bounded(QUEUE);
        let thread = Helper::start("percept-illusions", move || {
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
        let thread =
            thread.inspect_err(|cause| tracing::error!("illusions cannot be drawn: no thread: {cause}")).ok();
        Self { wanted: Some(wanted), made: Some(made), _thread: thread, ..Self::default() }
    }

    /// Takes in what the thread has made since the last call.
    pub(crate) fn collect(&mut self, ctx: &egui::Context) {
        let Some(made) = &self.made else { return };
        for made in made.try_iter() {
            self.pending = self.pending.saturating_sub(usize::from(made.was_thumbnail));
            let known = self.entries.get_mut(&made.slug);
            if let Some(entry) = known.filter(|entry| entry.text_hash == made.text_hash) {
                entry.take(ctx, made);
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
        let Some(wanted) = &self.wanted else { return None };
        let entry = entry(&mut self.entries, illusion);
        if !entry.screen_asked {
            let program = compiled.or(entry.program.as_ref().filter(|_| entry.is_new)).cloned();
            let order = Order { illusion: Arc::clone(illusion), program, thumbnail: false };
            // Where the queue is full it is asked for again in the next frame.
            entry.screen_asked = wanted.try_send(order).is_ok();
        }
        entry.program.clone().filter(|_| entry.on_screen)
    }

    /// The thumbnail of an illusion, large or small, if it is ready; asks for it where it is not.
    pub(crate) fn thumbnail(&mut self, illusion: &Arc<Illusion>, large: bool) -> Option<egui::TextureId> {
        let Some(wanted) = &self.wanted else { return None };
        let entry = entry(&mut self.entries, illusion);
        if self.settled && !entry.thumbnail_asked && entry.error.is_none() && self.pending < AT_ONCE {
            let program = entry.program.clone().filter(|_| entry.is_new);
            let order = Order { illusion: Arc::clone(illusion), program, thumbnail: true };
            entry.thumbnail_asked = wanted.try_send(order).is_ok();
            self.pending += usize::from(entry.thumbnail_asked);
        }
        let thumbnail = entry.thumbnail.as_ref()?;
        Some(if large { thumbnail.large.id() } else { thumbnail.small.id() })
    }

    /// From now on thumbnails are made: what is on show is there. `true` the first time.
    pub(crate) const fn settle(&mut self) -> bool {
        !std::mem::replace(&mut self.settled, true)
    }

    /// Why an illusion cannot be drawn.
    pub(crate) fn error(&self, slug: &str) -> Option<&str> {
        self.entries.get(slug)?.error.as_deref()
    }
}

/// What is known of an illusion; where its text is another one than before, what was known is old.
fn entry<'a>(entries: &'a mut HashMap<String, Entry>, illusion: &Illusion) -> &'a mut Entry {
    let text_hash = text_hash(&illusion.wgsl);
    let entry = entries.entry(illusion.slug.clone()).or_insert_with(|| Entry::new(text_hash));
    if entry.text_hash != text_hash {
        let old = std::mem::replace(entry, Entry::new(text_hash));
        (entry.program, entry.on_screen, entry.thumbnail) = (old.program, old.on_screen, old.thumbnail);
    }
    entry
}

impl Entry {
    const fn new(text_hash: u64) -> Self {
        Self {
            text_hash,
            program: None,
            is_new: false,
            on_screen: false,
            screen_asked: false,
            thumbnail: None,
            thumbnail_asked: false,
            error: None,
        }
    }

    fn take(&mut self, ctx: &egui::Context, made: Made) {
        if let Some(image) = made.thumbnail {
            let options = egui::TextureOptions::LINEAR;
            let name = format!("thumbnail {}", made.slug);
            let small = ctx.load_texture(format!("small {name}"), reduced(&image), options);
            self.thumbnail = Some(Thumbnail { small, large: ctx.load_texture(name, image, options) });
        }
        match made.program {
            // The old program goes on being shown until the new one is ready for the screen.
            Ok(program) if !made.was_thumbnail || !self.on_screen => {
                self.on_screen = !made.was_thumbnail;
                (self.program, self.is_new, self.error) = (Some(program), true, None);
            }
            Ok(_) => {}
            Err(error) => self.error = Some(error.to_string()),
        }
    }
}

/// A third as wide and high, each pixel the mean of those it stands for.
fn reduced(image: &ColorImage) -> ColorImage {
    let [width, height] = image.size.map(|side| side / SMALLER);
    let mut pixels = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let inside = (0..SMALLER * SMALLER).filter_map(|i| {
                let (x, y) = (x * SMALLER + i % SMALLER, y * SMALLER + i / SMALLER);
                image.pixels.get(y * image.size[0] + x)
            });
            let sum = inside.fold([0_usize; 3], |sum, pixel| {
                [0, 1, 2].map(|channel| sum[channel] + usize::from(pixel[channel]))
            });
            let [r, g, b] = sum.map(|sum| (sum / (SMALLER * SMALLER)) as u8);
            pixels.push(egui::Color32::from_rgb(r, g, b));
        }
    }
    ColorImage::new([width, height], pixels)
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
            program.prepare_screen(
                canvas::FORMAT,
                &illusion.view(&Showing::default(), THUMBNAIL, 0.0, 2),
                &params,
            );
        }
    }
    let text_hash = text_hash(&illusion.wgsl);
    Made { slug: illusion.slug.clone(), text_hash, program, was_thumbnail: *wanted, thumbnail: picture }
}

/// The picture at the moment that shows most.
fn thumbnail(program: &Program, illusion: &Illusion) -> Option<ColorImage> {
    let planes = moment::telling(program, illusion, &Showing::default(), THUMBNAIL, 2)
        .inspect_err(|error| tracing::warn!("{}: no thumbnail: {error}", illusion.slug))
        .ok()?;
    let picture = NetworkFrame { size: THUMBNAIL, planes }.to_picture();
    Some(ColorImage::from_rgb([THUMBNAIL.width as usize, THUMBNAIL.height as usize], &picture.rgb))
}

fn text_hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
