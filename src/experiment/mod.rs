//! Protocols: what is shown to whom, under which controls, and what follows from the numbers.

pub mod film;
pub mod gallery;
pub mod known;
pub mod nulling;
pub mod number;
pub mod observer;
pub mod table;
pub mod verdict;
