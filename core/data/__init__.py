"""Data sets: embedded, generated, downloaded. Nothing here knows TensorFlow."""
