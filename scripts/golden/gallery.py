"""Pictures of illusions made by other people's packages, to hold those of percept against.

    pip install -r requirements.txt; pip install --no-deps psychopy==2026.2.5
    python gallery.py [--to FOLDER]       writes the pictures and gallery.toml, by default where the tests look for them

stimupy (GPL), PsychoPy (GPL) and Pyllusion (MIT) are only asked for arrays and coordinates; none of their code is here.
Lines, discs and frames are stimupy's; where things lie, and their light, is worked out here from what the cards say.
Pictures are linear light, 0 to 1, of 20 by 16 deg, drawn at 80 pixels per degree and averaged over 10 by 10 to 8 pixels
per degree: so edges are grey where they cross a pixel. Angles are in degrees, counter-clockwise; x to the right, y up.
"""
import argparse
import functools
import importlib.metadata
import importlib.util
from pathlib import Path

import numpy as np
import pyllusion
from PIL import Image
from stimupy.components import angulars, edges, gaussians, radials, shapes, waves
from stimupy.components import frames as square_frames
from stimupy.stimuli import checkerboards, delboeufs, gabors, gratings, hermanns, sbcs, todorovics, whites

WIDE, HIGH = 20, 16
PPD, SHRINK = 80, 10
FIELD = {"visual_size": (HIGH, WIDE), "ppd": PPD}
GREY = ((0.5 + 0.055) / 1.055) ** 2.4
ENTRIES = []


def psychopy_filters():
    """PsychoPy's array functions alone: the package opens windows."""
    spec = importlib.util.find_spec("psychopy")
    place = Path(spec.submodule_search_locations[0]) / "visual" / "filters.py"
    filters_spec = importlib.util.spec_from_file_location("filters", place)
    module = importlib.util.module_from_spec(filters_spec)
    filters_spec.loader.exec_module(module)
    return module


FILTERS = psychopy_filters()


def golden(slug, name=None, by="stimupy", time=0.0, apart=0.005, mean=0.003, most=0.01, **values):
    """One picture of `slug` with these values; `by` says what made it, the next three by how much it may be missed.

    `apart` is the part of the pixels that may differ by more than 0.04, `mean` and `most` are the mean and the greatest
    difference: half as much again as there is, which at edges comes of stimupy's whole pixels.
    """

    def keep(make):
        ENTRIES.append((name or slug, slug, by, time, apart, mean, most, values, functools.partial(make, **values)))
        return make

    return keep


# --- helpers: canvas, placing, mixing ---


def canvas(light):
    return np.full((HIGH * PPD, WIDE * PPD), float(light))


def placed(mask, x, y):
    """A picture of odd or even size laid on an empty field, its middle at (x, y)."""
    field = canvas(0)
    top = round(HIGH * PPD / 2 - y * PPD - mask.shape[0] / 2)
    left = round(WIDE * PPD / 2 + x * PPD - mask.shape[1] / 2)
    rows = slice(max(top, 0), min(top + mask.shape[0], field.shape[0]))
    columns = slice(max(left, 0), min(left + mask.shape[1], field.shape[1]))
    field[rows, columns] = mask[rows.start - top:rows.stop - top, columns.start - left:columns.stop - left]
    return field


def bar(x, y, length, width, angle=0.0):
    side = np.ceil(np.hypot(length, width)) + 1
    drawn = shapes.rectangle(visual_size=(side, side), ppd=PPD, rectangle_size=(width, length), rotation=angle)
    return placed(drawn["img"], x, y)


def segment(x1, y1, x2, y2, width):
    """A line from point to point that goes on by half its width at both ends."""
    angle = np.degrees(np.arctan2(y2 - y1, x2 - x1))
    return bar((x1 + x2) / 2, (y1 + y2) / 2, np.hypot(x2 - x1, y2 - y1) + width, width, angle)


def disc(x, y, radius):
    side = np.ceil(2 * radius) + 1
    return placed(radials.disc(visual_size=(side, side), ppd=PPD, radius=radius)["img"], x, y)


def mix(ground, light, mask):
    return ground * (1 - mask) + light * mask


def luminance(red, green, blue):
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def sine(frequency, direction=0.0, cycles=0.0):
    """-1 to 1; 0 and rising along `direction` at the middle, then moved backward by `cycles`."""
    return waves.sine(**FIELD, frequency=frequency, distance_metric="oblique", rotation=direction,
                      phase_shift=360 * cycles, intensities=(-1, 1), origin="mean")["img"]


def psychopy_grating(frequency, direction, cycles=0.0, kind="sin"):
    """The same from PsychoPy, whose pictures are square and begin at their upper left corner."""
    turns = frequency * WIDE
    angle = np.radians(direction)
    from_corner = 0.5 * turns * (np.cos(angle) - np.sin(angle))
    square = FILTERS.makeGrating(WIDE * PPD, ori=direction, cycles=turns, phase=360 * (cycles - from_corner),
                                 gratType=kind)
    cut = (WIDE - HIGH) * PPD // 2
    return square[cut:-cut]


def side_by_side(left, right):
    return np.hstack([left, right])


HALF = {"visual_size": (HIGH, WIDE / 2), "ppd": PPD}

# --- gratings ---


@golden("drifting_grating", by="psychopy", time=0.3, contrast=0.8, speed=3, spatial_frequency=0.3, direction=30)
def drifting(contrast, speed, spatial_frequency, direction):
    return 0.5 + 0.5 * contrast * psychopy_grating(spatial_frequency, direction, -spatial_frequency * speed * 0.3)


@golden("drifting_grating", "drifting_grating_window", time=1.7, contrast=1, speed=-2, spatial_frequency=0.45,
        direction=90, radius=6, by="stimupy, psychopy")
def drifting_in_window(contrast, speed, spatial_frequency, direction, radius):
    wave = sine(spatial_frequency, direction, -spatial_frequency * speed * 1.7)
    return 0.5 + 0.5 * contrast * raised_cosine(radius, 0.3) * wave


def raised_cosine(radius, fringe):
    mask = FILTERS.makeMask(2 * radius * PPD, shape="raisedCosine", fringeWidth=fringe, range=[0, 1])
    return placed(mask, 0, 0)


@golden("plaid", by="psychopy", time=0.4, contrast_first=0.48, contrast_second=0.24, angle=110, speed=2,
        spatial_frequency=0.35, radius=7)
def plaid(contrast_first, contrast_second, angle, speed, spatial_frequency, radius):
    cycles = -spatial_frequency * speed * 0.4
    both = contrast_first * psychopy_grating(spatial_frequency, angle / 2, cycles)
    both += contrast_second * psychopy_grating(spatial_frequency, -angle / 2, cycles)
    return 0.5 + 0.5 * raised_cosine(radius, 0.25) * both


@golden("gabor", contrast=0.95, ori=0, sf=0.3, sigma=2.2, phase=0.25, temporal_frequency=0)
def gabor(contrast, ori, sf, sigma, phase, temporal_frequency):
    # PsychoPy's phase: a quarter of a cycle makes cos fall at the middle, where stimupy's sine would rise.
    drawn = gabors.gabor(**FIELD, frequency=sf, sigma=sigma, rotation=-ori, phase_shift=90 + 360 * phase,
                         intensities=(-1, 1), origin="mean")
    return GREY * (1 + contrast * drawn["img"])


@golden("gabor", "gabor_oblique", time=0.2, contrast=0.8, ori=30, sf=0.5, sigma=1.5, phase=0, temporal_frequency=1)
def gabor_oblique(contrast, ori, sf, sigma, phase, temporal_frequency):
    wave = sine(sf, -ori, 0.25 + phase - temporal_frequency * 0.2)
    envelope = gaussians.gaussian(**FIELD, sigma=sigma, origin="mean")["img"]
    return GREY * (1 + contrast * envelope * wave)


@golden("tilt_illusion", most=0.06, surround_tilt=15, centre_tilt=-4, spatial_frequency=0.4, radius=3.5, contrast=0.9)
def tilt(surround_tilt, centre_tilt, spatial_frequency, radius, contrast):
    inside = radials.disc(**FIELD, radius=radius)["img"]
    gap = radials.ring(**FIELD, radii=(radius, radius + 0.4))["img"]
    wave = mix(sine(spatial_frequency, surround_tilt), sine(spatial_frequency, centre_tilt), inside)
    return 0.5 + 0.5 * contrast * wave * (1 - gap)


@golden("barber_pole", most=0.06, by="psychopy", time=0.6, aspect=2, speed=2,
        spatial_frequency=0.35, tilt=30, shape=0, colour=0)
def barber_pole(aspect, speed, spatial_frequency, tilt, shape, colour):
    cycles = -0.25 - spatial_frequency * speed * 0.6
    stripes = psychopy_grating(spatial_frequency, tilt, cycles, "sqr") > 0
    pane = bar(0, 0, np.sqrt(46 / aspect), np.sqrt(46 * aspect))
    return mix(GREY, np.where(stripes, 0.8, 0.09), pane)


@golden("missing_fundamental", time=0.5, fundamental=0, jump=0.25, step_s=0.2, spatial_frequency=0.125, contrast=0.6)
def missing_fundamental(fundamental, jump, step_s, spatial_frequency, contrast):
    cycles = -2 * jump
    square = waves.square(**FIELD, frequency=spatial_frequency, distance_metric="horizontal", origin="mean",
                          phase_shift=360 * cycles, intensities=(-1, 1))["img"]
    wave = square - (1 - fundamental) * 4 / np.pi * sine(spatial_frequency, 0, cycles)
    return mix(0.4 * (1 + contrast * wave), luminance(0.6, 0.05, 0.03), disc(0, 0, 0.3))


@golden("orientation_tuning", by="stimupy, psychopy", time=1.3, contrast=0.9, orientations=8, order=0, step_s=0.6,
        sf=0.4, temporal_frequency=0)
def orientation_tuning(contrast, orientations, order, step_s, sf, temporal_frequency):
    # The third of eight orientations: 45 deg clockwise.
    return GREY * (1 + contrast * raised_cosine(4.4, 0.6 / 4.4) * sine(sf, -45, 0.25))


@golden("contrast_response", by="stimupy, psychopy", time=2.3, highest=100, steps=4, order=0, step_s=1, sf=0.4,
        temporal_frequency=1)
def contrast_response(highest, steps, order, step_s, sf, temporal_frequency):
    # The third of four contrasts, 0.3 s after its onset.
    wave = sine(sf, 0, 0.25 - 0.3 * temporal_frequency)
    return GREY * (1 + highest / 200 * raised_cosine(4.4, 0.5 / 4.4) * wave)


@golden("spinner", most=0.08, time=0.5, dots_outer=7, dots_inner=4, speed=30, diameter=1.3)
def spinner(dots_outer, dots_inner, speed, diameter):
    light = canvas(GREY)
    for count, radius in ((dots_outer, 6.2), (dots_inner, 3.0)):
        for number in range(count):
            angle = np.radians(360 * number / count + speed * 0.5)
            light = mix(light, 0.95, disc(radius * np.cos(angle), radius * np.sin(angle), diameter / 2))
    return mix(light, 0.02, disc(0, 0, 0.2))


# --- brightness ---


@golden("white", contrast=0.9, spatial_frequency=0.25, target_height=5, target_intensity=40)
def white(contrast, spatial_frequency, target_height, target_intensity):
    # stimupy begins with the second intensity and counts bars from 1. Of ten the third (dark) and the eighth (light)
    # carry the targets.
    bars = (0.5 + 0.5 * contrast, 0.5 - 0.5 * contrast)
    return whites.white(**FIELD, frequency=spatial_frequency, intensity_bars=bars, target_indices=(3, 8),
                        target_heights=target_height, intensity_target=target_intensity / 100)["img"]


@golden("simultaneous_contrast", strength=70, size=4, target_intensity=40, ramp=0)
def simultaneous(strength, size, target_intensity, ramp):
    def half(ground):
        return sbcs.basic(**HALF, target_size=size, intensity_background=ground,
                          intensity_target=target_intensity / 100)["img"]

    return side_by_side(half(0.5 - strength / 200), half(0.5 + strength / 200))


@golden("grating_induction", contrast=0.9, spatial_frequency=0.15, strip_height=2.5, speed=0)
def induction(contrast, spatial_frequency, strip_height, speed):
    return gratings.grating_induction(**FIELD, frequency=spatial_frequency, target_width=strip_height,
                                      intensities=(0.5 - contrast / 2, 0.5 + contrast / 2), intensity_target=0.5,
                                      origin="mean")["img"]


@golden("cornsweet", contrast=0.5, ramp_width=3, exponent=2, intensity=40)
def cornsweet(contrast, ramp_width, exponent, intensity):
    # stimupy names the right side first.
    flat = intensity / 100
    panel = edges.cornsweet(visual_size=(9, 17), ppd=PPD, ramp_width=ramp_width, exponent=exponent,
                            intensity_edges=(flat * (1 - contrast), flat * (1 + contrast)), intensity_plateau=flat)
    return mix(GREY, placed(panel["img"], 0, 0), bar(0, 0, 17, 9))


@golden("todorovic", contrast=0.9, target_size=6, cover=1.8, target_intensity=45)
def todorovic(contrast, target_size, cover, target_intensity):
    def half(ground, covers):
        return todorovics.rectangle(**HALF, target_size=target_size, covers_size=2 * cover,
                                    target_position=((HIGH - target_size) / 2, (WIDE / 2 - target_size) / 2),
                                    covers_offset=target_size / 2, intensity_background=ground,
                                    intensity_covers=covers, intensity_target=target_intensity / 100)["img"]

    dark, light = 0.5 - contrast / 2, 0.5 + contrast / 2
    return side_by_side(half(dark, light), half(light, dark))


@golden("checkerboard_contrast", check_width=1.5, intensity_dark=4, intensity_light=86, intensity_target=35)
def checkerboard(check_width, intensity_dark, intensity_light, intensity_target):
    # Seven rows of twelve; the third and the tenth of the middle row are the targets.
    board = checkerboards.checkerboard(ppd=PPD, board_shape=(7, 12), check_visual_size=check_width,
                                       intensity_checks=(intensity_dark / 100, intensity_light / 100),
                                       target_indices=((3, 3), (3, 8)), intensity_target=intensity_target / 100)
    return mix(GREY, placed(board["img"], 0, 0), bar(0, 0, 12 * check_width, 7 * check_width))


@golden("benary_cross", most=0.035, contrast=0.9, arm=4, target_size=2.828427, target_intensity=40)
def benary(contrast, arm, target_size, target_intensity):
    leg = target_size / np.sqrt(2)
    side = 14.4
    cross = shapes.cross(visual_size=side, ppd=PPD, cross_size=side, cross_thickness=arm)["img"]
    light = mix(0.5 + contrast / 2, 0.5 - contrast / 2, placed(cross, 0, 0))

    def triangle(rotation):
        drawn = shapes.triangle(visual_size=(6, 6), ppd=PPD, triangle_size=(leg, leg), rotation=rotation)["img"]
        rows, columns = np.nonzero(drawn)
        return drawn[rows.min():rows.max() + 1, columns.min():columns.max() + 1]

    # stimupy's has its right angle at the lower left. Mirrored it lies in the upper left corner of the cross; turned
    # clockwise by an eighth it points to the left, its long side on the right edge of the lower arm.
    in_corner = placed(triangle(0)[:, ::-1], -arm / 2 - leg / 2, arm / 2 + leg / 2)
    on_arm = placed(triangle(-45), arm / 2 - target_size / 4, -(arm / 2 + side / 2) / 2)
    return mix(light, target_intensity / 100, in_corner + on_arm)


@golden("chevreul", most=0.03, contrast=0.8, steps=6, shape=0)
def chevreul(contrast, steps, shape):
    stairs = waves.staircase(visual_size=(11, 18), ppd=PPD, n_phases=steps, distance_metric="horizontal",
                             origin="corner", intensities=(0.5 - contrast / 2, 0.5 + contrast / 2))["img"]
    return mix(GREY, placed(stairs, 0, 0), bar(0, 0, 18, 11))


@golden("hermann_grid", contrast=0.8, wave=0, spacing=3, width=0.8, orientation=0)
def hermann_grid(contrast, wave, spacing, width, orientation):
    drawn = hermanns.grid(visual_size=(30, 30), ppd=PPD, element_size=(spacing, spacing, width))["img"]
    # stimupy begins with a street; here they lie half a spacing off the middle.
    top, left = (round((width / 2 - spacing / 2 - side / 2) % spacing * PPD) for side in (HIGH, WIDE))
    streets = drawn[top:top + HIGH * PPD, left:left + WIDE * PPD]
    return 0.46 + 0.44 * contrast * (2 * streets - 1)


# --- geometry ---


@golden("cafe_wall", most=0.11, mortar_intensity=25, shift=0.25, mortar_width=0.4, tile=2)
def cafe_wall(mortar_intensity, shift, mortar_width, tile):
    wall = canvas(mortar_intensity / 100)
    for row in range(-3, 4):
        phase = 360 * shift if row % 2 else 0
        tiles = waves.square(visual_size=(tile, WIDE), ppd=PPD, frequency=0.5 / tile, distance_metric="horizontal",
                             phase_shift=-phase, intensities=(0.02, 0.95), origin="mean")["img"]
        y = row * (tile + mortar_width)
        wall = mix(wall, placed(tiles, 0, y), bar(0, y, WIDE, tile))
    return wall


@golden("mueller_lyer", most=0.08, by="pyllusion, stimupy", strength=1, difference=20, shaft_length=6, fin_length=3)
def mueller_lyer(strength, difference, shaft_length, fin_length):
    # Pyllusion's fins are half as long as the lower shaft; its angles lean inward.
    figure = pyllusion.MullerLyer(illusion_strength=-50 * strength, difference=difference / 100,
                                  size_min=shaft_length, distance=7.6).get_parameters()
    ink = canvas(0)
    for line in ("Top", "Bottom", *(f"Distractor_{row}{side}{number}" for row in ("Top", "Bottom")
                                    for side in ("Left", "Right") for number in (1, 2))):
        ends = [figure[f"{line}_{end}"] for end in ("x1", "y1", "x2", "y2")]
        ink = np.maximum(ink, segment(*ends, 0.55))
    return mix(GREY, 0.01, ink)


@golden("ponzo", most=0.06, by="pyllusion, stimupy", strength=1, difference=10, size=5.5, distance=7)
def ponzo(strength, difference, size, distance):
    figure = pyllusion.Ponzo(illusion_strength=0, difference=difference / 100, size_min=size,
                             distance=distance).get_parameters()
    light = canvas(GREY)
    for side in (-1, 1):
        light = mix(light, 0.02, bar(5.4 * side, 0, 15, 0.5, 90 + 21 * strength * side))
    for row in ("Top", "Bottom"):
        y, ends = figure[f"{row}_y1"], (figure[f"{row}_x1"], figure[f"{row}_x2"])
        light = mix(light, luminance(0.95, 0.75, 0.1), bar(sum(ends) / 2, y, ends[1] - ends[0], 0.8))
    return light


@golden("delboeuf", most=0.018, strength=0.6, difference=10, size=4, line_width=0.4)
def delboeuf(strength, difference, size, line_width):
    def half(side):
        outer = size / 2 * (1.55 + 0.35 * side * strength)
        target = size / 2 * (1 + (difference / 100 if side < 0 else 0))
        return delboeufs.delboeuf(**HALF, outer_radius=outer + line_width, outer_line_width=line_width,
                                  target_radius=target, intensity_outer_line=0.01, intensity_target=0.01,
                                  intensity_background=GREY)["img"]

    return side_by_side(half(-1), half(1))


@golden("ebbinghaus", most=0.035, strength=0.5, difference=10, size=2.4, change=0)
def ebbinghaus(strength, difference, size, change):
    light = canvas(GREY)
    for side, count in ((-1, 9), (1, 6)):
        inner = size / 2 * (1 + (difference / 100 if side < 0 else 0))
        diameter = 1.7 + 0.95 * side * strength
        away = inner + 0.75 * diameter
        for number in range(count):
            angle = 2 * np.pi * (number + 0.5) / count
            around = disc(5 * side + away * np.cos(angle), away * np.sin(angle), diameter / 2)
            light = mix(light, luminance(0.05, 0.12, 0.32), around)
        light = mix(light, luminance(0.9, 0.42, 0.06), disc(5 * side, 0, inner))
    return light


@golden("zoellner", most=0.14, strength=1, angle=30, difference=0, lines=4)
def zoellner(strength, angle, difference, lines):
    ink = canvas(0)
    for row in range(lines):
        y = (row + 0.5 - lines / 2) * 14 / lines
        turn = -1 if row % 2 else 1
        ink = np.maximum(ink, bar(0, y, 17.2, 0.4))
        for number in range(-4, 5):
            ink = np.maximum(ink, bar(2 * number, y, 2.3, 0.4, 90 - turn * strength * (90 - angle)))
    return mix(GREY, 0.01, ink)


@golden("poggendorff", most=0.04, by="pyllusion, stimupy", strength=40, difference=0.8, bar_width=4, line_width=0.5)
def poggendorff(strength, difference, bar_width, line_width):
    # Both halves of the line start at the middle, the right one moved up; Pyllusion's angle is from the lying.
    figure = pyllusion.Poggendorff(illusion_strength=-(90 - strength), difference=difference).get_parameters()
    light = mix(GREY, luminance(0.55, 0.62, 0.7), bar(0, 0, bar_width, 15))
    for side, sign in (("Left", -1), ("Right", 1)):
        x, y, to_x, to_y = (figure[f"{side}_{end}"] for end in ("x1", "y1", "x2", "y2"))
        angle = np.arctan2(to_y - y, to_x - x)
        half = bar(x + 4.25 * np.cos(angle), y + 4.25 * np.sin(angle), 8.5, line_width, np.degrees(angle))
        beside = bar(sign * (bar_width / 2 + 4), 0, 8, HIGH)
        light = mix(light, 0.01, half * beside)
    return light


@golden("vertical_horizontal", most=0.035, strength=0.5, difference=10, size=8, turn=0)
def vertical_horizontal(strength, difference, size, turn):
    high = size * (1 + difference / 100)
    foot = -size * (1 - strength) / 2, -0.42 * size
    ink = np.maximum(bar(foot[0], foot[1] + high / 2, high, 0.6, 90), bar(0, foot[1], size + 0.6, 0.6))
    return mix(GREY, 0.01, ink)


@golden("rod_frame", most=0.045, by="pyllusion, stimupy", strength=15, difference=5, frame_size=11, rod_length=6)
def rod_frame(strength, difference, frame_size, rod_length):
    figure = pyllusion.RodFrame(illusion_strength=strength, difference=difference).get_parameters()
    # Pyllusion turns clockwise.
    frame = square_frames.frames(**FIELD, radii=(frame_size / 2 - 0.35, frame_size / 2 + 0.35),
                                 rotation=-figure["Frame_Angle"], intensity_frames=(GREY, 0.85),
                                 intensity_background=GREY)["img"]
    return mix(frame, luminance(0.95, 0.55, 0.05), bar(0, 0, rod_length, 0.6, 90 - figure["Rod_Angle"]))


@golden("kanizsa", most=0.025, support_ratio=0.5, mouths=0, corners=4, contrast=-0.6)
def kanizsa(support_ratio, mouths, corners, contrast):
    # The only one of 16 by 12.8 deg: drawn larger.
    scale = WIDE / 16
    covered = canvas(0)
    radius = support_ratio * 3
    for x, y, mouth in ((3, 3, 180), (-3, 3, 270), (-3, -3, 0), (3, -3, 90)):
        wedge = angulars.wedge(visual_size=6, ppd=PPD, angle=270, radius=radius * scale, rotation=mouth + 90)["img"]
        covered = np.maximum(covered, placed(wedge, x * scale, y * scale))
    return 0.2465 * (1 + contrast * (2 * covered - 1))


@golden("hering", most=0.1, apart=0.02, mean=0.004, strength=1, rays=16, distance=5, shape=0)
def hering(strength, rays, distance, shape):
    behind = canvas(0)
    for number in range(rays // 2):
        behind = np.maximum(behind, bar(0, 0, 28, 0.34, 360 * (number + 0.5) / rays))
    behind *= 1 - disc(0, 0, 1.2)
    light = mix(0.62, 0.62 * (1 - 0.85 * strength), behind)
    lines = np.maximum(bar(-distance / 2, 0, 15, 0.55, 90), bar(distance / 2, 0, 15, 0.55, 90))
    return mix(light, luminance(0.75, 0.05, 0.03), lines)


@golden("orbison", most=0.06, strength=1, difference=0, ground=0, size=8, spacing=1.3, offset=2)
def orbison(strength, difference, ground, size, spacing, offset):
    rings = canvas(0)
    for number in range(8):
        radius = (number + 0.5) * spacing
        ring = radials.ring(visual_size=24, ppd=PPD, radii=(radius - 0.15, radius + 0.15))["img"]
        rings = np.maximum(rings, placed(ring, offset, 0))
    light = mix(0.56 + 0.06 * strength, 0.56 - 0.47 * strength, rings * disc(0, 0, 7.7))
    square = square_frames.frames(**FIELD, radii=(size / 2 - 0.25, size / 2 + 0.25), intensity_frames=(0, 1),
                                  intensity_background=0)["img"]
    return mix(light, luminance(0.75, 0.05, 0.03), square)


# --- writing ---


def small(light):
    rows, columns = light.shape[0] // SHRINK, light.shape[1] // SHRINK
    return light.reshape(rows, SHRINK, columns, SHRINK).mean((1, 3))


def toml_value(value):
    return str(float(value)).removesuffix(".0")


def write(folder):
    made_by = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("stimupy", "psychopy", "pyllusion"))
    text = ["# Written by scripts/golden/gallery.py: pictures made by other packages (" + made_by + ").",
            "# Each is luminance in linear light, 0 to 255 for 0 to 1, of the whole field; `apart` is the part of the",
            "# pixels whose light may differ by more than 0.04, `mean` the greatest mean difference, `most` the greatest.",
            ""]
    for name, slug, by, time, apart, mean, most, values, make in ENTRIES:
        light = small(make())
        assert light.shape == (HIGH * PPD // SHRINK, WIDE * PPD // SHRINK), (name, light.shape)
        assert 0 <= light.min() and light.max() <= 1, name
        Image.fromarray(np.round(light * 255).astype(np.uint8)).save(folder / f"{name}.png", optimize=True)
        sets = ", ".join(f"{key} = {toml_value(value)}" for key, value in values.items())
        text += ["[[picture]]", f'slug = "{slug}"', f'file = "{name}.png"', f'made_by = "{by}"', f"set = {{ {sets} }}",
                 f"time_s = {time}", f"apart = {apart}", f"mean = {mean}", f"most = {most}", ""]
    (folder / "gallery.toml").write_text("\n".join(text))


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--to", type=Path, default=Path(__file__).parents[2] / "tests/data/gallery")
    write(options.parse_args().to)


if __name__ == "__main__":
    main()
