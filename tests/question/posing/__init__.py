"""Tests of questions made from sentences."""
