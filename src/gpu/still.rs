//! Whether an illusion stands still: told from its text, so that what does not change is drawn once.

use wgpu::naga::front::wgsl;
use wgpu::naga::valid::{Capabilities, FunctionInfo, ValidationFlags, Validator};
use wgpu::naga::{BinaryOperator, Expression, Function, Handle, Module, Type, TypeInner};

/// Positions of the parameters by which the time is multiplied wherever the function `stimulus` of a composed
/// shader uses it: while all of these are zero the picture stands still. `None` when the time is used in any
/// other way, also for a text that cannot be read.
pub(crate) fn factors_of_time(wgsl_text: &str) -> Option<Vec<usize>> {
    let module = wgsl::parse_str(wgsl_text).ok()?;
    let info = Validator::new(ValidationFlags::empty(), Capabilities::all()).validate(&module).ok()?;
    let mut factors = None;
    for (handle, function) in module.functions.iter() {
        match function.name.as_deref() {
            // The host hands the time on; it does nothing else with it.
            Some("host_light") => continue,
            Some("stimulus") => factors = Some(factors_in(&module, function, &info[handle])?),
            _ => {}
        }
        if reads_time_of_view(&module, function) {
            return None;
        }
    }
    factors
}

/// The parameters that the second argument of `stimulus` is multiplied by; `None` if it has another use.
fn factors_in(module: &Module, function: &Function, info: &FunctionInfo) -> Option<Vec<usize>> {
    let is_time =
        |handle: Handle<Expression>| matches!(function.expressions[handle], Expression::FunctionArgument(1));
    let mut factors = Vec::new();
    let mut explained = 0;
    for (_, expression) in function.expressions.iter() {
        let Expression::Binary { op: BinaryOperator::Multiply, left, right } = *expression else { continue };
        let factor = match (is_time(left), is_time(right)) {
            (true, false) => right,
            (false, true) => left,
            _ => continue,
        };
        if let Some(index) = parameter(module, function, factor) {
            factors.push(index);
            explained += 1;
        }
    }
    let uses: usize =
        function.expressions.iter().filter(|(h, _)| is_time(*h)).map(|(h, _)| info[h].ref_count).sum();
    (uses == explained).then_some(factors)
}

/// Position of the parameter that an expression loads from `p`.
fn parameter(module: &Module, function: &Function, handle: Handle<Expression>) -> Option<usize> {
    let Expression::Load { pointer } = function.expressions[handle] else { return None };
    let Expression::AccessIndex { base, index } = function.expressions[pointer] else { return None };
    is_global(module, function, base, "p").then_some(index as usize)
}

/// Whether a function reads `view.time_s`, or the view as a whole.
fn reads_time_of_view(module: &Module, function: &Function) -> bool {
    let view = module.global_variables.iter().find(|(_, v)| v.name.as_deref() == Some("view"));
    let time = view.and_then(|(_, view)| member(module, view.ty, "time_s"));
    function.expressions.iter().any(|(_, expression)| match *expression {
        Expression::AccessIndex { base, index } => {
            is_global(module, function, base, "view") && Some(index) == time
        }
        Expression::Load { pointer } => is_global(module, function, pointer, "view"),
        _ => false,
    })
}

fn is_global(module: &Module, function: &Function, handle: Handle<Expression>, name: &str) -> bool {
    matches!(function.expressions[handle], Expression::GlobalVariable(variable)
        if module.global_variables[variable].name.as_deref() == Some(name))
}

fn member(module: &Module, of: Handle<Type>, name: &str) -> Option<u32> {
    let TypeInner::Struct { members, .. } = &module.types[of].inner else { return None };
    members.iter().position(|member| member.name.as_deref() == Some(name)).map(|at| at as u32)
}

#[cfg(test)]
mod tests {
    use super::factors_of_time;
    use crate::gpu::raster::{ENTRY_POINTS, PRELUDE};

    fn factors(before: &str, light: &str) -> Option<Vec<usize>> {
        let params =
            "struct Params { size: f32, speed: f32 }\n@group(0) @binding(1) var<storage, read> p: Params;";
        let stimulus = format!("fn stimulus(at: vec2f, t: f32) -> vec3f {{ return vec3f({light}); }}");
        factors_of_time(&format!("{PRELUDE}\n{params}\n{before}\n{stimulus}\n{ENTRY_POINTS}"))
    }

    #[test]
    fn a_stimulus_moves_only_by_what_its_time_is_multiplied_with() {
        assert_eq!(factors("", "disc(at, p.size)"), Some(vec![]));
        assert_eq!(factors("", "sin(at.x - p.speed * t / 360.0)"), Some(vec![1]));
        assert_eq!(factors("", "sin(at.x - t * p.speed) + p.size * t"), Some(vec![1, 0]));
    }

    #[test]
    fn a_shipped_illusion_turns_only_by_its_rotation() {
        let whole = include_str!("../../shaders/illusions/rotating_snakes.wgsl");
        let text = whole.split("---*/").nth(1).unwrap();
        let names = ["strength", "dark", "light", "rotation", "discs", "colour"];
        let params: String = names.map(|name| format!("{name}: f32,")).concat();
        let params =
            format!("struct Params {{ {params} }}\n@group(0) @binding(1) var<storage, read> p: Params;");
        assert_eq!(factors_of_time(&format!("{PRELUDE}\n{params}\n{text}\n{ENTRY_POINTS}")), Some(vec![3]));
    }

    #[test]
    fn any_other_use_of_time_counts_as_moving() {
        for light in
            ["t", "p.speed * t + t", "max(t, p.speed)", "select(0.0, 1.0, t > p.speed)", "view.time_s"]
        {
            assert_eq!(factors("", light), None, "{light}");
        }
        for now in ["return view.time_s;", "let v = view; return v.time_s;"] {
            assert_eq!(factors(&format!("fn now() -> f32 {{ {now} }}"), "now()"), None, "{now}");
        }
        assert_eq!(factors_of_time("fn stimulus("), None);
        assert_eq!(factors_of_time("fn other() {}"), None);
    }
}
