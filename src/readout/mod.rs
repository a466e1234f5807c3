//! Functions from responses to numbers: time courses, statistics, prediction error.
