//! Many numbers of many maps in one submission and one small read-back: means, ranges, single values.

use std::ops::Range;
use std::sync::Arc;

use crate::error::{Error, Kind, Result};
use crate::gpu::Gpu;
use crate::gpu::compute::Use::{Read, Write};
use crate::gpu::compute::{Kernel, PerDevice, watched};
use crate::gpu::device::filled_buffer;
use crate::gpu::raster::read_back;
use crate::gpu::view::TensorView;

const SHADER: &str = include_str!("../../shaders/readout/reduce.wgsl");
/// Maps that one dispatch looks at: a layer's five probes.
const MAPS: usize = 5;
/// Places of a block.
const BLOCK: u32 = 64;

/// What is wanted of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// [`Moments`] of these channels.
    Moments(Range<u32>),
    /// The mean over these channels at every `skip`-th place, row by row, from place `first` on, `count` of
    /// them.
    Values {
        /// Channels that are averaged.
        channels: Range<u32>,
        /// Number of the first place, counted row by row.
        first: u32,
        /// Places from one to the next.
        skip: u32,
        /// How many.
        count: u32,
    },
}

/// Numbers of a map.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// Mean of all values.
    pub mean: f32,
    /// Mean of all squared values; not finite where a value is not.
    pub mean_square: f32,
    /// Smallest mean over channels.
    pub min: f32,
    /// Largest mean over channels.
    pub max: f32,
}

/// The answer to one [`Wanted`].
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// To [`Wanted::Moments`].
    Moments(Moments),
    /// To [`Wanted::Values`].
    Values(Vec<f32>),
}

/// `struct Block` of the shader, byte for byte.
#[repr(C)]
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
struct Block {
    map: u32,
    start: u32,
    channels: u32,
    channel_stride: u32,
    columns: u32,
    gap: u32,
    steps: [u32; 2],
    first: u32,
    skip: u32,
    count: u32,
    target_at: u32,
    listed: u32,
    pad: u32,
}

/// Where the answer to one wish lies among the numbers.
struct Answer {
    places: Range<usize>,
    /// Places and channels of a map whose moments are wanted.
    of: Option<(u32, u32)>,
}

/// The compiled shader.
#[derive(Debug)]
pub struct Reducer {
    gpu: Gpu,
    kernel: Kernel,
}

impl Reducer {
    /// That of `gpu`; compiled when it is asked for the first time.
    ///
    /// # Errors
    /// [`Kind::Gpu`] when the driver refuses it.
    pub fn of(gpu: &Gpu) -> Result<Arc<Self>> {
        static REDUCER: PerDevice<Reducer> = PerDevice::new();
        REDUCER.of(gpu, Self::new)
    }

    fn new(gpu: &Gpu) -> Result<Self> {
        let uses = [Read, Write, Read, Read, Read, Read, Read];
        Ok(Self { gpu: gpu.clone(), kernel: Kernel::new(gpu, "reduce", SHADER, &[&uses])? })
    }

    /// What is wanted of the maps, each named by its index, in the order asked for. Waits for the device.
    ///
    /// # Errors
    /// [`Kind::Internal`] when a map, channel or place does not exist; [`Kind::Gpu`] when the device fails.
    pub fn run(&self, maps: &[&TensorView], wanted: &[(usize, Wanted)]) -> Result<Vec<Found>> {
        let mut plan = Plan::default();
        for (map, wish) in wanted {
            let view = maps.get(*map).ok_or_else(|| Error::new(Kind::Internal, "no such map"))?;
            plan.add(*map, view, wish, self.base(view))?;
        }
        if plan.answers.is_empty() {
            return Ok(Vec::new());
        }
        let numbers = self.compute(maps, &mut plan)?;
        Ok(plan.answers.iter().map(|answer| answer.read(&numbers)).collect())
    }

    fn base(&self, view: &TensorView) -> u32 {
        view.bind(&self.gpu.device).base
    }

    fn compute(&self, maps: &[&TensorView], plan: &mut Plan) -> Result<Vec<f32>> {
        let device = &self.gpu.device;
        let bytes = 4 * u64::from(plan.numbers);
        let landing = watched(device, "the read-outs", || {
            let buffer = |usage| {
                let label = Some("read-outs");
                device.create_buffer(&wgpu::BufferDescriptor {
                    label,
                    size: bytes,
                    usage,
                    mapped_at_creation: false,
                })
            };
            let numbers = buffer(wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC);
            let landing = buffer(wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST);
            let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            pass.set_pipeline(&self.kernel.pipeline);
            for (chunk, blocks) in plan.blocks.iter().enumerate().filter(|(_, blocks)| !blocks.is_empty()) {
                let blocks_buffer = filled_buffer(
                    device,
                    "blocks",
                    bytemuck::cast_slice(blocks),
                    wgpu::BufferUsages::STORAGE,
                );
                let own = maps.get(chunk * MAPS..).unwrap_or_default();
                let mut bindings =
                    vec![blocks_buffer.as_entire_buffer_binding(), numbers.as_entire_buffer_binding()];
                // Fewer maps than places for them: the last one stands in.
                bindings.extend((0..MAPS).filter_map(|map| {
                    own.get(map).or_else(|| own.last()).map(|view| view.bind(device).binding)
                }));
                if let Some(group) = self.kernel.bind(device, 0, &bindings) {
                    pass.set_bind_group(0, &group, &[]);
                    pass.dispatch_workgroups(blocks.len() as u32, 1, 1);
                }
            }
            drop(pass);
            encoder.copy_buffer_to_buffer(&numbers, 0, &landing, 0, bytes);
            self.gpu.queue.submit([encoder.finish()]);
            landing
        })?;
        read_back(device, &landing).map_err(|error| Error {
            what: format!("the network's numbers cannot be read: {}", error.what),
            ..error
        })
    }
}

/// Blocks per dispatch, and where the answers will be.
#[derive(Default)]
struct Plan {
    blocks: Vec<Vec<Block>>,
    answers: Vec<Answer>,
    numbers: u32,
}

impl Plan {
    fn add(&mut self, map: usize, view: &TensorView, wish: &Wanted, base: u32) -> Result<()> {
        let [columns, rows, all_channels] = view.extent;
        let (channels, first, skip, count, listed) = match wish {
            Wanted::Moments(channels) => (channels, 0, 1, columns * rows, false),
            Wanted::Values { channels, first, skip, count } => (channels, *first, *skip, *count, true),
        };
        let last = u64::from(first) + u64::from(count.saturating_sub(1)) * u64::from(skip);
        if channels.is_empty() || channels.end > all_channels || last >= u64::from(columns) * u64::from(rows)
        {
            return Err(Error::new(Kind::Internal, format!("{wish:?} is not in a map of {:?}", view.extent)));
        }
        let chunk = map / MAPS;
        if self.blocks.len() <= chunk {
            self.blocks.resize(chunk + 1, Vec::new());
        }
        let start = self.numbers as usize;
        for block in 0..count.div_ceil(BLOCK) {
            let own = (count - block * BLOCK).min(BLOCK);
            let made = Block {
                map: (map % MAPS) as u32,
                start: base + channels.start * view.strides[2],
                channels: channels.end - channels.start,
                channel_stride: view.strides[2],
                columns,
                gap: 0,
                steps: [view.strides[0], view.strides[1]],
                first: first + block * BLOCK * skip,
                skip,
                count: own,
                target_at: self.numbers,
                listed: listed.into(),
                pad: 0,
            };
            self.numbers += if listed { own } else { 4 };
            if let Some(blocks) = self.blocks.get_mut(chunk) {
                blocks.push(made);
            }
        }
        let of = (!listed).then_some((count, channels.end - channels.start));
        self.answers.push(Answer { places: start..self.numbers as usize, of });
        Ok(())
    }
}

impl Answer {
    fn read(&self, numbers: &[f32]) -> Found {
        let own = numbers.get(self.places.clone()).unwrap_or_default();
        let Some((places, channels)) = self.of else { return Found::Values(own.to_vec()) };
        let (blocks, _) = own.as_chunks::<4>();
        let sum = |part: usize| blocks.iter().map(|block| f64::from(block[part])).sum::<f64>();
        let places = f64::from(places.max(1));
        Found::Moments(Moments {
            mean: (sum(0) / places) as f32,
            mean_square: (sum(1) / (places * f64::from(channels.max(1)))) as f32,
            min: blocks.iter().map(|block| block[2]).fold(f32::INFINITY, f32::min),
            max: blocks.iter().map(|block| block[3]).fold(f32::NEG_INFINITY, f32::max),
        })
    }
}
